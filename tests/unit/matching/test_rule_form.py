"""The form of a rule's draft: what is left empty is not used, what is no number is told."""

import pytest
from flask import Flask
from flask_babel import Babel

from finmart.matching.forms.rankings import rule_form
from finmart.matching.rulesets.drafts import Draft
from finmart.matching.rulesets.service import shipped
from finmart.platform.kernel.clock import now


@pytest.mark.parametrize(("weight", "accepted"), [("", True), (" ", True), ("3", True), ("a", False), ("-1", False)])
def test_an_empty_number_is_none_and_a_wrong_one_is_refused(weight: str, accepted: bool) -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    Babel(app)
    sent = {"reason_zh": "x", "place_verdict": "1", "place_speed": "", "weight_cost": weight}
    with app.test_request_context("/", method="POST", data=sent):
        form = rule_form(Draft(3, shipped().document, "", None, now(), ""))
        assert form.validate() is accepted
        assert [str(sentence) for told in form.errors.values() for sentence in told] == (
            [] if accepted else ["权重是 0 到 1000000 之间的整数。"]
        )
