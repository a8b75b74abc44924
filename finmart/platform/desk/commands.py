"""``finmart audit``: seal the trail now, check the whole of it."""

import sys
from dataclasses import asdict

import click

from finmart.platform.audit import sealing, verifying
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import as_json, command_actor, in_unit_of_work, prepared, print_json


@click.group("audit")
def group() -> None:
    """The audit trail: its seals, and whether they hold."""


@group.command("seal")
@in_unit_of_work()
def seal() -> None:
    """Seal the rows that wait for it (a job does so every minute)."""
    click.echo(f"{sealing.seal()} rows sealed")


@group.command("verify")
@as_json
@prepared
def verify(as_json: bool) -> None:
    """Recompute the whole chain; exit code 1 when something was changed, deleted, put in or cut off."""
    actor = command_actor("finmart audit, run on the server", frozenset({Permission.ALL_AUDIT_VERIFY}))
    with unit_of_work(readonly=True, snapshot=True):
        report = verifying.verify(actor)
    with unit_of_work():
        verifying.keep(actor, report)
    if as_json:
        print_json({"sound": not report.fault, **asdict(report)})
    else:
        click.echo(f"{report.seals} seals over {report.sealed} rows; {report.unsealed} rows not sealed yet")
        click.echo(f"head {report.head}")
        place = f" (seal {report.seal_number}, row {report.row_id})" if report.fault else ""
        click.echo(f"first fault: {report.fault}{place}" if report.fault else "in order")
    if report.fault:
        sys.exit(1)
