"""Whether what an institution's page says of it still holds: confirming it, its last day, asking again."""

from collections.abc import Callable, Iterable
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
from finmart.products.drafts.service.confirming import is_due, is_stale, overdue
from finmart.products.drafts.service.writing import own_institution
from finmart.products.drafts.types import DatesRefused
from finmart.products.events import ProfileConfirmed, ProfileValiditySet
from finmart.products.models import InstitutionListing
from finmart.products.service import InstitutionUnknown, OwnToConfirm, ProductUnknown
from finmart.products.types import ListedInstitution


def own_profile(actor: Actor) -> ListedInstitution | None:
    """What the supermarket says of the actor's institution; None before it says anything.

    Raises ``PermissionMissing`` or ``NoInstitution``.
    """
    require(actor, Permission.OWN_PRODUCTS_CONFIRM)
    organisation_id = own_institution(actor)
    return next((each for each in service.institutions() if each.organisation_id == organisation_id), None)


def confirm_profile(actor: Actor) -> None:
    """Note that the actor's institution says today that its page, with its figures, is right.

    Raises ``PermissionMissing`` or ``NoInstitution``.
    """
    require(actor, Permission.OWN_PRODUCTS_CONFIRM)
    organisation_id = own_institution(actor)
    _confirm(actor, _listing(organisation_id), repository.institution(organisation_id).code, by_operator=False)


def confirm_profile_apart(actor: Actor, code: str) -> None:
    """Note that the operator says today that the page of an institution without a desk here is right.

    Raises ``PermissionMissing``, ``InstitutionUnknown`` or ``OwnToConfirm``.
    """
    require(actor, Permission.ALL_PRODUCTS_APPROVE)
    shown = service.institution(code)
    if shown.record.ref.connected:
        raise OwnToConfirm
    _confirm(actor, _listing(shown.organisation_id), code, by_operator=True)


def confirm_overdue(actor: Actor, code: str, *, products: Iterable[str], profile: bool) -> int:
    """The operator confirms several things of an institution without a desk here; how many there were.

    Raises what ``confirm_profile_apart`` raises, and ``ProductUnknown`` for a product of another institution.
    """
    require(actor, Permission.ALL_PRODUCTS_APPROVE)
    wanted = sorted(set(products))
    if not set(wanted) <= {each.code for each in service.products_of(code)}:
        raise ProductUnknown
    if profile:
        confirm_profile_apart(actor, code)
    for each in wanted:
        service.confirm_apart(actor, each)
    return len(wanted) + profile


def confirm_all_overdue(actor: Actor, code: str) -> int:
    """The operator confirms all that is overdue of an institution without a desk here; how many there were.

    Raises as ``confirm_overdue`` does, and ``InstitutionUnknown``.
    """
    found = next((each for each in overdue(actor) if each.code == code), None)
    if found is None:
        service.institution(code)
        return 0
    codes = [product for product, _name, _days in found.listings]
    return confirm_overdue(actor, code, products=codes, profile=found.profile_days is not None)


def _confirm(actor: Actor, listing: InstitutionListing, code: str, *, by_operator: bool) -> None:
    before, listing.confirmed_on = listing.confirmed_on, today()
    listing.confirmed_by_operator = by_operator
    record(
        actor,
        ProfileConfirmed(target=code, confirmed_on=today(), confirmed_before=before, by_operator=by_operator),
    )


def set_profile_validity(actor: Actor, until: date | None) -> None:
    """State the last day for which the institution's page holds (None: no end is known).

    Raises ``PermissionMissing``, ``NoInstitution`` or ``DatesRefused`` for a day that has passed.
    """
    require(actor, Permission.OWN_PRODUCTS_CONFIRM)
    organisation_id = own_institution(actor)
    if until is not None and until < today():
        raise DatesRefused(N_("有效期的最后一天不能早于今天。"))
    listing = _listing(organisation_id)
    before, listing.valid_until = listing.valid_until, until
    if before != until:
        record(actor, ProfileValiditySet(target=repository.institution(organisation_id).code, old=before, new=until))


def _listing(organisation_id: int) -> InstitutionListing:
    repository.ensure_listing(organisation_id, on=today())
    found = repository.profile_of(organisation_id)
    if found is None:
        raise InstitutionUnknown
    return found


def is_profile_stale(shown: ListedInstitution) -> bool:
    """Whether the page says that nobody has looked at it for long."""
    return is_stale(shown.confirmation.on if shown.confirmation else shown.record.recorded_on)


def is_profile_over(shown: ListedInstitution) -> bool:
    """Whether the last day that the institution has stated for its page has passed."""
    return shown.valid_until is not None and shown.valid_until < today()


def remind_of_profiles() -> int:
    """Ask for the pages that are due to be confirmed, at the days of listings; how many were asked about."""
    due = _take_due(lambda profile: is_due(profile.since, profile.listing.reminded_on))
    apart = 0
    for profile in due:
        profile.listing.reminded_on = today()
        if profile.owner.connected:
            letter = _letter()
            tell_members(profile.listing.organisation_id, letter, permission=Permission.OWN_PRODUCTS_CONFIRM)
        else:
            apart += 1
    if apart:
        tell_operators(_operators_letter(apart))
    return len(due)


def _take_due(wanted: Callable[[repository.Profile], bool]) -> list[repository.Profile]:
    since = today() - timedelta(days=dictionaries.value("confirm.remind", today()))
    return [profile for profile in repository.unconfirmed_profiles(since, lock=True) if wanted(profile)]


def _letter() -> Letter:
    return Letter(
        "institution.unconfirmed",
        N_("贵机构的公开资料很久没有核对。"),
        N_("请打开“机构资料”，仍然准确的一次确认，有变化的重新填写；长期不核对的，公开页面会写明。"),
        path="/institution/figures",
    )


def _operators_letter(number: int) -> Letter:
    return Letter(
        "institution.unconfirmed_apart",
        N_("有 {count} 家未入驻机构的公开资料很久没有核对。"),
        N_("请与这些机构核对。"),
        path="/operator/unconfirmed",
        params={"count": number},
    )
