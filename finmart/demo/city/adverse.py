"""Adverse records of the city: few, dated, some of them ended, all about firms that exist here."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from finmart.credit.datasets.adverse import ABNORMAL, JUDGMENT, PENALTY, SERIOUS
from finmart.demo.city import plan, taxes
from finmart.demo.city.dice import Dice
from finmart.demo.city.subjects import CitySubject, subjects

#: Kind of record and how many of 100 records; a court's record stands until the debt is paid.
KINDS = ((ABNORMAL, 42), (PENALTY, 38), (JUDGMENT, 12), (SERIOUS, 8))
#: Of 100 firms so many have a record; a firm of tax grade D always has one.
_SHARE = 7
_EARLIEST = date(2023, 1, 1)


@dataclass(frozen=True)
class AdverseRecord:
    """One record: ``ended`` is None while it stands; a penalty is an event and ends on no day."""

    subject: CitySubject
    document: str
    kind: str
    began: date
    ended: date | None


@cache
def records() -> tuple[AdverseRecord, ...]:
    """All records, by subject. Farmers and residents have none in this city."""
    return tuple(_record(subject) for subject in subjects() if _has_one(subject))


def _has_one(subject: CitySubject) -> bool:
    if subject.is_firm and taxes.grade(subject) == "D":
        return True
    return (subject.is_firm or subject.sole_trader) and Dice("adverse", subject.number).chance(_SHARE)


def _record(subject: CitySubject) -> AdverseRecord:
    dice = Dice("adverse record", subject.number)
    kind = dice.weighted(KINDS)
    earliest = max(_EARLIEST, (subject.established or _EARLIEST) + timedelta(days=60))
    began = earliest + timedelta(days=dice.below(max(1, (plan.REFERENCE_DATE - earliest).days - 20)))
    ended = began + timedelta(days=dice.between(40, 300))
    over = kind == ABNORMAL and dice.chance(60) and ended <= plan.REFERENCE_DATE
    return AdverseRecord(subject, f"演示〔{began.year}〕{subject.number:03d}号", kind, began, ended if over else None)
