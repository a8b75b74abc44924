"""Terms go through the form and back unchanged, and the lines of a sheet add up to its totals."""

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from finmart.matching.forms.offers import OfferForm, fingerprint, values_of, ways_of
from finmart.matching.leads.service.checks import sheet
from finmart.matching.leads.types.errors import TermsRefused
from finmart.matching.leads.types.values import FEE_WORDS, FeeTerm, Terms
from finmart.matching.routes.leads import offers
from finmart.reference.loan_cost import Timing
from finmart.reference.repayment import Method

WAN = 1_000_000


def _fee(key: str, number: int, which: int) -> FeeTerm:
    way = list(ways_of(key).values())[which % len(ways_of(key))]
    if way.in_yuan:
        return FeeTerm(key, way.timing, amount=number * 100 + 1)
    return FeeTerm(key, way.timing, rate=number)


FEES = st.lists(st.sampled_from(list(FEE_WORDS)), unique=True, max_size=7).flatmap(
    lambda keys: st.tuples(
        *(
            st.builds(_fee, st.just(key), st.integers(1, 20_000), st.integers(0, 3))
            for key in FEE_WORDS  # In the order of forms, as the form gives them back.
            if key in keys
        )
    )
)
TERMS = st.builds(
    Terms,
    amount=st.integers(WAN, 5_000 * WAN),
    rate=st.integers(1, 360_000),
    months=st.integers(1, 60),
    method=st.sampled_from(list(Method)),
    fees=FEES,
)
LENIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LENIENT
@given(terms=TERMS)
def test_terms_come_back_from_the_form_as_they_went_in(app: Flask, terms: Terms) -> None:
    with app.test_request_context(method="POST"):
        shown = OfferForm(formdata=None, data=values_of(terms))
        typed = [field for field in shown if hasattr(field, "_value") and field.type != "SubmitField"]
        sent = MultiDict({field.name: field._value() for field in typed})
        sent.update({field.name: field.data for field in shown if field.type == "SelectField" and field.data})
        for key in FEE_WORDS:
            sent.setdefault(f"fee_{key}_how", next(iter(ways_of(key))))
        form = OfferForm(formdata=sent, meta={"csrf": False})
        assert form.validate(), form.errors
        assert form.terms() == terms
        form.seen.data = fingerprint(terms)
        assert form.was_seen()


@LENIENT
@given(terms=TERMS)
def test_the_lines_of_a_sheet_add_up(app: Flask, terms: Terms) -> None:
    try:
        found = sheet(terms)
    except TermsRefused:
        return
    with app.test_request_context():
        alone = [offers.fee_amount(fee, terms) for fee in terms.fees if fee.timing is not Timing.DEPOSIT]
        assert sum(alone) == found.cost.total_charges
        assert len(offers.sheet_rows(found)) == 4 + len(terms.fees)
        same = offers.compared(found, found)
        assert {line.change for line in same} == {"不变"}
        assert not any(line.worse for line in same)
