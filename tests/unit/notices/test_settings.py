"""Settings of the ways out: sound by default, refused when half given, and no secret in their text."""

from dataclasses import replace

import pytest

from finmart.config import SettingError, load_settings
from finmart.platform.desk.job_words import FAULT_WORDS
from finmart.platform.notices import types
from finmart.platform.notices.service.local import masked
from finmart.platform.notices.types import Channel, SendingFailed

SMTP = {"FINMART_MAIL": "smtp", "FINMART_MAIL_HOST": "mail.example.com", "FINMART_MAIL_FROM": "site@example.com"}
HTTP = {"FINMART_SMS": "http", "FINMART_SMS_URL": "https://sms.example.com/send", "FINMART_SMS_TOKEN": "secret-token"}


def test_without_settings_nothing_leaves_the_machine() -> None:
    settings = load_settings({})
    assert (settings.mail.channel, settings.sms.channel, settings.site_url) == ("file", "file", "")


def test_a_way_out_with_all_it_needs() -> None:
    settings = load_settings({**SMTP, **HTTP, "FINMART_SITE_URL": "https://site.example.com/"})
    assert (settings.mail.port, settings.mail.security, settings.mail.timeout) == (587, "starttls", 10)
    assert settings.site_url == "https://site.example.com"
    assert "secret-token" not in repr(settings)
    assert "hidden" not in repr(replace(settings.mail, password="hidden"))


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"FINMART_MAIL": "pigeon"}, "FINMART_MAIL"),
        ({**SMTP, "FINMART_MAIL_HOST": ""}, "FINMART_MAIL_HOST"),
        ({**SMTP, "FINMART_MAIL_FROM": ""}, "FINMART_MAIL_FROM"),
        ({**SMTP, "FINMART_MAIL_SECURITY": "maybe"}, "FINMART_MAIL_SECURITY"),
        ({**SMTP, "FINMART_MAIL_PORT": "smtp"}, "FINMART_MAIL_PORT"),
        ({**HTTP, "FINMART_SMS_URL": "sms.example.com"}, "FINMART_SMS_URL"),
        ({**HTTP, "FINMART_SMS_TOKEN": ""}, "FINMART_SMS_TOKEN"),
    ],
)
def test_half_a_way_out_stops_the_start(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        load_settings(environ)


def test_every_fault_has_words_for_the_operator() -> None:
    kinds = [kind for kind in vars(types).values() if isinstance(kind, type) and issubclass(kind, SendingFailed)]
    assert {kind.__name__ for kind in kinds} - {"SendingFailed"} == set(FAULT_WORDS)


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        (Channel.SMS, "13812345678", "138****5678"),
        (Channel.EMAIL, "someone@example.org", "s***@example.org"),
        (Channel.EMAIL, "", "***@"),
    ],
)
def test_an_address_is_shown_in_part(channel: Channel, address: str, shown: str) -> None:
    assert masked(channel, address) == shown
