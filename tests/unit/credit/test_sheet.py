"""What a profile's page makes of a profile: places, freshness, what is missing, what is drawn."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from finmart.conditions.types import Value
from finmart.credit.features.families import FAMILIES
from finmart.credit.routes.sheet import KEY_FIGURES, TILES, Lack, Section, sheet_of
from finmart.credit.types.values import Profile, StoredFact
from finmart.platform.kernel.clock import today
from finmart.reference.facts import facts

AS_OF = date(2026, 10, 31)
KNOWN_AT = datetime(2026, 11, 1, tzinfo=UTC)


def stored(key: str, value: Value, *, source: str = "vat_invoices", until: date | None = AS_OF) -> StoredFact:
    return StoredFact(key, 1, value, AS_OF, KNOWN_AT, until, source, "computed", ("batch0000001",), 7)


def profile(*given: StoredFact, kind: str = "enterprise", demonstration: bool = True, as_of: date = AS_OF) -> Profile:
    return Profile(
        version_public_id="version00001",
        subject_public_id="subject00001",
        name="南昌某某有限公司",
        kind=kind,
        demonstration=demonstration,
        as_of=as_of,
        known_at=KNOWN_AT,
        facts={fact.key: fact for fact in given},
    )


def section(of: Profile, name: str) -> Section:
    return next(one for one in sheet_of(of).sections if one.dataset.name == name)


def test_every_fact_of_every_family_stands_in_the_section_of_its_data_set() -> None:
    for one in sheet_of(profile()).sections:
        shown = {line.key for part in one.parts for line in part.unknown}
        assert FAMILIES[one.dataset.name].keys <= shown
        assert one.known == 0
        assert one.total == len(shown)


def test_no_fact_stands_twice_and_none_about_a_demand_stands_at_all() -> None:
    shown = [line for one in sheet_of(profile()).sections for part in one.parts for line in part.unknown]
    keys = [line.key for line in shown]
    assert len(keys) == len(set(keys))
    assert not [line.key for line in shown if line.definition.about == "demand"]


def test_a_key_figure_is_a_fact_of_the_dictionary() -> None:
    assert [key for key in KEY_FIGURES if key not in facts()] == []


def test_only_known_figures_make_tiles() -> None:
    given = [stored(key, 1) for key in KEY_FIGURES if facts()[key].kind in ("money", "count")]
    assert len(given) > 1
    assert [line.key for line in sheet_of(profile(*given)).tiles] == [fact.key for fact in given][:TILES]
    assert sheet_of(profile()).tiles == ()


def test_what_is_missing_says_what_would_fill_it() -> None:
    nothing = section(profile(), "invoices")
    assert {line.lack for part in nothing.parts for line in part.unknown} == {Lack.NOTHING_RECEIVED}
    some = section(profile(stored("sales_12m", 5)), "invoices")
    assert {line.lack for part in some.parts for line in part.unknown} == {Lack.NOT_ENOUGH}
    grade = next(line for part in section(profile(), "tax").parts for line in part.unknown if line.key == "tax_grade")
    assert grade.lack is Lack.DECLARABLE


def test_a_stand_in_made_of_invoices_does_not_make_the_tax_data_received() -> None:
    tax = section(profile(stored("annual_revenue", 5)), "tax")
    assert tax.known == 1
    assert not tax.received
    assert tax.freshness.state == "unknown"


def test_a_demonstration_stays_as_fresh_as_on_its_own_day_and_real_data_ages() -> None:
    days = facts()["sales_12m"].freshness_days
    assert days is not None
    long_ago = today() - timedelta(days=days + 400)
    fact = stored("sales_12m", 5, until=long_ago)
    shown = section(profile(fact, as_of=long_ago), "invoices").freshness
    assert (shown.state, shown.age, shown.limit) == ("met", 0, days)
    real = section(profile(fact, demonstration=False, as_of=long_ago), "invoices").freshness
    assert (real.state, real.age) == ("not_met", days + 400)


def test_the_limit_itself_is_still_fresh() -> None:
    days = facts()["sales_12m"].freshness_days
    assert days is not None
    for age, state in ((days, "met"), (days + 1, "not_met")):
        fact = stored("sales_12m", 5, until=AS_OF - timedelta(days=age))
        assert section(profile(fact), "invoices").freshness.state == state


def test_persons_are_told_that_amounts_need_their_consent() -> None:
    assert section(profile(kind="farmer"), "tax").consent_needed
    assert not section(profile(kind="farmer"), "invoices").consent_needed
    assert not section(profile(kind="enterprise"), "tax").consent_needed


def test_series_are_drawn_oldest_first_under_the_month_each_ends_in() -> None:
    charts = sheet_of(profile(stored("sales_monthly", (30, 20, 10)), stored("purchases_monthly", (3, 2)))).charts
    assert charts.months == (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
    assert charts.sales == (10, 20, 30)
    assert charts.purchases == (None, 2, 3), "what reaches back less far begins with a gap, not with zero"


def test_months_go_back_over_new_year() -> None:
    charts = sheet_of(profile(stored("tax_monthly", (3, 2, 1)), as_of=date(2020, 2, 21))).charts
    assert charts.taxes == ((date(2019, 12, 1), 1), (date(2020, 1, 1), 2), (date(2020, 2, 1), 3))
    assert charts.months == ()


def test_a_long_series_is_cut_to_its_latest_months() -> None:
    charts = sheet_of(profile(stored("sales_monthly", tuple(range(36))))).charts
    assert len(charts.months) == len(charts.sales) == 24
    assert charts.sales[-1] == 0
    assert charts.months[-1] == date(2026, 10, 1)


def test_concentration_is_drawn_where_it_is_known() -> None:
    charts = sheet_of(
        profile(stored("customer_top1_share_12m", 240_000), stored("customer_top5_share_12m", 740_000))
    ).charts
    assert charts.customers is not None
    assert (charts.customers.whole, charts.customers.five, charts.customers.one) == (1_000_000, 740_000, 240_000)
    assert charts.suppliers is None


def test_what_cannot_be_read_stands_with_its_data_set_as_received_and_unknown() -> None:
    spoilt = replace(profile(), unreadable={"sales_12m": "vat_invoices"})
    invoices = section(spoilt, "invoices")
    assert invoices.received
    lines = {line.key: line.lack for part in invoices.parts for line in part.unknown}
    assert lines["sales_12m"] is Lack.UNREADABLE
    assert sheet_of(spoilt).unreadable == ("sales_12m",)
    assert sheet_of(spoilt, ["tax"]).unreadable == ()
    assert sheet_of(profile()).unreadable == ()
