"""Bringing an organisation onto the platform: what is registered, what may be missing, and what goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict
from finmart.platform.kernel.messages import N_

#: Kinds that the operator brings in; applicants bring themselves, and there is one operator.
INVITED_KINDS = (OrganisationKind.INSTITUTION, OrganisationKind.GOVERNMENT, OrganisationKind.SUPPLIER)


class Lack(StrEnum):
    """Something an organisation still needs before its people can do their job here; in the order of doing it."""

    NAME_EN = "name_en"
    INSTITUTION_KIND = "institution_kind"
    REGION = "region"
    CONTACT = "contact"
    QUALIFICATION = "qualification"
    QUALIFICATION_OVER = "qualification_over"
    QUALIFICATION_ENDING = "qualification_ending"
    AGREEMENT = "agreement"
    AGREEMENT_OVER = "agreement_over"
    AGREEMENT_ENDING = "agreement_ending"
    MEMBERS = "members"
    KEEPER = "keeper"
    DESK = "desk"


LACK_WORDS: Mapping[Lack, str] = MappingProxyType(
    {
        Lack.NAME_EN: N_("没有英文名称，英文页面上显示中文名称。"),
        Lack.INSTITUTION_KIND: N_("没有选择机构类型。"),
        Lack.REGION: N_("没有填写所在地区，工作人员看不到任何区县的数字。"),
        Lack.CONTACT: N_("没有联系方式，申请人不知道怎样联系它。"),
        Lack.QUALIFICATION: N_("没有登记资质的有效期，不能查看任何授权的信用信息。"),
        Lack.QUALIFICATION_OVER: N_("资质已经到期，不能查看任何授权的信用信息。"),
        Lack.QUALIFICATION_ENDING: N_("资质将在 30 天内到期，请及时更新。"),
        Lack.AGREEMENT: N_("没有登记接入协议的有效期，不能查看任何授权的信用信息。"),
        Lack.AGREEMENT_OVER: N_("接入协议已经到期，不能查看任何授权的信用信息。"),
        Lack.AGREEMENT_ENDING: N_("接入协议将在 30 天内到期，请及时续签并更新。"),
        Lack.MEMBERS: N_("还没有成员，请邀请第一位成员。"),
        Lack.KEEPER: N_("没有机构管理员，没有人能邀请同事和审批产品。"),
        Lack.DESK: N_("还没有接入平台，产品只展示，不接收申请。"),
    }
)


class Attention(StrEnum):
    """Filters of the operator's list: which organisations need something."""

    AGREEMENT_ENDING = "agreement_ending"
    AGREEMENT_OVER = "agreement_over"
    NO_AGREEMENT = "no_agreement"
    NO_MEMBERS = "no_members"
    NOT_CONNECTED = "not_connected"


ATTENTION_WORDS: Mapping[Attention, str] = MappingProxyType(
    {
        Attention.AGREEMENT_ENDING: N_("协议 30 天内到期"),
        Attention.AGREEMENT_OVER: N_("协议已到期"),
        Attention.NO_AGREEMENT: N_("没有登记协议"),
        Attention.NO_MEMBERS: N_("没有成员"),
        Attention.NOT_CONNECTED: N_("未接入平台"),
    }
)


@dataclass(frozen=True)
class Registration:
    """What the operator writes down about an organisation; ``code`` is a name of ours, never a credit code."""

    name_zh: str
    name_en: str = ""
    region: str = ""
    institution_kind: str = ""
    contact_phone: str = ""
    contact_address: str = ""


@dataclass(frozen=True)
class Dates:
    """Qualification and agreement, each from a day up to a day before which it ends (exclusive); None: not known."""

    qualified_from: date | None = None
    qualified_until: date | None = None
    agreement_from: date | None = None
    agreement_until: date | None = None


@dataclass(frozen=True)
class Choice:
    """One of a list that another domain owns: its code and its name in both languages."""

    code: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class OnboardingView:
    """An organisation as the operator brings it in: what is registered, what is missing."""

    public_id: str
    kind: OrganisationKind
    code: str | None
    registration: Registration
    dates: Dates
    connected: bool
    demonstration: bool
    members: int
    lacks: tuple[Lack, ...]


class RegistrationRefused(BadInput):
    """Something in the registration cannot be right; the sentence says what."""


class CodeTaken(Conflict):
    """Another organisation of the kind has this code."""

    def __init__(self) -> None:
        super().__init__(N_("已有另一个单位使用这个代码，请核对，或在列表中找到它后修改。"))


class NotYetConnectable(Conflict):
    """An institution without a member who manages it can take no application."""

    def __init__(self) -> None:
        super().__init__(N_("接入前须先有一位机构管理员：请生成邀请链接并请对方加入，否则申请无人处理。"))


@dataclass(frozen=True, kw_only=True)
class OrganisationDatesSet(AuditEvent):
    """Qualification or agreement were given other dates; ends are exclusive. ``target`` is the organisation."""

    name: ClassVar[str] = "organisation.dates_set"
    qualified_from: date | None
    qualified_until: date | None
    agreement_from: date | None
    agreement_until: date | None
    old_qualified_from: date | None
    old_qualified_until: date | None
    old_agreement_from: date | None
    old_agreement_until: date | None


@dataclass(frozen=True, kw_only=True)
class OrganisationConnected(AuditEvent):
    """An institution got a desk here, or lost it; ``target`` is the organisation."""

    name: ClassVar[str] = "organisation.connected"
    old: bool
    new: bool
