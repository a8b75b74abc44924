"""What a product's page shows: its conditions as sentences, its notes, its cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.sentence import sentence, words_of
from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products import charging, indexed, labels
from finmart.products.costs import CostSheet
from finmart.products.types import AdmissionClause, Fee, PublishedProduct, Words
from finmart.products.wording import _, word

#: Characters of a clause around the first word that was found in it.
SNIPPET = 60


@dataclass(frozen=True)
class StatedCondition:
    """One condition as a sentence, and where it is stated."""

    text: str
    where: str
    required: bool
    note_zh: str
    origin_kind: str


def limits(product: PublishedProduct) -> list[str]:
    """How the limit is worked out, as a sentence a formula; empty when no formula is stated."""
    language = current_language()
    formulas = [variant.limit for variant in product.variants if variant.limit is not None]
    return list(dict.fromkeys(words_of(parse_expression(formula), language) for formula in formulas))


def _where_stated(clause: AdmissionClause) -> str:
    kind, _colon, name = clause.origin.partition(":")
    if kind == "column":
        return _("来自公开字段“%(field)s”", field=word("column", name))
    if kind == "clause":
        return _("来自原文第 %(number)s 条：%(text)s", number=name, text=clause.text_zh)
    if kind == "editor":
        return _("机构填写，原文：%(text)s", text=clause.text_zh) if clause.text_zh else _("机构填写")
    return _("仅适用于“%(variant)s”", variant=clause.text_zh)


def conditions(product: PublishedProduct) -> list[StatedCondition]:
    """The conditions that can be checked, as sentences; those of single variants come last."""
    seen: dict[str, AdmissionClause] = {c.key: c for variant in product.variants for c in variant.clauses}
    language = current_language()
    stated = [
        StatedCondition(
            text=sentence(parse_condition(clause.condition), language),
            where=_where_stated(clause),
            required=clause.required,
            note_zh=clause.note_zh,
            origin_kind=clause.origin.partition(":")[0],
        )
        for clause in seen.values()
    ]
    return sorted(stated, key=lambda condition: not condition.required)


def notes_by_kind(notes: Sequence[Words]) -> list[tuple[str, list[str]]]:
    """Notes under the name of their kind, in the order of the kinds."""
    return [
        (word("note", kind), [note.text_zh for note in notes if note.kind == kind])
        for kind in labels.NOTE_KINDS
        if any(note.kind == kind for note in notes)
    ]


def unstated(product: PublishedProduct) -> list[str]:
    """What the source says nothing about, in words."""
    aside = labels.LOAN_COLUMNS if charging.is_no_loan(product) else frozenset()
    return [
        localized(*named)
        for column, named in labels.STATED_COLUMNS.items()
        if not product.states(column) and column not in aside
    ]


def to_be_confirmed(product: PublishedProduct) -> bool:
    """Whether the facts come from somebody other than the institution or a public body."""
    return product.evidence_tier in labels.TO_BE_CONFIRMED


def snippet(product: PublishedProduct, terms: Iterable[str]) -> str:
    """The clause in words in which a search found something; empty when the name or the owner was found."""
    wanted = [term for term in terms if len(term) > 1]
    shown = f"{product.name_zh} {product.institution.name_zh}"
    if not wanted or any(term in shown for term in wanted):
        return ""
    texts = [words.text_zh for words in (*product.words, *product.notes)]
    texts += [clause.text_zh for clause in product.variants[0].clauses]
    return next((text[:SNIPPET] for text in texts if any(term in text for term in wanted)), "")


def _worded_rates(low: int | None, high: int | None) -> tuple[str | None, str | None]:
    language = current_language()
    return (
        None if low is None else worded.rate(low, language),
        None if high is None else worded.rate(high, language),
    )


def cost_rows(product: PublishedProduct, sheet: CostSheet) -> list[tuple[str, str | None, str | None, str | None]]:
    """The lines of a cost sheet: item, amount, rate, note; an amount that is not stated is none."""
    language = current_language()
    low, high = _worded_rates(sheet.variant.rate_min, sheet.variant.rate_max)
    interest = sheet.stated.total_interest if sheet.stated else None
    is_fee = sheet.variant.rate_kind == "fee"
    rows: list[tuple[str, str | None, str | None, str | None]] = [
        (
            _("利息"),
            None if interest is None else worded.money_exact(interest, language),
            None if is_fee else worded.ends(low, high, language),
            _interest_note(sheet),
        )
    ]
    for cost in sheet.fees:
        amount = None if cost.amount is None else worded.money_exact(cost.amount, language)
        rate = None if cost.fee.rate is None else worded.rate(cost.fee.rate, language)
        rows.append((localized(cost.fee.label_zh, cost.fee.label_en), amount, rate, _fee_note(product, cost.fee)))
    return rows


def _interest_note(sheet: CostSheet) -> str:
    """At which of the stated rates interest was worked out, and from which index that rate comes."""
    if sheet.stated is None:
        return _("未说明")
    note = _("按公开的最高利率") if sheet.high else _("按公开的最低利率")
    return " · ".join(filter(None, (note, indexed.said(sheet.variant))))


def _fee_note(product: PublishedProduct, fee: Fee) -> str | None:
    """The source's words about a fee, and who receives it where that is known."""
    code = charging.receiver(product, fee)
    said = _("由%(receiver)s收取", receiver=word("receiver", code)) if code else ""
    return " · ".join(filter(None, (fee.text_zh, said))) or None


def _hundredths(ppm: int) -> int:
    """Rounded half up to 0.01 %: more decimals of a worked-out rate would claim what the source does not."""
    return (ppm + 50) // 100 * 100


def headline(sheet: CostSheet, figure: str) -> str:
    """``compound_rate`` or ``simple_rate`` between the stated bounds, in words, to a hundredth of a percent."""
    low, high = (None if cost is None else _hundredths(getattr(cost, figure)) for cost in (sheet.low, sheet.high))
    return worded.ends(*_worded_rates(low, high), current_language())
