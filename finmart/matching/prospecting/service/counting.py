"""How many subjects meet an institution's products: counted once a version and day, by the house, in tens."""

from collections.abc import Iterable
from dataclasses import dataclass

from finmart.credit.service import bulk
from finmart.matching import snapshots
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import ApplicantFacts, Json, ProductOffer
from finmart.matching.engine.json_form import dump_offer, load_offer
from finmart.matching.prospecting import repository
from finmart.matching.prospecting.service.stating import Book, state
from finmart.matching.prospecting.service.views import count_view
from finmart.matching.prospecting.types.errors import CountsSpent, NothingToCount
from finmart.matching.prospecting.types.events import CountAsked, ProspectsCounted
from finmart.matching.prospecting.types.limits import COUNTS_A_DAY, REMEMBERED
from finmart.matching.prospecting.types.values import CountView, Stated
from finmart.matching.service.prospects import PLACE, screened
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.subjects import demonstration_subject_ids, real_subject_ids, subject_cards
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.products import service as products
from finmart.products.types import PublishedProduct

JOB = "prospects.count"
PURPOSE = "prospects_counted"


@dataclass(frozen=True)
class Prepared:
    """Everything a count stands on, read once; working it out needs no database."""

    organisation_id: int
    demonstration: bool
    people: tuple[ApplicantFacts, ...]
    waiting: tuple[tuple[PublishedProduct, Json, ProductOffer], ...]
    earlier: tuple[ProductOffer, ...]


def counts_today(actor: Actor) -> dict[str, CountView]:
    """Product code → what was counted last of it today, of the actor's institution. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_PROSPECTS_READ)
    return {row.product_code: count_view(row) for row in repository.counts_of_day(actor.organisation_id or 0, today())}


def ask_for_counts(actor: Actor) -> int:
    """Have the institution's products counted that were not yet today; how many.

    Raises ``PermissionMissing``, ``NothingToCount``, or ``CountsSpent`` where all that is left may not be counted.
    """
    require(actor, Permission.OWN_PROSPECTS_READ)
    organisation_id = actor.organisation_id or 0
    waiting, spent = _waiting(organisation_id)
    if not waiting:
        raise CountsSpent(COUNTS_A_DAY) if spent else NothingToCount
    enqueue(JOB, {"organisation": organisation_id})
    versions = tuple(f"{one.code} {one.version}" for one in waiting)
    record(actor, CountAsked(target=organisation_card(organisation_id).public_id, versions=versions))
    return len(waiting)


def _waiting(organisation_id: int) -> tuple[list[PublishedProduct], bool]:
    """Published products whose version was not counted today, and whether some have no count left today."""
    card = organisation_card(organisation_id)
    listed = [one for one in products.published_catalogue().products if one.institution.code == card.code]
    done = [(row.product_code, row.product_version) for row in repository.counts_of_day(organisation_id, today())]
    times = [code for code, _version in done]
    left = [one for one in listed if (one.code, one.version) not in done]
    free = [one for one in left if times.count(one.code) < COUNTS_A_DAY]
    return free, len(free) < len(left)


def prepare(actor: Actor, organisation_id: int) -> Prepared | None:
    """Read everybody on what the products ask, with one access row; None where nothing waits to be counted."""
    waiting, _spent = _waiting(organisation_id)
    if not waiting:
        return None
    made = [(one, snapshots.product_offer(one)) for one in waiting]
    documents = repository.documents_since(organisation_id, today() - REMEMBERED)
    distinct = list({str(document): document for document in documents}.values())
    people, demonstration = _everybody(
        actor,
        organisation_id,
        snapshots.used_keys([offer for _one, offer in made] + [load_offer(document) for document in distinct]),
    )
    return Prepared(
        organisation_id,
        demonstration,
        people,
        tuple((one, dump_offer(offer), offer) for one, offer in made),
        tuple(load_offer(document) for document in distinct),
    )


def _everybody(actor: Actor, organisation_id: int, keys: Iterable[str]) -> tuple[tuple[ApplicantFacts, ...], bool]:
    """Everybody with a profile: the real ones, or where there are none the demonstration's; never both."""
    real = real_subject_ids()
    demonstration = not bulk.is_anybody_known(real, as_of=today())
    wanted = demonstration_subject_ids() if demonstration else real
    basis = f"{actor.basis}: {organisation_card(organisation_id).public_id}"
    profiles = list(
        bulk.profiles_for_run(
            actor, basis=basis, as_of=today(), subject_ids=wanted, keys={*keys, PLACE}, purpose=PURPOSE
        )
    )
    cards = subject_cards(one.subject_id for one in profiles)
    return tuple(screened(cards[one.subject_id].kind.value, one.facts) for one in profiles), demonstration


def work_out(prepared: Prepared) -> list[Stated]:
    """What may be said of each waiting product; the products of the last weeks are held against them, unsaid."""
    screen = Screen(table_of(prepared.people))
    book = Book(screen.maker.everyone)
    for offer in prepared.earlier:
        state(screen, offer, book)
    return [state(screen, offer, book) for _product, _document, offer in prepared.waiting]


def store(actor: Actor, prepared: Prepared, found: list[Stated]) -> int:
    """Keep what may be said, unless somebody else has in the meantime; how many products."""
    day, moment = today(), now()
    done = {(row.product_code, row.product_version) for row in repository.counts_of_day(prepared.organisation_id, day)}
    kept = []
    for (product, document, _offer), stated in zip(prepared.waiting, found, strict=True):
        if (product.code, product.version) in done:
            continue
        repository.add_count(
            organisation_id=prepared.organisation_id,
            product_code=product.code,
            product_version=product.version,
            counted_on=day,
            counted_at=moment,
            demonstration=prepared.demonstration,
            document=document,
            stated=stated.as_json(),
        )
        kept.append(f"{product.code} {product.version}")
    repository.forget_counts(prepared.organisation_id, before=day - REMEMBERED)
    if kept:
        target = organisation_card(prepared.organisation_id).public_id
        record(actor, ProspectsCounted(target=target, versions=tuple(kept), demonstration=prepared.demonstration))
    return len(kept)
