"""A consent's own bounds and its receipt number."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from finmart.platform.consents.repository import receipt_number
from finmart.platform.consents.types import (
    CONSENT_PURPOSE_WORDS,
    REVOKE_WORDS,
    ConsentState,
    ConsentView,
    Purpose,
    RevokeReason,
)

FIRST, LAST = date(2026, 11, 20), date(2026, 12, 20)
DAY = timedelta(days=1)


def consent(revoked_at: datetime | None = None) -> ConsentView:
    """A consent for a month."""
    return ConsentView(
        id=1,
        public_id="bcdfghjkmnpq",
        receipt_number="SQ26-BCDF-GHJK-MNPQ",
        subject_id=1,
        institution_id=2,
        organisation_id=3,
        user_id=4,
        purpose=Purpose.LOAN_REVIEW,
        scopes=("registration",),
        warned=(),
        text_version="2026-11",
        language="zh",
        granted_at=datetime(2026, 11, 20, tzinfo=UTC),
        valid_from=FIRST,
        valid_until=LAST,
        revoked_at=revoked_at,
        revoke_reason="",
    )


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (FIRST - DAY, ConsentState.EXPIRED),
        (FIRST, ConsentState.VALID),
        (LAST, ConsentState.VALID),
        (LAST + DAY, ConsentState.EXPIRED),
    ],
)
def test_it_holds_on_its_first_and_on_its_last_day(day: date, state: ConsentState) -> None:
    assert consent().state(day) is state


def test_withdrawn_is_withdrawn_on_every_day() -> None:
    withdrawn = consent(datetime(2026, 11, 21, tzinfo=UTC))
    assert {withdrawn.state(FIRST + DAY * days) for days in range(60)} == {ConsentState.REVOKED}


def test_receipt_numbers_can_be_read_aloud_and_never_repeat() -> None:
    numbers = [receipt_number(FIRST) for _ in range(200)]
    assert len(set(numbers)) == 200
    assert all(re.fullmatch(r"SQ26(-[2-9B-DF-HJKMNP-TV-Z]{4}){3}", number) for number in numbers)


def test_every_purpose_and_every_reason_has_words() -> None:
    assert set(CONSENT_PURPOSE_WORDS) == set(Purpose)
    assert set(REVOKE_WORDS) == set(RevokeReason)
