"""Rates stated as an index and a spread: worked out once from the index of their day, and the same everywhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from finmart.platform.kernel.money import Term
from finmart.products import comparing, costs, describing, document, indexed, presentation
from finmart.products.catalogue import read_catalogue
from finmart.products.editing import table
from finmart.products.editing.checks import faults_of
from finmart.products.editing.laying import blank, laid_over
from finmart.products.editing.sheet import sheet_of
from finmart.products.types import InstitutionRef, PublishedProduct
from finmart.reference import lpr
from finmart.reference.lpr import Quote
from finmart.reference.repayment import Method
from tests.factories.products import sheet

OWNER = InstitutionRef("bank", "某银行", "A bank", "bank", connected=True)
DAY = date(2026, 11, 21)
QUOTES = lpr.published().with_quotes(
    [
        Quote("1y", date(2026, 10, 20), date(2026, 11, 20), 30_000, "公布"),
        Quote("5y", date(2026, 10, 20), date(2026, 11, 20), 35_000, "公布"),
    ]
)
INDEXED = {
    "rate_min_pct": "",
    "rate_max_pct": "",
    "rate_index": "1y",
    "rate_index_on": "2026-10-20",
    "spread_min_bp": "60",
    "spread_max_bp": "60",
}


def _product(**way: str) -> PublishedProduct:
    filled = sheet(way={**INDEXED, **way})
    assert faults_of(filled, QUOTES) == ()
    return laid_over(blank("one", OWNER, on=DAY), filled, on=DAY, table=QUOTES)


def test_the_rate_is_what_index_and_spread_come_to_on_their_day() -> None:
    variant = _product(spread_max_bp="100").variants[0]
    assert (variant.rate_min, variant.rate_max) == (36_000, 40_000)
    below = _product(rate_index="5y", spread_min_bp="-20", spread_max_bp="+30").variants[0]
    assert (below.rate_min, below.rate_max) == (33_000, 38_000)
    only = _product(spread_min_bp="").variants[0]
    assert (only.rate_min, only.rate_max) == (None, 36_000)


def test_it_survives_the_form_the_document_and_a_later_table() -> None:
    product = _product()
    kept = document.load(document.dump(product), OWNER, product.version)
    assert kept == product
    assert sheet_of(kept).ways[0] == {**sheet_of(kept).ways[0], **INDEXED}
    later = QUOTES.with_quotes([Quote("1y", date(2026, 10, 20), date(2026, 11, 20), 29_000, "更正")])
    # A version says what it said: only whoever touches the index works it out again.
    assert laid_over(kept, sheet_of(kept), on=DAY, table=later).variants == product.variants


def test_a_number_takes_the_place_of_the_index() -> None:
    product = _product()
    stands = sheet_of(product)
    way = {**stands.ways[0], **dict.fromkeys(INDEXED, ""), "rate_min_pct": "3.2"}
    said = laid_over(product, replace(stands, ways=(way,)), on=DAY, table=QUOTES).variants[0]
    assert (said.indexed, said.rate_min, said.rate_max) == (None, 32_000, None)
    assert indexed.said(said) == ""


def test_documents_without_an_index_keep_their_fingerprint() -> None:
    product = read_catalogue().products[0]
    assert all("indexed" not in variant for variant in document.dump(product)["variants"])
    assert "indexed" in document.dump(_product())["variants"][0]


@pytest.mark.parametrize(
    ("way", "place"),
    [
        ({"rate_index": ""}, "rate_index"),
        ({"rate_index": "10y"}, "rate_index"),
        ({"rate_index_on": ""}, "rate_index_on"),
        ({"rate_index_on": "20 Oct"}, "rate_index_on"),
        ({"rate_index_on": "2026-11-20"}, "rate_index_on"),
        ({"rate_index_on": "2019-08-19"}, "rate_index_on"),
        ({"spread_min_bp": "", "spread_max_bp": ""}, "spread_min_bp"),
        ({"spread_min_bp": "0.6"}, "spread_min_bp"),
        ({"spread_max_bp": "60%"}, "spread_max_bp"),
        ({"spread_max_bp": "1001"}, "spread_max_bp"),
        ({"spread_min_bp": "61"}, "spread_min_bp"),
        ({"spread_min_bp": "-301"}, "spread_min_bp"),
        ({"rate_max_pct": "3.6"}, "rate_max_pct"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(way: Mapping[str, str], place: str) -> None:
    faults = faults_of(sheet(way={**INDEXED, **way}), QUOTES)
    assert [fault.place for fault in faults] == [f"ways-0-{place}"]


def test_a_fee_rate_follows_no_index() -> None:
    faults = faults_of(sheet(way=INDEXED, rate_kind="fee"), QUOTES)
    assert [fault.place for fault in faults] == ["ways-0-rate_index"]


def test_it_is_said_with_its_day_wherever_the_rate_is_shown(app: Flask) -> None:
    product = _product()
    line = "LPR 1年期 3.00%（2026-10-20）+ 60 基点 = 3.60%"
    with app.test_request_context():
        assert indexed.said(product.variants[0]) == line
        assert describing.bounds(product.variants[0], "rate") == ("年利率 3.60%", line)
        wanted = costs.Wanted(100_000_000, Term(months=12), Method.BULLET)
        sheet_ = costs.sheet(product, wanted)
        assert sheet_.stated is not None
        assert sheet_.stated.total_interest == 3_600_000
        assert line in (presentation.cost_rows(product, sheet_)[0][3] or "")
        assert comparing.prices(comparing.compared(product, 100_000_000, 12, Method.BULLET)) == ("年利率 3.60%", line)
        changes = describing.changes(product, _product(spread_min_bp="-20", spread_max_bp="80"))
        assert [change.added for change in changes] == [
            ("年利率 2.80% – 3.80%", "LPR 1年期 3.00%（2026-10-20）(\u2212 20 – + 80) 基点 = 2.80% – 3.80%")
        ]


def test_a_file_says_it_in_columns_of_its_own() -> None:
    product = _product()
    (row,) = table.rows_of("one", product)
    cells = dict(zip(table.NAMES, row, strict=True))
    assert {name: cells[name] for name in INDEXED} == INDEXED
    text = ",".join(table.NAMES) + "\n" + ",".join(f'"{cell}"' for cell in row)
    (read,) = table.read_drafts(text.encode()).rows
    again = table.over(product, read)
    assert laid_over(product, again, on=DAY, table=QUOTES).variants == product.variants
    worded = text.replace('"1y"', '"LPR 1年期"')
    assert table.read_drafts(worded.encode()).rows[0].sheet.ways[0]["rate_index"] == "1y"


def test_a_file_without_those_columns_may_state_a_number_instead() -> None:
    product = _product()
    content = "product_code,name_zh,product_type,rate_min_pct,rate_max_pct\none,赣江测试贷,credit_loan,3.2,4\n"
    (row,) = table.read_drafts(content.encode()).rows
    over = table.over(product, row)
    assert faults_of(over, QUOTES) == ()
    variant = laid_over(product, over, on=DAY, table=QUOTES).variants[0]
    assert (variant.indexed, variant.rate_min, variant.rate_max) == (None, 32_000, 40_000)
