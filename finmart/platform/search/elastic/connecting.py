"""The one client of this process for a set of settings; it may be used from any thread."""

import logging
from functools import cache
from typing import Any

from elasticsearch import Elasticsearch

from finmart.config import SearchSettings

# Its lines are no JSON and repeat with every failed attempt; ``guarded`` says once that the engine is away.
logging.getLogger("elastic_transport").setLevel(logging.CRITICAL)


@cache
def connect(search: SearchSettings) -> Elasticsearch:
    """A client for ``search``; nothing is sent before it is asked something.

    A search that times out is not asked again: whoever waits for it has waited long enough. A connection that broke is
    tried once more, because a server or a balancer may close one that has been idle.
    """
    options: dict[str, Any] = {}
    if search.api_key:
        options["api_key"] = search.api_key
    if search.ca:
        options["ca_certs"] = search.ca
    return Elasticsearch(
        list(search.urls), request_timeout=search.timeout, max_retries=1, retry_on_timeout=False, **options
    )
