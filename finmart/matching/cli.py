"""``finmart match``: match a demand or everyone, replay a stored run, count the officials' figures."""

import csv
import time
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from finmart.matching.demands.types.values import GUARANTEES, PURPOSE, codes_of
from finmart.matching.engine.inputs import DemandNeed
from finmart.matching.insights.service import covering, figures, outcomes
from finmart.matching.insights.types.coverage import Counted, CoverageHead
from finmart.matching.learning import keeping, trial
from finmart.matching.learning.reading import Files, read_table
from finmart.matching.learning.sheets import NAMES
from finmart.matching.rulesets import drafts
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service import demands, dry_runs, everyone, runs
from finmart.matching.service.declaring import read_declared
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import (
    as_json,
    command_actor,
    in_unit_of_work,
    prepare_process,
    prepared,
    print_json,
    progress,
)
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.money import Money, Term
from finmart.reference import regions

#: How many products are printed for people; --json prints all.
TOP = 20


@click.group()
def group() -> None:
    """Match needs with products, and work stored results out again."""


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


@group.command("everyone")
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


@group.command("demand")
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


@group.command("replay")
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


@group.command("count")
@as_json
@in_unit_of_work()
def count(as_json: bool) -> None:
    """Count products, demands and applications for the officials' pages."""
    found = figures.count_figures(command_actor("officials' figures"))
    answer = {
        "count": found.public_id,
        "as_of": found.as_of.isoformat(),
        "products": found.products,
        "demands": found.demands,
        "applications": found.applications,
    }
    if as_json:
        print_json(answer)
    else:
        click.echo(f"counted {found.demands} demands and {found.applications} applications as of {found.as_of}")


@group.command("coverage")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day the facts hold for.")
@click.option("--demonstration", is_flag=True, help="Count the demonstration city instead of the imported subjects.")
@as_json
@prepared
def coverage_command(as_of: datetime, demonstration: bool, as_json: bool) -> None:
    """Hold every subject that has a profile as of a day against every product, and count who meets what.

    Officials see the result at /official/coverage until the next one of the same side takes its place.
    """
    started = time.monotonic()
    actor = command_actor("match coverage", frozenset({Permission.ALL_PROFILES_RUN}))
    with unit_of_work():
        read = covering.prepare(actor, as_of=as_of.date(), demonstration=demonstration)
    progress(f"read {read.rows_read} facts of {len(read.people)} subjects")
    counted = covering.work_out(read, report=progress)
    with unit_of_work():
        head = covering.store(actor, read, counted)
    answer = {**_coverage_as_json(head, counted), "seconds": round(time.monotonic() - started, 2)}
    print_json(answer) if as_json else _say_coverage(answer)


def _coverage_as_json(head: CoverageHead, counted: Counted) -> dict[str, Any]:
    def standings(rest: str, met: int, open_: int) -> dict[str, int]:
        return {"met": met, "open": open_, rest: counted.subjects - met - open_}

    return {
        "result": head.public_id,
        "as_of": head.as_of.isoformat(),
        "demonstration": head.demonstration,
        "catalogue_version": head.catalogue_version,
        "products": head.products,
        "subjects": counted.subjects,
        "rows_read": head.rows_read,
        "shelves": [
            {"shelf": shelf, "products": products, **standings("none", *counted.of_shelf(shelf))}
            for shelf, products in counted.shelves.items()
        ],
        "by_product": [
            {"product_code": one.code, **standings("unchecked" if one.unchecked else "not_met", *one.everywhere)}
            for one in counted.products
        ],
    }


def _say_coverage(answer: dict[str, Any]) -> None:
    click.echo(f"{answer['subjects']} subjects × {answer['products']} products, result {answer['result']}")
    for one in answer["shelves"]:
        click.echo(f"  {one['shelf']} ({one['products']}): met {one['met']}, may {one['open']}, none {one['none']}")


class _Refused(click.ClickException):
    """A table from elsewhere that cannot be used: whoever called gave the wrong thing, as with a wrong option."""

    exit_code = 2


def _columns(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    parts = [text.partition("=") for text in given]
    named = {role: name for role, _sign, name in parts if role in NAMES and name.strip()}
    if len(named) < len(parts):
        raise click.BadParameter(f"write {'|'.join(NAMES)}=NAME, each once, for example firm=borrower_no")
    return named


def _in_a_folder(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    """Asked before the work, not after it."""
    if path is not None and not path.resolve().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}; make it first")
    return path


_CSV = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
_OPTIONS = (
    click.option("--interactions", type=_CSV, help="CSV: firm, product, date, outcome (docs/learning.md)."),
    click.option("--firms", type=_CSV, help="CSV: firm and its features, of any name and type."),
    click.option("--products", type=_CSV, help="CSV: product and its features."),
    click.option("--test-from", type=click.DateTime(_DAYS), help="The first day that is judged, not learned."),
    click.option("--obtained", multiple=True, help="A word of the outcome column that means success."),
    click.option("--declined", multiple=True, help="A word of it that means a refusal."),
    click.option(
        "--column", "columns", multiple=True, callback=_columns, help="What the files call a column: firm=borrower_no."
    ),
    click.option("--rising", multiple=True, help="A numeric feature that may only raise the likelihood of approval."),
    click.option("--falling", multiple=True, help="A numeric feature that may only lower it."),
)


def _of_csv(function: Any) -> Any:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def _csv_trial(given: dict[str, Any]) -> trial.Trial | None:
    """The trial of the CSV files, which needs no database; None where none was named. Raises ``UsageError``."""
    wanted = {name: given[name] for name in ("interactions", "firms", "products", "test_from")}
    if not any(wanted.values()):
        return None
    missing = [f"--{name.replace('_', '-')}" for name, value in wanted.items() if value is None]
    if missing:
        raise click.UsageError(f"give {', '.join(missing)} too: a foreign table needs all three files and the day")
    words = {name: given[name] for name in ("obtained", "declined", "columns")}
    files = Files(given["interactions"], given["firms"], given["products"], **words)
    if both := {name.strip().lower() for name in given["rising"]} & {name.strip().lower() for name in given["falling"]}:
        raise click.UsageError(f"{', '.join(sorted(both))} cannot both raise and lower the likelihood")
    directions = {**dict.fromkeys(given["rising"], 1), **dict.fromkeys(given["falling"], -1)}
    try:
        return trial.run_trial(read_table(files), given["test_from"].date(), progress, directions)
    except FinmartError as error:
        raise _Refused(str(error)) from error


@group.command("evaluate")
@_of_csv
@click.option("--places", type=_OUT, callback=_in_a_folder, help="Write each firm's first ten (CSV).")
@as_json
def evaluate(as_json: bool, places: Path | None, **given: Any) -> None:
    """Judge the ranking and the likelihood of approval: of what is stored here, or of CSV files from elsewhere."""
    found = _csv_trial(given)
    if found is not None:
        if places is not None:
            keeping.write_places(found, places)
        print_json(found.answer) if as_json else click.echo("\n".join(keeping.sentences(found.answer)))
        return
    prepare_process()
    with unit_of_work(readonly=True):
        answer = outcomes.evaluate()
    print_json(answer) if as_json else click.echo("\n".join(outcomes.sentences(answer)))


@group.command("train")
@_of_csv
@click.option("--out", type=_OUT, callback=_in_a_folder, help="Write the draft of CSV files here (JSON).")
@as_json
def train(as_json: bool, out: Path | None, **given: Any) -> None:
    """Fit the likelihood and make a draft of a ranking rule; nothing ever ranks by a draft."""
    found = _csv_trial(given)
    if found is not None:
        draft = keeping.draft_of(found, today())
        if out is not None:
            keeping.write_draft(found, out, today())
        print_json(draft) if as_json else click.echo("\n".join(keeping.sentences(found.answer)))
        return
    prepare_process()
    with unit_of_work():
        made = outcomes.train(command_actor("match train"))
    if as_json:
        print_json(made)
    else:
        click.echo(f"draft of version {made['version']}, from {made['learned']['decisions']} decisions; ranks nothing")


@group.group("rules")
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
