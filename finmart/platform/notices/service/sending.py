"""Choosing the adapter of a channel: a file, the console, the real way out, or none."""

from collections.abc import Callable

from finmart.config import Settings, load_settings
from finmart.platform.notices.service.gateway import GatewaySender
from finmart.platform.notices.service.local import console_sender, file_sender
from finmart.platform.notices.service.smtp import SmtpSender
from finmart.platform.notices.types import Channel, ChannelOff, Notice

#: What every adapter is: it sends one notice or raises a ``SendingFailed``.
Sender = Callable[[Notice], None]

#: Settings under which a notice reaches somebody's own mailbox or phone.
OUTSIDE = frozenset({"smtp", "http"})


class _Holder:
    sender: Sender | None = None


def use_sender(sender: Sender | None) -> None:
    """Send everything through ``sender`` from now on; None goes back to what the settings say."""
    _Holder.sender = sender


def reaches_outside(channel: Channel) -> bool:
    """Whether what is sent by ``channel`` leaves this machine."""
    return _Holder.sender is None and _named(load_settings(), channel) in OUTSIDE


def is_off(channel: Channel) -> bool:
    """Whether the installation sends nothing by ``channel``."""
    return _Holder.sender is None and _named(load_settings(), channel) == "off"


def send(notice: Notice) -> None:
    """Send ``notice`` through the adapter of its channel. Raises ``SendingFailed``."""
    sender = _Holder.sender or _chosen(load_settings(), notice.channel)
    sender(notice)


def _named(settings: Settings, channel: Channel) -> str:
    return settings.mail.channel if channel is Channel.EMAIL else settings.sms.channel


def _off(_notice: Notice) -> None:
    raise ChannelOff


def _chosen(settings: Settings, channel: Channel) -> Sender:
    named = _named(settings, channel)
    if named == "file":
        return file_sender(settings.data)
    if named == "console":
        return console_sender
    if named == "smtp":
        return SmtpSender(settings.mail)
    return GatewaySender(settings.sms) if named == "http" else _off
