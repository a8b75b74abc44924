"""Adverse records of the city: few, dated, some of them ended, all about firms that exist here."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from finmart.demo.city import plan, taxes
from finmart.demo.city.dice import Dice
from finmart.demo.city.subjects import CitySubject, subjects

#: Kind of record → the authority that keeps it, its ground, and how many of 100 records.
KINDS = {
    "abnormal_operation": ("南昌市市场监督管理局", "未按规定公示年度报告", 34),
    "administrative_penalty": ("南昌市市场监督管理局", "行政处罚决定", 30),
    "enforced": ("南昌市中级人民法院", "被执行案件", 20),
    "dishonest_debtor": ("南昌市中级人民法院", "失信被执行人", 8),
    "tax_violation": ("国家税务总局南昌市税务局", "欠缴税款公告", 8),
}
#: Of 100 firms so many have a record; a firm of grade D always has one.
_SHARE = 7


@dataclass(frozen=True)
class AdverseRecord:
    """One record: ``ended`` is None while it stands; ``amount`` 分 where the record names one."""

    subject: CitySubject
    number: str
    kind: str
    authority: str
    reason: str
    began: date
    ended: date | None
    amount: int | None


@cache
def records() -> tuple[AdverseRecord, ...]:
    """All records, by subject. Natural persons other than sole traders have none in this city."""
    return tuple(_record(subject) for subject in subjects() if _has_one(subject))


def _has_one(subject: CitySubject) -> bool:
    if subject.is_firm and taxes.grade(subject) == "D":
        return True
    return (subject.is_firm or subject.sole_trader) and Dice("adverse", subject.number).chance(_SHARE)


def _record(subject: CitySubject) -> AdverseRecord:
    dice = Dice("adverse record", subject.number)
    kind = dice.weighted([(kind, weight) for kind, (_, _, weight) in KINDS.items()])
    authority, reason, _ = KINDS[kind]
    earliest = max(date(2023, 1, 1), (subject.established or date(2023, 1, 1)) + timedelta(days=60))
    began = earliest + timedelta(days=dice.below(max(1, (plan.REFERENCE_DATE - earliest).days - 20)))
    ended = began + timedelta(days=dice.between(40, 300))
    over = kind not in ("dishonest_debtor",) and dice.chance(55) and ended <= plan.REFERENCE_DATE
    money = kind in ("enforced", "dishonest_debtor", "tax_violation", "administrative_penalty")
    return AdverseRecord(
        subject,
        f"演示-{kind[:3].upper()}-{subject.number:04d}",
        kind,
        authority,
        reason,
        began,
        ended if over else None,
        dice.between(2, 180) * 500_000 if money else None,
    )
