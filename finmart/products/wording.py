"""Codes and regions in the words of the request's language; what is not stated says so."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext

from finmart.platform.web.language import current_language, localized
from finmart.products import labels, places
from finmart.products.labels import Label, Labels, label
from finmart.products.particulars.kinds import specs
from finmart.products.search.documents import OF_TYPE
from finmart.reference.materials import known_materials

_TABLES: Mapping[str, Labels] = {
    "product_type": labels.PRODUCT_TYPES,
    "institution_kind": labels.INSTITUTION_KINDS,
    "subject": labels.SUBJECT_KINDS,
    "guarantee": labels.GUARANTEE_MODES,
    "online": labels.ONLINE_LEVELS,
    "evidence": labels.EVIDENCE_TIERS,
    "repayment": labels.REPAYMENT_MODES,
    "level": labels.LEVELS,
    "note": labels.NOTE_KINDS,
    "payer": labels.PAYERS,
    "receiver": labels.RECEIVERS,
    "column": {**labels.STATED_COLUMNS, **labels.STAFF_COLUMNS},
    **{
        facet: {code: Label(*words) for code, words in specs(product_type)[name].choices.items()}
        for facet, (product_type, name) in OF_TYPE.items()
    },
}


def _(msgid: str, **values: object) -> str:
    said: str = gettext(msgid, **values)
    return said


def is_worded(table: str, code: str) -> bool:
    """Whether one of the tables has ``code``."""
    return code in _TABLES[table]


def word(table: str, code: str) -> str:
    """``code`` of one of the tables in words."""
    return localized(*label(_TABLES[table], code))


def words(table: str, codes: Iterable[str]) -> str:
    """Several codes in words; "not stated" when there are none."""
    separator = ", " if current_language() == "en" else "、"
    return separator.join(word(table, code) for code in codes) or _("未说明")


def listed(codes: Iterable[str]) -> str:
    """Words of a source in a row; "not stated" when there are none."""
    return (", " if current_language() == "en" else "、").join(codes) or _("未说明")


def material(name: str) -> str:
    """A paper in words; one that no table knows is called as the institution calls it."""
    known = known_materials().get(name)
    return name if known is None else localized(name, known.name_en)


def materials(names: Iterable[str]) -> str:
    """Papers in a row; "not stated" when there are none."""
    return listed(map(material, names))


def places_of(codes: Iterable[str]) -> str:
    """Regions in words; "not stated" when there are none."""
    return listed(localized(*places.name(code)) for code in codes)
