"""Authenticators for tests: the codes that a phone would show."""

from datetime import timedelta

import pyotp

from finmart.platform.accounts.repository import factors
from finmart.platform.accounts.service import second_factor
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from tests.factories import accounts as made

STEP = timedelta(seconds=second_factor.STEP_SECONDS)


def code_of(user_id: int, *, steps: int = 0) -> str:
    """The code that the user's authenticator shows now, or ``steps`` later. Needs a unit of work."""
    row = factors.factor_of(user_id)
    assert row is not None
    return str(pyotp.TOTP(row.secret).at(now() + steps * STEP))


def enrol(actor: Actor) -> tuple[str, ...]:
    """Set an authenticator up for an actor made by the factories; the recovery codes. Needs a unit of work."""
    assert actor.user_id is not None
    second_factor.begin(actor, password=made.PASSWORD)
    # With the code of the step before, so that the present one is still there to sign in with.
    return second_factor.confirm(actor, code_of(actor.user_id, steps=-1))
