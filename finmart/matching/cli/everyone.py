"""``finmart match everyone``, ``demand``, ``replay``: match, and work a stored run out again."""

import csv
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from finmart.matching.demands.types.values import GUARANTEES, PURPOSE, codes_of
from finmart.matching.engine.inputs import DemandNeed
from finmart.matching.service import demands, everyone, runs
from finmart.matching.service.declaring import read_declared
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import (
    as_json,
    command_actor,
    in_unit_of_work,
    prepared,
    print_json,
    progress,
)
from finmart.platform.kernel.collecting import keeping_all
from finmart.platform.kernel.money import Money, Term
from finmart.reference import regions

#: How many products are printed for people; --json prints all.
TOP = 20


def _declared(_context: click.Context, _parameter: click.Parameter, text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not sign for _key, sign, _value in parts):
        raise click.BadParameter("write key=value with commas between, for example years_established=3,tax_grade=B")
    keys = [key.strip() for key, _sign, _value in parts]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise click.BadParameter(f"{', '.join(twice)} is stated twice; state it once")
    return {key.strip(): value.strip() for key, _sign, value in parts}


def _region(_context: click.Context, _parameter: click.Parameter, code: str) -> str:
    if regions.find(code) is None:
        raise click.BadParameter(f"no region has the code {code}")
    return code


def _need(values: dict[str, Any], as_of: date) -> DemandNeed:
    return DemandNeed(
        amount=Money.from_yuan(values["amount"]).fen,
        term_days=Term(months=values["term_months"]).in_days,
        guarantees=tuple(values["guarantee"]),
        purpose=values["purpose"],
        region=values["region"],
        as_of=as_of,
    )


@click.command("everyone")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day the facts hold for.")
@click.option("--amount", required=True, help="Amount in 元.")
@click.option("--term-months", type=click.IntRange(1, 360), required=True, help="Term in months.")
@click.option("--region", callback=_region, required=True, help="Division code of the demand, for example 360113.")
@click.option(
    "--guarantee",
    type=click.Choice(codes_of(GUARANTEES)),
    multiple=True,
    default=("credit",),
    show_default=True,
    help="Mode that can be offered.",
)
@click.option("--purpose", type=click.Choice(codes_of(PURPOSE)), help="Without one any product may serve.")
@click.option("--declare", default="", callback=_declared, help="Facts declared for every firm: key=value,key=value.")
@click.option("--demonstration", is_flag=True, help="Match the demonstration city instead of the imported firms.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write one row a firm and product (CSV).")
@as_json
@prepared
@keeping_all()
def everyone_command(
    as_of: datetime, declare: dict[str, str], demonstration: bool, out: Path | None, as_json: bool, **values: Any
) -> None:
    """Ask one need for every firm that has a profile as of a day, and say which products tell the firms apart.

    Without --demonstration: every imported subject with a published profile as of that day, demonstration left out.
    Each firm's run is stored and can be replayed.
    """
    if out is not None and not out.resolve().parent.is_dir():
        raise click.ClickException(f"--out: there is no folder {out.parent}; make it first.")
    started = time.monotonic()
    question = everyone.Question(_need(values, as_of.date()), as_of.date(), read_declared(declare), demonstration)
    actor = command_actor("match everyone", frozenset({Permission.ALL_PROFILES_RUN}))
    with unit_of_work():
        prepared_run = everyone.prepare(actor, question, basis="match everyone")
    firms = everyone.answer(prepared_run, report=progress)
    with unit_of_work():
        found = everyone.store(actor, prepared_run, firms)
    if out is not None:
        _write(found, out)
    answer = {
        "batch": found.batch,
        "firms": len(found.firms),
        "products": found.products,
        "separating": len(found.separations),
        "met_for_some": len(found.met_for_some),
        "runs": len(found.firms),
        "seconds": round(time.monotonic() - started, 2),
        "separating_products": [everyone.as_json(one) for one in found.separations],
    }
    print_json(answer) if as_json else _say(answer)


def _write(found: everyone.Everyone, out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = None
        for row in everyone.csv_rows(found):
            if writer is None:
                writer = csv.DictWriter(stream, fieldnames=list(row), lineterminator="\n")
                writer.writeheader()
            writer.writerow(row)


def _say(answer: dict[str, Any]) -> None:
    click.echo(f"{answer['firms']} firms × {answer['products']} products, batch {answer['batch']}")
    click.echo(f"{answer['separating']} products tell firms apart, {answer['met_for_some']} of them are met by some:")
    for one in answer["separating_products"]:
        click.echo(f"  {one['product_code']}: {one['differs']} by {one['fact']}, met for {one['met_for']}")


@click.command("demand")
@click.argument("demand")
@as_json
@in_unit_of_work()
def demand_command(demand: str, as_json: bool) -> None:
    """Match DEMAND (its public id) again on what is known about its applicant now, and store the run."""
    permissions = frozenset({Permission.ALL_RUNS_REPLAY, Permission.ALL_PROFILES_RUN})
    actor = command_actor("match of a demand by command", permissions)
    view = demands.match_on_behalf(actor, demand)
    rows = [everyone.row_as_json(row) for row in runs.opened_rows(view.public_id)]
    if as_json:
        print_json({"run": view.public_id, "demand": demand, "counts": view.counts, "rows": rows})
        return
    click.echo(f"run {view.public_id}: {len(rows)} products")
    for row in rows[:TOP]:
        click.echo(f"  {row['rank']:>3} {row['product_code']}: {row['verdict']}, fit {row['fit']}")


@click.command("replay")
@click.argument("run")
@as_json
@prepared
def replay(run: str, as_json: bool) -> None:
    """Work RUN out again from what it stored, and say whether every row is the same."""
    actor = command_actor("replay of a stored run", frozenset({Permission.ALL_RUNS_REPLAY}))
    with unit_of_work():
        found = runs.replay_run(actor, run)
    if as_json:
        print_json(
            {
                "run": found.public_id,
                "identical": found.identical,
                "same_inputs": found.same_inputs,
                "rows": found.rows,
                "differences": [{"place": p, "stored": old, "now": new} for p, old, new in found.differences],
            }
        )
    else:
        click.echo(f"{found.public_id}: {'identical' if found.identical else 'NOT identical'}, {found.rows} rows")
    if not found.identical:
        raise click.exceptions.Exit(1)
