"""Sending what was written down. No transaction is open while a server elsewhere takes its time."""

from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.registry import Payload, own_units
from finmart.platform.notices.service.delivering import drop_if_useless, note_failure, note_sent, waiting_notice
from finmart.platform.notices.service.post import DELIVER
from finmart.platform.notices.service.sending import send
from finmart.platform.notices.types import SendingFailed


@own_units(DELIVER)
def deliver(payload: Payload) -> None:
    """Send one delivery. A process that dies between sending and noting it sends once more: better twice than never."""
    delivery_id = payload["delivery"]
    with unit_of_work(readonly=True):
        notice = waiting_notice(delivery_id)
    if notice is None:
        with unit_of_work():
            drop_if_useless(delivery_id)
        return
    try:
        send(notice)
    except SendingFailed as error:
        with unit_of_work():
            note_failure(delivery_id, error)
    else:
        with unit_of_work():
            note_sent(delivery_id)
