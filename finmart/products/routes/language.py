"""The condition language for programs: its JSON Schema under an address that names its version."""

import hashlib
from functools import cache

from flask import request
from werkzeug.wrappers import Response

from finmart.conditions.page import schema_text
from finmart.conditions.types import LANGUAGE_VERSION
from finmart.platform.web.access import public
from finmart.products.routes.blueprint import blueprint

#: A day: a version of the language never changes, its descriptions may.
KEPT_FOR = 86_400


@cache
def _content() -> tuple[bytes, str]:
    content = schema_text().encode()
    return content, hashlib.sha256(content).hexdigest()


@blueprint.get(f"/schema/conditions-v{LANGUAGE_VERSION}.json")
@public
def conditions_schema() -> Response:
    """The published schema, byte for byte as ``docs/conditions.schema.json``."""
    content, tag = _content()
    answer = Response(content, mimetype="application/schema+json")
    answer.cache_control.public = True
    answer.cache_control.max_age = KEPT_FOR
    answer.set_etag(tag)
    return answer.make_conditional(request.environ)
