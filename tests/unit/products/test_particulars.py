"""What only some types of product state: cells, JSON, evidence, rules, and what enters the cost once."""

import csv
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Term
from finmart.products import costs, document
from finmart.products.catalogue import DATA, read_catalogue
from finmart.products.charging import (
    COMPOSITE_FEE,
    DEPOSIT,
    GUARANTEE_FEE,
    PREMIUM,
    SERVICE_FEE,
    particular_fees,
    receiver,
)
from finmart.products.columns import column_fees
from finmart.products.editing.checks import faults_of
from finmart.products.editing.laying import blank, laid_over
from finmart.products.editing.sheet import sheet_of
from finmart.products.editing.table import NAMES, over, read_drafts, rows_of
from finmart.products.particulars import cells, json_form
from finmart.products.particulars.figures import FIGURES, GuarantorFigures, figure_specs, leverage_tenths
from finmart.products.particulars.kinds import (
    KINDS,
    Equity,
    Factoring,
    Guarantee,
    Insurance,
    Leasing,
    Particulars,
    Pawn,
    columns,
    specs,
)
from finmart.products.particulars.spec import NUMBERS, Kind, Spec
from finmart.products.types import Fee, InstitutionRef, PublishedProduct, Variant
from finmart.reference.repayment import Method
from tests.factories.products import sheet as a_sheet

DAY = date(2026, 11, 21)
OWNER = InstitutionRef("one", "一家机构", "One", "guarantor", connected=True)
LOAN = Variant("standard", "标准", "Standard", rate_min=30_000, rate_max=30_000)


def _evidence() -> list[dict[str, Any]]:
    lines = (DATA / "particulars.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _source_rows() -> dict[str, dict[str, str]]:
    with (DATA / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {row["product_code"]: row for row in csv.DictReader(file)}


def _filled(spec: Spec) -> Any:
    """A value of the field that is neither zero nor blank."""
    if spec.kind in NUMBERS:
        return 7
    samples: dict[Kind, Any] = {Kind.FLAG: False, Kind.TEXT: "按合同约定", Kind.LIST: ("制造业", "农业")}
    codes = tuple(spec.choices)
    return {Kind.CHOICE: codes[:1] and codes[0], Kind.CHOICES: codes[-2:]}.get(spec.kind, samples.get(spec.kind))


def _full(product_type: str) -> Particulars:
    return KINDS[product_type](**{name: _filled(spec) for name, spec in specs(product_type).items()})


def _product(product_type: str, held: Particulars | None, variant: Variant = LOAN) -> PublishedProduct:
    fees = (*column_fees(variant), *particular_fees(held, variant, ()))
    return replace(
        blank("one_x", OWNER, on=DAY),
        name_zh="一个产品",
        product_type=product_type,
        particulars=held,
        variants=(replace(variant, fees=fees),),
    )


def test_each_quote_stands_in_the_source_row_of_its_product() -> None:
    rows = _source_rows()
    for line in _evidence():
        row = rows[line["product_code"]]
        assert any(line["quote"] in cell for cell in row.values()), line
        assert line["field"] in specs(row["product_type"]), line


def test_the_catalogue_states_exactly_what_the_evidence_says() -> None:
    wanted: dict[str, dict[str, Any]] = {}
    for line in _evidence():
        assert line["field"] not in wanted.setdefault(line["product_code"], {})
        wanted[line["product_code"]][line["field"]] = line["value"]
    held = {p.code: json_form.dump(p.particulars) for p in read_catalogue().products if p.particulars}
    assert held == wanted


@pytest.mark.parametrize("product_type", KINDS)
def test_every_field_survives_json_and_cells(product_type: str) -> None:
    held = _full(product_type)
    assert json_form.load(product_type, json.loads(json.dumps(json_form.dump(held)))) == held
    said = cells.cells_of(held, specs(product_type).values())
    assert all(said.values())
    assert KINDS[product_type](**cells.values_of(specs(product_type).values(), said)) == held
    product = _product(product_type, held)
    assert document.load(document.dump(product), OWNER, 0).particulars == held


@pytest.mark.parametrize("kind", FIGURES)
def test_figures_survive_json(kind: str) -> None:
    held = FIGURES[kind](**{name: _filled(spec) for name, spec in figure_specs(kind).items()})
    assert json_form.load_figures(kind, json_form.dump(held)) == held


def test_nothing_stated_is_none_and_leaves_the_document_as_it_was() -> None:
    product = _product("credit_loan", None)
    assert "particulars" not in document.dump(product)
    assert json_form.load("guarantee", {}) is None
    assert Guarantee().fee_rate is None


@pytest.mark.parametrize(
    "found",
    [{"fee": 1}, {"fee_rate": "1"}, {"fee_rate": True}, {"fee_rate": -1}, {"counter_guarantee": ["blood"]}],
)
def test_json_that_no_field_knows_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises(json_form.ParticularsFault):
        json_form.load("guarantee", found)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("guarantee_fee_rate_pct", "101"),
        ("guarantee_fee_rate_pct", "一成"),
        ("guarantee_is_financing", "maybe"),
        ("factoring_recourse", "some"),
        ("insurance_covered", "长" * 301),
        ("guarantee_partner_banks", ";".join(f"银行{n}" for n in range(41))),
    ],
)
def test_a_cell_out_of_bounds_is_refused_with_a_sentence(column: str, cell: str) -> None:
    with pytest.raises(BadInput):
        cells.read(columns()[column][1], cell)


def test_blank_is_not_stated_and_zero_is_zero() -> None:
    spec = specs("guarantee")["fee_rate"]
    assert cells.read(spec, " ") is None
    assert cells.read(spec, "0") == 0
    assert cells.plain(spec, None) == ""
    assert cells.plain(spec, 0) == "0"


@pytest.mark.parametrize(
    ("product_type", "stated", "place"),
    [
        ("guarantee", {"guarantee_fee_rate_pct": "1", "guarantee_fee_rate_min_pct": "2"}, "guarantee_fee_rate_min_pct"),
        (
            "guarantee",
            {"guarantee_share_bank_pct": "60", "guarantee_share_guarantor_pct": "50"},
            "guarantee_share_bank_pct",
        ),
        ("guarantee", {"guarantee_counter_guarantee": "none;joint"}, "guarantee_counter_guarantee"),
        (
            "factoring",
            {"factoring_service_fee_pct": "1", "factoring_service_fee_base": "invoice"},
            "factoring_advance_share_pct",
        ),
        ("equity", {"equity_beyond": "国家背书，包过"}, "equity_beyond"),
        ("equity", {"guarantee_fee_rate_pct": "1"}, "guarantee_fee_rate_pct"),
    ],
)
def test_what_cannot_be_said_together_is_named(product_type: str, stated: dict[str, str], place: str) -> None:
    sheet = replace(a_sheet(product_type=product_type), particulars=stated)
    assert [fault.place for fault in faults_of(sheet)] == [place]


def test_a_price_that_is_the_fee_is_not_stated_a_second_time() -> None:
    sheet = replace(a_sheet(product_type="guarantee", rate_kind="fee"), particulars={"guarantee_fee_rate_pct": "1"})
    assert [fault.place for fault in faults_of(sheet)] == ["guarantee_fee_rate_pct"]


def _costed(product: PublishedProduct, months: int = 12) -> costs.CostSheet:
    return costs.sheet(product, costs.Wanted(100_000_000, Term(months=months), Method.EQUAL_INSTALMENT))


def test_a_guarantee_fee_enters_the_cost_as_the_published_vector_has_it() -> None:
    """A 1 % fee up front lifts 3.00 % over 12 equal instalments to 4.98 % compound (DOMAIN, Money)."""
    sheet = _costed(_product("guarantee", Guarantee(fee_rate=10_000)))
    assert sheet.stated is not None
    assert (sheet.stated.total_charges, round(sheet.stated.compound_rate, -2)) == (1_000_000, 49_800)


def test_a_fee_is_counted_once_however_often_it_is_said() -> None:
    held = Guarantee(fee_rate=10_000)
    priced = replace(LOAN, rate_kind="fee")
    own = (Fee("fee_1", "担保费（不高于）", "", 10_000, "year", "borrower", ""),)
    assert [fee.key for fee in particular_fees(held, LOAN, ())] == [GUARANTEE_FEE]
    assert particular_fees(held, priced, ()) == ()
    assert particular_fees(held, LOAN, own) == ()


@pytest.mark.parametrize(
    ("product_type", "held", "key", "charges", "who"),
    [
        ("insurance", Insurance(cover="loan", premium_rate=20_000), PREMIUM, 2_000_000, "insurer"),
        ("factoring", Factoring(service_fee=10_000), SERVICE_FEE, 1_000_000, "factor"),
        (
            "factoring",
            Factoring(service_fee=8_000, service_fee_base="invoice", advance_share=800_000),
            SERVICE_FEE,
            1_000_000,
            "factor",
        ),
        ("pawn", Pawn(monthly_fee=20_000), COMPOSITE_FEE, 24_000_000, "pawnshop"),
        ("leasing", Leasing(deposit=100_000), DEPOSIT, 0, "lessor"),
    ],
)
def test_what_a_borrower_pays_enters_the_cost_and_says_who_receives_it(
    product_type: str, held: Particulars, key: str, charges: int, who: str
) -> None:
    product = _product(product_type, held)
    sheet, bare = _costed(product), _costed(_product(product_type, None))
    assert sheet.stated is not None
    assert bare.stated is not None
    assert [cost.fee.key for cost in sheet.fees] == [key]
    assert receiver(product, sheet.fees[0].fee) == who
    assert sheet.stated.total_charges == charges
    assert sheet.stated.compound_rate > bare.stated.compound_rate


def test_the_sheets_line_of_a_monthly_fee_is_what_the_total_counts() -> None:
    sheet = _costed(_product("pawn", Pawn(monthly_fee=20_000)), months=6)
    assert sheet.stated is not None
    assert sheet.fees[0].amount == sheet.stated.total_charges == 12_000_000


def test_a_fee_of_the_invoice_whose_advance_nobody_states_leaves_the_cost_open() -> None:
    sheet = _costed(_product("factoring", Factoring(service_fee=8_000, service_fee_base="invoice")))
    assert sheet.stated is None
    assert sheet.fees[0].amount is None


@pytest.mark.parametrize(
    ("product_type", "held", "word"),
    [("equity", Equity(rounds=("seed",)), "股权融资不是借款"), ("insurance", Insurance(cover="crop"), "这是保险")],
)
def test_what_is_no_loan_has_no_annual_cost_and_says_why(product_type: str, held: Particulars, word: str) -> None:
    sheet = _costed(_product(product_type, held))
    assert sheet.stated is None
    assert sheet.reason is not None
    assert word in sheet.reason.msgid


def test_a_price_at_the_end_is_named_beside_the_cost() -> None:
    sheet = _costed(_product("leasing", Leasing(residual_price=10_000)))
    assert sheet.in_words == ("期满留购价 100 元",)


@pytest.mark.parametrize("product_type", KINDS)
def test_a_file_carries_every_field_there_and_back(product_type: str) -> None:
    product = _product(product_type, _full(product_type), replace(LOAN, amount_max=100_000_000))
    [row] = rows_of(product.code, product)
    content = "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in (NAMES, row)).encode()
    [sent] = read_drafts(content).rows
    assert over(product, sent) == sheet_of(product)
    fresh = laid_over(blank("one_y", OWNER, on=DAY), sent.sheet, on=DAY)
    assert fresh.particulars == product.particulars
    assert [fee.key for fee in fresh.variants[0].fees] == [fee.key for fee in product.variants[0].fees]


def test_another_type_keeps_nothing_of_the_one_before() -> None:
    product = _product("guarantee", Guarantee(fee_rate=10_000))
    sheet = sheet_of(product)
    changed = laid_over(
        product, replace(sheet, cells={**sheet.cells, "product_type": "credit_loan"}, particulars={}), on=DAY
    )
    assert changed.particulars is None
    assert changed.variants[0].fees == ()


def test_what_was_not_touched_stays_as_it_was() -> None:
    product = _product("guarantee", _full("guarantee"))
    assert laid_over(product, sheet_of(product), on=DAY).particulars is product.particulars


def test_leverage_is_worked_out_and_only_of_both_figures() -> None:
    figures = GuarantorFigures(liability_balance=756, net_assets=100)
    assert leverage_tenths(figures) == 76
    assert leverage_tenths(replace(figures, net_assets=None)) is None
    assert leverage_tenths(replace(figures, net_assets=0)) is None
