"""Random worlds: applicants and institutions that do things to each other, and who may know what of whom.

Every text that somebody writes holds a secret of its own. ``secrets`` says, by this module alone, who may
see it; what the services return is searched for all others.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import text

from finmart.credit.service import consenting
from finmart.credit.service.consenting import Asked
from finmart.matching.demands.types.values import NewDemand
from finmart.matching.leads.service import applicant, institution, talking
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.matching.service import demands as matching
from finmart.platform.accounts.service import evidence, members
from finmart.platform.accounts.service.claims import verify_claim
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.accounts.service.sign_up import sign_up
from finmart.platform.accounts.types.claims import ClaimMethod
from finmart.platform.accounts.types.evidence import EvidenceKind
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from tests.factories import accounts as made
from tests.factories.files import pdf
from tests.factories.stories import ASKED, TERMS, product_of

Thing = TypeVar("Thing")

_numbers = itertools.count(1)

CONNECTED = """
    SELECT organisation.id FROM organisation WHERE kind = 'institution' AND connected AND EXISTS
    (SELECT 1 FROM product WHERE product.organisation_id = organisation.id) ORDER BY id LIMIT 2
"""


@dataclass(eq=False)
class Party:
    """An applicant or a member of an institution's staff, with a secret name."""

    actor: Actor
    secret: str

    @property
    def organisation_id(self) -> int:
        """The number of the party's organisation."""
        assert self.actor.organisation_id is not None
        return self.actor.organisation_id


@dataclass
class Told:
    """One lead between two parties, and its public id."""

    owner: Party
    desk: Party
    lead: str


@dataclass
class World:
    """Everybody, everything with an id, and who may know which secret."""

    applicants: list[Party] = field(default_factory=list)
    desks: list[Party] = field(default_factory=list)
    demands: list[tuple[Party, str]] = field(default_factory=list)
    leads: list[Told] = field(default_factory=list)
    consents: list[tuple[Party, Party, str]] = field(default_factory=list)
    secrets: dict[str, set[int]] = field(default_factory=dict)

    @property
    def parties(self) -> list[Party]:
        """All of them."""
        return [*self.applicants, *self.desks]

    def secret(self, *knowing: Party) -> str:
        """A new secret that ``knowing`` may see, and nobody else until ``tell`` says so."""
        made_up = f"密语{next(_numbers):05d}号"
        self.secrets[made_up] = {party.organisation_id for party in knowing}
        return made_up

    def tell(self, secret: str, *knowing: Party) -> None:
        """Let more parties know a secret."""
        self.secrets[secret] |= {party.organisation_id for party in knowing}

    def leaked(self, said: str, reader: Actor) -> list[str]:
        """The secrets in ``said`` that ``reader`` must not see."""
        return [
            secret for secret, known in self.secrets.items() if secret in said and reader.organisation_id not in known
        ]


def begin(applicants: int) -> World:
    """So many applicants, the first of them verified, and two institutions of the city."""
    world = World()
    with unit_of_work():
        for number in range(applicants):
            world.applicants.append(_applicant(world, verified=number == 0))
        for organisation_id in session().scalars(text(CONNECTED)).all():
            actor = made.member("institution_admin", organisation_id=organisation_id)
            desk = Party(actor, "")
            desk.secret = world.secret(desk)
            world.desks.append(desk)
    return world


def _applicant(world: World, *, verified: bool) -> Party:
    name = f"密语{next(_numbers):05d}号"
    who = replace(made.identity(SubjectKind.ENTERPRISE), name=f"{name}商贸有限公司")
    opened = sign_up(who, replace(made.person(), name=f"{name}某"), made.DEVICE)
    actor = load_actor(opened.token)
    assert actor is not None
    party = Party(actor, name)
    world.secrets[name] = {party.organisation_id}
    evidence.add_paper(actor, kind=EvidenceKind.LICENCE, name=f"{world.secret(party)}.pdf", content=pdf(name))
    if verified:
        claim = session().execute(
            text("SELECT public_id FROM subject_claim WHERE organisation_id = :id"), {"id": party.organisation_id}
        )
        verify_claim(made.TESTS, claim.scalar_one(), method=ClaimMethod.REVIEW, note="核对营业执照原件")
    return party


def ask(world: World, owner: Party, _desk: Party) -> None:
    """The applicant states a need."""
    new = NewDemand(ASKED, 12, "working_capital", ("credit", "joint"), "360113", "month")
    world.demands.append((owner, matching.new_demand(owner.actor, new).public_id))


def apply(world: World, owner: Party, desk: Party) -> None:
    """The applicant applies to the institution, which thereby learns who it is."""
    demand = _demand_of(world, owner)
    lead = applicant.apply(owner.actor, demand, product_code=product_of(desk.organisation_id))
    world.leads.append(Told(owner, desk, lead))
    world.tell(owner.secret, desk)


def publish(world: World, owner: Party, _desk: Party) -> None:
    """The need goes onto the board as an anonymous card."""
    applicant.open_to_institutions(owner.actor, _demand_of(world, owner), places=2)


def take(world: World, owner: Party, desk: Party) -> None:
    """The institution takes the card; who it is it does not learn by that."""
    code = product_of(desk.organisation_id)
    lead = institution.take_card(desk.actor, _demand_of(world, owner), product_code=code, terms=TERMS)
    world.leads.append(Told(owner, desk, lead))


def reveal(world: World, owner: Party, desk: Party) -> None:
    """The applicant's click: now the institution knows."""
    told = _between(world, owner, desk)
    applicant.reveal(owner.actor, told.lead)
    world.tell(owner.secret, desk)


def note(world: World, owner: Party, desk: Party) -> None:
    """The institution writes down that it has called; both sides of the lead may read it."""
    told = _between(world, owner, desk)
    secret = world.secret(desk, owner)
    institution.log_contact(
        desk.actor, told.lead, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED, note=secret
    )


def talk(world: World, owner: Party, desk: Party) -> None:
    """The applicant asks something on the lead."""
    told = _between(world, owner, desk)
    talking.post(owner.actor, told.lead, text=f"请问{world.secret(owner, desk)}？")


def allow(world: World, owner: Party, desk: Party) -> None:
    """The applicant lets the institution read its profile, which names it."""
    asked = Asked(organisation_card(desk.organisation_id).public_id, "loan_review", ("registration",), 30, agreed=True)
    consent = consenting.grant_consent(owner.actor, asked)
    world.consents.append((owner, desk, consent.public_id))
    world.tell(owner.secret, desk)


def invite(_world: World, owner: Party, desk: Party) -> None:
    """Both sides have an invitation that waits."""
    members.invite(owner.actor, role="applicant_member")
    members.invite(desk.actor, role="institution_clerk")


Step = Callable[[World, Party, Party], None]
STEPS: tuple[Step, ...] = (ask, apply, publish, take, reveal, note, talk, allow, invite)


def do(world: World, step: Step, owner: Party, desk: Party) -> bool:
    """Do a step as one unit of work; False where the rules did not allow it."""
    try:
        with unit_of_work():
            step(world, owner, desk)
    except (FinmartError, LookupError):
        return False
    return True


def _demand_of(world: World, owner: Party) -> str:
    return _last([public_id for party, public_id in world.demands if party is owner])


def _between(world: World, owner: Party, desk: Party) -> Told:
    return _last([told for told in world.leads if told.owner is owner and told.desk is desk])


def _last(found: list[Thing]) -> Thing:
    if not found:
        raise LookupError("there is nothing of that yet in this world")
    return found[-1]


def everything(value: Any) -> str:
    """All that a service returned, spelled out."""
    return value.decode("latin-1") if isinstance(value, bytes) else repr(value)
