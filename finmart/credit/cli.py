"""``finmart credit``: import deliveries, look at them, at profiles and at the fact dictionary."""

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.pipeline.copies import download
from finmart.credit.service import deliveries, reading
from finmart.credit.types.states import FAULT_WORDS
from finmart.credit.types.values import ImportReport
from finmart.platform.accounts.service.subjects import find_subject, subject_by_public_id
from finmart.platform.authz.permissions import Permission
from finmart.platform.jobs.commands import as_json, command_actor, in_unit_of_work, prepared, print_json, progress
from finmart.reference.facts import facts

AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day as of which facts are computed."
)

_BASIS = "credit data at the command line"
_COUNTS = (
    *("rows_read", "rows_stored", "rows_duplicate", "rows_quarantined"),
    *("subjects", "facts", "profiles"),
)


@click.group()
def group() -> None:
    """Shared data: import what suppliers deliver, look at batches, profiles and facts."""


@group.command("import")
@click.argument("dataset", type=click.Choice(sorted(DATASETS)))
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@AS_OF
@click.option(
    "--scheme",
    default="supplier_code",
    show_default=True,
    help="What the codes in the files are, where a file does not say: supplier_code, uscc or resident_id.",
)
@as_json
@prepared
def import_command(dataset: str, source: Path, as_of: datetime, scheme: str, as_json: bool) -> None:
    """Import a delivery of DATASET from SOURCE, a folder (or the one file of a data set that has only one).

    \b
    invoices      enterprises.csv, input_invoices.csv(.gz), output_invoices.csv(.gz)
    registration  registration.csv
    tax           tax.csv
    adverse       adverse.csv

    Files may be gzipped, UTF-8 or GB18030. Rows that cannot be used are set aside with a reason and listed on standard
    error; a file that cannot be used stops the import, and nothing is stored. The same files again add nothing.
    """
    started = time.monotonic()
    actor = command_actor(_BASIS, frozenset({Permission.ALL_BATCHES_IMPORT}))
    report = deliveries.import_dataset(actor, dataset, source, as_of=as_of.date(), scheme=scheme, report=progress)
    _tell_quarantine(report)
    found = _figures(report, round(time.monotonic() - started, 2))
    if as_json:
        print_json(found)
    else:
        _print_figures(found)


def _tell_quarantine(report: ImportReport) -> None:
    for one in report.quarantined:
        progress(FAULT_WORDS[one.fault].format(file=one.file, row=one.row, column=one.column))
    if report.rows_quarantined > len(report.quarantined):
        progress(f"… {report.rows_quarantined} rows in quarantine in all: finmart credit quarantine")


def _figures(report: ImportReport, seconds: float) -> dict[str, Any]:
    return {
        "dataset": report.dataset,
        "batch": report.batch,
        "as_of": report.as_of.isoformat(),
        **{name: getattr(report, name) for name in _COUNTS},
        "voided": report.rows_voided,
        "voided_stored": report.rows_voided_stored,
        "already_imported": report.already,
        "seconds": seconds,
        "basis": {
            "rows": "data rows of the data set's own files; read = stored + duplicate + quarantined",
            "rows_duplicate": "equal to an earlier row of the same file in every trimmed column, or stored before",
            "voided": "voided rows among those read; voided_stored: those stored, flagged, without their duplicates",
            "facts": "facts added by this import; the same fact again is not",
        },
    }


def _print_figures(found: dict[str, Any]) -> None:
    for name, value in found.items():
        if name != "basis":
            click.echo(
                f"{name}: {value:,}" if isinstance(value, int) and not isinstance(value, bool) else f"{name}: {value}"
            )


@group.command("batches")
@click.option("--dataset", default="", help="Only this data set.")
@as_json
@in_unit_of_work(readonly=True)
def batches_command(dataset: str, as_json: bool) -> None:
    """List the newest deliveries with their counts."""
    actor = command_actor(_BASIS, frozenset({Permission.ALL_BATCHES_READ}))
    rows = [_batch(view) for view in deliveries.list_batches(actor, dataset=dataset).items]
    if as_json:
        print_json({"batches": rows})
    for row in [] if as_json else rows:
        click.echo(
            f"{row['batch']}  {row['dataset']:12} {row['state']:9} as of {row['as_of']}  read {row['rows_read']:,} = "
            f"{row['rows_stored']:,} stored + {row['rows_duplicate']:,} duplicate + "
            f"{row['rows_quarantined']:,} quarantined"
        )


def _batch(view: Any) -> dict[str, Any]:
    return {
        "batch": view.public_id,
        "dataset": view.dataset,
        "state": view.state.value,
        "as_of": view.as_of.isoformat(),
        "received_at": view.received_at.isoformat(),
        **{name: getattr(view, name) for name in _COUNTS},
    }


@group.command("quarantine")
@click.option("--batch", default="", help="Only this batch.")
@click.option("--all", "every", is_flag=True, help="Rows that were handled too.")
@as_json
@in_unit_of_work(readonly=True)
def quarantine_command(batch: str, every: bool, as_json: bool) -> None:
    """List rows set aside: file, row, column and what to do about each."""
    actor = command_actor(_BASIS, frozenset({Permission.ALL_QUARANTINE_READ}))
    page = deliveries.list_quarantine(actor, batch=batch, open_only=not every, size=1000)
    rows = [
        {"batch": one.batch, "file": one.file, "row": one.row, "column": one.column, "fault": one.fault}
        for one in page.items
    ]
    if as_json:
        print_json({"rows": rows, "total": page.total})
    for row in [] if as_json else rows:
        click.echo(FAULT_WORDS[str(row["fault"])].format(**row))


@group.command("profile")
@click.argument("subject")
@click.option("--scheme", default="supplier_code", show_default=True, help="What SUBJECT is a code of.")
@as_json
@in_unit_of_work()
def profile_command(subject: str, scheme: str, as_json: bool) -> None:
    """Print the newest profile of SUBJECT (a supplier's code such as E1, or a public id). The read is written down."""
    actor = command_actor(_BASIS, frozenset({Permission.ALL_PROFILES_RUN}))
    subject_id = find_subject(scheme, subject) or subject_by_public_id(subject).id
    found = download(reading.read_profile(actor, subject_id, purpose="inspect", basis=_BASIS))
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['version']} as of {found['as_of']}, known at {found['known_at']}")
    _print_facts(found["facts"], lambda fact: f"{fact['key']:32} {_short(fact['value'])}")


def _short(value: Any) -> str:
    return " ".join(map(str, value[:12])) + (" …" if len(value) > 12 else "") if isinstance(value, list) else str(value)


def _print_facts(rows: Any, worded: Callable[[Any], str]) -> None:
    for row in rows:
        click.echo(worded(row))


@group.command("facts")
@as_json
def facts_command(as_json: bool) -> None:
    """Print the fact dictionary: key, unit, origin and definition of every fact a condition may speak of."""
    rows = [asdict(definition) for definition in facts().values()]
    if as_json:
        print_json({"facts": rows})
        return
    _print_facts(rows, lambda row: f"{row['key']:34} {row['unit']:8} {row['definition_en'] or row['definition_zh']}")


@group.command("retention")
@as_json
@in_unit_of_work()
def retention_command(as_json: bool) -> None:
    """Destroy the keys and bytes of landed files whose retention has ended (a job does this every night)."""
    actor = command_actor(_BASIS)
    erased = deliveries.erase_expired_landings(actor)
    if as_json:
        print_json({"batches_erased": erased})
    else:
        click.echo(f"batches erased: {erased}")
