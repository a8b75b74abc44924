"""While somebody keeps all it makes nothing is collected, and afterwards it is as it was."""

import gc

import pytest

from finmart.platform.kernel.collecting import keeping_all


def test_the_collector_rests_meanwhile_and_goes_on_after_a_fault_too() -> None:
    assert gc.isenabled()
    with keeping_all():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="stopped"), keeping_all():
        raise ValueError("stopped")
    assert gc.isenabled()


def test_a_collector_that_rested_before_rests_on() -> None:
    with keeping_all():
        with keeping_all():
            pass
        assert not gc.isenabled()
