"""Offers and decisions as cost sheets, and the first beside the final one."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext

from finmart.matching.leads.types.values import FEE_WORDS, FeeTerm, Sheet, Terms
from finmart.matching.routes import wording
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.reference.loan_cost import Charge, Timing, loan_cost
from finmart.reference.repayment import LABELS

SheetRow = tuple[str, str | None, str | None, str | None]


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


def _exact(fen: int) -> str:
    return filters.money_exact(fen, current_language())


def _rounded(ppm: int) -> int:
    """A worked-out rate to a hundredth of a percent, so that what is shown adds up."""
    return (ppm + 50) // 100 * 100


def hundredths(ppm: int) -> str:
    """A worked-out rate in words, to a hundredth of a percent."""
    return wording.rate(_rounded(ppm))


def fee_words(fee: FeeTerm | None) -> str:
    """How a fee is reckoned, in words."""
    if fee is None or not (fee.rate or fee.amount):
        return _("不收")
    value = _exact(fee.amount) if fee.amount else wording.rate(fee.rate)
    return _("%(value)s，%(how)s", value=value, how=_how(fee.timing))


def _how(timing: Timing) -> str:
    return {
        Timing.ONCE: _("放款时收一次"),
        Timing.PREPAID: _("每年，放款时按全期预收"),
        Timing.YEAR: _("每年年初收"),
        Timing.DAY: _("每天"),
        Timing.DEPOSIT: _("放款时留存，到期退还"),
    }[timing]


def sheet_rows(sheet: Sheet) -> list[SheetRow]:
    """The lines of a sheet for the cost component: item, amount, rate, note."""
    terms, cost = sheet.terms, sheet.cost
    method = localized(*LABELS[terms.method])
    rows: list[SheetRow] = [
        (_("借款金额"), _exact(terms.amount), None, f"{wording.days(30 * terms.months)} · {method}"),
        (_("利息"), _exact(cost.total_interest), wording.rate(terms.rate), None),
    ]
    for fee in terms.fees:
        rate = wording.rate(fee.rate) if fee.rate else None
        rows.append((_(FEE_WORDS[fee.key]), _exact(fee_amount(fee, terms)), rate, _how(fee.timing)))
    rows.append((_("总成本（利息和费用）"), _exact(cost.total_interest + cost.total_charges), None, None))
    rows.append((_("实际到手"), _exact(cost.received), None, None))
    return rows


def fee_amount(fee: FeeTerm, terms: Terms) -> int:
    """What one fee comes to in 分; of a deposit what is held back, although it returns."""
    alone = loan_cost(terms.amount, terms.rate, terms.months, terms.method, [charge_of(fee)])
    return terms.amount - alone.received if fee.timing is Timing.DEPOSIT else alone.total_charges


def charge_of(fee: FeeTerm) -> Charge:
    """A fee as the formula takes it."""
    return Charge(fee.timing, rate=fee.rate, amount=fee.amount)


def headline(sheet: Sheet) -> str:
    """The compound annual rate in words."""
    return hundredths(sheet.cost.compound_rate)


def simple(sheet: Sheet) -> str:
    """The simple annual rate in words."""
    return hundredths(sheet.cost.simple_rate)


@dataclass(frozen=True)
class Compared:
    """One line of two sheets: the first offer, the final decision, what has changed; ``worse`` is the borrower's."""

    label: str
    first: str
    final: str
    change: str
    worse: bool


def compared(first: Sheet, final: Sheet) -> list[Compared]:
    """The first offer beside the final decision, line by line (promise 5)."""
    lines = [
        _line(_("综合年化成本（复利）"), first, final, lambda s: _rounded(s.cost.compound_rate), hundredths),
        _line(_("单利口径"), first, final, lambda s: _rounded(s.cost.simple_rate), hundredths),
        _line(_("金额"), first, final, lambda s: s.terms.amount, _exact, more_is_worse=False),
        _line(_("年利率"), first, final, lambda s: s.terms.rate, wording.rate),
        _line(_("期限"), first, final, lambda s: s.terms.months, lambda m: wording.days(30 * m), more_is_worse=None),
    ]
    before, after = (localized(*LABELS[sheet.terms.method]) for sheet in (first, final))
    lines.append(Compared(_("还款方式"), before, after, _("不变") if before == after else _("有变化"), worse=False))
    lines += _fee_lines(first, final)
    lines.append(
        _line(_("总成本（利息和费用）"), first, final, lambda s: s.cost.total_interest + s.cost.total_charges, _exact)
    )
    lines.append(_line(_("实际到手"), first, final, lambda s: s.cost.received, _exact, more_is_worse=False))
    return lines


def _line(
    label: str,
    first: Sheet,
    final: Sheet,
    value: Callable[[Sheet], int],
    words: Callable[[int], str],
    *,
    more_is_worse: bool | None = True,
) -> Compared:
    before, after = value(first), value(final)
    difference = after - before
    sign = "+" if difference > 0 else filters.MINUS
    change = f"{sign}{words(abs(difference))}" if difference else _("不变")
    worse = more_is_worse is not None and difference != 0 and (difference > 0) is more_is_worse
    return Compared(label, words(before), words(after), change, worse)


def _fee_lines(first: Sheet, final: Sheet) -> list[Compared]:
    before = {fee.key: fee for fee in first.terms.fees}
    after = {fee.key: fee for fee in final.terms.fees}
    found = []
    for key, label in FEE_WORDS.items():
        if key in before or key in after:
            same = before.get(key) == after.get(key)
            added = key in after and key not in before
            change = _("不变") if same else _("新增") if added else _("有变化")
            found.append(Compared(_(label), fee_words(before.get(key)), fee_words(after.get(key)), change, added))
    return found
