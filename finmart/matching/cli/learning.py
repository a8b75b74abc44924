"""``finmart match evaluate``, ``train``: how good a ranking is, and a draft of a better one."""

from pathlib import Path
from typing import Any

import click

from finmart.matching.insights.service import outcomes
from finmart.matching.learning import keeping, trial
from finmart.matching.learning.reading import Files, read_table
from finmart.matching.learning.sheets import NAMES
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import (
    as_json,
    command_actor,
    prepare_process,
    print_json,
    progress,
)
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError


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


def _csv_trial(given: dict[str, Any], **written: Path | None) -> trial.Trial | None:
    """The trial of the CSV files, which needs no database; None where none was named. Raises ``UsageError``.

    ``written`` are options that say where something of the files is written to.
    """
    wanted = {name: given[name] for name in ("interactions", "firms", "products", "test_from")}
    if not any(wanted.values()):
        idle = sorted(name for name, value in {**given, **written}.items() if value)
        if idle:
            named = ", ".join("--column" if name == "columns" else f"--{name}" for name in idle)
            raise click.UsageError(f"{named}: only of use with --interactions, --firms, --products and --test-from")
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


@click.command("evaluate")
@_of_csv
@click.option("--places", type=_OUT, callback=_in_a_folder, help="Write each firm's first ten (CSV).")
@as_json
def evaluate(as_json: bool, places: Path | None, **given: Any) -> None:
    """Judge the ranking and the likelihood of approval: of what is stored here, or of CSV files from elsewhere."""
    found = _csv_trial(given, places=places)
    if found is not None:
        if places is not None:
            keeping.write_places(found, places)
        print_json(found.answer) if as_json else click.echo("\n".join(keeping.sentences(found.answer)))
        return
    prepare_process()
    with unit_of_work(readonly=True):
        answer = outcomes.evaluate()
    print_json(answer) if as_json else click.echo("\n".join(outcomes.sentences(answer)))


@click.command("train")
@_of_csv
@click.option("--out", type=_OUT, callback=_in_a_folder, help="Write the draft of CSV files here (JSON).")
@as_json
def train(as_json: bool, out: Path | None, **given: Any) -> None:
    """Fit the likelihood and make a draft of a ranking rule; nothing ever ranks by a draft."""
    found = _csv_trial(given, out=out)
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
