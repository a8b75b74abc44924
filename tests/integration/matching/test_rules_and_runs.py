"""What is stored stays as it was: rules, plans, runs; and a run replays when the catalogue has moved on."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select, text, update

from finmart.matching import repository
from finmart.matching.engine import plain
from finmart.matching.engine.needs import with_need
from finmart.matching.models import MatchOffer, MatchPlan, MatchRun
from finmart.matching.rulesets import service as rulesets
from finmart.matching.rulesets.models import RankingRuleset
from finmart.matching.rulesets.types import RuleFrozen, RuleUnknown
from finmart.matching.service import runs
from finmart.matching.service.runs import Subject
from finmart.matching.types.errors import NothingPublished, RunUnknown
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db import migrate
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.clock import now
from finmart.products import loading
from tests.factories.matching import facts, need

OPERATOR = Actor(name="operator", permissions=frozenset({Permission.ALL_RUNS_READ, Permission.ALL_RUNS_REPLAY}))
APPLICANT = Actor(name="applicant", user_id=None, permissions=frozenset({Permission.OWN_DEMANDS_READ}))


@pytest.fixture
def shelf(database: Database) -> None:  # noqa: ARG001
    """The catalogue, published."""
    with unit_of_work():
        loading.load_catalogue(loading.importer())


def stored_run(**known: object) -> str:
    with unit_of_work():
        base = runs.ground()
        asked = need(region="360113", as_of=date(2020, 2, 21))
        case = plain.Case(with_need(facts(subject_kind="enterprise", **known), asked), asked, base.ruleset.rule)
        about = Subject(kind="command", as_of=date(2020, 2, 21), known_at=now())
        actor = system_actor("test", "a test")
        columns = runs.columns(actor, base, case, plain.match(case, base.plan.offers), about)
        return repository.add_run(**columns, advice=None).public_id


@pytest.mark.usefixtures("shelf")
def test_a_run_comes_back_whole() -> None:
    run = stored_run(tax_grade="B", years_established=3)
    with unit_of_work(readonly=True):
        found = runs.read_run(OPERATOR, run)
    assert [row.place for row in found.rows] == list(range(1, 197))
    assert found.facts.values["tax_grade"].value == "B"
    assert sum(found.view.counts.values()) == 196


@pytest.mark.usefixtures("shelf")
def test_inputs_and_rows_are_ciphertext() -> None:
    stored_run(tax_grade="B")
    with unit_of_work(readonly=True):
        raw = session().connection().exec_driver_sql("SELECT inputs, rows FROM match_run").one()
    assert not any(word in bytes(part) for part in raw for word in (b"tax_grade", b"enterprise", b"verdict"))


@pytest.mark.usefixtures("shelf")
def test_a_run_replays_when_the_catalogue_has_moved_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = stored_run(tax_grade="B")
    with unit_of_work():
        before = runs.replay_run(OPERATOR, run)

    def gone() -> None:
        raise AssertionError("a replay asks for nothing but what the run stored")

    monkeypatch.setattr("finmart.matching.snapshots.current_plan", gone)
    with unit_of_work():
        after = runs.replay_run(OPERATOR, run)
    assert before.identical
    assert after == before


@pytest.mark.usefixtures("shelf")
def test_two_runs_of_the_same_share_one_plan() -> None:
    first, second = stored_run(tax_grade="B"), stored_run(tax_grade="B")
    with unit_of_work(readonly=True):
        rows = [repository.run_by_public_id(run) for run in (first, second)]
        assert len({row.plan_id for row in rows if row}) == 1
        assert len({row.inputs_hash for row in rows if row}) == 1


@pytest.mark.usefixtures("shelf")
def test_a_changed_product_adds_itself_alone_to_what_is_kept() -> None:
    def kept() -> tuple[int, int]:
        count = "SELECT (SELECT count(*) FROM match_plan), (SELECT count(*) FROM match_offer)"
        plans, offers = session().execute(text(count)).one()
        return plans, offers

    with unit_of_work():
        base = runs.ground()
        assert kept() == (1, 196)
        documents = base.plan.by_digest
        (_first, document), *rest = documents.items()
        changed = {"f" * 64: {**document, "decision_days": 1}, **dict(rest)}
        other = repository.keep_plan(fingerprint="a" * 64, catalogue_version=9, documents=changed)
        assert kept() == (2, 197)
        assert repository.keep_plan(fingerprint="a" * 64, catalogue_version=9, documents={}) == other
        assert repository.documents_of(repository.plan_by_id(other)) == list(changed.values())


@pytest.mark.usefixtures("shelf")
def test_a_plan_stored_earlier_with_its_documents_replays(monkeypatch: pytest.MonkeyPatch) -> None:
    run = stored_run(tax_grade="B")
    with unit_of_work():
        (plan,) = session().scalars(select(MatchPlan))
        documents = repository.documents_of(plan)
        session().execute(update(MatchPlan).values(offers=documents).execution_options(synchronize_session=False))
        session().execute(delete(MatchOffer))
    monkeypatch.setattr(runs._Plans, "by_fingerprint", {})
    with unit_of_work():
        assert runs.replay_run(OPERATOR, run).identical


@pytest.mark.usefixtures("shelf")
def test_a_stored_run_is_never_changed() -> None:
    run = stored_run()
    with pytest.raises(RuntimeError, match="stands as it was"), unit_of_work():
        row = repository.run_by_public_id(run)
        assert isinstance(row, MatchRun)
        row.open = 0


@pytest.mark.usefixtures("shelf")
def test_a_run_is_the_operators_and_its_organisations_alone() -> None:
    run = stored_run()
    with unit_of_work(readonly=True):
        with pytest.raises(PermissionMissing):
            runs.read_run(APPLICANT, run)
        with pytest.raises(RunUnknown):
            runs.own_run(replace(APPLICANT, organisation_id=7), run)
        with pytest.raises(RunUnknown):
            runs.own_run(APPLICANT, run)


@pytest.mark.usefixtures("database")
def test_nothing_is_matched_before_anything_is_published() -> None:
    with pytest.raises(NothingPublished), unit_of_work():
        runs.ground()


@pytest.mark.usefixtures("database")
def test_the_shipped_rule_is_shown_before_it_is_stored_and_frozen_after() -> None:
    with unit_of_work(readonly=True):
        assert rulesets.active().version == rulesets.NEWEST == 3
    with unit_of_work():
        rulesets.keep(rulesets.shipped())
        rulesets.keep(rulesets.shipped())
    with pytest.raises(RuleFrozen), unit_of_work():
        rulesets.keep(replace(rulesets.shipped(), fingerprint="another"))
    with pytest.raises(RuntimeError, match="committed"), unit_of_work():
        session().get_one(RankingRuleset, 3).document = {}
    with pytest.raises(RuleUnknown), unit_of_work(readonly=True):
        rulesets.of_version(9)


def test_plans_hold_their_documents_again_for_the_code_before(own_database: Database) -> None:
    with unit_of_work():
        plan = repository.keep_plan(fingerprint="a", catalogue_version=1, documents={"b": {"code": "p"}})
    migrate.downgrade(own_database.engine, "0022")
    with own_database.engine.connect() as connection:
        (offers,) = connection.execute(select(MatchPlan.offers).where(MatchPlan.id == plan)).scalars()
    assert offers == [{"code": "p"}]
