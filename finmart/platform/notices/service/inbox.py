"""A person's own messages."""

from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.notices import repository
from finmart.platform.notices.models import Message
from finmart.platform.notices.service.post import wishes_of
from finmart.platform.notices.types import MessageUnknown, MessageView, Wishes
from finmart.platform.web.pages import Page

PAGE_SIZE = 20


def list_messages(actor: Actor, *, unread_only: bool = False, number: int = 1) -> Page[MessageView]:
    """The actor's own messages, and those about the organisation they act for; unread ones first.

    Raises ``PermissionMissing``.
    """
    user_id = _reader(actor)
    number = max(1, number)
    rows, total = repository.messages(
        user_id=user_id,
        organisation_id=actor.organisation_id,
        unread_only=unread_only,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return Page(tuple(_view(row) for row in rows), total, number, PAGE_SIZE)


def read_message(actor: Actor, public_id: str) -> MessageView:
    """One message of the actor's. Reading it here does not mark it. Raises ``MessageUnknown``."""
    return _view(_message(actor, public_id))


def mark_read(actor: Actor, public_id: str) -> MessageView:
    """Mark one message of the actor's as read. Raises ``MessageUnknown``."""
    message = _message(actor, public_id)
    message.read_at = message.read_at or now()
    return _view(message)


def mark_all_read(actor: Actor) -> int:
    """Mark all messages that the actor can read now; how many."""
    return repository.mark_all_read(user_id=_reader(actor), organisation_id=actor.organisation_id)


def unread_count(actor: Actor) -> int:
    """How many messages the actor has not read, counted to 100; 0 for whoever has no messages."""
    if actor.user_id is None or not actor.may(Permission.OWN_MESSAGES_READ):
        return 0
    return repository.unread_count(user_id=actor.user_id, organisation_id=actor.organisation_id)


def unread_elsewhere(actor: Actor) -> int:
    """How many unread messages wait in the actor's other organisations, counted to 100."""
    return repository.unread_elsewhere(user_id=_reader(actor), organisation_id=actor.organisation_id)


def leave_behind(user_id: int, organisation_id: int) -> None:
    """Somebody left an organisation: its messages are not theirs to read any more, so none of them waits."""
    repository.mark_read_about(user_id=user_id, organisation_id=organisation_id)


def own_wishes(actor: Actor) -> Wishes:
    """By which ways the actor wants to hear of news."""
    user_id = _reader(actor)
    return wishes_of([user_id])[user_id]


def wish(actor: Actor, wishes: Wishes) -> None:
    """Keep by which ways the actor wants to hear of news; letters about the account's safety come anyway."""
    repository.save_wish(user_id=_reader(actor), email=wishes.email, sms=wishes.sms)


def _reader(actor: Actor) -> int:
    require(actor, Permission.OWN_MESSAGES_READ)
    if actor.user_id is None:
        raise MessageUnknown
    return actor.user_id


def _message(actor: Actor, public_id: str) -> Message:
    found = repository.message(user_id=_reader(actor), organisation_id=actor.organisation_id, public_id=public_id)
    if found is None:
        raise MessageUnknown
    return found


def _view(row: Message) -> MessageView:
    return MessageView(
        public_id=row.public_id,
        kind=row.kind,
        happened=row.happened,
        next_step=row.next_step,
        by=row.by,
        path=row.path,
        created_at=row.created_at,
        read_at=row.read_at,
    )
