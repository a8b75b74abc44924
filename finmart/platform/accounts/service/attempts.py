"""Wrong passwords and wrong codes: counted, and after too many of them paused for a while."""

from datetime import timedelta

from finmart.platform.accounts.models.users import Lockable
from finmart.platform.kernel.clock import now

MAX_FAILURES = 5
PAUSE = timedelta(minutes=15)
#: Failures further apart than this are not one attack; the count starts again.
FORGET_AFTER = timedelta(hours=24)


def count(counter: Lockable) -> None:
    """One more failure; the last one allowed begins the pause."""
    moment = now()
    stale = counter.last_failed_at is not None and moment - counter.last_failed_at > FORGET_AFTER
    over = counter.locked_until is not None
    counter.failed_count = 1 if stale or over else counter.failed_count + 1
    counter.last_failed_at = moment
    counter.locked_until = moment + PAUSE if counter.failed_count >= MAX_FAILURES else None


def forgive(counter: Lockable) -> None:
    """Forget the failures counted so far."""
    counter.failed_count = 0
    counter.last_failed_at = None
    counter.locked_until = None


def minutes_left(counter: Lockable) -> int:
    """How many minutes the pause still lasts, rounded up; 0 when there is none."""
    moment = now()
    if counter.locked_until is None or counter.locked_until <= moment:
        return 0
    return max(1, -(-int((counter.locked_until - moment).total_seconds()) // 60))
