"""Many products at once: a file whose rows become drafts, checked first if wanted, and the products as a file."""

from contextlib import closing

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.files.inspection.sheets import Choices, SheetOut, as_csv, as_xlsx
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import localized
from finmart.products.drafts.service import desk
from finmart.products.drafts.service import file as bulk
from finmart.products.drafts.types import FileRefused, PlannedRow
from finmart.products.editing.checks import Fault
from finmart.products.editing.table import MOST_ROWS, NAMES, WORDS_OF, rows_of
from finmart.products.forms.product import hint_of, title_of
from finmart.products.forms.steps import FileForm
from finmart.products.routes.blueprint import blueprint

Answer = str | Response | tuple[str, int]
#: Faults that a page shows; whoever has more than that takes the file with all of them.
SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The columns that are no field of the product's form.
_OWN_TITLES = {"product_code": lambda: _("产品代码"), "other_conditions_zh": lambda: _("须向机构确认的条件")}
_OWN_HINTS = {
    "product_code": lambda: _("新产品留空；填写本机构已有的产品代码，表示在公开内容上修改。"),
    "other_conditions_zh": lambda: _("多条之间用英文分号隔开。"),
}


@blueprint.route("/institution/products/import", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def import_drafts() -> Answer:
    """Upload a CSV file or a workbook: check it, take its faults as a file, or make a draft of every row."""
    form = FileForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.is_submitted() else 200
    with closing(form.file.data) as sent:
        content, step = sent.read(), request.form.get("step")
    try:
        if step == "faults":
            return _faults(content)
        if step == "check":
            return _page(form, planned=bulk.check_file(current_actor(), content))
        codes = bulk.submit_file(current_actor(), content)
    except FinmartError as error:
        form.form_errors.append(say(error.message))
        faults = error.faults if isinstance(error, FileRefused) else ()
        return _page(form, faults=faults), status_of(error)
    flash(_("已导入 %(count)s 份草稿，请逐份核对后提交复核。", count=len(codes)), "good")
    return redirect(url_for("products.own"))


def _page(
    form: FileForm, *, faults: tuple[tuple[int, Fault], ...] = (), planned: list[PlannedRow] | None = None
) -> str:
    shown = [(row, title(fault.place), say(fault.message)) for row, fault in faults[:SHOWN]]
    return render_template(
        "products/import.html",
        form=form,
        faults=shown,
        more_faults=len(faults) - len(shown),
        planned=planned,
        columns=[(name, title(name)) for name in NAMES],
    )


def title(place: str) -> str:
    """What a column or the place of a fault is called."""
    return _OWN_TITLES[place]() if place in _OWN_TITLES else title_of(place)


def _faults(content: bytes) -> Response:
    """The file as it was sent, with what is to be put right behind each row."""
    found, faults = bulk.faulty_rows(current_actor(), content)
    said: dict[int, list[str]] = {}
    for row, fault in faults:
        said.setdefault(row, []).append(f"{title(fault.place)}：{say(fault.message)}")
    rows = [[*row.values, "\n".join(said.get(row.number, ()))] for row in found.rows]
    return _file(as_xlsx([SheetOut(_("产品"), [*found.head, _("需要更正的地方")], rows)]), XLSX, "faults.xlsx")


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@blueprint.get("/institution/products/import/template.<any(xlsx, csv):kind>")
@requires(Permission.OWN_PRODUCTS_WRITE)
def import_template(kind: str) -> Response:
    """An empty file with the columns: a workbook with drop-down lists, or CSV."""
    if kind == "csv":
        return _file(as_csv(NAMES, ()), "text/csv", "products.csv")
    return _file(as_xlsx([_sheet([]), _explained()]), XLSX, "products.xlsx")


@blueprint.get("/institution/products/export.<any(xlsx, csv):kind>")
@requires(Permission.OWN_PRODUCTS_READ)
def export_products(kind: str) -> Response:
    """The institution's published products as a file that can be changed and sent back.

    A product with several ways does not fit a row: a workbook shows those on a sheet of their own.
    """
    shown = [line for line in desk.own_lines(current_actor()) if line.published_number]
    rows = [row for line in shown if len(line.shown.variants) == 1 for row in rows_of(line.code, line.shown)]
    if kind == "csv":
        return _file(as_csv(NAMES, rows), "text/csv", "products.csv")
    several = [row for line in shown if len(line.shown.variants) > 1 for row in rows_of(line.code, line.shown)]
    only_read = SheetOut(_("多种办法（只供查看）"), [title(name) for name in NAMES], several)
    return _file(as_xlsx([_sheet(rows), *([only_read] if several else []), _explained()]), XLSX, "products.xlsx")


def _worded(column: str, code: str, words: tuple[str, str]) -> str:
    return f"{localized(*words)} ({code})" if column != "repayment_modes" or code.isascii() else code


def _sheet(rows: list[tuple[str, ...]]) -> SheetOut:
    lists = [
        Choices(number, tuple(_worded(name, code, words) for code, words in WORDS_OF[name]().items()))
        for number, name in enumerate(NAMES)
        if name in WORDS_OF
    ]
    return SheetOut(_("产品"), [f"{title(name)} ({name})" for name in NAMES], rows, lists, room=MOST_ROWS)


def _explained() -> SheetOut:
    """What each column means, for whoever fills the sheet in."""
    rows = []
    for name in NAMES:
        choices = WORDS_OF[name]() if name in WORDS_OF else {}
        words = "；".join(_worded(name, code, worded) for code, worded in choices.items())
        rows.append([title(name), name, _OWN_HINTS[name]() if name in _OWN_HINTS else hint_of(name), words])
    return SheetOut(_("说明"), [_("项目"), _("列名"), _("怎样填"), _("可以填的内容")], rows)
