"""Resident identity numbers (公民身份号码), GB 11643-1999: date of birth and check digit, nothing else.

The division is never looked up: old ones stay valid for a lifetime.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064.mod_11_2 import calc_check_digit

from finmart.reference.refusals import N_, Refusal

LENGTH = 18


class ResidentIdRefusal(Refusal):
    """Not a usable resident ID; ``reason`` is a code, the text one sentence that never repeats the number."""

    def __init__(self, reason: str, msgid: str, **params: str | int) -> None:
        self.reason = reason
        super().__init__(msgid, **params)


@dataclass(frozen=True)
class ResidentId:
    """A number whose form, date and check digit are right."""

    text: str
    division: str
    born: date

    @property
    def masked(self) -> str:
        """The number as screens show it."""
        return masked(self.text)


def clean(text: str) -> str:
    """Undo what typing does to a number: full-width characters, a small x, spaces, Excel's apostrophe."""
    return re.sub(r"[\s\-']", "", unicodedata.normalize("NFKC", text)).upper()


def parse(text: str) -> ResidentId:
    """Read a number exactly as it stands; forms call ``parse(clean(text))``. Raises ``ResidentIdRefusal``."""
    _check_form(text)
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise ResidentIdRefusal("date", N_("身份证号码的第 7 至 14 位不是一个存在的出生日期。")) from None
    if text[-1] != check_digit(text[:-1]):
        raise ResidentIdRefusal("check", N_("身份证号码的校验位不对，请核对是否有一位填错。"))
    return ResidentId(text, text[:6], born)


def is_valid(text: str) -> bool:
    """Whether ``parse`` accepts the text."""
    try:
        parse(text)
    except ResidentIdRefusal:
        return False
    return True


def check_digit(body: str) -> str:
    """The 18th character for the first 17 (ISO 7064 MOD 11-2)."""
    return str(calc_check_digit(body))


def make(division: str, born: date, sequence: int) -> str:
    """A whole number for a fictional person; ``sequence`` is 0 to 999."""
    body = f"{division}{born:%Y%m%d}{sequence:03d}"
    return parse(body + check_digit(body)).text


def masked(text: str) -> str:
    """First four and last two characters; a text too short for that is hidden whole."""
    return f"{text[:4]}{'*' * (len(text) - 6)}{text[-2:]}" if len(text) > 10 else "*" * len(text)


def _check_form(text: str) -> None:
    if re.fullmatch(r"\d(\.\d+)?E\+?\d{1,2}", clean(text)):
        raise ResidentIdRefusal(
            "scientific", N_("身份证号码被表格软件改成了科学计数法，后面的数字已经丢失，请把该列设为文本后重新导出。")
        )
    if text != clean(text):
        raise ResidentIdRefusal("writing", N_("身份证号码中有全角字符、空格或小写的 x，请改正。"))
    if re.fullmatch(r"\d{15}", text):
        raise ResidentIdRefusal("old", N_("这是 15 位的旧号码，请填写 18 位身份证号码。"))
    if len(text) != LENGTH:
        raise ResidentIdRefusal("length", N_("身份证号码应为 18 位，这里是 {length} 位。"), length=len(text))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        raise ResidentIdRefusal("character", N_("身份证号码的前 17 位应是数字，最后一位是数字或 X。"))
