"""Phones, names and addresses: normalised to be compared, masked to be shown."""

import ipaddress
import re
import unicodedata

from finmart.platform.accounts.types.errors import EmailInvalid, PersonNameInvalid, PhoneInvalid

_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}$")
MAX_EMAIL = 120
#: What may stand between the parts of a name: 买买提·艾山, Anne-Marie O’Neill.
_BETWEEN_NAMES = frozenset(" ·•・.-'’")
_FILLING = re.compile(r"[\s\-()（）]")
_BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def normal_phone(text: str) -> str:
    """The 11 digits of a mainland mobile number, however it was typed. Raises ``PhoneInvalid``."""
    digits = _FILLING.sub("", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("+86").removeprefix("0086")
    if not _MOBILE.match(digits):
        raise PhoneInvalid
    return digits


def normal_email(text: str) -> str:
    """An e-mail address with its domain in lower case. Raises ``EmailInvalid``.

    Only plain ASCII ones: what a mail server of the region may not deliver is better refused here.
    """
    address = unicodedata.normalize("NFKC", text.strip())
    if len(address) > MAX_EMAIL or not _EMAIL.match(address):
        raise EmailInvalid
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def check_person_name(text: str) -> None:
    """A person's name as a document writes it: letters of any script with their marks, dots, hyphens, apostrophes.

    Raises ``PersonNameInvalid`` for digits, pictures, other signs, and for a name without any letter.
    """
    name = text.strip()
    kinds = [unicodedata.category(sign)[0] for sign in name if sign not in _BETWEEN_NAMES]
    if "L" not in kinds or not set(kinds) <= {"L", "M"}:
        raise PersonNameInvalid


def mask_phone(phone: str) -> str:
    """``13812345678`` → ``138****5678``."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str) -> str:
    """A person's name with all but the first character hidden: ``王建国`` → ``王**``."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def mask_email(email: str) -> str:
    """``someone@example.org`` → ``s***@example.org``."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_identifier(value: str) -> str:
    """The first four and the last two characters; a short value is hidden but for the last one."""
    if len(value) < 12:
        return "*" * max(0, len(value) - 1) + value[-1:]
    return f"{value[:4]}{'*' * (len(value) - 6)}{value[-2:]}"


def network_of(address: str) -> str:
    """The network part of an IP address: IPv4 /24, IPv6 /48; empty when it is not an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((address, prefix), strict=False).network_address)


def device_label(user_agent: str) -> str:
    """``browser · system`` in a few words out of a User-Agent header; empty for an unknown one."""
    browser = next((label for mark, label in _BROWSERS if mark in user_agent), "")
    system = next((label for mark, label in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
