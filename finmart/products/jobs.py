"""Work that follows from a change of the catalogue, and from the days that institutions have set."""

from datetime import timedelta

from finmart.platform.jobs.registry import Payload, job, periodic
from finmart.products import loading, service
from finmart.products.drafts.service.listing import keep_dates


@job("products.index")
def index_products(payload: Payload) -> None:
    """Bring the search index up to what is published: the products of ``codes``, or all of them."""
    service.index_products(tuple(payload.get("codes", ())))


@job("products.owner_changed")
def take_over_owner(_payload: Payload) -> None:
    """An institution's name, kind, region or desk changed: whatever was read of its products before is stale."""
    loading.forget_catalogue()


@periodic("products.suspensions", timedelta(minutes=30))
def keep_suspensions() -> None:
    """Begin and end suspensions on their days."""
    keep_dates()
