"""Messages, deliveries and wishes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update

from finmart.platform.db.session import session
from finmart.platform.kernel.clock import now
from finmart.platform.notices.models import Delivery, Message, MessageWish
from finmart.platform.notices.types import Channel, DeliveryState

#: The bell says "99+" above this; counting on would cost more than it tells.
COUNTED_TO = 100


def add_message(
    *,
    user_id: int,
    organisation_id: int | None,
    kind: str,
    happened: str,
    next_step: str,
    by: date | None,
    path: str,
    language: str,
) -> Message:
    """A message nobody has read yet."""
    message = Message(
        user_id=user_id,
        organisation_id=organisation_id,
        kind=kind,
        happened=happened,
        next_step=next_step,
        by=by,
        path=path,
        language=language,
    )
    session().add(message)
    session().flush()
    return message


def _readable(user_id: int, organisation_id: int | None) -> ColumnElement[bool]:
    """Messages to the person, and those about the organisation they act for now."""
    about: ColumnElement[bool] = Message.organisation_id.is_(None)
    if organisation_id is not None:
        about = or_(about, Message.organisation_id == organisation_id)
    return (Message.user_id == user_id) & about


def unread_count(*, user_id: int, organisation_id: int | None) -> int:
    """How many messages are unread, counted to ``COUNTED_TO``."""
    query = select(Message.id).where(_readable(user_id, organisation_id), Message.read_at.is_(None))
    return session().scalar(select(func.count()).select_from(query.limit(COUNTED_TO).subquery())) or 0


def unread_elsewhere(*, user_id: int, organisation_id: int | None) -> int:
    """How many unread messages concern other organisations of the person, counted to ``COUNTED_TO``."""
    query = select(Message.id).where(
        Message.user_id == user_id, Message.read_at.is_(None), Message.organisation_id.is_not(None)
    )
    if organisation_id is not None:
        query = query.where(Message.organisation_id != organisation_id)
    return session().scalar(select(func.count()).select_from(query.limit(COUNTED_TO).subquery())) or 0


def messages(
    *, user_id: int, organisation_id: int | None, unread_only: bool, limit: int, offset: int
) -> tuple[list[Message], int]:
    """Unread ones first, then the newest; and their number."""
    conditions = [_readable(user_id, organisation_id)]
    if unread_only:
        conditions.append(Message.read_at.is_(None))
    total = session().scalar(select(func.count()).select_from(Message).where(*conditions)) or 0
    query = select(Message).where(*conditions).order_by(Message.read_at.is_not(None), Message.id.desc())
    return list(session().scalars(query.limit(limit).offset(offset))), total


def message(*, user_id: int, organisation_id: int | None, public_id: str) -> Message | None:
    """One message, if it is to this person."""
    return session().scalar(select(Message).where(_readable(user_id, organisation_id), Message.public_id == public_id))


def mark_all_read(*, user_id: int, organisation_id: int | None) -> int:
    """Mark everything that the person can read now; how many."""
    result = session().execute(
        update(Message)
        .where(_readable(user_id, organisation_id), Message.read_at.is_(None))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount


def mark_read_about(*, user_id: int, organisation_id: int) -> None:
    """Mark a person's messages about one organisation, which they can read no more."""
    session().execute(
        update(Message)
        .where(Message.user_id == user_id, Message.organisation_id == organisation_id, Message.read_at.is_(None))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )


def add_delivery(
    *,
    user_id: int,
    message_id: int | None,
    kind: str,
    channel: Channel,
    address: str,
    subject: str,
    text: str,
    useless_after: datetime | None = None,
) -> Delivery:
    """A delivery that waits."""
    delivery = Delivery(
        user_id=user_id,
        message_id=message_id,
        kind=kind,
        channel=channel.value,
        state=DeliveryState.WAITING.value,
        address=address,
        subject=subject,
        text=text,
        useless_after=useless_after,
    )
    session().add(delivery)
    session().flush()
    return delivery


def delivery_by_id(delivery_id: int, *, lock: bool = False) -> Delivery | None:
    """The delivery with an inner id."""
    query = select(Delivery).where(Delivery.id == delivery_id)
    return session().scalar(query.with_for_update() if lock else query)


def delivery_by_public_id(public_id: str) -> Delivery | None:
    """The delivery with a public id, held until the transaction ends."""
    return session().scalar(select(Delivery).where(Delivery.public_id == public_id).with_for_update())


def deliveries(*, state: DeliveryState, limit: int, offset: int) -> tuple[Sequence[Delivery], int]:
    """Deliveries in one state, the newest first, and their number."""
    total = session().scalar(select(func.count()).where(Delivery.state == state.value)) or 0
    query = select(Delivery).where(Delivery.state == state.value).order_by(Delivery.id.desc())
    return list(session().scalars(query.limit(limit).offset(offset))), total


def delivery_counts() -> dict[str, int]:
    """state → number of deliveries in it."""
    rows = session().execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {row[0]: row[1] for row in rows}


def wishes_of(user_ids: list[int]) -> dict[int, MessageWish]:
    """user id → what was chosen, for those who chose."""
    rows = session().scalars(select(MessageWish).where(MessageWish.user_id.in_(user_ids)))
    return {row.user_id: row for row in rows}


def save_wish(*, user_id: int, email: bool, sms: bool) -> None:
    """Keep what a person chose."""
    session().merge(MessageWish(user_id=user_id, email=email, sms=sms))
    session().flush()
