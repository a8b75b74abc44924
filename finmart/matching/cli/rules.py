"""``finmart match rules``: versions of the ranking rule, and what another one would change."""

from dataclasses import asdict

import click

from finmart.matching.rulesets import drafts
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service import dry_runs
from finmart.platform.authz.permissions import Permission
from finmart.platform.jobs.commands import (
    as_json,
    command_actor,
    in_unit_of_work,
    print_json,
)


@click.group("rules")
def rules() -> None:
    """Versions of the ranking rule, and what a draft would change."""


@rules.command("list")
@as_json
@in_unit_of_work()
def rules_list(as_json: bool) -> None:
    """Every version that ranks or ranked, and the drafts."""
    actor = command_actor("versions of the ranking rule", frozenset({Permission.ALL_RULES_MANAGE}))
    active = rulesets.active().version
    rows = [{"version": d.version, "state": "draft", "fingerprint": d.fingerprint} for d in drafts.list_drafts(actor)]
    for one in rulesets.versions():
        state = "ranks" if one.version == active else "ranked"
        rows.append({"version": one.version, "state": state, "fingerprint": one.fingerprint})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['version']:>4}  {row['state']:6}  {str(row['fingerprint'])[:12]}")


@rules.command("dry-run")
@click.argument("version", type=int)
@as_json
@in_unit_of_work()
def rules_dry_run(version: int, as_json: bool) -> None:
    """Rank stored demands again by the draft VERSION, and say what would change; no result changes."""
    actor = command_actor("trial of a ranking rule", frozenset({Permission.ALL_RULES_MANAGE}))
    found = dry_runs.dry_run(actor, version)
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"{len(found.changed)} of {found.demands} demands change in their top {dry_runs.TOP}")
    click.echo(f"products that move: {found.median_places:g} places in the median, {found.furthest} at most")
    for one in found.institutions:
        click.echo(f"  {one.institution}: {one.before} → {one.after}")
