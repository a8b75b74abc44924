"""Facts, sources and states in words, in the language of the request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from finmart.conditions.types import Value
from finmart.conditions.wording import code_label, fact_label, number
from finmart.credit.datasets.contract import Column
from finmart.credit.datasets.parties import PERSON_BEARING
from finmart.credit.datasets.registry import DATASETS
from finmart.credit.routes.sheet import Concentration
from finmart.credit.service.consenting import Granted
from finmart.credit.types.consent_text import TEXTS
from finmart.credit.types.states import BASIS_WORDS, FAULT_WORDS, PURPOSE_WORDS, WITHHELD
from finmart.credit.types.values import QuarantineView
from finmart.platform.consents.types import CONSENT_PURPOSE_WORDS, REVOKE_WORDS
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.reference.facts import unit_of


def _(text: str, **params: object) -> str:
    """The sentence in the language of this request, as a plain text."""
    return str(gettext(text, **params))


#: Of a cell that may name somebody at most this share of its characters is shown: one in three.
SHOWN = 3


def value_words(key: str, value: Value, *, exact: bool = False) -> str:
    """A fact's value in words, by its kind; ``exact``: money to the last 分, ratios to four decimals."""
    language = current_language()
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int):
        return _number(key, value, exact=exact)
    if isinstance(value, date):
        return filters.day(value, language)
    if isinstance(value, str):
        return code_label(key, value, language)
    return _several(key, list(value))


def _number(key: str, value: int, *, exact: bool) -> str:
    unit, language = unit_of(key), current_language()
    if unit == "money":
        return filters.money_exact(value, language) if exact else filters.money(value, language)
    if unit == "ratio":
        return filters.rate(value) if exact else filters.ratio(value)
    return number(value, unit, language)


def _several(key: str, values: Sequence[object]) -> str:
    if values and all(isinstance(value, int) for value in values):
        return _("%(count)s 个月的数列", count=len(values))
    names = [code_label(key, str(value), current_language()) for value in values]
    return _("、").join(names) if names else _("没有")


def label_of(key: str) -> str:
    """What a fact is called, with a capital where the language has some: it stands alone."""
    text = fact_label(key, current_language())
    return text[:1].upper() + text[1:]


def names_of(keys: Iterable[str]) -> str:
    """Several facts by their names, side by side."""
    return _("、").join(map(label_of, keys))


def concentration(found: Concentration, *, customers: bool) -> list[tuple[str, int]]:
    """Bars of one side in ppm: the whole first, so that the others are drawn as parts of it."""
    if customers:
        words = (_("全部客户"), _("前五大客户"), _("第一大客户"))
    else:
        words = (_("全部供应商"), _("前五大供应商"), _("第一大供应商"))
    values = (found.whole, found.five, found.one)
    return [(word, value) for word, value in zip(words, values, strict=True) if value is not None]


def dataset_word(name: str) -> str:
    """What a data set is called."""
    known = DATASETS.get(name)
    return localized(known.label_zh, known.label_en) if known else name


def source_word(source: str) -> str:
    """Where a fact comes from."""
    own = {"firm_size_rule": _("按划型标准计算"), "subject_register": _("平台主体登记")}
    for each in DATASETS.values():
        if each.source == source:
            return localized(each.label_zh, each.label_en)
    return own.get(source, source)


def origin_word(origin: str) -> str:
    """How a fact came about."""
    words = {"computed": _("由共享数据计算"), "imported": _("由共享数据导入"), "declared": _("自行申报")}
    return words.get(origin, origin)


def basis_word(basis: str) -> str:
    """Why a profile was read."""
    return _(BASIS_WORDS[basis]) if basis in BASIS_WORDS else basis


def purpose_word(purpose: str) -> str:
    """What a profile was read for; under a consent that is the consent's own purpose."""
    words = {**PURPOSE_WORDS, **CONSENT_PURPOSE_WORDS}
    return _(words[purpose]) if purpose in words else purpose


def revoke_word(reason: str) -> str:
    """Why a consent was withdrawn."""
    return _(REVOKE_WORDS[reason]) if reason in REVOKE_WORDS else reason


def scope_words(scopes: Iterable[str]) -> str:
    """The data sets of a consent, one after the other."""
    return _("、").join(dataset_word(name) for name in scopes)


@dataclass(frozen=True)
class WordedText:
    """A consent's text in words; ``warning`` is empty where none was due."""

    version: str
    agreed: tuple[str, ...]
    not_allowed: tuple[str, ...]
    rights: tuple[str, ...]
    warning: str


def consent_text(given: Granted) -> WordedText:
    """The text of the version that was agreed to, with what was chosen."""
    consent, language = given.consent, current_language()
    found = TEXTS[consent.text_version]
    chosen = {
        "institution": localized(given.institution.name_zh, given.institution.name_en),
        "scopes": scope_words(consent.scopes),
        "purpose": purpose_word(consent.purpose),
        "valid_from": filters.day(consent.valid_from, language),
        "valid_until": filters.day(consent.valid_until, language),
    }
    return WordedText(
        version=consent.text_version,
        agreed=tuple(_(text).format(**chosen) for text in found.agreed),
        not_allowed=tuple(_(text) for text in found.not_allowed),
        rights=tuple(_(text) for text in found.rights),
        warning=_(found.warning) if consent.warned else "",
    )


def masked_cell(row: QuarantineView) -> str:
    """A cell as it is shown: where it may name a person or say what one pays, most of it is covered."""
    if row.fault in WITHHELD:
        return _("（未经同意，没有保存）")
    columns = {column.header: column for file in DATASETS[row.dataset].files for column in file.columns}
    column = columns.get(row.column)
    return _masked(row.value) if column is None or _bears_persons(column) else row.value


def _bears_persons(column: Column) -> bool:
    return column.name in PERSON_BEARING or column.pseudonym or column.consent


def _masked(text: str) -> str:
    shown = len(text) // SHOWN
    first, last = (shown + 1) // 2, shown // 2
    return f"{text[:first]}{'*' * (len(text) - shown)}{text[len(text) - last :]}"


def reasons(rows: Iterable[QuarantineView]) -> dict[str, str]:
    """public id → why a row was set aside and what to do about it."""
    return {
        row.public_id: _(FAULT_WORDS[row.fault]).format(file=row.file, row=row.row, column=row.column) for row in rows
    }
