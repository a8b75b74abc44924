"""While staff write a draft they read whom it would admit, and how that differs from what is public."""

import pytest
from sqlalchemy import text

from finmart.matching.service.drafted import DraftAdmission, Standing, who_would_a_draft_admit
from finmart.matching.service.prospects import who_would_this_admit
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.authz.roles import ROLES
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.products import service as products
from finmart.products.drafts.service import conditions, desk
from finmart.products.types import Json
from tests.factories import products as made
from tests.fixtures.city import CityVisit
from tests.fixtures.people import Person, enter, new_person

#: Nobody in the demonstration sample sells for a hundred thousand million yuan a year.
TOO_STRICT: Json = {"ge": [{"fact": "sales_12m"}, {"value": 100_000_000_000_000, "unit": "money"}]}


def clerk_of(visit: CityVisit, institution: str = "") -> tuple[Person, Actor]:
    """A clerk of the demonstration, or a new one of another institution, signed in."""
    person = visit.enter("institution_clerk")
    if institution:
        with unit_of_work(readonly=True):
            organisation_id = products.institution(institution).organisation_id
        person = new_person("institution_clerk", organisation_id=organisation_id)
        visit.client = visit.app.test_client()
        enter(visit.client, person.token)
    assert person is not None
    actor = Actor(
        name="clerk",
        user_id=person.user_id,
        organisation_id=person.organisation_id,
        organisation_kind="institution",
        permissions=ROLES["institution_clerk"],
    )
    return person, actor


def published_of(actor: Actor) -> str:
    with unit_of_work(readonly=True):
        return next(one.product.code for one in products.own_products(actor))


def require_too_much(actor: Actor, code: str, key: str = "") -> str:
    """Put the condition that nobody meets into the draft; returns its key."""
    with unit_of_work():
        seen = desk.editable(actor, code)
        before = {clause.key for clause in conditions.editable_clauses(seen.product)}
        conditions.put_condition(
            actor, code, TOO_STRICT, key=key, required=True, note_zh="", fingerprint=seen.fingerprint
        )
        after = {clause.key for clause in conditions.editable_clauses(desk.editable(actor, code).product)}
        return key or (after - before).pop()


def counted(actor: Actor, code: str) -> DraftAdmission:
    with unit_of_work():
        return who_would_a_draft_admit(actor, code)


def test_without_a_draft_what_is_public_is_counted_and_nothing_compared(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit)
    code = published_of(actor)
    found = counted(actor, code)
    with unit_of_work():
        public = who_would_this_admit(actor, code)
    assert (found.is_draft, found.before) == (False, None)
    assert found.admission == public
    html = visit.send("matching.draft_admits", values={"product_code": code}, htmx=True).get_data(as_text=True)
    assert "现在没有草稿" in html
    assert "比现在公开的" not in html


def test_a_stricter_draft_admits_fewer_and_says_by_how_many(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit, "psbc")
    code = "psbc_xwyd_invoice"
    public = counted(actor, code).admission
    assert public.admitted > 0
    key = require_too_much(actor, code)
    found = counted(actor, code)
    assert found.is_draft
    assert found.before == public
    assert found.admission.admitted == 0
    assert found.more_admitted == -public.admitted < 0
    assert found.admission.refused > public.refused
    assert found.more_admitted + found.more_undecided + found.more_refused == 0
    line = next(line for line in found.lines if line.clause.key == key)
    assert line.standing is Standing.NEW
    assert line.not_met == line.more_not_met > 0
    # Whoever is admitted at present is lost through the new condition, and through it alone.
    assert (found.lost, found.won) == (public.admitted, 0)
    assert line.lost == public.admitted
    assert line.alone == public.admitted
    assert line.together == line.not_met - line.alone
    others = [line for line in found.lines if line.clause.key != key]
    assert {other.lost for other in others} <= {0}
    assert {other.alone for other in others} <= {0}
    assert {line.standing for line in others} <= {Standing.KEPT}
    html = visit.send("matching.draft_admits", values={"product_code": code}, htmx=True).get_data(as_text=True)
    assert f"有 {line.lost} 个因这一条不再符合" in html
    assert "草稿新增" in html
    assert f"比现在公开的多 {found.more_refused}" in html
    # The shelf goes on saying what is public.
    with unit_of_work():
        assert who_would_this_admit(actor, code) == public


def test_a_condition_that_the_draft_gives_up_is_named(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit)
    with unit_of_work(readonly=True):
        code, key = next(
            (one.product.code, clause.key)
            for one in products.own_products(actor)
            for clause in conditions.editable_clauses(one.product)
            if clause.required
        )
    with unit_of_work():
        conditions.drop_condition(actor, code, key, fingerprint=desk.editable(actor, code).fingerprint)
    found = counted(actor, code)
    line = next(line for line in found.lines if line.clause.key == key)
    assert line.standing is Standing.GONE
    assert line.not_met == line.unknown == 0
    assert line.more_not_met <= 0
    assert found.more_admitted >= 0
    assert found.more_refused <= 0
    assert (found.lost, found.won) == (0, found.more_admitted)
    assert line.won == found.won


def test_a_product_that_was_never_public_is_counted_without_comparing(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit)
    with unit_of_work():
        code = made.draft(actor)
    found = counted(actor, code)
    assert (found.number, found.is_draft, found.before) == (1, True, None)
    assert found.admission.subjects == 300
    html = visit.send("matching.draft_admits", values={"product_code": code}, htmx=True).get_data(as_text=True)
    assert "还没有公开过" in html


def test_the_draft_of_another_institution_is_not_found(visit: CityVisit) -> None:
    person, actor = clerk_of(visit)
    with unit_of_work(readonly=True):
        foreign = session().execute(
            text("SELECT code FROM product WHERE organisation_id <> :own ORDER BY code LIMIT 1"),
            {"own": person.organisation_id},
        )
        code = foreign.scalar_one()
    for unknown in (code, "no_such_product"):
        assert visit.send("matching.draft_admits", values={"product_code": unknown}).status_code == 404
    with unit_of_work(), pytest.raises(PermissionMissing):
        who_would_a_draft_admit(
            Actor(name="test", organisation_id=actor.organisation_id, permissions=frozenset()), published_of(actor)
        )


def test_the_pages_of_a_draft_load_the_count(visit: CityVisit) -> None:
    _person, actor = clerk_of(visit)
    code = published_of(actor)
    require_too_much(actor, code)
    with unit_of_work(readonly=True):
        number = desk.editable(actor, code).number
    address = f'hx-get="/institution/prospects/{code}/draft-admits"'
    assert address in visit.send("products.conditions", values={"code": code}).get_data(as_text=True)
    version = {"code": code, "number": number}
    assert address in visit.send("products.own_version", values=version).get_data(as_text=True)
    old = {"code": code, "number": number - 1}
    assert address not in visit.send("products.own_version", values=old).get_data(as_text=True)
