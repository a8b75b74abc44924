"""The console command ``finmart``: groups of the domains, one edge that commits and words errors."""

import os
import signal
import sys
from dataclasses import asdict
from importlib import import_module
from types import FrameType
from typing import Any

import click

from finmart.config import SettingError
from finmart.factory import create_app, prepare
from finmart.platform.accounts.service.organisations import holds_demonstration
from finmart.platform.audit.service import request_id
from finmart.platform.db import migrate
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import outbox, runner
from finmart.platform.jobs.commands import as_json, in_unit_of_work, prepare_process, print_json, progress
from finmart.platform.jobs.standing import standing
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.ids import public_id
from finmart.platform.web.processes import serve_processes
from finmart.platform.web.server import LOOPBACK, serve

#: Commands of the domains: the name on the command line → the module that exports it as ``group``.
GROUPS = {
    "accounts": "finmart.platform.accounts.cli",
    "audit": "finmart.platform.desk.commands",
    "backup": "finmart.platform.backup.cli.backup",
    "restore": "finmart.platform.backup.cli.restore",
    "keys": "finmart.platform.keys.cli",
    "products": "finmart.products.cli",
    "credit": "finmart.credit.cli",
    "match": "finmart.matching.cli.match",
    "demo": "finmart.demo.cli",
}


class Finmart(click.Group):
    """Loads a domain's commands only when they are asked for, so that ``finmart --help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Own commands and the domains' groups."""
        return sorted([*super().list_commands(ctx), *GROUPS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """An own command, or the group of a domain."""
        if cmd_name in GROUPS:
            command: click.Command = import_module(GROUPS[cmd_name]).group
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=Finmart, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def command(context: click.Context) -> None:
    """Finmart (金融超市): run the platform, its data and its accounts from the command line."""
    # The domains' commands may not know the factory; their edge calls this when it needs the process prepared.
    context.obj = prepare


@command.group("db")
def db_group() -> None:
    """The tables: bring them up to date, look at their state."""


@db_group.command("upgrade")
def upgrade() -> None:
    """Run the migrations that have not been run yet."""
    house = prepare()
    before, head = migrate.revisions(house.database.engine)
    if before != head:
        migrate.upgrade(house.database.engine)
    click.echo(f"tables at revision {head}" + ("" if before == head else f" (were at {before or 'nothing'})"))


@db_group.command("status")
@as_json
def status(as_json: bool) -> None:
    """Say which revision the tables have and which one the code needs."""
    current, head = migrate.revisions(prepare().database.engine)
    if as_json:
        print_json({"current": current, "head": head, "up_to_date": current == head})
    else:
        click.echo(f"tables: {current or 'none'}; code: {head}")


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Serve with gunicorn in so many processes (PostgreSQL); work of the outbox then needs: finmart jobs work.",
)
def serve_command(host: str, port: int, processes: int | None) -> None:
    """Serve the site until it is stopped."""
    house = prepare()
    migrate.require_current(house.database.engine)
    if host not in LOOPBACK:
        _refuse_demonstration()
    if processes is None:
        serve(create_app(house=house), house.settings, host=host, port=port)
        return
    # Each process opens connections of its own: those of this one must not be carried over a fork.
    house.database.engine.dispose()
    serve_processes(create_app, house.settings, host=host, port=port, processes=processes)


def _refuse_demonstration() -> None:
    """Demonstration accounts have printed passwords; they are never offered to a network (DECISIONS 25)."""
    with unit_of_work(readonly=True):
        if holds_demonstration():
            raise click.ClickException("This installation holds demonstration data: serve it on 127.0.0.1 only.")


@command.group("jobs")
def jobs_group() -> None:
    """Work that waits in the outbox, and work that comes back every so often."""


@jobs_group.command("drain")
@as_json
def drain(as_json: bool) -> None:
    """Do the work that is due now, periodic work included."""
    prepare_process()
    done = outbox.drain(limit=10_000)
    periodic = runner.run_periodic()
    if as_json:
        print_json({"done": done, "periodic": periodic})
    else:
        click.echo(f"{done} done" + "".join(f"; {name}" for name in periodic))


@jobs_group.command("status")
@as_json
@in_unit_of_work(readonly=True)
def jobs_status(as_json: bool) -> None:
    """Say how much work waits and whether anybody does it; exit code 1 when nobody does."""
    found = standing()
    if as_json:
        print_json({**asdict(found), "stuck": found.is_stuck})
    else:
        for name, value in asdict(found).items():
            click.echo(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}")
    if found.is_stuck:
        raise click.exceptions.Exit(1)


@jobs_group.command("work")
@click.option("--pause", type=click.FloatRange(0.1, 60), default=2.0, show_default=True, help="Seconds between looks.")
@click.option("--workers", type=click.IntRange(1, 16), default=1, show_default=True, help="Threads (PostgreSQL).")
def work(pause: float, workers: int) -> None:
    """Do the work as it falls due, until SIGTERM or Ctrl-C: for a process of its own beside the web server.

    Commits of the web processes wake it at once; a look every PAUSE seconds finds what falls due by itself.
    """
    house = prepare_process()
    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True  # What is under way is finished first.

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    progress("At work; SIGTERM or Ctrl-C ends it.")
    runner.work(house.settings.data, lambda: stopped, pause=pause, workers=workers)


def _run(arguments: list[str] | None) -> Any:
    request_id.set(public_id())
    return command.main(args=arguments, prog_name="finmart", standalone_mode=False)


def main(arguments: list[str] | None = None) -> None:
    """The console entry point: every expected error is one sentence on standard error and exit code 1."""
    os.environ.setdefault("FINMART_LOG_LEVEL", "WARNING")
    try:
        _run(arguments)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        sys.exit("Stopped; nothing was changed.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (FinmartError, SettingError) as error:
        sys.exit(f"Error: {error}")
    except OSError as error:
        sys.exit(f"Error: {error.strerror or type(error).__name__}: {error.filename or 'no file named'}")
