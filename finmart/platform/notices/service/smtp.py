"""E-mail through a mail server: encrypted unless the settings say otherwise, given up after a time."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from finmart.config import MailSettings
from finmart.platform.notices.types import (
    MailAddressRefused,
    MailNotEncrypted,
    MailServerRefused,
    MailServerUnreachable,
    MailSignInRefused,
    Notice,
    SendingFailed,
)

#: RFC 5321: a reply of 5xx to an address is final, one of 4xx means later.
PERMANENT = 500


class SmtpSender:
    """Sends one mail a connection; mails are few and a kept connection would have to be watched."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def __call__(self, notice: Notice) -> None:
        """Send ``notice``. Raises ``MailServerUnreachable``, ``MailServerRefused``, ``MailSignInRefused``,
        ``MailNotEncrypted`` or ``MailAddressRefused``."""
        mail = self._mail(notice)
        try:
            server = self._connected()
            try:
                self._prepare(server)
                server.send_message(mail)
            finally:
                self._leave(server)
        except (smtplib.SMTPException, ssl.SSLError) as error:
            raise _meaning(error) from None
        except OSError:  # Refused, unreachable, timed out: sockets say it in many ways.
            raise MailServerUnreachable from None

    def _mail(self, notice: Notice) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.settings.sender
        mail["To"] = notice.address
        mail["Subject"] = notice.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self.settings.sender.rpartition("@")[2] or "localhost")
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note should answer.
        mail.set_content(notice.text)
        return mail

    def _connected(self) -> smtplib.SMTP:
        host, port, timeout = self.settings.host, self.settings.port, self.settings.timeout
        if self.settings.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=timeout)

    def _prepare(self, server: smtplib.SMTP) -> None:
        if self.settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.settings.user:
            server.login(self.settings.user, self.settings.password)

    def _leave(self, server: smtplib.SMTP) -> None:
        with suppress(smtplib.SMTPException, OSError):  # The mail is gone or refused; a broken goodbye changes nothing.
            server.quit()
        server.close()


def _meaning(error: smtplib.SMTPException | ssl.SSLError) -> SendingFailed:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((reply[0] for reply in error.recipients.values()), default=0)
        return MailAddressRefused() if code >= PERMANENT else MailServerRefused()
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailSignInRefused()
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return MailNotEncrypted()
    unreachable = isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError)
    return MailServerUnreachable() if unreachable else MailServerRefused()
