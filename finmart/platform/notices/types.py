"""Letters to people, the channels they go out by, and what can go wrong on the way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from string import Formatter
from typing import Any, ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, NotFound
from finmart.platform.kernel.messages import N_

#: Letters of this kind protect the account itself: nobody can switch them off.
SECURITY = "security."
_KIND = re.compile(r"^[a-z][a-z0-9_.]{2,47}$")


@dataclass(frozen=True)
class Named:
    """A name in both languages, as a parameter of a letter; the Chinese one stands in where there is no English."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class Letter:
    """What happened, what the reader does next, until when, and where in the site.

    ``kind`` is ``noun.verb``, at most 48 characters; ``happened`` and ``next_step`` are Chinese msgids with
    ``{name}`` placeholders that ``params`` fills: text and numbers, days and instants, ``Money``, ``Named``, or a
    ``Message`` of its own. ``path`` begins with ``/``. Raises ``ValueError`` for a letter that could not be worded.
    """

    kind: str
    happened: str
    next_step: str
    by: date | None = None
    path: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    #: News that nobody waits for: it stays in the site and goes out by no other way.
    in_site: bool = False

    def __post_init__(self) -> None:
        """Refuse a letter that could not be worded later, when nobody is there to mend it."""
        wanted = {name for text in (self.happened, self.next_step) for _, name, _, _ in Formatter().parse(text) if name}
        if not _KIND.match(self.kind) or not self.happened or not self.next_step:
            raise ValueError(f"the letter {self.kind!r} needs a short kind, what happened and what next")
        if missing := wanted - set(self.params):
            raise ValueError(f"the letter {self.kind} lacks {sorted(missing)}")
        if self.path and (not self.path.startswith("/") or self.path.startswith("//")):
            raise ValueError(f"the letter {self.kind} leads to {self.path!r}, which is no path of this site")

    @property
    def required(self) -> bool:
        """Whether it goes out whatever the reader has switched off."""
        return self.kind.startswith(SECURITY)


class Channel(StrEnum):
    """How something reaches people who are not looking at the site."""

    EMAIL = "email"
    SMS = "sms"


class DeliveryState(StrEnum):
    """Where a delivery stands; failed ones wait for the operator, dropped ones will never go out."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


CHANNEL_WORDS: Mapping[Channel, str] = {Channel.EMAIL: N_("电子邮件"), Channel.SMS: N_("短信")}

DELIVERY_WORDS: Mapping[DeliveryState, str] = {
    DeliveryState.WAITING: N_("等待发送"),
    DeliveryState.SENT: N_("已发送"),
    DeliveryState.FAILED: N_("发送失败"),
    DeliveryState.DROPPED: N_("不再发送"),
}


@dataclass(frozen=True)
class Recipient:
    """Whom a letter goes to: the user, the language they read, and the addresses they gave.

    ``demonstration`` people have made-up addresses: nothing leaves the machine for them.
    """

    user_id: int
    language: str
    phone: str = ""
    email: str = ""
    demonstration: bool = False


@dataclass(frozen=True)
class Notice:
    """What an adapter sends: ``kind`` names the occasion, ``address`` is a phone or an e-mail address."""

    kind: str
    channel: Channel
    address: str
    subject: str
    text: str


@dataclass(frozen=True)
class MessageView:
    """A message as its reader sees it, in the words in which it was sent."""

    public_id: str
    kind: str
    happened: str
    next_step: str
    by: date | None
    path: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Wishes:
    """By which channels a person wants to hear of news, beside the site itself."""

    email: bool = True
    sms: bool = True

    def include(self, channel: Channel) -> bool:
        """Whether ``channel`` is wanted."""
        return self.email if channel is Channel.EMAIL else self.sms


@dataclass(frozen=True)
class DeliveryView:
    """One delivery as the operator sees it; the address is masked, the text is not shown."""

    public_id: str
    kind: str
    channel: Channel
    state: DeliveryState
    attempts: int
    last_error: str
    address_masked: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeliveryRetried(AuditEvent):
    """The operator had a failed delivery sent again; ``target`` is the delivery, ``fault`` the error's class."""

    name: ClassVar[str] = "delivery.retried"
    kind: str
    fault: str


@dataclass(frozen=True, kw_only=True)
class DeliveryDropped(AuditEvent):
    """The operator gave a failed delivery up; the reason itself stays with the delivery."""

    name: ClassVar[str] = "delivery.dropped"
    kind: str
    fault: str


class MessageUnknown(NotFound):
    """No such message, or one to somebody else."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条消息。"))


class DeliveryUnknown(NotFound):
    """No such delivery."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条发送记录。"))


class DeliverySettled(BadInput):
    """The delivery is not one that failed: it cannot be sent again or dropped."""

    def __init__(self) -> None:
        super().__init__(N_("这条发送记录不是失败状态，不能重发或放弃，请刷新页面。"))


class SendingFailed(Exception):
    """A message did not go out. The text never holds an address. ``final``: trying again cannot help."""

    final = False


class ChannelOff(SendingFailed):
    """The installation sends nothing by this channel."""

    final = True


class MailServerUnreachable(SendingFailed):
    """The mail server does not answer in time."""


class MailServerRefused(SendingFailed):
    """The mail server answers, but takes no mail of ours now."""


class MailSignInRefused(SendingFailed):
    """The mail server does not accept our name and password."""


class MailNotEncrypted(SendingFailed):
    """The mail server offers no encryption although the settings ask for it."""


class MailAddressRefused(SendingFailed):
    """The mail server will never deliver to this address."""

    final = True


class SmsGatewayUnreachable(SendingFailed):
    """The gateway does not answer in time."""


class SmsGatewayRefused(SendingFailed):
    """The gateway answers, but takes no message now."""


class SmsTokenRefused(SendingFailed):
    """The gateway does not accept our token."""


class SmsNumberRefused(SendingFailed):
    """The gateway will never deliver this message to this number."""

    final = True
