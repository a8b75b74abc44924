"""The project's own catalogue: whole, consistent, and the same after a round trip through its document."""

import json
import re
from pathlib import Path
from shutil import copytree

import pytest

from finmart.conditions.evaluate import evaluate
from finmart.conditions.json_form import parse_condition
from finmart.conditions.types import FactValue, State, Value
from finmart.platform.kernel.money import Term
from finmart.products import catalogue, document, labels
from finmart.products.catalogue import DATA, CatalogueFault, CatalogueFile, read_catalogue
from finmart.products.clauses import REMARK
from finmart.products.types import PublishedProduct

COUNTED_COLUMNS = {"min_years_established": 37, "tax_grades": 20, "min_annual_tax_wan": 14, "qualifications_any": 46}


@pytest.fixture(scope="module")
def files() -> CatalogueFile:
    return read_catalogue()


def _product(files: CatalogueFile, code: str) -> PublishedProduct:
    return next(product for product in files.products if product.code == code)


def test_all_products_and_institutions_are_there(files: CatalogueFile) -> None:
    assert len(files.products) == len({product.code for product in files.products}) == 196
    assert len(files.institutions) == len({record.ref.code for record in files.institutions}) == 100
    assert {product.institution.code for product in files.products} == {r.ref.code for r in files.institutions}
    assert 10 <= sum(record.ref.connected for record in files.institutions) <= 15


def test_every_filled_column_is_a_clause_unless_a_clause_says_it_with_its_exception(files: CatalogueFile) -> None:
    for column, number in COUNTED_COLUMNS.items():
        clauses = [c for p in files.products for c in p.variants[0].clauses if c.origin == f"column:{column}"]
        assert len(clauses) == number, column


#: (product, an applicant whom only the exception admits)
ADMITTED_BY_EXCEPTION = (
    ("ccb_diyakuaidai", {"years_established": 0, "months_established": 3, "annual_tax": 1}),
    ("ccb_shankedai", {"years_established": 0, "months_established": 1, "utilities_records": True}),
    ("srb_caiyuan", {"annual_tax": 0, "tax_exempt": True}),
    ("srcb_nongxinbao", {"years_established": 1, "controller.agri_years": 2}),
    (
        "ccb_jingyingkuaidai",
        {
            "years_established": 0,
            "months_established": 3,
            "operating_evidence_kinds": 2,
            "institution_relation.premium_customer": True,
        },
    ),
)


@pytest.mark.parametrize(
    ("code", "facts"), ADMITTED_BY_EXCEPTION, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_column_does_not_refuse_whom_a_clause_admits(
    files: CatalogueFile, code: str, facts: dict[str, Value]
) -> None:
    stated = {key: FactValue(value, None, "stated", "declared") for key, value in facts.items()}
    admission = _product(files, code).variants[0].clauses
    verdicts = [evaluate(parse_condition(clause.condition), stated).state for clause in admission]
    assert State.NOT_MET not in verdicts
    assert State.MET in verdicts


def test_a_column_gives_way_only_to_an_encoded_clause(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    copytree(DATA, folder)
    (folder / "superseded_columns.csv").write_text(
        "product_code,column,clause_zh,reason_zh\nccb_yunshuidai,tax_grades,须开建行结算户,\n", encoding="utf-8"
    )
    with pytest.raises(CatalogueFault, match="takes the place of tax_grades"):
        read_catalogue(folder)


def test_one_answer_of_an_institution_answers_one_matter(files: CatalogueFile) -> None:
    asked: dict[tuple[str, str], set[str]] = {}
    lines = [json.loads(line) for line in (DATA / "conditions.jsonl").read_text(encoding="utf-8").splitlines()]
    for line in lines:
        institution = _product(files, line["product_code"]).institution.code
        for key in re.findall(r"institution_relation\.\w*(?:judged|passed)\w*", json.dumps(line)):
            asked.setdefault((institution, key), set()).add(line["clause_zh"])
    assert asked
    assert {matter: clauses for matter, clauses in asked.items() if len(clauses) > 1} == {}


def test_every_product_survives_its_document(files: CatalogueFile) -> None:
    for product in files.products:
        stored = json.loads(json.dumps(document.dump(product)))
        assert document.load(stored, product.institution, product.version) == product


def test_an_unknown_form_of_document_is_refused(files: CatalogueFile) -> None:
    product = files.products[0]
    with pytest.raises(ValueError, match="form 99"):
        document.load(document.dump(product) | {"form": 99}, product.institution, 1)


def test_no_clause_is_lost(files: CatalogueFile) -> None:
    by_code = {row["product_code"]: row for row in catalogue._rows(DATA / "catalogue.csv")}
    lines = [json.loads(line) for line in (DATA / "conditions.jsonl").read_text(encoding="utf-8").splitlines()]
    for product in files.products:
        stated = len([c for c in by_code[product.code]["other_conditions_zh"].split(";") if c])
        encoded = {c.origin for c in product.variants[0].clauses if c.origin.startswith("clause:")}
        placed = {int(origin.removeprefix("clause:")) for origin in encoded}
        placed |= {words.number for words in (*product.words, *product.notes)}
        # Some clauses are said by the condition of another one.
        placed |= {line["clause"] for line in lines if line["product_code"] == product.code and "part_of" in line}
        assert placed == set(range(1, stated + 1)), product.code


def test_what_the_source_does_not_state_is_not_there(files: CatalogueFile) -> None:
    product = _product(files, "cmb_nc_zhaoqidai")
    (variant,) = product.variants
    assert (variant.amount_max, variant.term_max, variant.rate_min) == (None, None, None)
    assert not product.states("amount_max_wan")


def test_the_figure_of_one_case_is_told_and_computes_nothing(files: CatalogueFile) -> None:
    product = _product(files, "zixi_shengtaixindaitong")
    assert product.variants[0].rate_min is None
    assert "4.15%" in next(note.text_zh for note in product.notes if note.kind == "case")


def test_terms_of_all_variants_together_are_the_widest(files: CatalogueFile) -> None:
    overall = _product(files, "abc_xinxingzhuti").overall
    assert (overall.rate_min, overall.rate_max) == (None, 40_000)
    assert overall.term_max == Term(months=60)
    assert _product(files, "abc_huinongedai").overall.amount_max == 1_000_000_000


def test_a_stated_zero_is_a_zero(files: CatalogueFile) -> None:
    (variant,) = _product(files, "jxcityguar_caiyuandai").variants
    assert (variant.rate_kind, variant.rate_min, variant.rate_max) == ("fee", 0, 0)
    assert _product(files, "jxcityguar_caiyuandai").lowest_interest is None


def test_variants_have_terms_of_their_own(files: CatalogueFile) -> None:
    stated = {v.key: (v.guarantee_modes, v.amount_max) for v in _product(files, "abc_huinongedai").variants}
    assert stated == {
        "credit": (("credit",), 50_000_000),
        "guarantee": (("guarantee",), 200_000_000),
        "mortgage": (("mortgage",), 1_000_000_000),
    }
    by_subject = {v.key: (v.rate_max, v.clauses[-1].origin) for v in _product(files, "abc_xinxingzhuti").variants}
    assert by_subject == {"farmer": (35_000, "variant:farmer"), "cooperative": (40_000, "variant:cooperative")}


def test_every_clause_named_by_a_variant_or_fee_is_a_clause_of_its_product(files: CatalogueFile) -> None:
    by_code = {
        row["product_code"]: row["other_conditions_zh"].split(";") for row in catalogue._rows(DATA / "catalogue.csv")
    }
    for name in ("variants.csv", "fees.csv", "withheld.csv", "superseded_columns.csv"):
        for row in catalogue._rows(DATA / name):
            for clause in filter(None, row["clause_zh"].split(";")):
                assert clause in by_code[row["product_code"]], (name, clause)
    assert len(files.products) == len(by_code)


def test_every_code_has_words(files: CatalogueFile) -> None:
    for product in files.products:
        assert product.product_type in labels.PRODUCT_TYPES
        assert product.evidence_tier in labels.EVIDENCE_TIERS
        assert product.institution.kind in labels.INSTITUTION_KINDS
        assert set(product.guarantee_modes) <= set(labels.GUARANTEE_MODES)
        assert set(product.target_subjects) <= set(labels.SUBJECT_KINDS)
        assert {mode for v in product.variants for mode in v.repayment_modes} <= set(labels.REPAYMENT_MODES)
        assert {note.kind for note in product.notes} <= {*labels.NOTE_KINDS, REMARK}


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    copytree(DATA, folder)
    text = (folder / "catalogue.csv").read_text(encoding="utf-8")
    (folder / "catalogue.csv").write_text(
        text.replace(
            "ccb_diyakuaidai,抵押快贷,CCB Fast Mortgage Loan,ccb,",
            "ccb_diyakuaidai,抵押快贷,CCB Fast Mortgage Loan,nobody,",
        ),
        encoding="utf-8",
    )
    with pytest.raises(CatalogueFault, match="row 3"):
        read_catalogue(folder)


def test_a_material_that_no_clause_states_is_refused(tmp_path: Path) -> None:
    copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / "materials.csv"
    path.write_text(path.read_text(encoding="utf-8") + "cmb_zhaoqidai,须带护照,护照\n", encoding="utf-8")
    with pytest.raises(CatalogueFault, match="须带护照"):
        read_catalogue(tmp_path / "data")
