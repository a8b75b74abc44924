"""The measure of a search, and that the search is as good as the project promises."""

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from finmart.platform.search.types import Query
from finmart.products.catalogue import read_catalogue
from finmart.products.cli import group
from finmart.products.search import evaluating, index
from finmart.products.search.documents import document_of
from finmart.products.search.looking import look
from tests.fixtures.search import MakeIndex

pytestmark = pytest.mark.search

#: What the project promises of the judged queries, and of those that were held out of the tuning.
PROMISED = 0.85


def test_ndcg_is_one_for_the_best_order_and_less_for_any_other() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    assert evaluating.ndcg(("a", "b", "c"), grades) == 1.0
    worse = (1 + 3 / math.log2(3) + 7 / 2) / (7 + 3 / math.log2(3) + 1 / 2)
    assert evaluating.ndcg(("c", "b", "a"), grades) == pytest.approx(worse)
    assert evaluating.ndcg((), grades) == 0.0
    assert evaluating.ndcg(("x",), {}) == 1.0


def test_the_search_is_as_good_as_promised_and_better_for_all_its_parts(tmp_path: Path, make_index: MakeIndex) -> None:
    queries = evaluating.read_queries(evaluating.QUERIES)
    searched = {name: make_index(tmp_path / name, spec) for name, spec in evaluating.variants().items()}
    measured = evaluating.measure(
        lambda spec: searched[next(n for n, s in evaluating.variants().items() if s == spec)], queries
    )
    line = evaluating.summary("this", queries, measured)
    assert line["queries"] == len(queries)
    assert float(str(line["ndcg10"])) >= PROMISED
    assert float(str(line["ndcg10_held_out"])) >= PROMISED
    for less in ("without_synonyms", "without_pinyin"):
        assert float(str(line[f"ndcg10_{less}"])) < float(str(line["ndcg10"]))


def test_a_file_of_ones_own_is_measured(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text('{"query": "云税贷", "relevant": {"ccb_yunshuidai": 3}}\n\n', encoding="utf-8")
    result = CliRunner().invoke(group, ["search-evaluate", "--queries", str(file), "--json"])
    rows = json.loads(result.stdout)
    assert rows[0]["engine"] == "embedded"
    assert (rows[0]["queries"], rows[0]["ndcg10"]) == (1, 1.0)


@pytest.mark.parametrize(
    "line", ["", "[]", "{}", "nonsense", '{"query": 1, "relevant": {}}', '{"query": "a", "relevant": {"x": 9}}']
)
def test_a_file_that_cannot_be_used_is_said_so_in_one_sentence(tmp_path: Path, line: str) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    result = CliRunner().invoke(group, ["search-evaluate", "--queries", str(file)])
    assert result.exit_code == 1
    assert "own.jsonl" in result.stderr


def test_figures_leave_out_what_contradicts_and_are_let_go_when_nothing_agrees(
    tmp_path: Path, make_index: MakeIndex
) -> None:
    products = read_catalogue().products
    by_code = {product.code: product for product in products}
    searched = make_index(tmp_path, index.spec())
    searched.rebuild(map(document_of, products), words=index.user_words(products), note="one")
    looked = look(searched.find, Query("300万 税贷", limit=50))
    found = [by_code[key] for key in looked.hits.keys]
    assert found
    assert all(product.amount_max is None or product.amount_max >= 300_000_000 for product in found)
    unstated = [product.amount_max is None for product in found]
    assert unstated == sorted(unstated)
    assert not looked.loosened
    beyond = look(searched.find, Query("9000万 云税贷"))
    assert beyond.loosened
    assert beyond.hits.keys == ("ccb_yunshuidai",)
    assert look(searched.find, Query("云税贷")).alike
    assert not look(searched.find, Query("云税贷", offset=12)).alike
