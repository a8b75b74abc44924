"""The files that data suppliers would deliver about the city, in the words of the data sets' contracts.

A sole trader is a person: what it pays and earns is delivered only with the day of its written consent (征信业管理条例
14), so most sole traders have a register's row and nothing else. A few rows are wrong on purpose, as real ones are.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from finmart.credit.datasets import adverse as adverse_set
from finmart.credit.datasets import registry, tax
from finmart.demo.city import adverse, faults, ledger, plan, taxes
from finmart.demo.city.dice import Dice
from finmart.demo.city.ledger import PURCHASE, SALE, Invoice
from finmart.demo.city.subjects import CitySubject, subjects

#: Our column names → cell; columns that are left out stay blank.
Row = Mapping[str, str]

#: When the register, the adverse lists and the arrears were last looked at.
LOOKED_UP = date(2026, 10, 20)
_EARLIER = date(2025, 6, 30)
#: The tax year of the latest published grade and of the latest annual return, and the days of both.
_TAX_YEAR, _GRADED, _RETURNED = 2025, date(2026, 4, 20), date(2026, 5, 22)
#: Of 100 sole traders so many have given their written consent, on a day of the first quarter.
_CONSENTING = 45
_ARREARS_SHARE = 4


def consent(subject: CitySubject) -> date | None:
    """The day of a sole trader's written consent; None for firms, which need none, and for those who gave none."""
    dice = Dice("consent", subject.number)
    given = subject.sole_trader and dice.chance(_CONSENTING)
    return date(2026, dice.between(1, 3), dice.between(1, 28)) if given else None


def files() -> dict[str, dict[str, Callable[[], Iterator[Row]]]]:
    """Data set → stem of each of its files → its rows."""
    return {
        "registration": {"registration": _registration},
        "tax": {"tax": _tax},
        "adverse": {"adverse": _adverse},
        "invoices": {
            "enterprises": _enterprises,
            "input_invoices": lambda: _lines(PURCHASE),
            "output_invoices": lambda: _lines(SALE),
        },
    }


def table(dataset: str, stem: str) -> Iterator[list[str]]:
    """One file as lines of cells, header first."""
    columns = registry.dataset(dataset).file(stem).columns
    yield [column.header for column in columns]
    for row in files()[dataset][stem]():
        yield [row.get(column.name, "") for column in columns]


def yuan(fen: int) -> str:
    """An amount in 元 with two decimals, as suppliers write it."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _who(subject: CitySubject) -> dict[str, str]:
    return {"subject_code": subject.identifier, "scheme": subject.scheme}


def _given(subject: CitySubject) -> dict[str, str]:
    day = consent(subject)
    return {"consent_on": day.isoformat()} if day else {}


def _may_tell(subject: CitySubject) -> bool:
    return subject.is_firm or consent(subject) is not None


def _registration() -> Iterator[Row]:
    for subject in subjects():
        if subject.established is not None and subject.established < _EARLIER:
            yield _state(subject, _EARLIER, subject.employees * Dice("earlier", subject.number).between(80, 108) // 100)
        yield _state(subject, LOOKED_UP, subject.employees)
    yield from faults.registration(LOOKED_UP)


def _state(subject: CitySubject, day: date, employees: int) -> Row:
    row = {**_who(subject), "name": subject.name, "kind": subject.kind, "date": day.isoformat()}
    row["region"] = subject.region
    if subject.trade is not None:
        row["industry"] = subject.trade.industry
        row["qualifications"] = ";".join(_qualifications(subject))
    if subject.established is not None:
        row["established_on"] = subject.established.isoformat()
        row["registered_capital"] = yuan(subject.capital)
        row["employees"] = str(max(1, employees))
        row["status"] = "存续"
    if subject.established is not None and _may_tell(subject):
        row["total_assets"] = yuan(subject.assets)
    return {**row, **_given(subject)}


def _qualifications(subject: CitySubject) -> list[str]:
    """Some of what the trade can have; a zone's firm is a park enterprise, a co-operative is a co-operative."""
    dice = Dice("qualifications", subject.number)
    possible = subject.trade.qualifications if subject.trade else ()
    found = [code for code in possible if dice.chance(55)]
    if subject.zone:
        found.append("park_enterprise")
    if subject.kind == "cooperative":
        found.append("cooperative")
    return found


def _tax() -> Iterator[Row]:
    for subject in subjects():
        if subject.is_firm:
            yield {
                **_who(subject),
                "record": tax.GRADE,
                "date": _GRADED.isoformat(),
                "year": str(_TAX_YEAR),
                "grade": taxes.grade(subject),
            }
        if (subject.is_firm or subject.sole_trader) and _may_tell(subject):
            yield from _amounts(subject)
    yield from faults.tax(next(each for each in subjects() if each.sole_trader and not consent(each)))


def _amounts(subject: CitySubject) -> Iterator[Row]:
    common = {**_who(subject), **_given(subject)}
    months = taxes.tax_months(subject)
    for month in months:
        yield {**common, "record": tax.PAYMENT, "date": month.day.isoformat(), "amount": yuan(month.paid)}
    revenue = sum(month.sales for month in months if month.period.year == _TAX_YEAR)
    if revenue:
        yield {
            **common,
            "record": tax.REVENUE,
            "date": _RETURNED.isoformat(),
            "year": str(_TAX_YEAR),
            "amount": yuan(revenue),
        }
    owed = Dice("arrears", subject.number)
    amount = owed.between(4, 90) * 100_000 if owed.chance(_ARREARS_SHARE) else 0
    yield {**common, "record": tax.ARREARS, "date": LOOKED_UP.isoformat(), "amount": yuan(amount)}


def _adverse() -> Iterator[Row]:
    listed = {record.subject.number for record in adverse.records()}
    for record in adverse.records():
        yield {
            **_who(record.subject),
            "record": record.kind,
            "date": record.began.isoformat(),
            "ended_on": record.ended.isoformat() if record.ended else "",
            "document": record.document,
        }
    for subject in subjects():
        if subject.established is not None and subject.number not in listed:
            yield {**_who(subject), "record": adverse_set.NONE, "date": LOOKED_UP.isoformat()}
    yield from faults.adverse(LOOKED_UP)


def _enterprises() -> Iterator[Row]:
    for subject in subjects():
        if subject.is_firm:
            yield {**_who(subject), "name": subject.name, "kind": subject.kind}


def _lines(direction: str) -> Iterator[Row]:
    for subject in subjects():
        if subject.is_firm:
            yield from (_line(subject, each) for each in ledger.invoices(subject) if each.direction == direction)
    if direction == SALE:
        yield from faults.invoices(_line(subjects()[0], ledger.invoices(subjects()[0])[-1]), plan.REFERENCE_DATE)


def _line(subject: CitySubject, invoice: Invoice) -> Row:
    return {
        "subject_code": subject.identifier,
        "number": invoice.number,
        "date": invoice.day.isoformat(),
        "party": invoice.counterparty,
        "amount": yuan(invoice.amount),
        "tax": yuan(invoice.tax),
        "total": yuan(invoice.total),
        "status": "作废发票" if invoice.void else "有效发票",
    }
