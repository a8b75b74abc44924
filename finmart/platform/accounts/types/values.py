"""What goes in and out of the accounts' services: frozen, typed, nothing of the database."""

from dataclasses import dataclass
from datetime import date, datetime

from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.kinds import OrganisationKind, SubjectKind


@dataclass(frozen=True)
class SubjectRow:
    """One subject as a data supplier names it: ``value`` in ``scheme``, and what is known if it must be made."""

    scheme: str
    value: str
    kind: SubjectKind
    display_name: str
    demonstration: bool = False


@dataclass(frozen=True)
class SubjectCard:
    """A subject as pages show it; for natural persons ``display_name`` is masked."""

    id: int
    public_id: str
    kind: SubjectKind
    display_name: str
    demonstration: bool


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation as pages show it."""

    id: int
    public_id: str
    kind: OrganisationKind
    code: str | None
    name_zh: str
    name_en: str
    region: str | None
    institution_kind: str | None
    connected: bool
    demonstration: bool
    members: int = 0


@dataclass(frozen=True)
class FarmerDetails:
    """What a farmer adds: ``place`` is the code of the village, township or district, ``scale_mu`` counts 亩."""

    place: str
    activities: tuple[str, ...]
    scale_mu: int | None = None
    scale_note: str = ""


@dataclass(frozen=True)
class Identity:
    """Whom an applicant says to be: kind, name, identifier in the kind's scheme, region; farmers add details."""

    kind: SubjectKind
    name: str
    identifier: str
    region: str
    farmer: FarmerDetails | None = None


@dataclass(frozen=True)
class NewUser:
    """Somebody who signs up or accepts an invitation; ``language`` is the one they read here."""

    name: str
    phone: str
    password: str
    accepted_terms: bool
    language: str = "zh"


@dataclass(frozen=True)
class Device:
    """From where a session is opened: a label made of the browser's own words, and the address."""

    label: str
    address: str


@dataclass(frozen=True)
class OpenSession:
    """A session just opened; the token is shown to the browser once and stored nowhere."""

    token: str
    public_id: str
    user_id: int
    organisation_id: int | None


@dataclass(frozen=True)
class SessionView:
    """One of a user's sessions as its owner sees it."""

    public_id: str
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody of the same organisation to whom work can be handed."""

    user_id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class MemberView:
    """One member of an organisation as colleagues see it."""

    public_id: str
    user_public_id: str
    name: str
    phone_masked: str
    role: str
    branch: str
    since: date
    self: bool
    #: The public id of the branch in the institution's tree; empty: the head office.
    branch_public_id: str = ""


@dataclass(frozen=True)
class MembershipView:
    """One of a user's own memberships, for switching between organisations."""

    public_id: str
    organisation_id: int
    organisation_name: str
    organisation_name_en: str
    role: str
    current: bool


@dataclass(frozen=True)
class AccountView:
    """A user's own account, masked by default."""

    public_id: str
    name: str
    phone_masked: str
    email_masked: str
    created_at: datetime
    password_changed_at: datetime
    terms_version: str | None
    language: str = "zh"


@dataclass(frozen=True)
class UserView:
    """A user as the operator sees it: masked."""

    public_id: str
    name_masked: str
    phone_masked: str
    organisations: tuple[str, ...]
    roles: tuple[str, ...]
    locked: bool
    paused_until: datetime | None
    demonstration: bool
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True)
class ClaimView:
    """A claim as the operator (or the claiming organisation itself) sees it."""

    public_id: str
    state: ClaimState
    disputed: bool
    subject_public_id: str
    subject_kind: SubjectKind
    subject_name: str
    identifier_scheme: str
    identifier_masked: str
    organisation_public_id: str
    organisation_name: str
    created_at: datetime
    method: ClaimMethod | None
    decided_at: datetime | None
    evidence_note: str
    revoke_reason: str
    demonstration: bool


@dataclass(frozen=True)
class IssuedLink:
    """A one-time link just made: ``token`` is shown once; the house keeps its hash."""

    public_id: str
    token: str
    purpose: str
    expires_at: datetime


@dataclass(frozen=True)
class LinkView:
    """A one-time link that still works, as the operator sees it: never the secret in it."""

    public_id: str
    purpose: str
    role: str
    organisation: str
    user_masked: str
    made_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class InvitationView:
    """An invitation, open or closed, as the inviting organisation lists it."""

    public_id: str
    role: str
    branch: str
    created_at: datetime
    expires_at: datetime
    state: str
