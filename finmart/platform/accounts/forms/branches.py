"""Forms of branches; the shape only, the service judges what is in them."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from finmart.platform.accounts.forms.fields import REQUIRED
from finmart.platform.accounts.types.branches import BranchDetails


class DayField(DateField):  # type: ignore[misc]  # WTForms carries no types.
    """A day that refuses what is no day in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises ``ValueError`` with the sentence people are shown."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(lazy_gettext("请按 2026-11-30 的样子填写日期。")) from None


class BranchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """One branch and its place in the tree."""

    name = StringField(lazy_gettext("网点名称"), [InputRequired(REQUIRED), Length(max=80)])
    parent = SelectField(lazy_gettext("上级网点"), choices=[])
    region = SelectField(
        lazy_gettext("服务地区"),
        choices=[],
        description=lazy_gettext("这个地区的申请会转到这里；没有网点的地区由总部办理。"),
    )
    address = StringField(lazy_gettext("地址"), [Length(max=160)])
    phone = StringField(lazy_gettext("电话"), [Length(max=40)], render_kw={"inputmode": "tel"})
    hours = StringField(
        lazy_gettext("营业时间"), [Length(max=120)], description=lazy_gettext("例如：周一至周五 9:00–17:00")
    )
    active_from = DayField(lazy_gettext("开始营业"), [InputRequired(REQUIRED)], render_kw={"type": "date"})
    active_until = DayField(
        lazy_gettext("停止营业"),
        [Optional()],
        description=lazy_gettext("从这一天起不再营业；不确定就留空。"),
        render_kw={"type": "date"},
    )

    def details(self) -> BranchDetails:
        """What was filled in, after ``validate``."""
        return BranchDetails(
            name=self.name.data,
            region=self.region.data or "",
            active_from=self.active_from.data,
            address=self.address.data or "",
            phone=self.phone.data or "",
            hours=self.hours.data or "",
            active_until=self.active_until.data,
        )


class BranchFileForm(FlaskForm):  # type: ignore[misc]
    """A workbook or a CSV file of branches."""

    file = FileField(
        lazy_gettext("网点文件"),
        [FileRequired(lazy_gettext("请选择一个 XLSX 或 CSV 文件。"))],
        description=lazy_gettext("XLSX（读第一张表），或 UTF-8、GB 18030 编码的 CSV；最多 300 个网点、2 MB。"),
        render_kw={"accept": ".xlsx,.csv,text/csv"},
    )


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Who takes over what depends on a branch that closes."""

    successor = SelectField(lazy_gettext("由谁接手"), choices=[])
