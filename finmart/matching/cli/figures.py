"""``finmart match count``, ``coverage``: what officials see, counted."""

import time
from datetime import datetime
from typing import Any

import click

from finmart.matching.insights.service import coverage_count, figures
from finmart.matching.insights.types.coverage import Counted, CoverageHead
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import as_json, command_actor, in_unit_of_work, prepared, print_json, progress


@click.command("count")
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


@click.command("coverage")
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
        read = coverage_count.prepare(actor, as_of=as_of.date(), demonstration=demonstration)
    progress(f"read {read.rows_read} facts of {len(read.people)} subjects")
    counted = coverage_count.work_out(read, report=progress)
    with unit_of_work():
        head = coverage_count.store(actor, read, counted)
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
