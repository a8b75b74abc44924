"""What exactly an institution comes to see of the reader, shown before the reader allows it."""

from dataclasses import dataclass

from finmart.platform.accounts.service.people import contact_of
from finmart.platform.accounts.types.contacts import mask_phone
from finmart.platform.accounts.types.errors import UserUnknown
from finmart.platform.kernel.actor import Actor


@dataclass(frozen=True)
class OwnContact:
    """The reader's own organisation, the person who is called, and the masked phone."""

    organisation: str
    person: str
    phone: str


def own_contact(actor: Actor) -> OwnContact | None:
    """Whom an institution would call; None for somebody without an organisation."""
    try:
        organisation, person, phone = contact_of(actor.organisation_id or 0)
    except UserUnknown:
        return None
    return OwnContact(organisation, person, mask_phone(phone))
