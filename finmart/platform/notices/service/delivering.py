"""The state of deliveries: what is to be sent, what came of it, and what the operator does with failed ones."""

from datetime import timedelta

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.notices import repository
from finmart.platform.notices.models import Delivery
from finmart.platform.notices.service.local import masked
from finmart.platform.notices.service.post import DELIVER
from finmart.platform.notices.types import (
    Channel,
    DeliveryDropped,
    DeliveryRetried,
    DeliverySettled,
    DeliveryState,
    DeliveryUnknown,
    DeliveryView,
    Notice,
    SendingFailed,
)
from finmart.platform.web.pages import Page

PAGE_SIZE = 30
#: Pauses after the first, second … failure. A mail server restarts within minutes, a contract takes a day to renew.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(hours=12),
)


def waiting_notice(delivery_id: int) -> Notice | None:
    """What is to be sent for a delivery that waits; None when it is settled already or useless by now."""
    delivery = repository.delivery_by_id(delivery_id)
    if delivery is None or delivery.state != DeliveryState.WAITING or _useless(delivery):
        return None
    return Notice(
        delivery.kind, Channel(delivery.channel), delivery.address or "", delivery.subject or "", delivery.text or ""
    )


def note_sent(delivery_id: int) -> None:
    """The delivery went out: nothing of it is kept but that it did."""
    delivery = repository.delivery_by_id(delivery_id, lock=True)
    if delivery is not None and delivery.state == DeliveryState.WAITING:
        delivery.attempts += 1
        delivery.last_error = ""
        _settle(delivery, DeliveryState.SENT)


def drop_if_useless(delivery_id: int) -> None:
    """A code that nobody can use any more is not sent late."""
    delivery = repository.delivery_by_id(delivery_id, lock=True)
    if delivery is not None and delivery.state == DeliveryState.WAITING and _useless(delivery):
        _settle(delivery, DeliveryState.DROPPED)


def note_failure(delivery_id: int, error: SendingFailed) -> None:
    """Write down what went wrong; try again after a pause, or leave it to the operator."""
    delivery = repository.delivery_by_id(delivery_id, lock=True)
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return
    delivery.attempts += 1
    delivery.last_error = type(error).__name__
    if error.final or delivery.attempts > len(PAUSES):
        delivery.state = DeliveryState.FAILED.value
    else:
        enqueue(DELIVER, {"delivery": delivery.id}, after=PAUSES[delivery.attempts - 1])


def list_deliveries(actor: Actor, state: DeliveryState, *, number: int = 1) -> Page[DeliveryView]:
    """Deliveries in one state, the newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_JOBS_READ)
    number = max(1, number)
    rows, total = repository.deliveries(state=state, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page(tuple(_view(row) for row in rows), total, number, PAGE_SIZE)


def read_delivery(actor: Actor, public_id: str) -> DeliveryView:
    """One delivery. Raises ``PermissionMissing`` or ``DeliveryUnknown``."""
    require(actor, Permission.ALL_JOBS_READ)
    delivery = repository.delivery_by_public_id(public_id)
    if delivery is None:
        raise DeliveryUnknown
    return _view(delivery)


def delivery_counts(actor: Actor) -> dict[DeliveryState, int]:
    """How many deliveries stand in each state. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_JOBS_READ)
    counts = repository.delivery_counts()
    return {state: counts.get(state.value, 0) for state in DeliveryState}


def retry_delivery(actor: Actor, public_id: str) -> None:
    """Send a failed delivery once more. Raises ``PermissionMissing``, ``DeliveryUnknown`` or ``DeliverySettled``."""
    delivery = _failed(actor, public_id)
    delivery.state = DeliveryState.WAITING.value
    delivery.attempts = 0
    enqueue(DELIVER, {"delivery": delivery.id})
    record(actor, DeliveryRetried(target=delivery.public_id, kind=delivery.kind, fault=delivery.last_error))


def drop_delivery(actor: Actor, public_id: str, *, reason: str) -> None:
    """Give a failed delivery up; the message stays in the site. Raises as ``retry_delivery`` does."""
    delivery = _failed(actor, public_id)
    _settle(delivery, DeliveryState.DROPPED)
    delivery.drop_reason = reason.strip()
    record(actor, DeliveryDropped(target=delivery.public_id, kind=delivery.kind, fault=delivery.last_error))


def _failed(actor: Actor, public_id: str) -> Delivery:
    require(actor, Permission.ALL_JOBS_RETRY)
    delivery = repository.delivery_by_public_id(public_id)
    if delivery is None:
        raise DeliveryUnknown
    if delivery.state != DeliveryState.FAILED:
        raise DeliverySettled
    return delivery


def _useless(delivery: Delivery) -> bool:
    return delivery.useless_after is not None and delivery.useless_after < now()


def _settle(delivery: Delivery, state: DeliveryState) -> None:
    delivery.state = state.value
    delivery.settled_at = now()
    delivery.address = delivery.subject = delivery.text = None


def _view(row: Delivery) -> DeliveryView:
    channel = Channel(row.channel)
    return DeliveryView(
        public_id=row.public_id,
        kind=row.kind,
        channel=channel,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        last_error=row.last_error,
        address_masked=masked(channel, row.address) if row.address else "",
        created_at=row.created_at,
    )
