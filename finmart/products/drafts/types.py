"""The life of a product and of its versions: one transition table, its errors, and what pages are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from finmart.platform.kernel.errors import BadInput, Conflict
from finmart.platform.kernel.messages import N_
from finmart.products.editing.checks import Fault
from finmart.products.types import InstitutionRef, PublishedProduct


class VersionState(StrEnum):
    """Where one version stands; published ones are never changed again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DISCARDED = "discarded"
    PUBLISHED = "published"
    RETIRED = "retired"


class ProductState(StrEnum):
    """Whether people see the product: not yet, now, not for a while, never again."""

    UNLISTED = "unlisted"
    LISTED = "listed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


State = VersionState | ProductState


class Step(StrEnum):
    """What can be done to a version (the first seven) or to a product."""

    SAVE = "save"
    SUBMIT = "submit"
    RECALL = "recall"
    SEND_BACK = "send_back"
    DISCARD = "discard"
    APPROVE = "approve"
    RETIRE = "retire"
    LIST = "list"
    PLAN = "plan"
    UNPLAN = "unplan"
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"


_V, _P = VersionState, ProductState

#: The whole transition table; what is not in it is refused. Only APPROVE leads to a published version, and only
#: LIST, which follows from it, shows a product that nobody saw before.
TRANSITIONS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (_V.DRAFT, Step.SAVE): _V.DRAFT,
        (_V.RETURNED, Step.SAVE): _V.DRAFT,
        (_V.DRAFT, Step.SUBMIT): _V.SUBMITTED,
        (_V.SUBMITTED, Step.RECALL): _V.DRAFT,
        (_V.SUBMITTED, Step.SEND_BACK): _V.RETURNED,
        (_V.SUBMITTED, Step.APPROVE): _V.PUBLISHED,
        (_V.DRAFT, Step.DISCARD): _V.DISCARDED,
        (_V.RETURNED, Step.DISCARD): _V.DISCARDED,
        (_V.SUBMITTED, Step.DISCARD): _V.DISCARDED,
        (_V.PUBLISHED, Step.RETIRE): _V.RETIRED,
        (_P.UNLISTED, Step.LIST): _P.LISTED,
        (_P.LISTED, Step.LIST): _P.LISTED,
        (_P.SUSPENDED, Step.LIST): _P.SUSPENDED,
        (_P.LISTED, Step.PLAN): _P.LISTED,
        (_P.LISTED, Step.UNPLAN): _P.LISTED,
        (_P.LISTED, Step.SUSPEND): _P.SUSPENDED,
        (_P.SUSPENDED, Step.RESUME): _P.LISTED,
        (_P.LISTED, Step.WITHDRAW): _P.WITHDRAWN,
        (_P.SUSPENDED, Step.WITHDRAW): _P.WITHDRAWN,
    }
)

#: A version somebody still works on; a product has at most one.
OPEN = frozenset({_V.DRAFT, _V.RETURNED, _V.SUBMITTED})
#: Steps by which somebody becomes a maker of the version and may not be its checker.
MAKING = frozenset({Step.SAVE, Step.SUBMIT})

STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {
        _V.DRAFT: N_("草稿"),
        _V.SUBMITTED: N_("待复核"),
        _V.RETURNED: N_("已退回"),
        _V.DISCARDED: N_("已放弃"),
        _V.PUBLISHED: N_("已发布"),
        _V.RETIRED: N_("已被新版本取代"),
        _P.UNLISTED: N_("未上架"),
        _P.LISTED: N_("已上架"),
        _P.SUSPENDED: N_("暂停"),
        _P.WITHDRAWN: N_("已下架"),
    }
)

STEP_WORDS: Mapping[Step, str] = MappingProxyType(
    {
        Step.SAVE: N_("保存草稿"),
        Step.SUBMIT: N_("提交复核"),
        Step.RECALL: N_("撤回复核"),
        Step.SEND_BACK: N_("退回修改"),
        Step.DISCARD: N_("放弃草稿"),
        Step.APPROVE: N_("复核通过"),
        Step.RETIRE: N_("被新版本取代"),
        Step.LIST: N_("上架"),
        Step.PLAN: N_("安排暂停"),
        Step.UNPLAN: N_("取消暂停安排"),
        Step.SUSPEND: N_("暂停"),
        Step.RESUME: N_("恢复"),
        Step.WITHDRAW: N_("下架"),
    }
)


class StepRefused(Conflict):
    """The step does not start from this state."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__(N_("这个产品的状态已经变化，不能再这样操作，请刷新页面后再看。"), state=state, step=step)


class DraftRefused(BadInput):
    """What was filled in cannot be saved; ``faults`` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(N_("有 {count} 处需要更正，草稿没有保存。"), count=len(faults))
        self.faults = faults


class DraftOpen(Conflict):
    """The product has a version under way already."""

    def __init__(self) -> None:
        super().__init__(N_("这个产品已经有一份修改中的草稿，请在那份草稿上继续。"))


class DraftMoved(Conflict):
    """Somebody saved the draft since the page was opened."""

    def __init__(self) -> None:
        super().__init__(N_("同事刚刚保存过这份草稿，请先打开最新内容，再决定是否修改或复核。"))


class OwnWork(Conflict):
    """The maker of a version cannot be its checker."""

    def __init__(self) -> None:
        super().__init__(N_("您参与填写了这一版，必须由另一位同事复核。"))


class NothingChanged(BadInput):
    """The draft says what is published already."""

    def __init__(self) -> None:
        super().__init__(N_("草稿与现在公开的内容完全相同，没有需要复核的修改。"))


class ReasonMissing(BadInput):
    """A step that somebody else must understand needs its reason."""

    def __init__(self) -> None:
        super().__init__(N_("请写明原因，4 到 500 个字。"))


class DatesRefused(BadInput):
    """From when until when cannot be so."""


class FileRefused(BadInput):
    """Some rows of a file of drafts cannot be used, so none was; ``faults`` names row, cell and sentence."""

    def __init__(self, faults: tuple[tuple[int, Fault], ...]) -> None:
        super().__init__(N_("文件里有 {count} 处需要更正，所有产品都没有导入。"), count=len(faults))
        self.faults = faults


@dataclass(frozen=True)
class PlannedRow:
    """What a row of a file would become: a change of the product ``code``, or a new product when that is empty."""

    number: int
    code: str
    name_zh: str


@dataclass(frozen=True)
class StepView:
    """One step as the institution's own people (or the operator) read it."""

    step: Step
    number: int | None
    old_state: State
    new_state: State
    at: datetime
    by: str
    by_operator: bool
    by_system: bool
    reason: str


@dataclass(frozen=True)
class VersionLine:
    """One version in the history of a product."""

    number: int
    state: VersionState
    name_zh: str
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class DeskLine:
    """One product in the list of its institution: what people see of it, and what is under way."""

    code: str
    state: ProductState
    shown: PublishedProduct
    published_number: int | None
    open_number: int | None
    open_state: VersionState | None
    last_confirmed_on: date | None
    suspended_from: date | None
    suspended_until: date | None
    #: The last day on the shelf; None: no end is known.
    valid_until: date | None = None


@dataclass(frozen=True)
class VersionView:
    """One version whole. ``before`` is what people see now (or saw last); ``fingerprint`` names these exact contents.

    ``makers`` are the users who worked on it, ``may_approve`` whether the reader may be its checker.
    """

    code: str
    institution: InstitutionRef
    product_state: ProductState
    product: PublishedProduct
    number: int
    state: VersionState
    fingerprint: str
    before: PublishedProduct | None
    may_approve: bool
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class DeskProduct:
    """One product of the institution: its states, versions and steps, newest first."""

    line: DeskLine
    versions: tuple[VersionLine, ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class WaitingLine:
    """One version that waits for a checker."""

    code: str
    number: int
    name_zh: str
    name_en: str
    institution: InstitutionRef
    submitted_at: datetime
    mine: bool


def state_of(word: str) -> State:
    """The state that a table's word names; the two kinds share none."""
    return VersionState(word) if word in set(VersionState) else ProductState(word)


def after(state: State, step: Step) -> State:
    """The state that ``step`` leads to. Raises ``StepRefused`` when the table has no such row."""
    try:
        return TRANSITIONS[(state, step)]
    except KeyError:
        raise StepRefused(state.value, step.value) from None
