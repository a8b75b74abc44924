"""The operator brings organisations onto the platform: registration, dates, the first member, the desk."""

from collections.abc import Callable, Sequence
from datetime import date

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service.members import KEEPER_ROLES
from finmart.platform.accounts.types.errors import OrganisationUnknown, RegionUnknown
from finmart.platform.accounts.types.events import OrganisationSaved
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.onboarding import (
    INVITED_KINDS,
    Attention,
    Choice,
    CodeTaken,
    Dates,
    Lack,
    NotYetConnectable,
    OnboardingView,
    OrganisationConnected,
    OrganisationDatesSet,
    Registration,
    RegistrationRefused,
)
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.platform.web.pages import Page
from finmart.reference import regions

PAGE_SIZE = 30
#: The job that lets products know: they are read once and kept until something changes.
OWNER_CHANGED = "products.owner_changed"
FIELDS = ("name_zh", "name_en", "region", "institution_kind", "contact_phone", "contact_address")


class _Kinds:
    known: Callable[[], Sequence[Choice]] | None = None


def use_institution_kinds(known: Callable[[], Sequence[Choice]]) -> None:
    """Tell the house which kinds of institution there are (the domain that owns the list calls this)."""
    _Kinds.known = known


def institution_kinds() -> Sequence[Choice]:
    """The kinds of institution to choose from."""
    return _Kinds.known() if _Kinds.known else ()


def list_onboarding(
    actor: Actor,
    *,
    text: str = "",
    kind: OrganisationKind | None = None,
    attention: Attention | None = None,
    number: int = 1,
) -> Page[OnboardingView]:
    """Organisations with what each still lacks, newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_ORGANISATIONS_READ)
    number = max(1, number)
    rows, total = organisations.search_organisations(
        text=text.strip(),
        kind=kind.value if kind else None,
        attention=attention,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    keepers = organisations.ids_with_roles([row.id for row, _members in rows], KEEPER_ROLES)
    return Page(tuple(_view(row, members, row.id in keepers) for row, members in rows), total, number, PAGE_SIZE)


def read_onboarding(actor: Actor, public_id: str) -> OnboardingView:
    """One organisation with what it still lacks. Raises ``PermissionMissing`` or ``OrganisationUnknown``."""
    require(actor, Permission.ALL_ORGANISATIONS_READ)
    row = _row(public_id)
    members = organisations.members_of(row.id)
    return _view(row, len(members), any(member.role in KEEPER_ROLES for member, _user in members))


def register(actor: Actor, kind: OrganisationKind, new: Registration, *, code: str = "") -> str:
    """A new organisation of an invited kind; its public id.

    Raises ``PermissionMissing``, ``RegistrationRefused``, ``RegionUnknown`` or ``CodeTaken``.
    """
    require(actor, Permission.ALL_ORGANISATIONS_MANAGE)
    if kind not in INVITED_KINDS:
        raise RegistrationRefused(N_("申请人由本人注册，不能在这里登记。"))
    values = _checked(kind, new)
    code = code.strip()
    if code and organisations.organisation_by_code(kind=kind.value, code=code) is not None:
        raise CodeTaken
    row = organisations.add_organisation(kind=kind.value, code=code or None, **values)
    record(actor, OrganisationSaved(target=row.public_id, kind=row.kind, created=True))
    return row.public_id


def change_registration(actor: Actor, public_id: str, new: Registration) -> None:
    """Write the registration anew. Raises as ``register`` does, or ``OrganisationUnknown``."""
    require(actor, Permission.ALL_ORGANISATIONS_MANAGE)
    row = _row(public_id, lock=True)
    kind = OrganisationKind(row.kind)
    if kind not in INVITED_KINDS:
        raise RegistrationRefused(N_("申请人的登记由本人填写，不能在这里修改。"))
    values = _checked(kind, new)
    changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        enqueue(OWNER_CHANGED, {})
        record(actor, OrganisationSaved(target=row.public_id, kind=row.kind, created=False, changed=changed))


def set_dates(actor: Actor, public_id: str, dates: Dates) -> None:
    """Note an institution's qualification and agreement. Raises ``PermissionMissing``, ``OrganisationUnknown`` or
    ``RegistrationRefused`` where only one end of a period is given, or it ends before it begins."""
    require(actor, Permission.ALL_ORGANISATIONS_MANAGE)
    row = _institution(public_id)
    _check_period(dates.qualified_from, dates.qualified_until)
    _check_period(dates.agreement_from, dates.agreement_until)
    old = _dates(row)
    if old == dates:
        return
    row.qualified_from, row.qualified_until = dates.qualified_from, dates.qualified_until
    row.agreement_from, row.agreement_until = dates.agreement_from, dates.agreement_until
    _remind_anew(row, old)
    before = {f"old_{name}": day for name, day in vars(old).items()}
    record(actor, OrganisationDatesSet(target=row.public_id, **vars(dates), **before))


def _remind_anew(row: Organisation, old: Dates) -> None:
    """Let an end that was moved to an earlier day be told of, though a later one was told of before."""
    moved = {row.qualified_until, row.agreement_until} - {old.qualified_until, old.agreement_until, None}
    if row.reminded_of_end is not None and any(end <= row.reminded_of_end for end in moved if end is not None):
        row.reminded_of_end = None


def connect(actor: Actor, public_id: str, *, on: bool) -> None:
    """Give an institution a desk here, or take it away (DECISIONS 6); as it stands already nothing happens.

    Raises ``PermissionMissing``, ``OrganisationUnknown``, or ``NotYetConnectable`` without anybody to manage it.
    """
    require(actor, Permission.ALL_ORGANISATIONS_MANAGE)
    row = _institution(public_id)
    if row.connected == on:
        return
    if on and not organisations.ids_with_roles([row.id], KEEPER_ROLES):
        raise NotYetConnectable
    row.connected = on
    enqueue(OWNER_CHANGED, {})
    record(actor, OrganisationConnected(target=row.public_id, old=not on, new=on))


def lacks(row: Organisation, *, members: int, has_keeper: bool, on: date) -> tuple[Lack, ...]:
    """What an organisation still lacks on a day, in the order of doing it."""
    kind = OrganisationKind(row.kind)
    if kind not in INVITED_KINDS:
        return ()
    found = [
        (Lack.NAME_EN, not row.name_en),
        (Lack.REGION, kind is OrganisationKind.GOVERNMENT and not row.region),
        *(_institution_lacks(row, on) if kind is OrganisationKind.INSTITUTION else ()),
        (Lack.MEMBERS, members == 0),
        (Lack.KEEPER, kind is OrganisationKind.INSTITUTION and members > 0 and not has_keeper),
        (Lack.DESK, kind is OrganisationKind.INSTITUTION and not row.connected),
    ]
    return tuple(lack for lack, is_missing in found if is_missing)


def _institution_lacks(row: Organisation, on: date) -> tuple[tuple[Lack, bool], ...]:
    return (
        (Lack.INSTITUTION_KIND, not row.institution_kind),
        (Lack.CONTACT, not row.connected and not (row.contact_phone or row.contact_address)),
        (Lack.QUALIFICATION, row.qualified_until is None),
        (Lack.QUALIFICATION_OVER, row.qualified_until is not None and row.qualified_until <= on),
        (Lack.QUALIFICATION_ENDING, _ends_soon(row.qualified_until, on)),
        (Lack.AGREEMENT, row.agreement_until is None),
        (Lack.AGREEMENT_OVER, row.agreement_until is not None and row.agreement_until <= on),
        (Lack.AGREEMENT_ENDING, _ends_soon(row.agreement_until, on)),
    )


def _ends_soon(until: date | None, on: date) -> bool:
    return until is not None and on < until <= on + organisations.ENDING_WITHIN


def _checked(kind: OrganisationKind, new: Registration) -> dict[str, str | None]:
    name = new.name_zh.strip()
    if not 2 <= len(name) <= 120:
        raise RegistrationRefused(N_("请填写单位名称，2 到 120 个字。"))
    region = new.region.strip()
    if region and regions.find(region) is None:
        raise RegionUnknown(region)
    is_institution = kind is OrganisationKind.INSTITUTION
    known = {choice.code for choice in institution_kinds()}
    if is_institution and new.institution_kind not in known:
        raise RegistrationRefused(N_("请选择机构类型。"))
    return {
        "name_zh": name,
        "name_en": new.name_en.strip()[:160],
        "region": region or None,
        "institution_kind": new.institution_kind if is_institution else None,
        "contact_phone": new.contact_phone.strip()[:40],
        "contact_address": new.contact_address.strip()[:160],
    }


def _check_period(start: date | None, end: date | None) -> None:
    if (start is None) != (end is None):
        raise RegistrationRefused(N_("有效期的开始和结束日期要一起填写，或者都不填。"))
    if start is not None and end is not None and end <= start:
        raise RegistrationRefused(N_("有效期的最后一天不能早于第一天。"))


def _row(public_id: str, *, lock: bool = False) -> Organisation:
    row = organisations.organisation_by_public_id(public_id, lock=lock)
    if row is None:
        raise OrganisationUnknown
    return row


def _institution(public_id: str) -> Organisation:
    row = _row(public_id, lock=True)
    if row.kind != OrganisationKind.INSTITUTION:
        raise OrganisationUnknown
    return row


def _dates(row: Organisation) -> Dates:
    return Dates(row.qualified_from, row.qualified_until, row.agreement_from, row.agreement_until)


def _view(row: Organisation, members: int, has_keeper: bool) -> OnboardingView:
    return OnboardingView(
        public_id=row.public_id,
        kind=OrganisationKind(row.kind),
        code=row.code,
        registration=Registration(**{name: getattr(row, name) or "" for name in FIELDS}),
        dates=_dates(row),
        connected=row.connected,
        demonstration=row.demonstration,
        members=members,
        lacks=lacks(row, members=members, has_keeper=has_keeper, on=today()),
    )
