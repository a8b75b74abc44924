"""The demonstration city: as many as planned, coherent, fictional for certain, and the same every time."""

import hashlib
import subprocess
import sys
from datetime import date

from finmart.demo.city import adverse, ledger, plan, taxes
from finmart.demo.city.demands import demands
from finmart.demo.city.dice import Dice
from finmart.demo.city.ledger import PURCHASE, SALE
from finmart.demo.city.people import applicants, staff
from finmart.demo.city.subjects import NUMBERS, CitySubject, subjects
from finmart.demo.city.trades import SEASONS, trades
from finmart.platform.authz.roles import ROLES
from finmart.reference import credit_codes, industries, regions, resident_ids
from finmart.reference.firm_size import Size, firm_size

#: The months in which the firms with a gap wrote no invoice.
GAP = (date(2026, 3, 1), date(2026, 7, 31))
YEAR = (date(2025, 11, 1), plan.REFERENCE_DATE)
#: What every subject and every invoice of the city looks like, as one figure.
CITY_SHA256 = "697817d2e9052984becd97acf8b2b9a2d065da7bec24f8d811503cdc9a0bae77"
DIGEST = "import tests.unit.demo.test_city as city; print(city.digest())"


def firms() -> list[CitySubject]:
    return [subject for subject in subjects() if subject.is_firm]


def digest() -> str:
    text = hashlib.sha256()
    for subject in subjects():
        text.update(repr((subject, ledger.invoices(subject), taxes.tax_months(subject))).encode())
    text.update(repr((adverse.records(), demands())).encode())
    return text.hexdigest()


def test_it_is_the_same_on_every_run_and_every_machine() -> None:
    fresh = subprocess.run(
        [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"}
    )
    assert fresh.stdout.strip() == digest() == CITY_SHA256


def test_chance_is_even_enough() -> None:
    dice = Dice("evenness")
    throws = [dice.below(10) for _ in range(20_000)]
    assert all(1_800 < throws.count(face) < 2_200 for face in range(10))
    assert 9_700 < sum(dice.around(100, 20) for _ in range(100)) < 10_300


def test_as_many_of_each_kind_as_planned() -> None:
    for kind, count in NUMBERS:
        assert sum(subject.kind == kind for subject in subjects()) == count
    assert len(subjects()) == 300
    assert {subject.district for subject in subjects()} == {node.code for node in regions.districts()}
    assert {subject.zone for subject in subjects()} - {None} == set(plan.ZONES.values())


def test_every_code_is_valid_and_belongs_to_nobody() -> None:
    assert len({subject.identifier for subject in subjects()}) == 300
    for subject in subjects():
        if subject.scheme == "uscc":
            code = credit_codes.parse(subject.identifier)
            assert code.organisation_code.startswith("DEM0")
            assert code.subject_kind == subject.kind
        else:
            assert resident_ids.parse(subject.identifier).division == plan.RESIDENT_DIVISION
            assert regions.find(plan.RESIDENT_DIVISION) is None


def test_every_firm_is_marked_and_bears_a_name_of_its_own() -> None:
    named = [subject for subject in subjects() if subject.scheme == "uscc"]
    assert all(subject.name.endswith(plan.MARK) for subject in named)
    assert len({subject.name for subject in named}) == len(named)


def test_trades_are_real_industries_in_real_districts() -> None:
    for trade in trades():
        assert industries.industry(trade.industry).level == 4
        assert trade.season in SEASONS
        assert all(regions.region(code).kind == "district" for code in trade.districts)
    assert all(1180 <= sum(season) <= 1220 for season in SEASONS.values())


def test_streets_lie_in_their_districts() -> None:
    assert all(regions.contains(subject.district, subject.street) for subject in subjects())


def test_all_sizes_appear_and_most_firms_are_small() -> None:
    sizes = [
        firm_size(subject.trade.industry, employees=subject.employees, revenue=subject.sales).size
        for subject in firms()
        if subject.trade
    ]
    assert {Size.MICRO, Size.SMALL, Size.MEDIUM, Size.NOT_DETERMINED} <= set(sizes)
    assert sizes.count(Size.MICRO) + sizes.count(Size.SMALL) > len(sizes) / 2


def test_invoices_agree_with_what_the_firm_is() -> None:
    lines = sum(len(ledger.invoices(subject)) for subject in firms())
    assert 40_000 <= lines <= 60_000
    for subject in firms():
        sold = ledger.total(subject, SALE, *YEAR)
        bought = ledger.total(subject, PURCHASE, *YEAR)
        assert sold <= 2 * subject.sales
        assert bought < sold * 1.15
        if subject.story == "steady":
            assert 0.75 * subject.sales < sold < 1.3 * subject.sales
        assert all(
            subject.established is None or invoice.day > subject.established <= plan.REFERENCE_DATE
            for invoice in ledger.invoices(subject)
        )


def test_invoice_numbers_are_unique_and_days_are_in_the_window() -> None:
    for subject in firms():
        issued = ledger.invoices(subject)
        assert len({invoice.number for invoice in issued}) == len(issued)
        assert all(ledger.month_start(plan.INVOICE_MONTHS - 1) <= each.day <= plan.REFERENCE_DATE for each in issued)


def test_stories_can_be_read_from_the_invoices() -> None:
    def halves(subject: CitySubject) -> tuple[int, int]:
        recent = ledger.total(subject, SALE, date(2025, 11, 1), plan.REFERENCE_DATE)
        return recent, ledger.total(subject, SALE, date(2024, 11, 1), date(2025, 10, 31))

    old = [subject for subject in firms() if subject.established and subject.established < date(2024, 5, 1)]
    told = {story: [halves(each) for each in old if each.story == story] for story in ("growing", "shrinking")}
    assert all(recent > before for recent, before in told["growing"])
    assert all(recent < before for recent, before in told["shrinking"])
    for subject in firms():
        if subject.story == "gap":
            assert ledger.total(subject, SALE, *GAP) == 0


def test_taxes_follow_from_the_invoices() -> None:
    for subject in firms():
        months = taxes.tax_months(subject)
        sold = sum(month.sales for month in months)
        paid = sum(month.paid for month in months)
        assert all(month.day <= plan.REFERENCE_DATE for month in months)
        assert 0.005 * sold <= paid <= 0.2 * sold
    assert {taxes.grade(subject) for subject in firms()} == {"A", "B", "M", "C", "D"}


def test_adverse_records_are_few_and_dated() -> None:
    assert 10 <= len(adverse.records()) <= 40
    assert {each.ended is None for each in adverse.records()} == {True, False}
    for record in adverse.records():
        assert record.subject.kind not in ("farmer", "person")
        assert record.began <= plan.REFERENCE_DATE
        assert record.ended is None or record.began < record.ended <= plan.REFERENCE_DATE
    worst = {subject.number for subject in firms() if taxes.grade(subject) == "D"}
    assert worst <= {record.subject.number for record in adverse.records()}


def test_demands_come_from_everywhere() -> None:
    asked = demands()
    assert len(asked) >= 60
    assert {subject.number for _, subject in applicants()} <= {demand.subject.number for demand in asked}
    assert {demand.subject.kind for demand in asked} == {kind for kind, _ in NUMBERS}
    assert {demand.subject.district for demand in asked} == {node.code for node in regions.districts()}
    sections = {industries.section_of(subject.trade.industry) for subject in subjects() if subject.trade}
    assert {industries.section_of(each.subject.trade.industry) for each in asked if each.subject.trade} == sections
    assert all(demand.amount % 5_000_000 == 0 and demand.amount > 0 for demand in asked)
    assert all(not each.subject.sales or each.amount <= max(each.subject.sales, 5_000_000) for each in asked)


def test_every_side_has_somebody_to_sign_in() -> None:
    roles = {person.role for person in staff()} | {person.role for person, _ in applicants()}
    assert roles == set(ROLES) - {"supplier"}
    owners = [subject.kind for person, subject in applicants() if person.role == "applicant_owner"]
    assert sorted(owners) == sorted(kind for kind, _ in NUMBERS)
    numbers = [person.number for person in staff()] + [person.number for person, _ in applicants()]
    assert len(set(numbers)) == len(numbers)
