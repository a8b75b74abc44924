"""Work that follows from a change of the catalogue, and from the days that institutions have set."""

from datetime import timedelta

from finmart.config import load_settings
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.jobs.registry import Payload, job, own_units, periodic
from finmart.products import loading, service
from finmart.products.drafts.service.confirming import remind
from finmart.products.drafts.service.listing import keep_dates
from finmart.products.drafts.service.profile import remind_of_profiles


@own_units("products.index")
def index_products(payload: Payload) -> None:
    """Bring the search index up to what is published: the products of ``codes``, or all of them."""
    with unit_of_work(readonly=True):
        service.index_products(tuple(payload.get("codes", ())))


@own_units("products.keep_index")
def keep_index(_payload: Payload) -> None:
    """Write the search index again when it has fallen behind."""
    with unit_of_work(readonly=True):
        service.keep_index()


@periodic("products.index_kept", timedelta(minutes=10))
def look_after_index() -> None:
    """Let an Elasticsearch that was away, or lost its index, catch up without waiting for a search or a publication."""
    if load_settings().search.urls:
        enqueue("products.keep_index", {})


@job("products.owner_changed")
def take_over_owner(_payload: Payload) -> None:
    """An institution's name, kind, region or desk changed: whatever was read of its products before is stale."""
    loading.forget_catalogue()


@periodic("products.suspensions", timedelta(minutes=30))
def keep_suspensions() -> None:
    """Begin and end suspensions on their days."""
    keep_dates()


@periodic("products.confirmations", timedelta(days=1))
def ask_for_confirmation() -> None:
    """Ask institutions to confirm what nobody has looked at for long: their products and their own pages."""
    remind()
    remind_of_profiles()
