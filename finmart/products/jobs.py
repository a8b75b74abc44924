"""Work that follows from a change of the catalogue."""

from finmart.platform.jobs.registry import Payload, job
from finmart.products import service


@job("products.index")
def index_products(payload: Payload) -> None:
    """Bring the search index up to what is published: the products of ``codes``, or all of them."""
    service.index_products(tuple(payload.get("codes", ())))
