"""Whether what is listed still holds: confirming it, its last day, asking institutions to look at it again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from finmart.platform.accounts.service.telling import tell_members, tell_operators
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Letter
from finmart.products import service
from finmart.products.drafts import repository
from finmart.products.drafts.repository import Listed
from finmart.products.drafts.service.steps import own
from finmart.products.drafts.types import DatesRefused
from finmart.products.events import ListingValiditySet


@dataclass(frozen=True)
class Overdue:
    """What nobody has confirmed for long of one institution: its listings, the oldest first, with their days.

    ``profile_days``: those of its own page; None where somebody has looked at it.
    """

    code: str
    name_zh: str
    name_en: str
    connected: bool
    listings: tuple[tuple[str, str, int], ...]
    profile_days: int | None = None


def days_unconfirmed(since: date) -> int:
    """How many days ago a listing was last confirmed, or written down where it never was."""
    return (today() - since).days


def is_stale(since: date) -> bool:
    """Whether pages say that nobody has looked at the listing for long."""
    return days_unconfirmed(since) > stale_days()


def stale_days() -> int:
    """After how many days without a confirmation pages say so."""
    return dictionaries.value("confirm.stale", today())


def confirm_many(actor: Actor, codes: Iterable[str]) -> int:
    """Confirm several listings of the actor's institution; how many. Raises as ``service.confirm_listing`` does."""
    wanted = sorted(set(codes))
    for code in wanted:
        service.confirm_listing(actor, code)
    return len(wanted)


def set_validity(actor: Actor, code: str, until: date | None) -> None:
    """State the last day of a listing (None: no end is known).

    Raises ``PermissionMissing``, ``ProductUnknown`` or ``DatesRefused`` for a day that has passed.
    """
    require(actor, Permission.OWN_PRODUCTS_APPROVE)
    product = own(actor, code, lock=True)
    if until is not None and until < today():
        raise DatesRefused(N_("有效期的最后一天不能早于今天；要马上下架请用“暂停”。"))
    before, product.valid_until = product.valid_until, until
    if before != until:
        record(actor, ListingValiditySet(target=code, old=before, new=until))


def overdue(actor: Actor) -> list[Overdue]:
    """What has been unconfirmed for longer than institutions are given, by institution.

    Raises ``PermissionMissing``.
    """
    require(actor, Permission.ALL_PRODUCTS_APPROVE)
    days = dictionaries.value("confirm.remind", today())
    pages = repository.unconfirmed_profiles(today() - timedelta(days=days))
    profiles = {each.listing.organisation_id: days_unconfirmed(each.since) for each in pages}
    by_owner: dict[int, list[Listed]] = {organisation_id: [] for organisation_id in profiles}
    for listed in _unconfirmed(days):
        by_owner.setdefault(listed.product.organisation_id, []).append(listed)
    owners = repository.institutions(by_owner)
    return sorted(
        (
            Overdue(
                owners[key].code,
                owners[key].name_zh,
                owners[key].name_en,
                owners[key].connected,
                tuple((one.product.code, one.name_zh, days_unconfirmed(one.since)) for one in listings),
                profiles.get(key),
            )
            for key, listings in by_owner.items()
        ),
        key=lambda each: (not each.connected, -len(each.listings), each.code),
    )


def remind() -> int:
    """Ask for what is due to be confirmed, one letter an institution; how many listings were asked about.

    First after ``confirm.remind`` days, again after ``confirm.again``. The operator is asked for those without a desk.
    """
    due: dict[int, list[Listed]] = defaultdict(list)
    for listed in _unconfirmed(dictionaries.value("confirm.remind", today()), lock=True):
        if is_due(listed.since, listed.product.reminded_on):
            due[listed.product.organisation_id].append(listed)
            listed.product.reminded_on = today()
    owners = repository.institutions(due)
    apart = 0
    for organisation_id, listings in due.items():
        if owners[organisation_id].connected:
            tell_members(organisation_id, _letter(len(listings)), permission=Permission.OWN_PRODUCTS_CONFIRM)
        else:
            apart += len(listings)
    if apart:
        tell_operators(_operators_letter(apart))
    return sum(map(len, due.values()))


def _unconfirmed(days: int, *, lock: bool = False) -> list[Listed]:
    return repository.unconfirmed(today() - timedelta(days=days), lock=lock)


def is_due(since: date, reminded_on: date | None) -> bool:
    """Whether a stage has come since the last letter about what was last confirmed on ``since``."""
    stages = [dictionaries.value(key, today()) for key in ("confirm.remind", "confirm.again")]
    passed = [since + timedelta(days=days) for days in stages if days <= days_unconfirmed(since)]
    return any(reminded_on is None or reminded_on < day for day in passed)


def _letter(number: int) -> Letter:
    return Letter(
        "product.unconfirmed",
        N_("贵机构有 {count} 个产品的公开信息很久没有核对。"),
        N_("请打开“我的产品”，仍然准确的一次确认，有变化的提交新版本；长期不核对的，公开页面会写明。"),
        path="/institution/products",
        params={"count": number},
    )


def _operators_letter(number: int) -> Letter:
    return Letter(
        "product.unconfirmed_apart",
        N_("未入驻机构有 {count} 个产品的公开信息很久没有核对。"),
        N_("请与这些机构核对。"),
        path="/operator/unconfirmed",
        params={"count": number},
    )
