"""Text as words: the same cutting for texts and queries, and nothing a user types is an operator."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.search.lexicon import known_words, slips
from finmart.platform.search.matching import columns_of, expression, quoted
from finmart.platform.search.normal import normal, pairs, pieces
from finmart.platform.search.sounds import initials, sound, sounds_of
from finmart.platform.search.synonyms import Synonyms
from finmart.platform.search.types import MAX_QUERY, MAX_TERMS, Field, IndexSpec
from finmart.platform.search.words import Parsed, Segmenter, Term, highlighted

SPEC = IndexSpec("things", (Field("name", 2.0, short=True), Field("body", 1.0)), (), ("listing",))
SYNONYMS = Synonyms(
    groups=(("过桥", "倒贷", "转贷"), ("税贷", "银税")),
    leads=(("养猪", ("生猪",)),),
    weak=frozenset(("贷款",)),
    empty=frozenset(("我要", "的")),
)
SEGMENTER = Segmenter(known_words(["云税贷", "纳税e贷", "过桥", "科贷通"]), SYNONYMS)


def _terms(text: str) -> tuple[str, ...]:
    return tuple(term.text for term in SEGMENTER.of_query(text).terms)


def test_user_words_stay_whole() -> None:
    assert _terms("云税贷") == ("云税贷",)
    assert _terms("纳税Ｅ贷") == ("纳税e贷",)


def test_long_words_are_found_by_their_parts() -> None:
    assert {"知识", "产权", "知识产权"} <= set(SEGMENTER.of_text("知识产权质押"))


def test_pieces_are_single_characters_and_whole_latin_words() -> None:
    assert pieces("纳税e贷 CCB 2023版") == ["纳", "税", "e", "贷", "ccb", "2023", "版"]


def test_empty_words_say_nothing_unless_they_are_all() -> None:
    assert _terms("我要 贷款") == ("贷款",)
    assert _terms("的") == ("的",)


def test_a_long_query_is_cut_and_says_so() -> None:
    parsed = SEGMENTER.of_query("农户" * 5000)
    assert parsed.shortened
    assert len(parsed.terms) <= MAX_TERMS
    assert sum(len(term.text) for term in parsed.terms) <= MAX_QUERY


@pytest.mark.parametrize("text", ["", "   ", '"', "*", "-()", "！？。", "\x00"])
def test_a_query_without_words_has_no_terms(text: str) -> None:
    assert SEGMENTER.of_query(text).terms == ()


def test_quotes_are_doubled() -> None:
    assert quoted('a"b') == '"a""b"'


def _expression(*terms: Term, every: bool = True) -> str:
    return expression(Parsed(terms), SPEC, every=every)


def test_one_character_is_looked_for_in_short_fields_alone() -> None:
    assert _expression(Term("税")) == '{name_chars} : "税"'


def test_a_word_is_also_a_part_of_a_text() -> None:
    assert _expression(Term("云税贷"), Term("ccb")) == '("云税贷" OR "云税 税贷") AND "ccb" *'
    assert _expression(Term("税贷")) == '"税贷"'
    assert _expression(Term("300"), every=False) == '"300"'


def test_synonyms_are_found_by_their_group_and_others_by_themselves() -> None:
    (term,) = SEGMENTER.of_query("倒贷").terms
    assert _expression(term) == '("倒贷" OR "synonym00")'
    (term,) = SEGMENTER.of_query("养猪").terms
    assert _expression(term) == '("养猪" OR "生猪")'
    assert SYNONYMS.tokens("应急转贷资金") == ["synonym00"]
    assert SEGMENTER.of_query("倒贷 过桥").terms == SEGMENTER.of_query("倒贷").terms


def test_a_weak_word_need_not_be_there_unless_it_is_all() -> None:
    parsed = SEGMENTER.of_query("云税贷 贷款")
    assert [term.text for term in parsed.needed] == ["云税贷"]
    assert [term.text for term in SEGMENTER.of_query("贷款").needed] == ["贷款"]


def test_a_kind_of_loan_is_also_its_word() -> None:
    assert SEGMENTER.of_query("信用贷").terms == (Term("信用贷", leads=("信用",)),) or _terms("信用贷") == (
        "信用",
        "贷",
    )
    (term,) = Segmenter(known_words(["信用贷"]), SYNONYMS).of_query("信用贷").terms
    assert term.leads == ("信用",)


@pytest.mark.parametrize(
    ("typed", "boldly", "meant"),
    [
        ("云水贷", False, (("云水贷", "云税贷"),)),
        ("建行运税贷", False, (("运税贷", "云税贷"),)),
        ("云税贷", True, ()),
        ("过乔", False, ()),
        ("过乔", True, (("过乔", "过桥"),)),
        ("科货通", True, (("科货通", "科贷通"),)),
        ("yunshuidia", False, ()),
        ("yunshuidia", True, (("yunshuidia", "yunshuidai"),)),
        ("yunshuidai", True, ()),
        ("什么都不像的话", True, ()),
    ],
)
def test_what_is_misspelt_is_taken_for_what_it_sounds_or_looks_like(
    typed: str, boldly: bool, meant: tuple[tuple[str, str], ...]
) -> None:
    assert SEGMENTER.of_query(typed, boldly=boldly).corrected == meant


def test_syllables_of_one_sound_are_typed_with_gaps() -> None:
    assert _terms("yun shui dai") == ("yunshuidai",)
    assert _terms("tax loan") == ("tax", "loan")


def test_words_sound_whole_and_by_their_initials() -> None:
    assert (sound("云税贷"), initials("云税贷")) == ("yunshuidai", "ysd")
    assert sound("重庆银行") == "chongqingyinhang"
    assert {"caiyuanxindaitong", "xindaitong", "cyxdt"} <= set(sounds_of("财园信贷通 CCB"))


def test_traditional_and_wide_characters_are_one_spelling() -> None:
    assert normal("雲稅貸ＣＣＢ") == "云税贷ccb"
    assert _terms("雲稅貸") == ("云税贷",)
    assert highlighted("云税贷", ["云税"]) == [("云税", True), ("贷", False)]


def test_pairs_stay_within_a_run() -> None:
    assert pairs("云税贷·e贷 300") == ["云税", "税贷", "e贷", "300"]


def test_slips_count_swaps_once() -> None:
    assert [slips("dia", "dai", 2), slips("abc", "abd", 2), slips("abc", "ab", 1), slips("abc", "xyz", 1)] == [
        1,
        1,
        1,
        2,
    ]


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_query_fts5_can_run(text: str) -> None:
    parsed = SEGMENTER.of_query(text, boldly=True)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5({', '.join(columns_of(SPEC))})")
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
