"""Rows that are wrong on purpose, so that quarantine and duplicates can be seen and worked on."""

from collections.abc import Iterator, Mapping
from datetime import date

from finmart.credit.datasets import adverse as adverse_set
from finmart.credit.datasets import tax as tax_set
from finmart.demo.city import identity, plan
from finmart.demo.city.subjects import CitySubject

Row = Mapping[str, str]
#: Numbers of firms that are in no register of the city.
_NOBODY = 901


def registration(day: date) -> Iterator[Row]:
    """A code with a wrong check character, a day that does not exist, a status nobody has agreed on."""
    base = {"scheme": "uscc", "kind": "enterprise", "date": day.isoformat(), "status": "存续", "region": "360113"}
    for place, (name, change) in enumerate(
        (
            ("校验位有误", {}),
            ("成立日期有误", {"established_on": "2021-02-30"}),
            ("登记状态有误", {"status": "待定"}),
        )
    ):
        code = identity.credit_code(_NOBODY + place, "enterprise", "360113")
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1") if not change else code
        yield {**base, "subject_code": wrong, "name": f"南昌{name}有限公司{plan.MARK}", **change}


def tax(person: CitySubject) -> Iterator[Row]:
    """A person's payment without written consent, and an amount in words."""
    who = {"subject_code": person.identifier, "scheme": person.scheme, "record": tax_set.PAYMENT}
    yield {**who, "date": "2026-08-12", "amount": "1260.00"}
    yield {**who, "date": "2026-09-12", "amount": "约三千", "consent_on": "2026-09-01"}


def adverse(day: date) -> Iterator[Row]:
    """A record of a firm that nobody here knows."""
    code = identity.credit_code(_NOBODY + 7, "enterprise", "360102")
    yield {"subject_code": code, "scheme": "uscc", "record": adverse_set.NONE, "date": day.isoformat()}


def invoices(line: Row, day: date) -> Iterator[Row]:
    """The last line delivered twice, a day in words, a blank amount, a seller that is not in the list of firms."""
    yield line
    number = str(line["number"])
    yield {**line, "number": f"{number}7", "date": "十月三十日"}
    yield {**line, "number": f"{number}8", "amount": ""}
    stranger = identity.credit_code(_NOBODY + 8, "enterprise", "360104")
    yield {**line, "number": f"{number}9", "subject_code": stranger, "date": day.isoformat()}
