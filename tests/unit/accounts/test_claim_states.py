"""The life of a claim, over every sequence of steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.accounts.types.claims import TRANSITIONS, ClaimState, ClaimStep, after
from finmart.platform.accounts.types.errors import ClaimStepRefused

STEPS = st.lists(st.sampled_from(list(ClaimStep)), max_size=12)


def _walk(steps: list[ClaimStep]) -> list[ClaimState]:
    states = [ClaimState.PENDING]
    for step in steps:
        try:
            states.append(after(states[-1], step))
        except ClaimStepRefused:
            states.append(states[-1])
    return states


@given(STEPS)
def test_a_claim_only_ever_moves_forwards(steps: list[ClaimStep]) -> None:
    order = list(ClaimState)
    places = [order.index(state) for state in _walk(steps)]
    assert places == sorted(places)


@given(STEPS)
def test_revoked_is_final_and_a_verified_claim_was_verified(steps: list[ClaimStep]) -> None:
    states = _walk(steps)
    first_revoke = next((i for i, step in enumerate(steps) if step is ClaimStep.REVOKE), None)
    if first_revoke is not None:
        assert set(states[first_revoke + 1 :]) == {ClaimState.REVOKED}
    if ClaimState.VERIFIED in states:
        assert ClaimStep.VERIFY in steps


@pytest.mark.parametrize("step", list(ClaimStep))
def test_nothing_follows_revoked(step: ClaimStep) -> None:
    with pytest.raises(ClaimStepRefused):
        after(ClaimState.REVOKED, step)


def test_the_table_holds_exactly_the_three_moves() -> None:
    assert {(old, new) for (old, _step), new in TRANSITIONS.items()} == {
        (ClaimState.PENDING, ClaimState.VERIFIED),
        (ClaimState.PENDING, ClaimState.REVOKED),
        (ClaimState.VERIFIED, ClaimState.REVOKED),
    }
