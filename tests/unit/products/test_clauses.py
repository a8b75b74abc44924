"""Clauses in words: encoded, to be confirmed, or notes; each keeps its number."""

import json
from pathlib import Path

import pytest

from finmart.products.clauses import ClauseFault, ClauseLine, read_lines, sort_clauses

CONDITION = {"ge": [{"fact": "sales_12m"}, {"value": 300_000_000}]}
LIMIT = {"times": [{"value": 100_000}, {"fact": "sales_12m"}]}


def test_a_clause_without_a_line_is_to_be_confirmed() -> None:
    found = sort_clauses(["无当前逾期"], {}, {}, {})
    assert [(words.number, words.text_zh) for words in found.words] == [(1, "无当前逾期")]
    assert found.notes == ()
    assert found.encoded == ()


def test_an_encoded_clause_leaves_the_words() -> None:
    lines = {"近1年有效开票收入≥300万": (ClauseLine("condition", CONDITION, None),)}
    found = sort_clauses(["连续2年增值税开票记录", "近1年有效开票收入≥300万"], lines, {}, {})
    (clause,) = found.encoded
    assert (clause.key, clause.origin, clause.condition, clause.required) == ("clause_2", "clause:2", CONDITION, True)
    assert [words.number for words in found.words] == [1]


def test_a_preference_scores_and_never_excludes() -> None:
    found = sort_clauses(["优先"], {"优先": (ClauseLine("preference", CONDITION, None),)}, {}, {})
    assert [clause.required for clause in found.encoded] == [False]
    assert found.words == ()


def test_a_limit_is_worked_out_and_shown() -> None:
    found = sort_clauses(["额度"], {"额度": (ClauseLine("term", None, LIMIT),)}, {}, {})
    assert found.limit == LIMIT
    assert [note.kind for note in found.notes] == ["term"]
    assert found.words == ()


def test_cases_steps_and_terms_carry_no_eligibility() -> None:
    lines = {text: (ClauseLine(text, None, None),) for text in ("case", "step", "fee")}
    found = sort_clauses(["case", "step", "fee", "信用≤50万"], lines, {"信用≤50万": "term"}, {})
    assert [note.kind for note in found.notes] == ["case", "step", "fee", "term"]
    assert found.words == ()


def test_a_withheld_clause_shows_its_reason() -> None:
    found = sort_clauses(["口号"], {}, {}, {"口号": "该条为宣传用语，未转载"})
    assert [(note.kind, note.text_zh) for note in found.notes] == [("withheld", "该条为宣传用语，未转载")]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "conditions.jsonl"
    path.write_text(json.dumps({"product_code": "a", "clause_zh": "b", "kind": "note"}) + "\n{]\n", encoding="utf-8")
    with pytest.raises(ClauseFault, match="line 2"):
        read_lines(path)


def test_a_condition_of_one_variant_is_not_asked_of_the_others() -> None:
    line = ClauseLine("term", CONDITION, None, variant="large")
    found = sort_clauses(["销售≥300万者≤500万"], {"销售≥300万者≤500万": (line,)}, {}, {})
    assert found.encoded == ()
    assert [(note.kind, note.number) for note in found.notes] == [("term", 1)]


def test_alternatives_over_several_clauses_are_one_condition() -> None:
    lines = {
        "水产≥30亩": (ClauseLine("condition", CONDITION, None),),
        "禽≥3000只": (ClauseLine("condition", None, None, part_of=1),),
    }
    found = sort_clauses(["水产≥30亩", "禽≥3000只"], lines, {}, {})
    assert [(clause.key, clause.text_zh) for clause in found.encoded] == [("clause_1", "水产≥30亩；禽≥3000只")]
    assert (found.words, found.notes) == ((), ())
