"""Text as words: the same cutting for texts and queries, and nothing a user types is an operator."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.search.matching import expression, quoted
from finmart.platform.search.types import MAX_QUERY, MAX_TERMS, Field, IndexSpec
from finmart.platform.search.words import Parsed, Segmenter, highlighted, pieces

SPEC = IndexSpec("things", (Field("name", 2.0, short=True), Field("body", 1.0)), (), ("listing",))
SEGMENTER = Segmenter(["云税贷", "纳税e贷"])


def test_user_words_stay_whole() -> None:
    assert SEGMENTER.of_query("云税贷").terms == ("云税贷",)
    assert SEGMENTER.of_query("纳税Ｅ贷").terms == ("纳税e贷",)


def test_long_words_are_found_by_their_parts() -> None:
    assert {"知识", "产权", "知识产权"} <= set(SEGMENTER.of_text("知识产权质押"))


def test_pieces_are_single_characters_and_whole_latin_words() -> None:
    assert pieces("纳税e贷 CCB 2023版") == ["纳", "税", "e", "贷", "ccb", "2023", "版"]


def test_empty_words_say_nothing_unless_they_are_all() -> None:
    assert SEGMENTER.of_query("我要 贷款").terms == ("贷款",)
    assert SEGMENTER.of_query("的").terms == ("的",)


def test_a_long_query_is_cut_and_says_so() -> None:
    parsed = SEGMENTER.of_query("农户" * 5000)
    assert parsed.shortened
    assert len(parsed.terms) <= MAX_TERMS
    assert sum(map(len, parsed.terms)) <= MAX_QUERY


@pytest.mark.parametrize("text", ["", "   ", '"', "*", "-()", "！？。", "\x00"])
def test_a_query_without_words_has_no_terms(text: str) -> None:
    assert SEGMENTER.of_query(text).terms == ()


def test_quotes_are_doubled() -> None:
    assert quoted('a"b') == '"a""b"'


def test_one_character_is_looked_for_in_short_fields_alone() -> None:
    assert expression(Parsed(("税",), shortened=False), SPEC, every=True) == '{name_chars} : "税"'


def test_a_word_is_also_a_run_of_characters() -> None:
    assert expression(Parsed(("税贷", "ccb"), shortened=False), SPEC, every=True) == '("税贷" OR "税 贷") AND "ccb" *'
    assert expression(Parsed(("300",), shortened=False), SPEC, every=False) == '"300"'


def test_a_kind_of_loan_is_also_its_word_said_of_a_loan() -> None:
    parsed = Segmenter(["信用贷", "云税贷"]).of_query("信用贷 云税贷")
    assert parsed.stems == {"信用贷": "信用"}
    assert parsed.shown == ("信用贷", "云税贷", "信用")
    found = expression(Parsed(("信用贷",), shortened=False, stems=parsed.stems), SPEC, every=True)
    assert found == '("信用贷" OR "信 用 贷" OR ("信用" AND {name_chars} : "贷"))'


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_query_fts5_can_run(text: str) -> None:
    parsed = SEGMENTER.of_query(text)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(name, name_chars, body, body_chars)")
        for every in (True, False):
            found = expression(parsed, SPEC, every=every)
            if found:
                assert connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (found,)).fetchall() == []


def test_highlights_keep_the_text() -> None:
    parts = highlighted("中国建设银行云税贷", ["云税贷", "建设"])
    assert parts == [("中国", False), ("建设", True), ("银行", False), ("云税贷", True)]
    assert highlighted("CCB Loan", ["ccb"]) == [("CCB", True), (" Loan", False)]
    assert highlighted("", ["x"]) == [("", False)]


@given(st.text(max_size=60), st.lists(st.text(max_size=4), max_size=4))
def test_highlighting_never_changes_a_text(text: str, terms: list[str]) -> None:
    assert "".join(part for part, _hit in highlighted(text, terms)) == text
