"""Products side by side; the choice stands in the address, so that it can be kept and passed on."""

from urllib.parse import urlencode

from flask import render_template, request, url_for

from finmart.platform.web.access import public
from finmart.products import service
from finmart.products.comparing import MOST, compared, groups, totals
from finmart.products.forms.comparing import ComparisonForm
from finmart.products.routes.blueprint import blueprint

#: An address may name more; nobody reads further than this for codes that are still published.
MOST_NAMED = 20


def _chosen_codes() -> list[str]:
    return list(dict.fromkeys(request.args.getlist("code")[:MOST_NAMED]))


def _address(codes: list[str], **changed: str) -> str:
    """This comparison with these codes; ``changed`` replaces what the address asks, empty takes it away."""
    asked = {name: value for name, value in request.args.items() if name != "code"} | changed
    chosen = [("code", code) for code in codes]
    return f"{url_for('products.compare')}?{urlencode([*chosen, *((n, v) for n, v in asked.items() if v)])}"


@blueprint.get("/products/compare")
@public
def compare() -> str:
    """Up to four products for one amount and term; codes that are not published are said and left out."""
    by_code = service.published_catalogue().by_code
    codes = _chosen_codes()
    found = [code for code in codes if code in by_code]
    shown = found[:MOST]
    form = ComparisonForm(request.args)
    asked = form.asked()
    chosen = [compared(by_code[code], *asked) for code in shown] if asked else []
    only = request.args.get("only") == "differences"
    return render_template(
        "products/compare.html",
        form=form,
        codes=shown,
        chosen=chosen,
        groups=groups(chosen) if chosen else (),
        totals=totals(chosen),
        only_differences=only,
        unknown=len(codes) - len(found),
        left_out=max(0, len(found) - MOST),
        most=MOST,
        without={code: _address([each for each in shown if each != code]) for code in shown},
        switch=_address(shown, only="" if only else "differences"),
    )
