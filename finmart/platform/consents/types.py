"""Consents: what a subject lets an institution see, for which purpose, until when; and what can go wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_

#: A consent ends by itself after a year at the latest: what is granted must stay what is meant (个人信息保护法 14).
MOST_DAYS = 366


class Purpose(StrEnum):
    """What an institution may use what it sees for; fixed when the consent is given (征信业管理条例 18)."""

    LOAN_REVIEW = "loan_review"
    GUARANTEE_REVIEW = "guarantee_review"
    INSURANCE_REVIEW = "insurance_review"
    POST_LOAN = "post_loan"


CONSENT_PURPOSE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Purpose.LOAN_REVIEW: N_("审查融资申请"),
        Purpose.GUARANTEE_REVIEW: N_("审查担保申请"),
        Purpose.INSURANCE_REVIEW: N_("审查投保申请"),
        Purpose.POST_LOAN: N_("融资发放后的跟踪管理"),
    }
)


class RevokeReason(StrEnum):
    """Why a consent was withdrawn; nobody has to give a reason, so the first one says just that."""

    UNSTATED = "unstated"
    DONE = "done"
    NOT_WANTED = "not_wanted"
    MISTAKE = "mistake"


REVOKE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        RevokeReason.UNSTATED: N_("不说明原因"),
        RevokeReason.DONE: N_("这笔业务已经办完"),
        RevokeReason.NOT_WANTED: N_("不打算在这家机构办理了"),
        RevokeReason.MISTAKE: N_("授权时选错了"),
    }
)


class ConsentState(StrEnum):
    """Where a consent stands on a day, as far as its own row tells."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class NewConsent:
    """What is granted. ``scopes`` are opaque here: names that the package which reads under the consent understands.

    ``valid_until`` is the last day on which it holds. ``text_version`` and ``language`` say which words were shown.
    ``warned``: the scopes for which the separate warning was confirmed.
    """

    subject_id: int
    institution_id: int
    purpose: str
    scopes: tuple[str, ...]
    valid_until: date
    text_version: str
    language: str = "zh"
    warned: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsentView:
    """A consent as it was given, and whether it has been withdrawn."""

    id: int
    public_id: str
    receipt_number: str
    subject_id: int
    institution_id: int
    organisation_id: int
    user_id: int | None
    purpose: str
    scopes: tuple[str, ...]
    warned: tuple[str, ...]
    text_version: str
    language: str
    granted_at: datetime
    valid_from: date
    valid_until: date
    revoked_at: datetime | None
    revoke_reason: str

    def state(self, on: date) -> ConsentState:
        """Where it stands on a day; both bounds are days on which it holds."""
        if self.revoked_at is not None:
            return ConsentState.REVOKED
        return ConsentState.VALID if self.valid_from <= on <= self.valid_until else ConsentState.EXPIRED


@dataclass(frozen=True, kw_only=True)
class ConsentGranted(AuditEvent):
    """``target`` is the consent, which names subject and institution; nothing of the data sets' content is told."""

    name: ClassVar[str] = "consent.granted"
    receipt: str
    purpose: str
    scopes: tuple[str, ...]
    valid_until: date
    text_version: str


@dataclass(frozen=True, kw_only=True)
class ConsentRevoked(AuditEvent):
    """``target`` is the consent; from now on nothing is shown under it."""

    name: ClassVar[str] = "consent.revoked"
    receipt: str
    reason: str


class ConsentUnknown(NotFound):
    """No such consent, or not one that the actor may know of."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份授权。"))


class ConsentOver(Conflict):
    """It was withdrawn or has expired already."""

    def __init__(self) -> None:
        super().__init__(N_("这份授权已经结束，不需要再撤回。"))


class NothingGranted(BadInput):
    """A consent without anything to see."""

    def __init__(self) -> None:
        super().__init__(N_("请至少选择一类数据，再提交授权。"))


class PurposeUnknown(BadInput):
    """A purpose that is not on the list."""

    def __init__(self) -> None:
        super().__init__(N_("请从列出的用途中选择一个。"))


class ReasonUnknown(BadInput):
    """A reason for withdrawing that is not on the list."""

    def __init__(self) -> None:
        super().__init__(N_("请从列出的原因中选择一个。"))


class ValidityInvalid(BadInput):
    """A last day in the past, or too far away."""

    def __init__(self) -> None:
        super().__init__(N_("授权的最后一天不能早于今天，最长一年，请重新选择期限。"))
