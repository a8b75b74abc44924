"""What pages show of counts, of applicants that may be invited, and of invitations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from finmart.matching.prospecting.types.words import InvitationState


@dataclass(frozen=True)
class Tally:
    """Subjects in tens; None: fewer than may be said, none among them. ``unchecked``: a way has nothing to check."""

    met: int | None
    open: int | None
    not_met: int | None
    unchecked: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {"met": self.met, "open": self.open, "not_met": self.not_met, "unchecked": self.unchecked}


@dataclass(frozen=True)
class Stated:
    """What is said of a product: of all subjects, of the product, and of each way by its key."""

    subjects: int | None
    whole: Tally
    ways: Mapping[str, Tally]

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        ways = {key: way.as_json() for key, way in self.ways.items()}
        return {"subjects": self.subjects, "whole": self.whole.as_json(), "ways": ways}


def stated_of(document: Mapping[str, Any]) -> Stated:
    """What was kept."""
    ways = {key: Tally(**way) for key, way in document["ways"].items()}
    return Stated(document["subjects"], Tally(**document["whole"]), ways)


@dataclass(frozen=True)
class CountView:
    """What was counted of a version of a product on a day."""

    code: str
    version: int
    counted_on: date
    demonstration: bool
    stated: Stated


@dataclass(frozen=True)
class Found:
    """An applicant that agreed to be found, as one institution sees it. ``ref`` means nothing to another one."""

    ref: str
    district: str | None
    section: str | None
    size: str | None
    met: int
    open: int


@dataclass(frozen=True)
class InvitationView:
    """An invitation; what the institution sees of it says nothing of the applicant."""

    public_id: str
    institution_id: int
    product_code: str
    reason: str
    sent_at: datetime
    valid_until: date
    state: InvitationState
    answered_at: datetime | None


@dataclass(frozen=True)
class FoundList:
    """A product's list: the count of the day it stands on, who may be invited, and what was sent."""

    count: CountView | None
    may_read: bool
    rows: tuple[Found, ...]
    total: int
    sent: tuple[InvitationView, ...]
    left_today: int


@dataclass(frozen=True)
class Findable:
    """What an applicant sees of being found: whether it can agree, since when it has, and who invited it."""

    verified: bool
    since: datetime | None
    invitations: tuple[InvitationView, ...]

    @property
    def open(self) -> tuple[InvitationView, ...]:
        """Those that wait for an answer."""
        return tuple(one for one in self.invitations if one.state is InvitationState.OPEN)
