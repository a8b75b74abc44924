"""Rate limits are counted by all processes together, on both databases."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from sqlalchemy import select

from finmart.config import ROOT, Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.kernel.clock import now, told_by
from finmart.platform.throttle import limits
from finmart.platform.throttle.models import RateCount, RateEntry
from finmart.platform.throttle.storage import DatabaseStorage, sweep

TWENTY = parse("20 per minute")
HITTING = """
import sys
from pathlib import Path
from limits import parse
from limits.strategies import STRATEGIES
from finmart.platform.crypto.keyring import load_keyring, use_keyring
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, use_database
from finmart.platform.throttle.storage import DatabaseStorage

strategy, url, folder = sys.argv[1:]
use_keyring(load_keyring(None, Path(folder), production=False))
use_database(Database(make_engine(url)))
limiter = STRATEGIES[strategy](DatabaseStorage())
sys.stdin.readline()
print(sum(limiter.hit(parse("20 per minute"), "203.0.113.7", "sign-in") for _ in range(15)))
"""


def _after_the_window() -> Callable[[], datetime]:
    moment = now() + timedelta(seconds=61)
    return lambda: moment


@pytest.mark.parametrize("strategy", ["fixed-window", "moving-window"])
def test_two_processes_count_together(own_database: Database, settings: Settings, strategy: str) -> None:
    url = own_database.engine.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-c", HITTING, strategy, url, str(settings.data)]
    processes = [
        subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _process in range(2)
    ]
    let_through = sum(int(process.communicate("\n", timeout=60)[0]) for process in processes)
    assert let_through == 20


@pytest.mark.usefixtures("database")
def test_a_fixed_window_opens_again() -> None:
    storage = DatabaseStorage()
    limiter = FixedWindowRateLimiter(storage)
    assert [limiter.hit(TWENTY, "a") for _hit in range(21)] == [True] * 20 + [False]
    assert limiter.hit(TWENTY, "b")
    key = TWENTY.key_for("a")
    assert storage.get(key) == 21
    assert 0 < storage.get_expiry(key) - time.time() <= 60
    later = _after_the_window()
    with told_by(later):
        assert storage.get(key) == 0
        assert storage.get_expiry(key) == later().timestamp()
        assert limiter.hit(TWENTY, "a")
        assert storage.get(key) == 1


@pytest.mark.usefixtures("database")
def test_a_moving_window_moves() -> None:
    storage = DatabaseStorage()
    limiter = MovingWindowRateLimiter(storage)
    assert [limiter.hit(TWENTY, "a") for _hit in range(21)] == [True] * 20 + [False]
    key = TWENTY.key_for("a")
    began, count = storage.get_moving_window(key, 20, 60)
    assert count == 20
    assert 0 <= time.time() - began < 30
    assert not storage.acquire_entry(key, 5, 60, amount=6)
    later = _after_the_window()
    with told_by(later):
        assert storage.get_moving_window(key, 20, 60)[1] == 0
        assert limiter.hit(TWENTY, "a")


@pytest.mark.usefixtures("database")
def test_counts_can_be_forgotten() -> None:
    storage = DatabaseStorage()
    assert storage.check()
    limiter = FixedWindowRateLimiter(storage)
    limiter.hit(TWENTY, "a")
    limiter.hit(TWENTY, "b")
    MovingWindowRateLimiter(storage).hit(TWENTY, "a")
    limiter.clear(TWENTY, "a")
    assert (storage.get(TWENTY.key_for("a")), storage.get(TWENTY.key_for("b"))) == (0, 1)
    assert storage.reset() == 1
    assert storage.get(TWENTY.key_for("b")) == 0


@pytest.mark.usefixtures("database")
def test_what_is_over_is_swept_away_and_no_address_is_kept() -> None:
    limiters = (FixedWindowRateLimiter(DatabaseStorage()), MovingWindowRateLimiter(DatabaseStorage()))
    for limiter in limiters:
        limiter.hit(TWENTY, "203.0.113.7")
    with unit_of_work() as current:
        kept = [*current.scalars(select(RateCount.key)), *current.scalars(select(RateEntry.key))]
        assert len(kept) == 2
        assert not any("203" in key or len(key) != 32 for key in kept)
        sweep()
        assert current.query(RateCount).count() + current.query(RateEntry).count() == 2
    later = _after_the_window()
    with told_by(later), unit_of_work() as current:
        sweep()
        assert current.query(RateCount).count() + current.query(RateEntry).count() == 0


def test_every_stated_limit_can_be_read(app: Flask) -> None:
    stated = {name: view.rate_limit for name, view in app.view_functions.items() if hasattr(view, "rate_limit")}
    assert {"accounts.sign_in", "accounts.sign_up_as", "accounts.reset", "accounts.reset_code"} <= set(stated)
    read: list[RateLimitItem] = [parse(part) for limit in stated.values() for part in limit.text.split(";")]
    assert all(item.amount > 0 for item in read)
    assert parse(limits.POSTS).amount > 0
