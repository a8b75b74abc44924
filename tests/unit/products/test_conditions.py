"""Every encoded condition of the catalogue: sound, speaking of known facts, sayable in both languages."""

import re

import pytest

from finmart.conditions.json_form import dump_condition, parse_condition, parse_expression
from finmart.conditions.sentence import sentence
from finmart.conditions.validate import expression_problems, problems
from finmart.products.catalogue import DATA, read_catalogue
from finmart.products.clauses import SEPARATOR, read_lines
from finmart.products.types import PublishedProduct

PRODUCTS = read_catalogue().products
#: Codes, keys and placeholders that must have become words; tax grades and the like are words themselves.
RAW = re.compile(r"[a-z]+_[a-z_]+|demand\.|\d{6}|未知数据项|unknown")


@pytest.mark.parametrize("product", PRODUCTS, ids=[product.code for product in PRODUCTS])
def test_every_clause_is_sound_and_sayable(product: PublishedProduct) -> None:
    for variant in product.variants:
        for clause in variant.clauses:
            condition = parse_condition(clause.condition)
            assert dump_condition(condition) == clause.condition
            assert problems(condition) == (), (clause.key, problems(condition))
            for language in ("zh", "en"):
                said = sentence(condition, language)
                assert said
                assert not RAW.search(said), (clause.key, said)
        if variant.limit is not None:
            assert expression_problems(parse_expression(variant.limit)) == ()


def test_every_line_of_the_encoded_clauses_is_used() -> None:
    placed = {(p.code, c.text_zh) for p in PRODUCTS for v in p.variants for c in v.clauses}
    # The texts of clauses that one condition says together stand in a row.
    placed |= {(code, part) for code, text in placed for part in text.split(SEPARATOR)}
    # A case's figure stands behind its clause.
    placed |= {(p.code, words.text_zh.partition("：")[0]) for p in PRODUCTS for words in (*p.words, *p.notes)}
    unused = [key for key in read_lines(DATA / "conditions.jsonl") if key not in placed]
    assert unused == []


def test_invoices_sales_and_spans_are_encoded() -> None:
    encoded = [c for p in PRODUCTS for c in p.variants[0].clauses if c.origin.startswith("clause:")]
    limits = [p for p in PRODUCTS if p.variants[0].limit is not None]
    assert len(encoded) + len(limits) >= 25
