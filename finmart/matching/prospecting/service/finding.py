"""Applicants that agreed to be found, as one institution sees them for one product: anonymous, and ranked."""

from dataclasses import dataclass, replace
from datetime import date

from finmart.credit.service import bulk
from finmart.matching import snapshots
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.json_form import load_offer
from finmart.matching.leads import repository as lead_rows
from finmart.matching.prospecting import repository
from finmart.matching.prospecting.models import ProspectCount, ProspectOptIn
from finmart.matching.prospecting.service.screening import standings
from finmart.matching.prospecting.service.views import count_view, invitation_view
from finmart.matching.prospecting.types.limits import INVITATIONS_A_DAY, ROWS
from finmart.matching.prospecting.types.values import Found, FoundList, InvitationView
from finmart.matching.prospecting.types.words import InvitationState
from finmart.matching.service.prospects import PLACE, screened
from finmart.platform.accounts.service.claims import verified_subjects_of
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.reading_right import may_read
from finmart.platform.accounts.service.subjects import subject_cards
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.crypto.keyring import keyring
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.clock import midnight, today
from finmart.products import service as products
from finmart.products.service import ProductUnknown
from finmart.reference import industries, regions

PURPOSE = "prospects_found"
_SIZE, _INDUSTRY = "firm_size", "industry"
_HOUSE = system_actor(
    "prospects",
    "applicants that agreed to be found, by a product's conditions",
    frozenset({Permission.ALL_PROFILES_RUN}),
)


@dataclass(frozen=True)
class Candidate:
    """A row of the list with the agreement behind it, which never leaves the service."""

    row: Found
    opt_in: ProspectOptIn


def own_product(actor: Actor, code: str) -> None:
    """Raises ``PermissionMissing``, or ``ProductUnknown`` for what the actor's institution does not publish."""
    require(actor, Permission.OWN_PROSPECTS_READ)
    if code not in {one.product.code for one in products.own_products(actor)}:
        raise ProductUnknown


def found_list(actor: Actor, code: str) -> FoundList:
    """Who may be invited to a product, and who was. Raises ``PermissionMissing`` or ``ProductUnknown``.

    The list stands on the day's first count, so that it follows a product's changes once a day at most.
    """
    own_product(actor, code)
    institution_id, day = actor.organisation_id or 0, today()
    counted = first_count(institution_id, code)
    right = may_read(institution_id, day)
    found = candidates(institution_id, counted) if counted is not None and right else []
    return FoundList(
        count=None if counted is None else count_view(counted),
        may_read=right,
        rows=tuple(one.row for one in found[:ROWS]),
        total=len(found),
        sent=tuple(_as_sent(invitation_view(row, day)) for row in repository.invitations_by(institution_id, code)),
        left_today=max(0, INVITATIONS_A_DAY - repository.sent_by(institution_id, since=midnight())),
    )


def _as_sent(sent: InvitationView) -> InvitationView:
    """What the institution sees of an answer: that it was reported is between the applicant and the operator."""
    return replace(sent, state=InvitationState.DECLINED) if sent.state is InvitationState.REPORTED else sent


def first_count(institution_id: int, code: str) -> ProspectCount | None:
    """The day's first count of a product; None until there is one."""
    rows = (row for row in repository.counts_of_day(institution_id, today()) if row.product_code == code)
    return next(rows, None)


def candidates(institution_id: int, counted: ProspectCount) -> list[Candidate]:
    """Whom the institution may invite: those who fail nothing, the fewest open conditions first, then the most met.

    Equal ones stand in the order of their references, which mean nothing. Profiles are read with one access row.
    """
    closed = not_to_be_asked(institution_id, counted.product_code)
    agreed = {row.organisation_id: row for row in repository.living_opt_ins() if row.organisation_id not in closed}
    subjects = {subject: agreed[owner] for owner, subject in verified_subjects_of(agreed).items()}
    cards = subject_cards(subjects)
    wanted = [number for number in subjects if cards[number].demonstration == counted.demonstration]
    if not wanted:
        return []
    offer = load_offer(counted.document)
    facts = _facts(institution_id, wanted, offer, counted.product_code)
    found = []
    for number, (failed, open_, met) in zip(facts, standings(list(facts.values()), offer), strict=True):
        if not failed:
            row = replace(_shown(facts[number]), ref=reference_on(counted, subjects[number]), met=met, open=open_)
            found.append(Candidate(row, subjects[number]))
    return sorted(found, key=lambda one: (one.row.open, -one.row.met, one.row.ref))


def not_to_be_asked(institution_id: int, code: str) -> frozenset[int]:
    """Applicants who are on no list of a product: invited before, or at work on an application for it there.

    Nothing says which of the reasons it is. A refusal of its own would let an institution try every row until one
    answers "has applied already", and so learn which of its applicants is which row; leaving them out says as much as
    a withdrawal does.
    """
    asked = repository.closed_to(institution_id, code)
    return frozenset(asked) | lead_rows.living_applicants(institution_id, code)


def reference_on(counted: ProspectCount, opt_in: ProspectOptIn) -> str:
    """What an applicant is called on the list that stands on a count."""
    return reference(counted.organisation_id, counted.product_code, counted.counted_on, opt_in)


def reference(institution_id: int, code: str, day: date, opt_in: ProspectOptIn) -> str:
    """What an applicant is called on one institution's list of one product on one day.

    It cannot be undone, nor compared with another institution's, product's or day's: whoever moves a bound from day to
    day cannot follow one applicant through the lists.
    """
    words = f"{institution_id}:{code}:{day}:{opt_in.public_id}"
    return keyring().blind_index(words, "prospect.reference")[:12]


def _facts(institution_id: int, wanted: list[int], offer: ProductOffer, code: str) -> dict[int, ApplicantFacts]:
    card = organisation_card(institution_id)
    cards = subject_cards(wanted)
    profiles = bulk.profiles_for_run(
        _HOUSE,
        basis=f"{_HOUSE.basis}: {card.public_id} {code}"[:200],
        as_of=today(),
        subject_ids=wanted,
        keys=snapshots.used_keys([offer]) | {PLACE, _SIZE, _INDUSTRY},
        purpose=PURPOSE,
    )
    return {one.subject_id: screened(cards[one.subject_id].kind.value, one.facts) for one in profiles}


def _shown(facts: ApplicantFacts) -> Found:
    """All that is shown of an applicant beside its conditions."""
    place, industry, size = (_text(facts, key) for key in (PLACE, _INDUSTRY, _SIZE))
    return Found(
        ref="",
        district=regions.district_of(place) if place else None,
        section=industries.section_of(industry) if industry else None,
        size=size,
        met=0,
        open=0,
    )


def _text(facts: ApplicantFacts, key: str) -> str | None:
    known = facts.values.get(key)
    return str(known.value) if known is not None else None
