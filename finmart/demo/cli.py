"""``finmart demo``: load the demonstration city, or write the files that its data suppliers would deliver."""

from pathlib import Path

import click

from finmart.demo import load, signins
from finmart.demo.files import write_files
from finmart.demo.week.command import play_week
from finmart.platform.jobs.commands import as_json, prepare_process, print_json, progress


@click.group("demo")
def group() -> None:
    """The demonstration city: three hundred fictional subjects, the same on every machine."""


@group.command("load")
@as_json
def load_command(*, as_json: bool) -> None:
    """Load the city through the platform's own imports, and give each role a new password.

    Running it again adds nothing but new passwords. Refused in production and while the site is served to a network.
    """
    house = prepare_process()
    report = load.load_city(house.settings, progress)
    if as_json:
        print_json({**report.counts, "imports": report.imports, "signins": str(report.file)})
        return
    for dataset, counts in report.imports.items():
        click.echo(f"{dataset}: " + ", ".join(f"{name} {value}" for name, value in counts.items()))
    click.echo(", ".join(f"{name} {value}" for name, value in report.counts.items()))
    click.echo("\n".join(signins.lines(report.signins)))


@group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@as_json
def export_command(folder: Path, *, as_json: bool) -> None:
    """Write the suppliers' files of the city into FOLDER: registration, tax, adverse records and invoices."""
    written = write_files(folder)
    if as_json:
        print_json({"folder": str(folder), "rows": written})
        return
    for name, rows in written.items():
        click.echo(f"{rows:>7}  {folder / name}")


@group.command("week")
@click.option(
    "--seed", type=click.IntRange(0), default=7, show_default=True, help="Which week: the same seed, the same week."
)
@click.option(
    "--demands", type=click.IntRange(1, 300), default=200, show_default=True, help="How many needs are stated."
)
@as_json
def week_command(*, seed: int, demands: int, as_json: bool) -> None:
    """Play a week of the city: applicants ask, twelve institutions answer after their habits, the clocks run.

    It goes through the same services as people do, at the hours of 2 to 10 November 2026. Says how the demands ended,
    and what must be zero: ownerless demands, declines without a code, officials' figures that a recount contradicts.
    """
    house = prepare_process()
    found = play_week(house.settings, seed=seed, count=demands, report=progress)
    if as_json:
        print_json(found)
    else:
        click.echo(", ".join(f"{name} {value}" for name, value in found.items()))
