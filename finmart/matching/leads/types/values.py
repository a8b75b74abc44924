"""What is given to and told about leads. Money is 分, rates are ppm, terms are months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from finmart.matching.demands.types.clocks import DutyKind, Owner
from finmart.matching.demands.types.values import DemandView
from finmart.matching.leads.types.states import AT_WORK, BEFORE_REVEAL, LIVE, Channel, LeadState, LeadStep, Side
from finmart.platform.kernel.messages import N_
from finmart.reference.loan_cost import LoanCost, Timing
from finmart.reference.repayment import Method

#: The charges that an offer may name, in the order of forms.
FEE_WORDS: Mapping[str, str] = {
    "guarantee": N_("担保费"),
    "appraisal": N_("评估费"),
    "notary": N_("公证费"),
    "insurance": N_("保险费"),
    "registration": N_("抵押登记费"),
    "service": N_("服务费"),
    "deposit": N_("保证金"),
}


@dataclass(frozen=True)
class FeeTerm:
    """One charge beside interest: a ``rate`` in ppm of the amount as ``timing`` says, or an ``amount`` once."""

    key: str
    timing: Timing
    rate: int = 0
    amount: int = 0


@dataclass(frozen=True)
class Terms:
    """What an institution offers or has decided: everything that its all-in cost follows from."""

    amount: int
    rate: int
    months: int
    method: Method
    fees: tuple[FeeTerm, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Terms with their all-in cost (综合融资成本清单)."""

    terms: Terms
    cost: LoanCost


class ContactChannel(StrEnum):
    """How an applicant was contacted."""

    PHONE = "phone"
    VISIT = "visit"
    WECHAT = "wechat"
    MESSAGE = "message"


class ContactOutcome(StrEnum):
    """What came of it; only the first two count as contact."""

    REACHED = "reached"
    APPOINTMENT = "appointment"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


CONTACTED = frozenset({ContactOutcome.REACHED, ContactOutcome.APPOINTMENT})
CONTACT_CHANNEL_WORDS: Mapping[str, str] = {
    ContactChannel.PHONE: N_("电话"),
    ContactChannel.VISIT: N_("上门"),
    ContactChannel.WECHAT: N_("微信"),
    ContactChannel.MESSAGE: N_("短信"),
}
CONTACT_OUTCOME_WORDS: Mapping[str, str] = {
    ContactOutcome.REACHED: N_("已联系上"),
    ContactOutcome.APPOINTMENT: N_("已约定见面时间"),
    ContactOutcome.NO_ANSWER: N_("无人接听"),
    ContactOutcome.WRONG_NUMBER: N_("号码有误"),
}

#: What institutions usually ask for; anything else is written in words.
MATERIAL_WORDS: Mapping[str, str] = {
    "business_licence": N_("营业执照"),
    "id_card": N_("法定代表人或经营者身份证"),
    "articles": N_("公司章程"),
    "financial_statements": N_("近两年财务报表"),
    "bank_statements": N_("近六个月银行流水"),
    "tax_returns": N_("纳税申报表"),
    "contract": N_("购销合同或订单"),
    "collateral": N_("抵押物权属证明"),
    "guarantee": N_("保证人资料"),
    "purpose": N_("资金用途证明"),
    "other": N_("其他材料"),
}


@dataclass(frozen=True)
class ContactEntry:
    """One line of the contact log."""

    at: datetime
    channel: ContactChannel
    outcome: ContactOutcome
    note: str


@dataclass(frozen=True)
class Post:
    """One question or answer of the thread between the applicant and the institution."""

    at: datetime
    side: Side
    text: str


@dataclass(frozen=True)
class MaterialFile:
    """A file handed in; ``public_id`` names it in addresses."""

    public_id: str
    name: str
    size: int


@dataclass(frozen=True)
class Material:
    """One line of the checklist."""

    public_id: str
    code: str
    label: str
    required: bool
    asked_at: datetime
    files: tuple[MaterialFile, ...]


@dataclass(frozen=True)
class Contact:
    """Whom to call, after the applicant's own click."""

    organisation: str
    person: str
    phone: str


@dataclass(frozen=True)
class StepView:
    """One step of a lead as both sides see it; ``undone`` when a later one took it back."""

    at: datetime
    step: LeadStep
    side: Side
    from_state: LeadState | None
    to_state: LeadState
    reason: str
    note: str
    details: Mapping[str, Any]
    undone: bool


@dataclass(frozen=True)
class LeadView:
    """One lead as lists show it; whose it is stands in ``organisation_id`` (the institution)."""

    id: int
    public_id: str
    demand_id: int
    organisation_id: int
    channel: Channel
    state: LeadState
    product_code: str
    product_number: int | None
    product_cap: int | None
    asked_amount: int
    clerk_user_id: int | None
    created_at: datetime
    received_at: datetime | None
    revealed_at: datetime | None
    ended_at: datetime | None
    duty: DutyKind | None
    duty_owner: Owner | None
    due_on: date | None
    provisional: bool
    reminded: bool
    escalated: bool
    decline_code: str
    approved_amount: int | None
    approved_rate: int | None
    funded_amount: int | None
    funded_on: date | None
    demonstration: bool

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in LIVE

    @property
    def is_at_work(self) -> bool:
        """Whether the institution examines it."""
        return self.state in AT_WORK

    @property
    def is_anonymous(self) -> bool:
        """Whether the institution does not know who asks."""
        return self.revealed_at is None or self.state in BEFORE_REVEAL


@dataclass(frozen=True)
class OpenLead:
    """One lead with everything a page of it shows; ``contact`` is None while it is anonymous."""

    lead: LeadView
    demand: DemandView
    institution: str
    institution_public_id: str
    contact: Contact | None
    bid: Sheet | None
    decision: Sheet | None
    steps: tuple[StepView, ...]
    contacts: tuple[ContactEntry, ...]
    posts: tuple[Post, ...]
    materials: tuple[Material, ...]
    can_reverse: bool


@dataclass(frozen=True)
class Card:
    """A demand as institutions see it before anybody is named: what is needed, nothing that tells who needs it."""

    public_id: str
    amount: int
    term_months: int
    purpose: str
    guarantees: tuple[str, ...]
    district: str
    urgency: str
    applicant_kind: str
    published_at: datetime
    places_left: int
    demonstration: bool


@dataclass(frozen=True)
class InboxCounts:
    """What waits at an institution: living leads, its own overdue steps, the reader's own leads, cards to take."""

    living: int
    overdue: int
    mine: int
    cards: int
