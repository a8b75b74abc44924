"""What an offer, a reason or a note must be before it is kept."""

import re

from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.errors import AmountAboveCap, ReasonRefused, TermsRefused, TextRefused
from finmart.matching.leads.types.reasons import DECLINE_REASONS, MAX_NOTE, MIN_NOTE, OTHER
from finmart.matching.leads.types.values import FEE_WORDS, FeeTerm, Sheet, Terms
from finmart.platform.kernel.messages import N_
from finmart.platform.kernel.money import Money
from finmart.reference.internal_rate import NoRate
from finmart.reference.loan_cost import Charge, Timing, loan_cost
from finmart.reference.repayment import LoanRefusal, Method

MOST_MONTHS = 360
#: A rate above this is a slip of the unit, whoever lends (360 000 ppm = 36 %).
MOST_RATE = 360_000
MAX_TEXT = 1000
#: Eleven digits in a row, however they are separated: a phone number.
_PHONE = re.compile(r"1[3-9](?:[\s\-.·]*\d){9}")


def checked_terms(lead: Lead, terms: Terms) -> Sheet:
    """``terms`` with their all-in cost. Raises ``AmountAboveCap`` or ``TermsRefused``."""
    if terms.amount <= 0:
        raise TermsRefused(N_("金额要大于零。"))
    must_fit_cap(lead.product_cap, terms.amount)
    if terms.amount > lead.asked_amount:
        raise TermsRefused(N_("金额不能超过申请人申请的数额。"))
    if not 0 < terms.rate <= MOST_RATE:
        raise TermsRefused(N_("年利率要大于0、不超过36%，请核对单位：这里填的是百分数。"))
    if not 1 <= terms.months <= MOST_MONTHS:
        raise TermsRefused(N_("期限要在1到{most}个月之间。"), most=MOST_MONTHS)
    if {fee.key for fee in terms.fees} - FEE_WORDS.keys() or any(fee.rate < 0 or fee.amount < 0 for fee in terms.fees):
        raise TermsRefused(N_("费用只能从清单中选择，数额不能小于零。"))
    return sheet(terms)


def sheet(terms: Terms) -> Sheet:
    """Terms with their all-in cost (IRR). Raises ``TermsRefused`` for what has none."""
    charges = [Charge(fee.timing, rate=fee.rate, amount=fee.amount) for fee in terms.fees]
    try:
        return Sheet(terms, loan_cost(terms.amount, terms.rate, terms.months, terms.method, charges))
    except (LoanRefusal, NoRate):
        raise TermsRefused(N_("按这些条件算不出综合成本，请核对金额、期限和费用。")) from None


def must_fit_cap(cap: int | None, amount: int) -> None:
    """Raise ``AmountAboveCap`` for more than the product lends."""
    if cap is not None and amount > cap:
        raise AmountAboveCap(f"{Money(cap).wan.normalize():f}")


def dump_terms(terms: Terms) -> dict[str, object]:
    """Terms as JSON."""
    return {
        "amount": terms.amount,
        "rate": terms.rate,
        "months": terms.months,
        "method": terms.method.value,
        "fees": [[fee.key, fee.timing.value, fee.rate, fee.amount] for fee in terms.fees],
    }


def load_terms(document: dict[str, object] | None) -> Terms | None:
    """Terms from their JSON."""
    if document is None:
        return None
    fees = tuple(FeeTerm(key, Timing(timing), rate, amount) for key, timing, rate, amount in document["fees"])  # type: ignore[attr-defined]
    return Terms(
        amount=int(str(document["amount"])),
        rate=int(str(document["rate"])),
        months=int(str(document["months"])),
        method=Method(str(document["method"])),
        fees=fees,
    )


def checked_decline(code: str, note: str) -> str:
    """The note of a decline, trimmed. Raises ``ReasonRefused`` for an unknown code, or when words are missing."""
    if code not in DECLINE_REASONS:
        raise ReasonRefused(N_("请选择不予通过的原因。"))
    words = checked_note(note)
    if code == OTHER and len(words) < MIN_NOTE:
        raise ReasonRefused(N_("选择“其他原因”时，请写明具体原因，至少{least}个字。"), least=MIN_NOTE)
    return words


def checked_note(note: str, *, least: int = 0) -> str:
    """A note, trimmed. Raises ``ReasonRefused``."""
    words = note.strip()
    if len(words) > MAX_NOTE:
        raise ReasonRefused(N_("说明最多{most}个字，请写短一些。"), most=MAX_NOTE)
    if len(words) < least:
        raise ReasonRefused(N_("请写明原因，至少{least}个字。"), least=least)
    return words


def checked_text(text: str, *, anonymous: bool) -> str:
    """A question or answer, trimmed; before the reveal nobody gives a number away. Raises ``TextRefused``."""
    words = text.strip()
    if not words:
        raise TextRefused(N_("请写下要问或要答的内容。"))
    if len(words) > MAX_TEXT:
        raise TextRefused(N_("内容最多{most}个字，请写短一些。"), most=MAX_TEXT)
    if anonymous and _PHONE.search(words):
        raise TextRefused(N_("申请人同意联系之前，请不要留下电话号码。"))
    return words
