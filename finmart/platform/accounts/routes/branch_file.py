"""Branches out of a file: check it, take its faults as a file, add them all; the empty file to fill in."""

from contextlib import closing

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.branches import BranchFileForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.routes.branches import Answer, region_choices
from finmart.platform.accounts.service import branch_file as service
from finmart.platform.accounts.service.branches import list_branches
from finmart.platform.accounts.types.branch_file import COLUMNS, MOST_ROWS, REQUIRED, BranchFileRefused, CheckedFile
from finmart.platform.authz.permissions import Permission
from finmart.platform.files.answering import attachment
from finmart.platform.files.inspection.sheets import Choices, SheetOut, as_csv, as_xlsx
from finmart.platform.files.types.values import FileContent
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of

TITLES = {
    "code": lazy_gettext("编号"),
    "name": lazy_gettext("网点名称"),
    "parent": lazy_gettext("上级网点"),
    "region": lazy_gettext("服务地区"),
    "address": lazy_gettext("地址"),
    "phone": lazy_gettext("电话"),
    "hours": lazy_gettext("营业时间"),
    "active_from": lazy_gettext("开始营业"),
    "active_until": lazy_gettext("停止营业"),
}
HINTS = {
    "code": lazy_gettext("只在这个文件里用来指上级网点，可以不填。"),
    "name": lazy_gettext("2 到 80 个字，不能与已有网点同名。"),
    "parent": lazy_gettext("已有网点的名称，或本文件里另一行的名称或编号；留空表示总部。"),
    "region": lazy_gettext("从下拉选项里选择，或填写地区代码；这个地区的申请会转到这里。"),
    "address": lazy_gettext("公开显示，可以不填。"),
    "phone": lazy_gettext("公开显示，可以不填。"),
    "hours": lazy_gettext("例如：周一至周五 9:00–17:00"),
    "active_from": lazy_gettext("例如 2026-11-30；留空表示今天。"),
    "active_until": lazy_gettext("从这一天起不再营业；不确定就留空。"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Faults that a page shows; whoever has more takes the file with all of them.
SHOWN = 100


@blueprint.route("/institution/branches/import", methods=["GET", "POST"])
@requires(Permission.OWN_BRANCHES_MANAGE)
def import_branches() -> Answer:
    """Upload a CSV file or a workbook: check it, take its faults as a file, or add a branch for every row."""
    form = BranchFileForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.is_submitted() else 200
    with closing(form.file.data) as sent:
        content, step = sent.read(), request.form.get("step")
    try:
        if step == "faults":
            return _faults(service.check_branches(current_actor(), content))
        if step == "check":
            return _page(form, service.check_branches(current_actor(), content))
        number = service.import_branches(current_actor(), content)
    except BranchFileRefused as error:
        return _page(form, service.check_branches(current_actor(), content)), status_of(error)
    except FinmartError as error:
        status = refuse(form, error)
        return _page(form), status
    flash(_("已增加 %(count)s 个网点，公开页面上立即可见。", count=number), "success")
    return redirect(url_for("accounts.branches"))


def _page(form: BranchFileForm, checked: CheckedFile | None = None) -> str:
    faults = checked.faults if checked else ()
    return render_template(
        "accounts/import_branches.html",
        form=form,
        checked=checked,
        faults=[(fault.row, TITLES[fault.column], say(fault.message)) for fault in faults[:SHOWN]],
        more_faults=max(0, len(faults) - SHOWN),
        columns=[(name, TITLES[name], HINTS[name], name in REQUIRED) for name in COLUMNS],
    )


def _faults(checked: CheckedFile) -> Response:
    """The file as it was sent, with what is to be put right behind each row."""
    said: dict[int, list[str]] = {}
    for fault in checked.faults:
        said.setdefault(fault.row, []).append(f"{TITLES[fault.column]}：{say(fault.message)}")
    rows = [[*row.values, "\n".join(said.get(row.number, ()))] for row in checked.table.rows]
    head = [*checked.table.head, _("需要更正的地方")]
    return attachment(FileContent("branch-faults.xlsx", XLSX, as_xlsx([SheetOut(_("网点"), head, rows)])))


@blueprint.get("/institution/branches/import/template.<any(xlsx, csv):kind>")
@requires(Permission.OWN_BRANCHES_MANAGE)
def branch_template(kind: str) -> Response:
    """An empty file with the columns: a workbook with drop-down lists of regions and parents, or CSV."""
    if kind == "csv":
        return attachment(FileContent("branches.csv", "text/csv", as_csv(COLUMNS, ())))
    places = tuple(f"{choice.label.strip()} ({choice.value})" for choice in region_choices())
    parents = tuple(branch.details.name for branch in list_branches(current_actor()))
    lists = [Choices(COLUMNS.index("region"), places)]
    if parents:
        lists.append(Choices(COLUMNS.index("parent"), parents))
    sheet = SheetOut(_("网点"), [f"{TITLES[name]} ({name})" for name in COLUMNS], [], lists, room=MOST_ROWS)
    explained = [[str(TITLES[name]), name, _("是") if name in REQUIRED else "", str(HINTS[name])] for name in COLUMNS]
    guide = SheetOut(_("说明"), [_("项目"), _("列名"), _("必填"), _("怎样填")], explained)
    return attachment(FileContent("branches.xlsx", XLSX, as_xlsx([sheet, guide])))
