"""``finmart products``: publish the catalogue's files, look at what is published, search it, rebuild the index."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from finmart.conditions.json_form import parse_condition
from finmart.conditions.sentence import sentence
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs.commands import as_json, in_unit_of_work, prepared, print_json, progress
from finmart.platform.kernel.clock import today
from finmart.platform.search.factory import opened_apart
from finmart.products import document, encoding, loading, service
from finmart.products.catalogue import variant_keys
from finmart.products.labels import PRODUCT_TYPES, label
from finmart.products.policies.service import loading as policy_loading
from finmart.products.policies.service.shelf import published_policies
from finmart.products.policies.types.values import standing
from finmart.products.search import evaluating
from finmart.products.service import Criteria
from finmart.products.types import PublishedProduct

LANGUAGE = click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)


@click.group("products")
def group() -> None:
    """The supermarket: its catalogue, its conditions and its search index."""


def _print(values: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(values)
        return
    for name, value in values.items():
        click.echo(f"{name}: {value}")


def _row(product: PublishedProduct) -> dict[str, Any]:
    return {
        "code": product.code,
        "name_zh": product.name_zh,
        "institution": product.institution.name_zh,
        "connected": product.institution.connected,
        "product_type": product.product_type,
        "version": product.version,
        "variants": len(product.variants),
        "clauses": len(product.variants[0].clauses),
        "words_to_confirm": len(product.words),
        "evidence_tier": product.evidence_tier,
    }


def _print_rows(name: str, rows: list[dict[str, Any]], as_json: bool, **more: Any) -> None:
    if as_json:
        print_json({**more, name: rows})
        return
    for row in rows:
        click.echo(f"{row['code']:28} {row['name_zh']}  {row['institution']}")


@group.command("load")
@as_json
@prepared
def load(as_json: bool) -> None:
    """Publish the project's own catalogue; what is published already stays as it is."""
    with unit_of_work():
        progress("Publishing the catalogue …")
        report = loading.load_catalogue(loading.importer())
    if not report.published:  # What is published anew is indexed by the job that its commit has started.
        with unit_of_work(readonly=True):
            service.index_products(())
    _print(report._asdict(), as_json)


@group.command("policies-load")
@as_json
@prepared
def policies_load(as_json: bool) -> None:
    """Publish the project's own policies; what the operator has published by itself stays as it is."""
    with unit_of_work():
        progress("Publishing the policies …")
        report = policy_loading.load_policies(loading.importer())
    _print(asdict(report), as_json)


@group.command("policies")
@as_json
@in_unit_of_work(readonly=True)
def policies(as_json: bool) -> None:
    """List the policies, those in force and those that have ended."""
    rows = [
        {
            "code": policy.code,
            "name_zh": policy.title_zh,
            "institution": policy.doc_no,
            "standing": standing(policy, today()).value,
            "valid_from": policy.valid_from.isoformat(),
            "valid_to": policy.valid_to.isoformat() if policy.valid_to else None,
            "version": policy.version,
            "clauses": len(policy.clauses),
        }
        for policy in published_policies()
    ]
    _print_rows("policies", rows, as_json, count=len(rows))


@group.command("list")
@click.option("--type", "product_type", type=click.Choice(sorted(PRODUCT_TYPES)), help="Only products of this type.")
@as_json
@in_unit_of_work(readonly=True)
def list_products(product_type: str | None, as_json: bool) -> None:
    """List the published products."""
    products = service.published_catalogue().products
    rows = [_row(product) for product in products if product_type in (None, product.product_type)]
    _print_rows("products", rows, as_json, count=len(rows))


@group.command("show")
@click.argument("code")
@LANGUAGE
@as_json
@in_unit_of_work(readonly=True)
def show(code: str, language: str, as_json: bool) -> None:
    """Show one product with its conditions as sentences."""
    product = service.product(code)
    sentences = [sentence(parse_condition(clause.condition), language) for clause in product.variants[0].clauses]
    if as_json:
        print_json({**_row(product), "document": document.dump(product), "sentences": sentences})
        return
    _print(_row(product), as_json=False)
    for text in sentences:
        click.echo(f"  = {text}")
    for words in product.words:
        click.echo(f"  ? {words.number}. {words.text_zh}")


@group.command("search")
@click.argument("words")
@click.option("--limit", type=click.IntRange(1, 12), default=12, show_default=True)
@as_json
@in_unit_of_work(readonly=True)
def search(words: str, limit: int, as_json: bool) -> None:
    """Search the published products as the supermarket's page does."""
    found = service.find_products(Criteria(text=words))
    rows = [_row(product) for product in found.products[:limit]]
    _print_rows("products", rows, as_json, total=found.total, terms=found.terms, relaxed=found.relaxed)


@group.command("reindex")
@as_json
@in_unit_of_work(readonly=True)
def reindex(as_json: bool) -> None:
    """Build the search index again from what is published."""
    _print({"indexed": service.index_products(())}, as_json)


@group.command("index")
@as_json
@in_unit_of_work(readonly=True)
def index(as_json: bool) -> None:
    """Say which engine searches, how many products its index holds, and whether it is up to date."""
    _print(asdict(service.index_standing()), as_json)


@group.command("search-evaluate")
@click.option(
    "--queries",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judged queries, one JSON object a line: query, relevant (product code to grade 0-3). Default: the project's.",
)
@click.option("--worst", type=click.IntRange(0, 1000), default=0, help="Also name so many queries that went worst.")
@as_json
def search_evaluate(file: Path | None, worst: int, as_json: bool) -> None:
    """Measure NDCG@10 of every engine here, on the project's own catalogue, whatever is published."""
    try:
        queries = evaluating.read_queries(file or evaluating.QUERIES)
    except (evaluating.QueriesFault, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    with opened_apart() as engines:
        measured = {engine: evaluating.measure(make, queries) for engine, make in engines.items()}
    rows = [evaluating.summary(engine, queries, values) for engine, values in measured.items()]
    if len(engines) == 1:
        progress("Elasticsearch is not configured here (FINMART_SEARCH_URL): only the embedded engine was measured.")
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    for row in () if as_json else rows:
        click.echo("  ".join(f"{name}: {value}" for name, value in row.items()))
    for engine, values in measured.items():
        for value, query in sorted(zip(values["full"], (each.query for each in queries), strict=True))[:worst]:
            progress(f"{engine}  {value:.3f}  {query}")


@group.command("conditions")
@as_json
@in_unit_of_work(readonly=True)
def conditions(as_json: bool) -> None:
    """Count the conditions: what is encoded, from where, and what still stands in words alone."""
    products = service.published_catalogue().products
    origins = Counter(c.origin.partition(":")[0] for p in products for c in p.variants[0].clauses)
    counted = {
        "products": len(products),
        "clauses_from_columns": origins["column"],
        "clauses_from_words": origins["clause"],
        "limits": sum(1 for product in products if product.variants[0].limit is not None),
        "words_to_confirm": sum(len(product.words) for product in products),
        "notes": dict(Counter(note.kind for product in products for note in product.notes)),
        "products_without_words": sum(1 for p in products if not p.words),
        "product_types": {label(PRODUCT_TYPES, kind).zh: n for kind, n in _types(products).items()},
    }
    _print(counted, as_json)


@group.command("conditions-report")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--facts", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Fact sets by clause (JSONL)."
)
@click.option("--sentences", is_flag=True, help="Also print every encoded clause as a sentence.")
@as_json
def conditions_report(file: Path, facts: Path | None, sentences: bool, as_json: bool) -> None:
    """Check the encoded clauses of FILE (JSONL, see docs/conditions.md) and count what is structured."""
    stated = encoding.read_clauses(facts.read_text(encoding="utf-8"), names=encoding.STATED) if facts else []
    found = encoding.report(encoding.read_clauses(file.read_text(encoding="utf-8")), stated, variant_keys())
    counted = {
        "clauses": found.clauses,
        "conditions": found.conditions,
        "structured": found.structured,
        "unstructured": found.unstructured,
        "kinds": dict(found.kinds),
        "steps_and_cases": found.aside,
        "shown_on_facts": found.shown,
        "faults": [asdict(each) for each in found.faults],
        "in_words": [asdict(each) for each in found.in_words],
        **({"sentences": [asdict(each) for each in found.sentences]} if sentences else {}),
    }
    _print(counted, as_json)


def _types(products: tuple[PublishedProduct, ...]) -> Counter[str]:
    return Counter(product.product_type for product in products)
