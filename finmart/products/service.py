"""What others ask of the supermarket: the published catalogue, searching it, and an institution's own listing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from finmart.platform.audit import service as audit
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import NotAllowed, NotFound
from finmart.platform.kernel.messages import N_
from finmart.platform.search.types import IndexMissing, Query
from finmart.products import repository
from finmart.products.events import ListingConfirmed
from finmart.products.search import index as search
from finmart.products.search.asking import Hint
from finmart.products.search.looking import look
from finmart.products.types import Catalogue, Confirmation, ListedInstitution, ListedProduct, PublishedProduct

PAGE_SIZE = 12
#: Suggestions while somebody types: as many as fit above a keyboard on a telephone.
SUGGESTED = 6


class ProductUnknown(NotFound):
    """No such product is published."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个产品，它可能已经下架。"))


class ListingOver(ProductUnknown):
    """The product was listed until a day that has passed."""

    def __init__(self, last_day: date) -> None:
        NotFound.__init__(
            self,
            N_("这个产品在超市的有效期已于 {day} 结束，已经下架。请在超市查找其他产品，或直接向机构询问。"),
            day=last_day.isoformat(),
        )


class InstitutionUnknown(NotFound):
    """No such institution is listed."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这家机构。"))


class OwnToConfirm(NotAllowed):
    """The operator would confirm what an institution with a desk here says."""

    def __init__(self) -> None:
        super().__init__(N_("这家机构已入驻，公开信息由机构自己核对，请提醒机构管理员。"))


@dataclass(frozen=True)
class Criteria:
    """What somebody looks for on the shelf: words, codes by facet, a sort of ``index.SORTS``, a page from 1."""

    text: str = ""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one question from every other."""
        return self.text, frozenset(self.where.items()), self.sort, self.page


@dataclass(frozen=True)
class Found:
    """One page of the shelf; ``facets`` count what each choice would leave.

    ``fallback``: the search engine is away, and the spare index has answered. ``hints`` are the figures that the
    question holds; ``loosened``: nothing agrees with all of them, so they were let go. ``corrected``: what was typed,
    and what it was taken for. ``sort`` is the order they stand in, chosen or asked for in words. ``alike``: products
    like the few that were found.
    """

    products: tuple[PublishedProduct, ...]
    total: int
    page: int
    size: int
    facets: Mapping[str, Mapping[str, int]]
    terms: tuple[str, ...]
    relaxed: bool
    shortened: bool
    fallback: bool
    hints: tuple[Hint, ...] = ()
    loosened: bool = False
    corrected: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    alike: tuple[PublishedProduct, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class _Read:
    """The catalogue this process read last, the counter it was read under, and what each product was read from."""

    key: tuple[int, str] = (0, "")
    marks: Mapping[str, repository.PublishedMark] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(0, (), {}))


class _Cache:
    """Swapped whole, so that no thread sees the products of one reading under the counter of another."""

    read = _Read()


#: A change of more products than this is read in one go: a list of codes has a limit in every database.
MOST_READ_ALONE = 500


def published_catalogue() -> Catalogue:
    """Every published product in order of code; one cheap read of the counter when nothing has changed since.

    After a publication only the products that changed are read again.
    """
    key = repository.counter()
    read = _Cache.read
    if read.key != key:
        read = _Cache.read = _read_again(key, read)
    return read.catalogue


def _read_again(key: tuple[int, str], before: _Read) -> _Read:
    marks = repository.published_marks()
    held = before.catalogue.by_code
    same = {code for code, mark in marks.items() if code in held and before.marks.get(code) == mark}
    changed = marks.keys() - same
    fresh = repository.published_products(changed if len(changed) <= MOST_READ_ALONE else None)
    # What somebody took from the shelf between the two readings is left out: the counter will have moved as well.
    by_code = {code: held[code] if code in same else fresh[code] for code in marks if code in same or code in fresh}
    return _Read(key, marks, Catalogue(key[0], tuple(by_code.values()), by_code))


def product(code: str) -> PublishedProduct:
    """The published product ``code``. Raises ``ProductUnknown``, or ``ListingOver`` for one past its last day."""
    found = published_catalogue().by_code.get(code)
    if found is None:
        last_day = repository.last_day(code=code)
        if last_day is not None and last_day < today():
            raise ListingOver(last_day)
        raise ProductUnknown
    return found


def version(code: str, number: int) -> PublishedProduct:
    """The version ``number`` of ``code`` as it was published, whatever has become of the product since.

    Applications and stored matches go on reading what they were made with. Raises ``ProductUnknown`` for a draft and
    for what never was.
    """
    found = repository.version_of(code=code, number=number)
    if found is None:
        raise ProductUnknown
    return found


def last_confirmed_on(code: str) -> date | None:
    """When the listing of ``code`` was last confirmed; None when it never was."""
    return repository.last_confirmed_on(code=code)


def confirmation_of(code: str) -> Confirmation | None:
    """Who last confirmed the listing of ``code``, and when; None when nobody did."""
    return repository.confirmation_of(code=code)


def stamp() -> str:
    """What names the present state of the published catalogue: it changes with every publication."""
    version, mark = repository.counter()
    return f"{version}:{mark}"


def find_products(criteria: Criteria) -> Found:
    """Search and filter the shelf; a page beyond the last is empty."""
    catalogue = published_catalogue()
    note = stamp()
    query = Query(criteria.text, criteria.where, criteria.sort, (criteria.page - 1) * PAGE_SIZE, PAGE_SIZE)
    looked = look(lambda asked: search.find(asked, catalogue.products, note=note), query)
    hits = looked.hits
    return Found(
        _known(catalogue, hits.keys),
        hits.total,
        criteria.page,
        PAGE_SIZE,
        hits.facets,
        hits.terms,
        hits.relaxed,
        hits.shortened,
        hits.fallback,
        looked.question.hints,
        looked.loosened,
        hits.corrected,
        criteria.sort or looked.question.sort,
        _known(catalogue, looked.alike),
    )


def _known(catalogue: Catalogue, keys: tuple[str, ...]) -> tuple[PublishedProduct, ...]:
    return tuple(catalogue.by_code[key] for key in keys if key in catalogue.by_code)


def suggest(text: str) -> tuple[PublishedProduct, ...]:
    """The first few products that what has been typed so far may mean."""
    return find_products(Criteria(text=text)).products[:SUGGESTED] if text else ()


@dataclass(frozen=True)
class IndexStanding:
    """How the search index stands: which engine answers, how many products it holds, whether it is up to date."""

    engine: str
    documents: int
    current: bool


def index_standing() -> IndexStanding:
    """How the search index that would answer now stands; without one the engine is empty."""
    stands = search.state()
    if stands is None:
        return IndexStanding("", 0, current=False)
    return IndexStanding(stands.engine, stands.documents, current=stands.note == stamp())


def index_products(codes: tuple[str, ...]) -> int:
    """Bring the search index up to what is published (``codes`` alone, or all); returns how many it wrote."""
    catalogue = published_catalogue()
    if not codes or not _lacks_one_change_at_most():
        return search.rebuild(catalogue.products, note=stamp())
    known = [catalogue.by_code[code] for code in codes if code in catalogue.by_code]
    try:
        search.put(known, gone=set(codes) - {p.code for p in known}, note=stamp())
    except IndexMissing:
        return search.rebuild(catalogue.products, note=stamp())
    return len(known)


def keep_index() -> bool:
    """Write the search index again when it is not up to date; returns whether it was written."""
    if index_standing().current:
        return False
    index_products(())
    return True


def _lacks_one_change_at_most() -> bool:
    """Whether writing the products of one change leaves the index whole; else it would pass for current and not be."""
    stands = search.state()
    number, _, _stamp = (stands.note if stands else "").partition(":")
    return number.isdigit() and 0 <= repository.counter()[0] - int(number) <= 1


def institutions() -> list[ListedInstitution]:
    """Every listed institution, connected ones first."""
    return repository.institutions()


def institution(code: str) -> ListedInstitution:
    """The institution ``code``. Raises ``InstitutionUnknown``."""
    for listed in repository.institutions():
        if listed.record.ref.code == code:
            return listed
    raise InstitutionUnknown


def products_of(code: str) -> tuple[PublishedProduct, ...]:
    """The published products of the institution ``code``."""
    return tuple(p for p in published_catalogue().products if p.institution.code == code)


def own_products(actor: Actor) -> list[ListedProduct]:
    """The published products of the actor's institution. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_PRODUCTS_READ)
    if actor.organisation_id is None:
        return []
    return repository.listed_products(organisation_id=actor.organisation_id)


def confirm_listing(actor: Actor, code: str) -> None:
    """Note that the actor's institution says today that the listing of ``code`` is still right.

    Raises ``PermissionMissing``, and ``ProductUnknown`` for a product of somebody else.
    """
    require(actor, Permission.OWN_PRODUCTS_CONFIRM)
    _confirm(actor, code, actor.organisation_id or 0, by_operator=False)


def confirm_apart(actor: Actor, code: str) -> None:
    """Note that the operator says today that the listing of ``code`` is right, whose institution has no desk here.

    Raises ``PermissionMissing``, ``ProductUnknown`` or ``OwnToConfirm``.
    """
    require(actor, Permission.ALL_PRODUCTS_APPROVE)
    owner = institution(product(code).institution.code)
    if owner.record.ref.connected:
        raise OwnToConfirm
    _confirm(actor, code, owner.organisation_id, by_operator=True)


def _confirm(actor: Actor, code: str, organisation_id: int, *, by_operator: bool) -> None:
    shown, day = product(code), today()
    try:
        before = repository.set_confirmed(code=code, on=day, organisation_id=organisation_id, by_operator=by_operator)
    except LookupError as error:
        raise ProductUnknown from error
    event = ListingConfirmed(
        target=code, version=shown.version, confirmed_on=day, confirmed_before=before, by_operator=by_operator
    )
    audit.record(actor, event)
