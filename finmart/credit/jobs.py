"""Work of credit that runs beside requests."""

from datetime import timedelta

from finmart.credit.service import bulk, consenting, deliveries
from finmart.platform.authz.permissions import Permission
from finmart.platform.jobs.registry import periodic
from finmart.platform.kernel.actor import system_actor


@periodic("credit.retention", every=timedelta(days=1))
def erase_expired_landings() -> None:
    """Destroy the keys of landed files whose retention has ended (DECISIONS 15)."""
    deliveries.erase_expired_landings(system_actor("credit.retention", "end of the landing's retention"))


@periodic("credit.peers", every=timedelta(days=1))
def count_peers() -> None:
    """Work out once a night how facts are spread among peers (DECISIONS 12)."""
    bulk.count_peers(system_actor("credit.peers", "peer figures", frozenset({Permission.ALL_PROFILES_RUN})))


@periodic("credit.consents", every=timedelta(days=1))
def tell_endings() -> None:
    """Tell both sides of consents that end within a week."""
    consenting.tell_endings()
