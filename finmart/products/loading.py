"""Publishing the project's catalogue files: a system import, exempt from maker and checker, idempotent, audited."""

from finmart.platform.accounts.service.organisations import ensure_institution_organisation
from finmart.platform.audit import service as audit
from finmart.platform.authz.permissions import Permission
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.clock import now
from finmart.products import document, repository
from finmart.products.catalogue import CatalogueFile, read_catalogue
from finmart.products.events import CatalogueImported, ProductPublished
from finmart.products.types import InstitutionRecord, Json, LoadReport, PublishedProduct

INDEX_JOB = "products.index"


def importer() -> Actor:
    """The system actor under which the catalogue's files are published."""
    permissions = frozenset({Permission.ALL_ORGANISATIONS_MANAGE})
    return system_actor("catalogue import", "the project's own catalogue of publicly stated facts", permissions)


def load_catalogue(actor: Actor, catalogue: CatalogueFile | None = None) -> LoadReport:
    """Publish what differs from what is published now. Raises ``CatalogueFault`` for files that cannot be used."""
    files = catalogue or read_catalogue()
    before = {listed.record.ref.code: listed.record for listed in repository.institutions()}
    owners = {record.ref.code: _ensure_institution(actor, record) for record in files.institutions}
    published = repository.published_fingerprints()
    # What an institution publishes by itself, or has taken down, is its own word: the files do not overwrite it.
    kept = repository.kept_by_staff()
    dumped = [(product, document.dump(product)) for product in files.products if product.code not in kept]
    changed = [(p, found) for p, found in dumped if published.get(p.code) != document.fingerprint(found)]
    for product, found in changed:
        _publish(actor, product, found, owners[product.institution.code])
    moved = any(before.get(record.ref.code) != record for record in files.institutions)
    if changed or moved:
        repository.advance_counter()
        enqueue(INDEX_JOB, {})
    report = _report(files, published=len(changed))
    audit.record(
        actor,
        CatalogueImported(
            target=str(report.catalogue_version),
            institutions=report.institutions,
            products=report.products,
            published=report.published,
            unchanged=report.unchanged,
        ),
    )
    return report


def _ensure_institution(actor: Actor, record: InstitutionRecord) -> int:
    organisation_id = ensure_institution_organisation(
        code=record.ref.code,
        name_zh=record.ref.name_zh,
        name_en=record.ref.name_en,
        kind=record.ref.kind,
        region=record.ref.region or None,
        connected=record.ref.connected,
        actor=actor,
    )
    repository.save_listing(organisation_id=organisation_id, record=record)
    return organisation_id


def _publish(actor: Actor, product: PublishedProduct, dumped: Json, organisation_id: int) -> None:
    number = repository.publish(product, dumped, organisation_id=organisation_id, at=now())
    event = ProductPublished(target=product.code, version=number, fingerprint=document.fingerprint(dumped))
    audit.record(actor, event)


def _report(files: CatalogueFile, *, published: int) -> LoadReport:
    products = files.products
    return LoadReport(
        institutions=len(files.institutions),
        connected=sum(record.ref.connected for record in files.institutions),
        products=len(products),
        published=published,
        unchanged=len(products) - published,
        clauses=sum(len(product.variants[0].clauses) for product in products),
        words_to_confirm=sum(len(product.words) for product in products),
        notes=sum(len(product.notes) for product in products),
        catalogue_version=repository.counter()[0],
    )


def forget_catalogue() -> None:
    """Have every process read the catalogue anew, and every product indexed again; nothing of it has changed itself."""
    repository.advance_counter()
    enqueue(INDEX_JOB, {})
