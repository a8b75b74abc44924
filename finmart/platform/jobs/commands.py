"""A command's edge: the process is prepared, one unit of work is opened, and what it wrote down is done at its end."""

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

from finmart.platform.db import migrate
from finmart.platform.db.session import database, unit_of_work
from finmart.platform.jobs.runner import use_inline_runner
from finmart.platform.kernel.actor import Actor, system_actor

P = ParamSpec("P")
R = TypeVar("R")

#: ``--json`` of every command that answers with figures or rows.
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")


def prepare_process() -> Any:
    """Prepare this process as the root command says (``obj`` of the root context), and run jobs inline.

    Raises ``TablesBehind`` before the migrations have been run: a command must not fail in the middle of its work.
    """
    house = click.get_current_context().find_root().obj()
    migrate.require_current(database().engine)
    use_inline_runner()
    return house


def prepared(function: Callable[P, R]) -> Callable[P, R]:
    """For commands that open their own units of work (imports, which commit batch by batch)."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        prepare_process()
        return function(*args, **kwargs)

    return run


def in_unit_of_work(*, readonly: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For commands that are one unit of work: committed when they end well, rolled back when they do not."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            prepare_process()
            with unit_of_work(readonly=readonly):
                return function(*args, **kwargs)

        return run

    return decorate


def command_actor(basis: str, permissions: frozenset[str] = frozenset()) -> Actor:
    """Whoever sits at this machine's command line, under a named basis; the account's name stands in the audit row."""
    return system_actor(f"command:{os.environ.get('USER') or 'unknown'}", basis, permissions)


def print_json(document: Any) -> None:
    """Print one JSON document on standard output, Chinese as it is, instants as ISO 8601."""
    click.echo(json.dumps(document, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def progress(text: str) -> None:
    """Say on standard error what is under way; over itself on a terminal, line by line elsewhere."""
    click.echo(f"\r\033[K{text}" if sys.stderr.isatty() else text, err=True, nl=not sys.stderr.isatty())
