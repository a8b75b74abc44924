"""Unified social credit codes (统一社会信用代码), GB 32100-2015 with its 2016 amendment.

18 characters: registration authority, kind of entity, 6 digits of division, 9 of the subject (its organisation code,
GB 11714), check character. The division is never looked up: old and new ones are equally valid on a licence.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from stdnum.cn.uscc import calc_check_digit

from finmart.reference.refusals import N_, Refusal
from finmart.reference.tables import rows

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
#: The subject's kind for the prefixes under which applicants of ours are registered.
KIND_OF_PREFIX = {"91": "enterprise", "92": "individual_business", "93": "cooperative"}

_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d{1,2}$")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class CreditCodeRefusal(Refusal):
    """Not a usable credit code; ``reason`` is a code for statistics, the text one sentence for people."""

    def __init__(self, reason: str, msgid: str, **params: str | int) -> None:
        self.reason = reason
        super().__init__(msgid, **params)


@dataclass(frozen=True)
class Prefix:
    """The first two characters: who registers, what kind of entity, and whether it may sign up here."""

    code: str
    authority_zh: str
    authority_en: str
    label_zh: str
    label_en: str
    sign_up: str


@dataclass(frozen=True)
class CreditCode:
    """A code whose form and check character are right. ``division`` is where it was first registered."""

    text: str
    prefix: Prefix
    division: str
    organisation_code: str

    @property
    def subject_kind(self) -> str | None:
        """``enterprise``, ``individual_business`` or ``cooperative``; None for every other kind of entity."""
        return KIND_OF_PREFIX.get(self.prefix.code)


@cache
def prefixes() -> dict[str, Prefix]:
    """All known prefixes by their two characters."""
    return {
        row["prefix"]: Prefix(
            row["prefix"],
            row["authority_zh"],
            row["authority_en"],
            row["label_zh"],
            row["label_en"],
            row["sign_up"],
        )
        for row in rows("credit_code_prefixes.csv")
    }


def clean(text: str) -> str:
    """Undo what typing does to a code: full-width characters, lower case, spaces, hyphens, Excel's apostrophe."""
    return re.sub(r"[\s\-']", "", unicodedata.normalize("NFKC", text)).upper()


def parse(text: str) -> CreditCode:
    """Read a code exactly as it stands; forms call ``parse(clean(text))``.

    Raises ``CreditCodeRefusal`` that says what is wrong, above all what spreadsheets do to codes.
    """
    _check_writing(text)
    _check_length(text)
    _check_characters(text)
    prefix = prefixes().get(text[:2])
    if prefix is None:
        raise CreditCodeRefusal(
            "unknown_prefix",
            N_("统一社会信用代码开头的“{prefix}”不是国家标准中的登记部门和机构类别。"),
            prefix=text[:2],
        )
    _check_last(text)
    return CreditCode(text, prefix, text[2:8], text[8:17])


def is_valid(text: str) -> bool:
    """Whether ``parse`` accepts the text."""
    try:
        parse(text)
    except CreditCodeRefusal:
        return False
    return True


def check_character(body: str) -> str:
    """The 18th character for the first 17: alphabet[(31 − Σ cᵢ·3^(i−1) mod 31) mod 31]."""
    return str(calc_check_digit(body))


def organisation_code(body: str) -> str:
    """``body`` (8 characters) with its GB 11714 check character: nine characters."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def make(prefix: str, division: str, body: str) -> str:
    """A whole code for a fictional subject: two, six and eight characters, both check characters added."""
    head = prefix + division + organisation_code(body)
    code = head + check_character(head)
    parse(code)
    return code


def masked(text: str) -> str:
    """The code as screens show it to people who need not know it: first four and last four characters."""
    return f"{text[:4]}{'*' * max(0, len(text) - 8)}{text[-4:]}" if len(text) > 8 else "*" * len(text)


def _check_writing(text: str) -> None:
    cleaned = clean(text)
    if _SCIENTIFIC.match(cleaned):
        raise CreditCodeRefusal(
            "scientific",
            N_("“{text}”是表格软件改成的科学计数法，后面的数字已经丢失，请把该列设为文本后重新导出。"),
            text=text.strip()[:24],
        )
    if text == cleaned:
        return
    if unicodedata.normalize("NFKC", text) != text:
        raise CreditCodeRefusal("full_width", N_("统一社会信用代码中有全角字符，请改为半角。"))
    if re.search(r"[\s\-']", text):
        raise CreditCodeRefusal("spaces", N_("统一社会信用代码中有空格、连字符或引号，请去掉。"))
    raise CreditCodeRefusal("lower_case", N_("统一社会信用代码中有小写字母，请改为大写。"))


def _check_length(text: str) -> None:
    if len(text) == LENGTH:
        return
    if re.fullmatch(r"\d+\.0+", text):
        raise CreditCodeRefusal("number", N_("统一社会信用代码被表格软件当作数字保存了，请把该列设为文本后重新导出。"))
    if re.fullmatch(r"\d{15}", text):
        raise CreditCodeRefusal(
            "registration_number", N_("这里是 15 位数字，像是旧的工商注册号，请填写 18 位统一社会信用代码。")
        )
    if re.fullmatch(r"[0-9A-Z]{9}", text):
        raise CreditCodeRefusal(
            "organisation_code", N_("这里是 9 位，像是组织机构代码，请填写 18 位统一社会信用代码。")
        )
    raise CreditCodeRefusal(
        "length",
        N_("统一社会信用代码应为 18 位，这里是 {length} 位，可能被截断或在表格软件中丢了开头的 0。"),
        length=len(text),
    )


def _check_characters(text: str) -> None:
    wrong = next((char for char in text if char not in ALPHABET), None)
    if wrong is not None:
        raise CreditCodeRefusal(
            "character",
            N_("统一社会信用代码中不会出现“{character}”，字母 I、O、S、V、Z 不使用，请核对是否应为数字。"),
            character=wrong,
        )
    if not text[2:8].isdigit():
        raise CreditCodeRefusal("division", N_("统一社会信用代码的第 3 至 8 位是行政区划，应全是数字。"))


def _check_last(text: str) -> None:
    if text[-1] == check_character(text[:-1]):
        return
    if text.isdigit() and text.endswith("000"):
        raise CreditCodeRefusal(
            "rounded", N_("统一社会信用代码的末三位被表格软件改成了 0，请把该列设为文本后重新导出。")
        )
    raise CreditCodeRefusal("check", N_("统一社会信用代码的校验位不对，请核对是否有一位填错。"))
