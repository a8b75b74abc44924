"""What templates may use besides the components: filters, charts, the frame and addresses; registered here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, url_for
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import generate_csrf

from finmart.platform.web import assets, filters
from finmart.platform.web.charts import columns, shares
from finmart.platform.web.form_keys import form_key
from finmart.platform.web.language import current_language, localized
from finmart.platform.web.navigation import frame, page_url, this_page


def _in_language(wording: Callable[..., str]) -> Callable[..., str]:
    def in_language(value: Any) -> str:
        return wording(value, current_language())

    in_language.__doc__ = wording.__doc__
    return in_language


def _localized_field(thing: Any, field: str = "label") -> str:
    """``thing.<field>_zh`` or ``<field>_en`` in the language of this request; mappings are asked by key."""
    if isinstance(thing, dict):
        return localized(thing[f"{field}_zh"], thing.get(f"{field}_en"))
    return localized(getattr(thing, f"{field}_zh"), getattr(thing, f"{field}_en", None))


def _range(low: Any, high: Any, wording: str) -> str:
    """A range in words; ``wording`` names the filter of its ends."""
    language = current_language()
    ends = [None if end is None else filters.WORDINGS[wording](end, language) for end in (low, high)]
    return filters.ends(ends[0], ends[1], language)


def _charted(chart: Callable[..., Any]) -> Callable[..., Any]:
    def in_language(*arguments: Any) -> Any:
        return chart(*arguments, current_language())

    return in_language


def _has_endpoint(app: Flask, endpoint: str) -> bool:
    return endpoint in app.view_functions


def init_app(app: Flask) -> None:
    """Give the templates of ``app`` what they may use."""
    Bootstrap5().init_app(app)
    assets.init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update({name: _in_language(wording) for name, wording in filters.WORDINGS.items()})
    app.jinja_env.filters["localized"] = _localized_field
    app.jinja_env.globals.update(
        chart_columns=_charted(columns.columns),
        chart_funnel=_charted(shares.funnel),
        chart_lines=_charted(columns.lines),
        chart_stacked=_charted(columns.stacked),
        chart_parts=_charted(shares.parts),
        chart_ranked=_charted(shares.ranked),
        current_language=current_language,
        csrf_value=generate_csrf,
        form_key=form_key,
        frame=frame,
        has_endpoint=partial(_has_endpoint, app),
        localized=localized,
        page_url=page_url,
        ranged=_range,
        this_page=this_page,
        url_for=url_for,
    )
