"""What forms say of a fact names no code."""

import re

import pytest

from finmart.reference.definitions import plain
from finmart.reference.facts import facts


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("成立日期到基准日的完整年数。", "成立日期到基准日的完整年数。"),
        ("会投向的领域，可多选；禁止性用途用has_none，限定用途用has_any。", "会投向的领域，可多选。"),
        ("当前的推荐名单（机构自己的名单用institution_relation.on_whitelist）。", "当前的推荐名单。"),
        ("Land used, whole mu; tax a mu is annual_tax divided by it.", "Land used, whole mu."),
        ("Own words. Kept too. Use tax_grade elsewhere.", "Own words. Kept too."),
        ("只用tax_grade。", "只用tax_grade。"),
    ],
)
def test_parts_for_encoders_are_left_out(definition: str, words: str) -> None:
    assert plain(definition) == words


def test_no_fact_is_explained_with_codes() -> None:
    for fact in facts().values():
        for text in (fact.definition_zh, fact.definition_en):
            said = plain(text)
            assert said, fact.key
            assert not re.search(r"[a-z]_[a-z]", said), f"{fact.key}: {said}"
            assert len(said) > 3, fact.key
