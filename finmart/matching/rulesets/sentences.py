"""What a rule says of itself in words: sentences that hold for its own order and its own codes, and no others."""

from collections.abc import Mapping, Sequence

from finmart.matching.engine.rank import SUM, TURN
from finmart.matching.rulesets.types import Json
from finmart.products.labels import EVIDENCE_TIERS

Pair = tuple[str, str]

_SUM: Pair = (
    "下列各项按权重相加，合计小的在前；合计相同的再逐项比较。",
    "The criteria below, added up by their weights: the smaller sum first; equal sums go on one by one.",
)
#: The shipped sentence gives the place before cost as a reason, which is true of no other order.
_WORDS: Pair = (
    "只有文字说明、要向机构确认的条件少的在前。",
    "Fewer conditions stated only in words, to be confirmed with the institution.",
)
#: Criterion → what each of its states is called where the codes are not those of the shipped sentence.
_STATES: Mapping[str, Mapping[str, Pair]] = {
    "verdict": {
        "met": ("条件全部符合", "all conditions met"),
        "met_checked": ("已核对的条件都符合", "all checked conditions met"),
        "open": ("没有不符合、但有条件缺资料", "none failing but some unknown"),
        "bare": ("能核对的只有适用对象和地区", "only for whom and where can be checked"),
        "unchecked": ("没有可核对的条件", "nothing that can be checked"),
        "not_met": ("有条件不符合", "a condition that is not met"),
    },
    "fit": {
        "full": ("金额、期限、担保和用途都合适", "amount, term, guarantee and purpose all fit"),
        "open": ("没有不合适、但有的未说明", "none unfit but one not stated"),
        "partial": ("只能满足一部分", "covered in part"),
        "none": ("有不合适的", "one does not fit"),
    },
    "evidence": EVIDENCE_TIERS,
}


def _by_codes(key: str, codes: Mapping[str, int]) -> Pair:
    """The states of a criterion from the smallest code on; those with one code stand side by side."""
    names = _STATES.get(key, {})
    steps = [
        [names.get(state, (state, state)) for state in codes if codes[state] == n] for n in sorted({*codes.values()})
    ]
    zh = "；".join("、".join(name for name, _en in step) for step in steps)
    en = "; ".join(", ".join(name for _zh, name in step) for step in steps)
    return f"依次为：{zh}。", f"In this order: {en}."


def _sentence(key: str, codes: Mapping[str, int], later: Sequence[str], standing: Mapping[str, Json]) -> Pair:
    if key == SUM:
        return _SUM
    if key == "words" and "cost" not in later:
        return _WORDS
    known = standing.get(key, {})
    if codes and dict(codes) != known.get("codes", {}):
        return _by_codes(key, codes)
    return known.get("text_zh", ""), known.get("text_en", "")


def worded(criteria: Sequence[Json], standing: Mapping[str, Json]) -> list[Json]:
    """``criteria`` in their order, each with a sentence that is true there.

    ``standing``: criterion → its entry in the shipped version that words it; its sentence is kept where order and codes
    allow it.
    """
    keys = [entry["key"] for entry in criteria]
    said = [_sentence(e["key"], e.get("codes", {}), keys[place + 1 :], standing) for place, e in enumerate(criteria)]
    return [{**entry, "text_zh": zh, "text_en": en} for entry, (zh, en) in zip(criteria, said, strict=True)]


def tie_words(criteria: Sequence[Json], *, turns: Json, codes: Json) -> Json:
    """What parts products that are equal in everything: ``turns`` where the rule draws them, else ``codes``.

    Both are documents of versions that say it.
    """
    origin = turns if any(entry["key"] == TURN for entry in criteria) else codes
    return {key: origin[key] for key in ("tie_zh", "tie_en")}
