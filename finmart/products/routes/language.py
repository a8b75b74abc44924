"""The condition language: a page that says what conditions can say, and its JSON Schema for programs."""

import hashlib
import json
from functools import cache
from typing import NamedTuple

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.conditions.json_form import parse_condition
from finmart.conditions.page import schema_text
from finmart.conditions.sentence import sentence
from finmart.conditions.types import LANGUAGE_VERSION
from finmart.platform.web.access import public
from finmart.platform.web.language import current_language
from finmart.products.routes.blueprint import blueprint
from finmart.products.search.facts import MOST, found_facts
from finmart.products.types import Json
from finmart.reference.facts import facts

#: A day: a version of the language never changes, its descriptions may.
KEPT_FOR = 86_400
#: Nobody types a longer name of a fact.
MAX_QUERY = 40


class Example(NamedTuple):
    """One thing that conditions can say: its name, the sentence as pages print it, and the JSON behind it."""

    title: str
    text: str
    document: str


def _money(fen: int) -> Json:
    return {"value": fen, "unit": "money"}


_YEARS: Json = {"ge": [{"fact": "years_established"}, {"value": 2, "unit": "years"}]}
_TAX_GRADE: Json = {"in": [{"fact": "tax_grade"}, ["A", "B"]]}
_SALES: Json = {"ge": [{"fact": "sales_12m"}, _money(300_000_000)]}
_PATENT: Json = {"has_any": [{"fact": "qualifications"}, ["high_tech", "tech_sme"]]}
_STATE_WORK: Json = {"industry_in": [{"fact": "industry"}, ["J", "K"]]}


def _examples() -> tuple[tuple[str, Json], ...]:
    return (
        (_("比较一个数，带单位"), _SALES),
        (_("是几个代码之一"), _TAX_GRADE),
        (_("有几项资质中的一项"), _PATENT),
        (_("不做某些行业"), {"not": _STATE_WORK}),
        (_("全部满足"), {"all": [_YEARS, _TAX_GRADE]}),
        (_("满足任意一项"), {"any": [_SALES, _PATENT]}),
        (_("几项中至少满足几项"), {"at_least": [2, [_YEARS, _TAX_GRADE, _SALES]]}),
        (_("除非满足另一项"), {"unless": [_YEARS, _PATENT]}),
    )


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


@blueprint.get("/about/conditions")
@public
def about_conditions() -> str:
    """What conditions can say, with examples; the fact dictionary to search; where the schema and its version are."""
    text = "".join(sign for sign in request.args.get("q", "")[:MAX_QUERY] if sign.isprintable()).strip()
    language = current_language()
    return render_template(
        "products/language.html",
        examples=[
            Example(title, sentence(parse_condition(said), language), json.dumps(said, ensure_ascii=False))
            for title, said in _examples()
        ],
        text=text,
        found=found_facts(text),
        most=MOST,
        count=len(facts()),
        version=LANGUAGE_VERSION,
    )
