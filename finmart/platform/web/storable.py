"""A text with a NUL is refused before any page looks at it: PostgreSQL keeps none, and no keyboard types one.

What somebody asks for in an address is not kept: there the sign is left out.
"""

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.messages import N_

NUL = "\x00"


class TextUnstorable(BadInput):
    """Something that was sent holds a sign that cannot be kept."""

    def __init__(self) -> None:
        super().__init__(N_("填写的内容里有无法保存的空字符，请返回上一页重新输入这一项。"))


def _refuse() -> None:
    if NUL in request.path:
        abort(404)
    if "%00" in request.query_string.decode("latin-1"):
        asked = ((name, given) for name, several in request.args.lists() for given in several)
        request.args = ImmutableMultiDict((name.replace(NUL, ""), given.replace(NUL, "")) for name, given in asked)
    if any(NUL in part for name, given in request.form.lists() for part in (name, *given)):
        raise TextUnstorable


def refuse_unstorable(app: Flask) -> None:
    """Look at every request of ``app``; must come after whatever limits how much is taken in."""
    app.before_request(_refuse)
