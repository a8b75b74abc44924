"""Loading the city: through the imports, accounts and demands that everything real goes through."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from finmart.config import Settings
from finmart.credit.service import deliveries
from finmart.demo import branches, consents, members, needs, signins, stories
from finmart.demo.city import plan
from finmart.demo.city.demands import demands
from finmart.demo.city.subjects import CitySubject, subjects
from finmart.demo.files import write_files
from finmart.demo.signins import SignIn
from finmart.matching.engine.bulk.everyone import NUMPY
from finmart.matching.exposure import service as exposure
from finmart.matching.insights.service import coverage_count
from finmart.matching.insights.service.figures import count_figures
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.errors import NotAllowed
from finmart.platform.kernel.messages import N_
from finmart.platform.web.server import LOOPBACK, serving_on
from finmart.products import loading
from finmart.products.policies.service.loading import load_policies

Report = Callable[[str], None]
#: Registration first: the others speak of subjects that it makes known.
ORDER = ("registration", "tax", "adverse", "invoices")
#: So many claims wait for the operator's review.
PENDING_CLAIMS = 4


class DemonstrationRefused(NotAllowed):
    """Demonstration data have no place here; the sentence says why."""


@dataclass
class Loaded:
    """What a load did: counts by name, each data set's counted rows, the sign-ins and the file they stand in."""

    counts: dict[str, int] = field(default_factory=dict)
    imports: dict[str, dict[str, int]] = field(default_factory=dict)
    signins: list[SignIn] = field(default_factory=list)
    file: Path | None = None


def load_city(settings: Settings, report: Report) -> Loaded:
    """Load the whole city, step by step, each step a unit of work of its own.

    A second time adds nothing but new passwords. Raises ``DemonstrationRefused``.
    """
    refuse_elsewhere(settings)
    loaded = Loaded()
    permissions = frozenset({Permission.ALL_BATCHES_IMPORT, Permission.ALL_ORGANISATIONS_MANAGE})
    actor = system_actor("finmart demo load", "demonstration city", permissions)
    report("publishing the catalogue")
    with unit_of_work():
        loaded.counts["products"] = loading.load_catalogue(loading.importer()).products
    with unit_of_work():
        loaded.counts["policies"] = load_policies(loading.importer()).policies
    with unit_of_work():
        ids = members.ensure_subjects(actor, subjects())
        loaded.counts["subjects"] = len(ids)
    loaded.imports = _import(actor, report)
    _people(actor, ids, loaded, settings, report)
    with unit_of_work():
        count_figures(system_actor("finmart demo load", "officials' figures"))
    _count_coverage()
    return loaded


def _count_coverage() -> None:
    """What officials see of the shelf; three hundred subjects are not worth starting a compiler for."""
    actor = system_actor("finmart demo load", "coverage of the shelf", frozenset({Permission.ALL_PROFILES_RUN}))
    with unit_of_work(readonly=True):
        prepared = coverage_count.prepare(actor, as_of=plan.REFERENCE_DATE, demonstration=True)
    counted = coverage_count.work_out(prepared, by=NUMPY)
    with unit_of_work():
        coverage_count.store(actor, prepared, counted)


def refuse_elsewhere(settings: Settings) -> None:
    """Raise ``DemonstrationRefused`` in production and while the site is served to a network (DECISIONS 25)."""
    if settings.is_production:
        raise DemonstrationRefused(N_("正式环境不装入演示数据。"))
    for host in sorted(serving_on(settings.data) - LOOPBACK):
        raise DemonstrationRefused(N_("网站正在 {host} 上对外提供服务，不能装入演示数据。"), host=host)


def _import(actor: Actor, report: Report) -> dict[str, dict[str, int]]:
    """Deliver the suppliers' files; data set → its counted rows."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="finmart-demo-") as folder:
        report("writing the suppliers' files")
        write_files(Path(folder))
        for dataset in ORDER:
            report(f"importing {dataset}")
            done = deliveries.import_dataset(
                actor, dataset, Path(folder) / dataset, as_of=plan.REFERENCE_DATE, demonstration=True
            )
            found[dataset] = {
                "rows_read": done.rows_read,
                "rows_stored": done.rows_stored,
                "rows_duplicate": done.rows_duplicate,
                "rows_quarantined": done.rows_quarantined,
                "profiles": done.profiles,
            }
    return found


def _people(actor: Actor, ids: dict[int, int], loaded: Loaded, settings: Settings, report: Report) -> None:
    """Applicants with what they declare and ask, claims that wait, and everybody's account."""
    known = {demand.subject.number: demand.subject for demand in demands()}
    with unit_of_work():
        report("opening accounts")
        organisations = members.ensure_applicants(known.values(), ids)
        waiting = _waiting(known)
        members.ensure_applicants(waiting, ids, verified=False)
        loaded.signins = members.ensure_people(actor, organisations)
        loaded.counts["accounts"] = len(loaded.signins)
        loaded.counts["claims_verified"] = len(organisations)
        loaded.counts["claims_pending"] = len(waiting)
    with unit_of_work():
        loaded.counts["branches"] = branches.ensure_branches(actor)
    with unit_of_work():
        loaded.counts["declared"] = needs.declare(known.values(), ids, organisations)
    with unit_of_work():
        loaded.counts["consents"] = consents.grant_consents(organisations)
    with unit_of_work():
        seen = needs.ask(demands(), ids, organisations, report)
        loaded.counts["demands"] = len(seen)
    with unit_of_work():
        report("applications on their way")
        begun, before = stories.tell(list(demands()), organisations, seen)
        loaded.counts["applications"], loaded.counts["decided_before"] = begun, before
    exposure.flush()
    loaded.file = signins.write(settings.data, loaded.signins)


def _waiting(known: dict[int, CitySubject]) -> list[CitySubject]:
    """The subjects whose claims wait: the first ones that ask for nothing yet."""
    return [subject for subject in subjects() if subject.number not in known][:PENDING_CLAIMS]
