"""Filling in a product: everything survives an edit that touches something else, and what is wrong is said where."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.files.inspection import tables
from finmart.platform.files.types.errors import TableRefused
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.money import Term
from finmart.products.catalogue import DATA, read_catalogue
from finmart.products.editing import checks, table
from finmart.products.editing.checks import faults_of
from finmart.products.editing.laying import OWN_SOURCE, OWN_TIER, laid_over
from finmart.products.editing.sheet import Sheet, sheet_of
from finmart.products.types import PublishedProduct, Words
from tests.factories.products import sheet

PRODUCTS = read_catalogue().products
BY_CODE = {product.code: product for product in PRODUCTS}
DAY = date(2026, 11, 21)


def _as_before(product: PublishedProduct, like: PublishedProduct) -> PublishedProduct:
    return replace(product, evidence_tier=like.evidence_tier, source=like.source, recorded_on=like.recorded_on)


def _with(stands: Sheet, **cells: str) -> Sheet:
    return replace(stands, cells={**stands.cells, **cells})


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_an_edit_that_touches_nothing_changes_nothing(product: PublishedProduct) -> None:
    said = laid_over(product, sheet_of(product), on=DAY)
    assert _as_before(said, product) == product
    assert (said.evidence_tier, said.source, said.recorded_on) == (OWN_TIER, OWN_SOURCE, DAY)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_a_touched_name_leaves_everything_else_alone(product: PublishedProduct) -> None:
    said = laid_over(product, _with(sheet_of(product), name_zh="新名称"), on=DAY)
    assert said.name_zh == "新名称"
    assert _as_before(replace(said, name_zh=product.name_zh), product) == product


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.code)
def test_what_the_catalogue_states_has_no_faults(product: PublishedProduct) -> None:
    assert faults_of(sheet_of(product)) == ()


def test_a_touched_condition_is_encoded_and_the_others_stand() -> None:
    product = BY_CODE["ccb_yunshuidai"]
    said = laid_over(product, _with(sheet_of(product), min_employees="10", tax_grades=""), on=DAY)
    origins = [clause.origin for clause in said.variants[0].clauses]
    assert "column:min_employees" in origins
    assert "column:tax_grades" not in origins
    assert "min_employees" in said.stated_fields
    assert "tax_grades" not in said.stated_fields
    stood = [clause for clause in product.variants[0].clauses if clause.origin != "column:tax_grades"]
    assert [clause for clause in said.variants[0].clauses if clause.origin != "column:min_employees"] == stood


def test_a_condition_that_no_column_could_state_is_carried_over() -> None:
    product = BY_CODE["ccb_yunshuidai"]
    first = product.variants[0]
    foreign = tuple(
        replace(clause, condition={"lt": clause.condition["ge"]}) if "ge" in clause.condition else clause
        for clause in first.clauses
    )
    changed = replace(product, variants=(replace(first, clauses=foreign),))
    said = laid_over(changed, _with(sheet_of(changed), min_employees="5"), on=DAY)
    kept = [clause for clause in foreign if "lt" in clause.condition]
    assert kept
    assert [clause for clause in said.variants[0].clauses if "lt" in clause.condition] == kept


def test_ways_keep_their_own_terms() -> None:
    product = next(product for product in PRODUCTS if len(product.variants) > 1)
    stands = sheet_of(product)
    ways = ({**stands.ways[0], "amount_max_wan": "77", "term_max_months": "20天"}, *stands.ways[1:])
    said = laid_over(product, replace(stands, ways=ways), on=DAY)
    assert said.variants[0].amount_max == 77_000_000
    assert said.variants[0].term_max == Term(days=20)
    assert said.variants[1:] == product.variants[1:]


def test_a_fee_rate_moves_the_fee_that_the_columns_state() -> None:
    product = next(
        product for product in PRODUCTS if product.variants[0].rate_kind == "fee" and product.overall.rate_max
    )
    stands = sheet_of(product)
    ways = tuple({**way, "rate_min_pct": "", "rate_max_pct": "1.5"} for way in stands.ways)
    said = laid_over(product, replace(stands, ways=ways), on=DAY)
    assert [fee.rate for fee in said.variants[0].fees if fee.key == "fee_rate"] == [15_000]


def test_fees_are_added_changed_and_emptied() -> None:
    product = BY_CODE["ccb_yunshuidai"]
    fee = {"label_zh": "评估费", "rate_pct": "0.2", "per": "once", "text_zh": ""}
    once = laid_over(product, replace(sheet_of(product), fees=(fee,)), on=DAY)
    assert [(each.key, each.rate, each.payer) for each in once.variants[0].fees] == [("fee_1", 2000, "borrower")]
    assert laid_over(once, replace(sheet_of(once), fees=()), on=DAY).variants[0].fees == ()


def test_words_keep_their_numbers_and_new_ones_are_counted_on() -> None:
    product = BY_CODE["ccb_yunshuidai"]
    stands = sheet_of(product)
    said = laid_over(product, replace(stands, words=(*stands.words[1:], "须有固定经营场所")), on=DAY)
    assert said.words[:-1] == product.words[1:]
    numbers = [words.number for words in (*product.words, *product.notes)]
    assert said.words[-1].text_zh == "须有固定经营场所"
    assert said.words[-1].number > max(numbers)


@pytest.mark.parametrize(
    ("way", "place"),
    [
        ({"amount_min_wan": "500"}, "ways-0-amount_min_wan"),
        ({"amount_max_wan": "0"}, "ways-0-amount_max_wan"),
        ({"amount_max_wan": "3000000000"}, "ways-0-amount_max_wan"),
        ({"amount_max_wan": "三百"}, "ways-0-amount_max_wan"),
        ({"term_min_months": "24"}, "ways-0-term_min_months"),
        ({"term_max_months": "一年"}, "ways-0-term_max_months"),
        ({"term_max_months": "601"}, "ways-0-term_max_months"),
        ({"rate_min_pct": "6"}, "ways-0-rate_min_pct"),
        ({"rate_max_pct": "24.01"}, "ways-0-rate_max_pct"),
        ({"rate_min_pct": "-1"}, "ways-0-rate_min_pct"),
        ({"guarantee_modes": "magic"}, "ways-0-guarantee_modes"),
    ],
)
def test_wrong_terms_are_refused_where_they_stand(way: dict[str, str], place: str) -> None:
    assert [fault.place for fault in faults_of(sheet(way=way))] == [place]


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"name_zh": ""}, "name_zh"),
        ({"name_zh": "很" * 61}, "name_zh"),
        ({"product_type": "lottery"}, "product_type"),
        ({"region_codes": "000000"}, "region_codes"),
        ({"industries_include": "ZZ"}, "industries_include"),
        ({"tax_grades": "A;Z"}, "tax_grades"),
        ({"min_years_established": "两年"}, "min_years_established"),
        ({"min_years_established": "-1"}, "min_years_established"),
        ({"qualifications_any": "best_friend"}, "qualifications_any"),
        ({"decision_days": "400"}, "decision_days"),
        ({"repayment_modes": "随缘"}, "repayment_modes"),
    ],
)
def test_wrong_cells_are_refused_where_they_stand(cells: dict[str, str], place: str) -> None:
    assert [fault.place for fault in faults_of(sheet(**cells))] == [place]  # type: ignore[arg-type]


@pytest.mark.parametrize("word", checks.forbidden_words())
@pytest.mark.parametrize("between", ["", " ", "\u3000", "\u200b"])
def test_forbidden_promises_are_found_everywhere(word: str, between: str) -> None:
    text = f"我们{between.join(word)}的产品"
    assert checks.forbidden_in(text) == word
    assert [fault.place for fault in faults_of(sheet(name_zh=text))] == ["name_zh"]
    assert [fault.place for fault in faults_of(sheet(words=(text,)))] == ["words"]
    fee = {"label_zh": text, "rate_pct": "1", "per": "year", "text_zh": ""}
    assert [fault.place for fault in faults_of(replace(sheet(), fees=(fee,)))] == ["fees-0-label_zh"]


@pytest.mark.parametrize(
    "term", ["inf", "-inf", "nan", "sNaN", "1e500000", "1e999999999", "9" * 5000, "9" * 5000 + "天"]
)
def test_a_term_that_is_no_term_is_refused_at_once(term: str) -> None:
    assert {fault.place for fault in faults_of(sheet(way={"term_max_months": term}))} == {"ways-0-term_max_months"}


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\u202e"])
def test_what_nobody_can_see_is_refused_everywhere(sign: str) -> None:
    text = f"微{sign}贷"
    assert [fault.place for fault in faults_of(sheet(name_zh=text))] == ["name_zh"]
    assert [fault.place for fault in faults_of(sheet(words=(text,)))] == ["words"]


def test_a_fee_without_a_name_or_a_price_is_refused() -> None:
    nameless = {"label_zh": "", "rate_pct": "1", "per": "year", "text_zh": ""}
    priceless = {"label_zh": "评估费", "rate_pct": "", "per": "sometimes", "text_zh": ""}
    found = faults_of(replace(sheet(), fees=(nameless, priceless)))
    assert [fault.place for fault in found] == ["fees-0-label_zh", "fees-1-per", "fees-1-rate_pct"]


def _fee(rate: str, per: str) -> dict[str, str]:
    return {"label_zh": "费用", "rate_pct": rate, "per": per, "text_zh": ""}


@pytest.mark.parametrize(
    ("stated", "places"),
    [
        ([("100", "once")], ["fees-0-rate_pct"]),
        ([("60", "deposit"), ("", "once"), ("30", "month"), ("10", "year")], ["fees-3-rate_pct"]),
        ([("99.9", "once"), ("5", "day")], []),
    ],
)
def test_fees_that_leave_nothing_of_the_loan_are_refused(stated: list[tuple[str, str]], places: list[str]) -> None:
    fees = tuple({**_fee(rate, per), "text_zh": "按实际收取"} for rate, per in stated)
    assert [fault.place for fault in faults_of(replace(sheet(), fees=fees))] == places


def _csv(text: str) -> bytes:
    return text.encode()


def test_the_catalogue_file_itself_can_be_read_as_drafts() -> None:
    rows = table.read_drafts((DATA / "catalogue.csv").read_bytes()).rows
    assert [row.code for row in rows] == [product.code for product in PRODUCTS]
    # One source promises an answer in seconds; the catalogue does not reprint it, and no draft may say it.
    assert [row.code for row in rows if faults_of(row.sheet)] == ["cmb_nc_kechuangdai"]


def test_a_row_over_a_product_keeps_what_the_file_says_nothing_about() -> None:
    product = BY_CODE["ccb_yunshuidai"]
    [row] = table.read_drafts(
        _csv("product_code,name_zh,product_type,amount_max_wan\nccb_yunshuidai,云税贷,tax_loan,500\n")
    ).rows
    said = laid_over(product, table.over(product, row), on=DAY)
    assert said.variants[0].amount_max == 500_000_000
    assert said.words == product.words
    assert said.variants[0].clauses == product.variants[0].clauses


def test_the_whole_row_over_its_own_product_repeats_no_clause() -> None:
    rows = {row.code: row for row in table.read_drafts((DATA / "catalogue.csv").read_bytes()).rows}
    sound = {code for code, row in rows.items() if not faults_of(row.sheet)}
    for product in (each for each in PRODUCTS if len(each.variants) == 1 and each.code in sound):
        said = laid_over(product, table.over(product, rows[product.code]), on=DAY)
        assert {words.text_zh for words in said.words} == {words.text_zh for words in product.words}, product.code


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "缺少这些列"),
        (_csv("name_zh,product_type\n"), "没有产品"),
        (_csv("name_zh,product_type,magic\na,credit_loan,1\n"), "magic"),
        (_csv("name_zh\na\n"), "product_type"),
        (_csv("name_zh,name_zh,product_type\na,b,c\n"), "重复"),
        (_csv("name_zh,product_type\na,b,c\n"), "第 2 行有 3 列"),
        (_csv('name_zh,product_type\n"a,b\n'), "CSV"),
        (b"\xff\xfe\x00", "UTF-8"),
        (_csv("name_zh,product_type\n" + "a,b\n" * 301), "300"),
        (b"a" * (tables.MOST_BYTES + 1), "2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(content: bytes, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        table.read_drafts(content)


def test_files_from_a_spreadsheet_are_read() -> None:
    text = "name_zh,product_type\r\n云税贷,tax_loan\r\n,\r\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        [row] = table.read_drafts(text.encode(encoding)).rows
        assert row.sheet.cells["name_zh"] == "云税贷"


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    try:
        rows = table.read_drafts(content).rows
    except FinmartError:
        return
    for row in rows:
        faults_of(row.sheet)


@given(st.dictionaries(st.sampled_from(sorted(sheet().cells)), st.text(max_size=30)))
def test_whatever_is_filled_in_is_laid_over_or_named(cells: dict[str, str]) -> None:
    said = sheet()
    filled = replace(said, cells={**said.cells, **cells})
    if not faults_of(filled):
        laid_over(BY_CODE["ccb_yunshuidai"], filled, on=DAY)


def test_clauses_in_words_are_conditions() -> None:
    said = laid_over(BY_CODE["ccb_yunshuidai"], sheet(), on=DAY)
    assert all(isinstance(words, Words) and words.kind == "condition" for words in said.words)


def test_materials_are_written_one_by_one_and_kept() -> None:
    product = BY_CODE["webank_weiyedai"]
    assert sheet_of(product).cells["materials"] == "营业执照"
    said = laid_over(product, _with(sheet_of(product), materials="营业执照; 近两年财务报表"), on=DAY)
    assert said.materials == ("营业执照", "近两年财务报表")
    assert "materials" in said.stated_fields
    assert laid_over(said, _with(sheet_of(said), materials=""), on=DAY).materials == ()
    assert [fault.place for fault in faults_of(_with(sheet_of(product), materials="包过承诺书"))] == ["materials"]
