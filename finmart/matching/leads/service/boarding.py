"""The board of anonymous needs as one institution reads it: sifted, counted, in pages."""

from dataclasses import dataclass

from finmart.matching import snapshots
from finmart.matching.leads import repository
from finmart.matching.leads.service.reading import PAGE_SIZE, card_of
from finmart.matching.leads.types.board import BoardAsked, OwnProduct, Sifted, sift
from finmart.matching.leads.types.values import Card
from finmart.platform.accounts.service.organisations import applicant_kinds
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.pages import Page
from finmart.products import service as products
from finmart.products.types import PublishedProduct

ALL = BoardAsked()


@dataclass(frozen=True)
class Board:
    """A page of cards, what was counted, and the own products by which needs can be sifted."""

    page: Page[Card]
    sifted: Sifted
    products: tuple[PublishedProduct, ...]


def board(actor: Actor, asked: BoardAsked = ALL, *, number: int = 1) -> Board:
    """The anonymous cards that the institution may take, by what was asked for. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_LEADS_READ)
    number = max(1, number)
    own = tuple(one.product for one in products.own_products(actor)) if actor.may(Permission.OWN_PRODUCTS_READ) else ()
    sifted = sift(_cards(actor.organisation_id or 0), {product.code: _own(product) for product in own}, asked)
    shown = sifted.needs[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Board(Page(shown, len(sifted.needs), number, PAGE_SIZE), sifted, own)


def _own(product: PublishedProduct) -> OwnProduct:
    return OwnProduct(snapshots.product_offer(product), product.target_subjects, product.region_codes)


def _cards(organisation_id: int) -> list[Card]:
    """Every need on the board that the institution does not work on, newest first."""
    rows = repository.board(exclude_organisation=organisation_id)
    taken = repository.taken_places(row.id for row in rows)
    kinds = applicant_kinds(row.organisation_id for row in rows)
    return [card_of(row, taken.get(row.id, 0), kinds.get(row.organisation_id, "")) for row in rows]
