"""Values that the operator keeps with dates and sources: what they are, their limits, and what the code assumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, NotFound, NotReady
from finmart.platform.kernel.messages import N_


class Kind(StrEnum):
    """What a value is: a count, working days, a rate in ppm, or words."""

    COUNT = "count"
    DAYS = "days"
    RATE = "rate"
    TEXT = "text"


class Group(StrEnum):
    """Under which heading a value stands."""

    CLOCKS = "clocks"
    RATES = "rates"
    FIGURES = "figures"
    CONTACTS = "contacts"
    NOT_FOUND = "not_found"


GROUP_WORDS: Mapping[Group, str] = MappingProxyType(
    {
        Group.CLOCKS: N_("服务时限"),
        Group.RATES: N_("贷款市场报价利率"),
        Group.FIGURES: N_("统计口径"),
        Group.CONTACTS: N_("联系方式"),
        Group.NOT_FOUND: N_("尚缺的依据"),
    }
)


@dataclass(frozen=True)
class Entry:
    """One value that can be kept. ``default`` is what holds without one; None: nobody knows until it is entered.

    ``scoped``: it may be set for one product type apart. ``dated_end``: a value holds until a named day only.
    """

    group: Group
    kind: Kind
    label: str
    note: str
    default: int | None = None
    least: int = 0
    most: int = 0
    scoped: bool = False
    dated_end: bool = False


def _clock(label: str, note: str, days: int) -> Entry:
    return Entry(Group.CLOCKS, Kind.DAYS, label, note, default=days, least=1, most=60, scoped=True)


def _lpr(label: str) -> Entry:
    note = N_("全国银行间同业拆借中心每月公布；已随系统附带历史公布值，这里补录之后的。到下一次公布日前有效。")
    return Entry(Group.RATES, Kind.RATE, label, note, least=1, most=240_000, dated_end=True)


def _confirm(label: str, days: int) -> Entry:
    note = N_("从产品信息上次核对的那天起算的天数。")
    return Entry(Group.FIGURES, Kind.COUNT, label, note, default=days, least=7, most=730)


def _phone(label: str) -> Entry:
    return Entry(Group.CONTACTS, Kind.TEXT, label, N_("填写后在页面上公布；未填写时页面说明暂缺。"), most=80)


def _missing(label: str, note: str) -> Entry:
    return Entry(Group.NOT_FOUND, Kind.TEXT, label, note, most=1000)


#: key → what may be kept under it. A key stands in code that asks for it; the operator adds values, never keys.
ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        "clock.accept": _clock(N_("申请人答复是否接受"), N_("机构批准后，申请人答复是否接受的工作日数。"), 5),
        "clock.answer": _clock(N_("等待机构响应"), N_("需求公开后，还没有机构响应时，平台开始跟进的工作日数。"), 2),
        "clock.choose": _clock(N_("申请人选择机构"), N_("机构表示意向后，申请人决定是否公开联系方式的工作日数。"), 3),
        "clock.contact": _clock(N_("首次联系"), N_("机构收到申请后，首次联系申请人的工作日数。"), 1),
        "clock.decision": _clock(N_("审批决定"), N_("机构收到申请后，作出决定的工作日数。"), 5),
        "clock.draw_down": _clock(N_("放款"), N_("申请人接受条件后，机构放款的工作日数。"), 5),
        "clock.first_opinion": _clock(N_("初步意见"), N_("机构收到申请后，给出初步意见的工作日数。"), 3),
        "clock.materials": _clock(N_("补充材料"), N_("机构要求补充材料后，申请人补充的工作日数。"), 5),
        "clock.next_step": _clock(N_("申请人选择下一步"), N_("没有机构办理时，申请人选择下一步的工作日数。"), 5),
        "clock.rescue": _clock(N_("平台介入"), N_("机构逾期后，平台处理的工作日数。"), 2),
        "clock.respond": _clock(N_("答复是否承接"), N_("平台派送需求后，机构答复是否承接的工作日数。"), 1),
        "confirm.again": _confirm(N_("再次提醒核对产品信息"), 105),
        "confirm.remind": _confirm(N_("提醒核对产品信息"), 90),
        "confirm.stale": _confirm(N_("公开写明长期未核对"), 120),
        "lpr.1y": _lpr(N_("1年期LPR")),
        "lpr.5y": _lpr(N_("5年期以上LPR")),
        "figures.small_count": Entry(
            Group.FIGURES,
            Kind.COUNT,
            N_("小数目隐藏"),
            N_("小于这个数的真实个案数不显示，以免从数字认出某一家。"),
            default=3,
            least=2,
            most=50,
        ),
        "hotline.platform": _phone(N_("平台服务电话")),
        "hotline.complaints": _phone(N_("投诉电话")),
        "hotline.finance_office": _phone(N_("金融主管部门电话")),
        "basis.data_lists": _missing(
            N_("数据归集清单"), N_("国办发〔2021〕52号和〔2024〕15号附件的数据清单，未取得原文。")
        ),
        "basis.innovation_points": _missing(
            N_("创新积分制指标与权重"), N_("18项核心指标及权重，未取得原文；在此之前不计算创新积分。")
        ),
        "basis.credit_standards": _missing(
            N_("信用评价国家标准"), N_("GB/T 23794 的细则和 GB/T 22116 的等级符号，未取得原文。")
        ),
        "basis.risk_sharing": _missing(N_("风险分担比例"), N_("南昌市各类风险补偿的分担比例，以协议为准，未取得。")),
        "basis.bridge_fees": _missing(N_("转贷服务费用"), N_("南昌市转贷资金的收费标准，未取得。")),
        "basis.technology_loan": _missing(N_("洪城科贷通"), N_("办法前几条以外的内容，未取得原文。")),
        "basis.plain_sheet": _missing(N_("贷款明白纸样式"), N_("官方统一样式未取得；页面使用平台自己的成本表。")),
        "basis.ranking_weights": _missing(N_("官方评价权重"), N_("官方评价的权重未公布；平台排序使用公开的自有规则。")),
        "basis.listed_platform": _missing(N_("平台列名情况"), N_("本市是否已有列入全国名单的平台，尚未确认。")),
    }
)


@dataclass(frozen=True)
class Scope:
    """A part for which a value can be set apart: a product type, as the domain that owns the list names it."""

    code: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class NewValue:
    """What the operator enters: a number in the entry's unit or words, from a day on, and where it comes from."""

    key: str
    valid_from: date
    number: int | None
    words: str
    source: str
    scope: str = ""
    valid_until: date | None = None


@dataclass(frozen=True)
class ValueView:
    """One kept value. ``valid_until`` is exclusive; a withdrawn one never counts."""

    public_id: str
    key: str
    scope: str
    valid_from: date
    valid_until: date | None
    number: int | None
    words: str
    source: str
    entered_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str


class KeyUnknown(NotFound):
    """Nothing is kept under this key."""

    def __init__(self) -> None:
        super().__init__(N_("没有这一项字典。"))


class ValueUnknown(NotFound):
    """No such value, or it was withdrawn already."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条取值，或它已经撤回。"))


class ValueRefused(BadInput):
    """A value that cannot be right; the sentence says why."""


class ValueMissing(NotReady):
    """Something needs a value that nobody has entered: nobody invents it."""

    def __init__(self, key: str, on: date) -> None:
        super().__init__(
            N_("缺少“{label}”在 {day} 的取值，请平台运营人员在字典中补录。"),
            label=ENTRIES[key].label,
            day=on.isoformat(),
        )
        self.key = key


@dataclass(frozen=True, kw_only=True)
class ValueEntered(AuditEvent):
    """A value was entered; ``target`` is it, ``old`` what held on that day before."""

    name: ClassVar[str] = "dictionary.entered"
    key: str
    scope: str
    valid_from: date
    old: int | None
    new: int | None


@dataclass(frozen=True, kw_only=True)
class ValueWithdrawn(AuditEvent):
    """A value was withdrawn; ``target`` is it, the reason stays with it."""

    name: ClassVar[str] = "dictionary.withdrawn"
    key: str
    scope: str
    old: int | None
