"""Putting a letter into people's messages, and writing down by which other ways it goes out."""

from collections.abc import Iterable
from datetime import datetime

import structlog

from finmart.config import load_settings
from finmart.platform.db.session import session
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.notices import repository
from finmart.platform.notices.service.sending import is_off, reaches_outside
from finmart.platform.notices.service.wording import happened, next_step, subject, whole
from finmart.platform.notices.types import Channel, Letter, Recipient, Wishes

DELIVER = "notices.deliver"

log = structlog.get_logger(__name__)


def post(letter: Letter, recipients: Iterable[Recipient], *, organisation_id: int | None = None) -> int:
    """Give ``letter`` to each of ``recipients``; how many got it. It concerns ``organisation_id``, or the person.

    Telling never fails the change it tells about: what goes wrong here is undone alone and logged by its class.
    """
    people = list(recipients)
    try:
        wishes = wishes_of([person.user_id for person in people])
    except Exception as error:
        log.error("letters_failed", kind=letter.kind, error=type(error).__name__)
        return 0
    return sum(_posted(letter, person, organisation_id, wishes[person.user_id]) for person in people)


def _posted(letter: Letter, person: Recipient, organisation_id: int | None, wishes: Wishes) -> bool:
    try:
        with session().begin_nested():
            _write(letter, person, organisation_id, wishes)
    except Exception as error:  # Whatever one reader's letter runs into, the change and the other readers go on.
        log.error("letter_failed", kind=letter.kind, error=type(error).__name__)
        return False
    return True


def _write(letter: Letter, person: Recipient, organisation_id: int | None, wishes: Wishes) -> None:
    message = repository.add_message(
        user_id=person.user_id,
        organisation_id=organisation_id,
        kind=letter.kind,
        happened=happened(letter, person.language),
        next_step=next_step(letter, person.language),
        by=letter.by,
        path=letter.path,
        language=person.language,
    )
    site = load_settings().site_url
    text = whole(letter, person.language, f"{site}/messages/{message.public_id}" if site else "")
    for channel in _channels(letter, person, wishes):
        _deliver(person, letter.kind, channel, text, message_id=message.id)


def _channels(letter: Letter, person: Recipient, wishes: Wishes) -> list[Channel]:
    if letter.in_site:
        return []
    return [channel for channel in Channel if (letter.required or wishes.include(channel)) and _can_go(person, channel)]


def _can_go(person: Recipient, channel: Channel) -> bool:
    if not _address(person, channel) or is_off(channel):
        return False
    return not (person.demonstration and reaches_outside(channel))


def post_code(person: Recipient, kind: str, channel: Channel, text: str, *, useless_after: datetime) -> None:
    """Send a code to the phone or mailbox alone: no page ever shows it, and its text is gone once it is sent.

    Nothing goes out by a channel that is off: the operator then hands over one-time links.
    """
    if _can_go(person, channel):
        _deliver(person, kind, channel, text, useless_after=useless_after)


def _deliver(
    person: Recipient,
    kind: str,
    channel: Channel,
    text: str,
    *,
    message_id: int | None = None,
    useless_after: datetime | None = None,
) -> None:
    delivery = repository.add_delivery(
        user_id=person.user_id,
        message_id=message_id,
        kind=kind,
        channel=channel,
        address=_address(person, channel),
        subject=subject(person.language),
        text=text,
        useless_after=useless_after,
    )
    enqueue(DELIVER, {"delivery": delivery.id})


def _address(person: Recipient, channel: Channel) -> str:
    return person.email if channel is Channel.EMAIL else person.phone


def wishes_of(user_ids: list[int]) -> dict[int, Wishes]:
    """user id → by which ways each wants to hear of news."""
    chosen = repository.wishes_of(user_ids)
    return {
        user_id: Wishes(chosen[user_id].email, chosen[user_id].sms) if user_id in chosen else Wishes()
        for user_id in user_ids
    }
