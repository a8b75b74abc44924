"""Access of the endpoints of applications, the inbox, the board and demands that wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

from sqlalchemy import text

from finmart.matching.forms.offers import fingerprint, ways_of
from finmart.matching.leads.types.values import FEE_WORDS
from finmart.platform.accounts.repository import branches
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import today
from tests.factories.files import PDF
from tests.factories.stories import TERMS, Story, product_of, story
from tests.fixtures.people import Person, new_person
from tests.functional.access.rows import Call, Row, Value, row

READ, WRITE = "own:demands:read", "own:demands:write"
LOOK, WORK = "own:leads:read", "own:leads:work"


def _story(state: str, person: Person | None) -> Story:
    """A story in ``state`` with the caller on the side on which it stands."""
    ours = None if person is None else person.organisation_id
    if person is not None and person.role.startswith("applicant"):
        return story(state, applicant_id=ours)
    if person is not None and person.role.startswith("institution"):
        return story(state, institution_id=ours)
    return story(state)


def lead(state: str) -> Callable[[Person | None], str]:
    """The public id of a new lead in ``state``."""
    return lambda person: _story(state, person).lead


def demand(state: str) -> Callable[[Person | None], str]:
    """The public id of a new demand whose lead is in ``state``."""
    return lambda person: _story(state, person).demand


@dataclass
class Papers:
    """A lead that waits for papers, its material and its file, each asked for on its own but of one story."""

    state: str
    told: Story | None = field(default=None)

    def lead(self, person: Person | None) -> str:
        """The lead, with which the story begins."""
        self.told = _story(self.state, person)
        return self.told.lead

    def material(self, _person: Person | None) -> str:
        """Its material."""
        assert self.told is not None
        return self.told.material

    def file(self, _person: Person | None) -> str:
        """Its file."""
        assert self.told is not None
        return self.told.file


def _own_product(person: Person | None) -> str:
    assert person is not None
    with unit_of_work(readonly=True):
        return product_of(person.organisation_id)


def _colleague(person: Person | None) -> str:
    assert person is not None
    other = new_person("institution_clerk", organisation_id=person.organisation_id)
    with unit_of_work(readonly=True):
        query = text("SELECT public_id FROM user_account WHERE id = :id")
        return str(session().execute(query, {"id": other.user_id}).scalar_one())


def _branch(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        return branches.add_branch(
            organisation_id=person.organisation_id, name="转办测试支行", region="360102", active_from=today()
        ).public_id


def _bank(_person: Person | None) -> str:
    with unit_of_work(readonly=True):
        found = session().execute(text("SELECT id FROM organisation WHERE code = 'ccb'")).scalar_one()
        return organisation_card(found).public_id


def _silent(person: Person | None) -> str:
    """A lead that its institution has let lie for a fortnight."""
    found = _story("received", person)
    with unit_of_work():
        long_ago = datetime(2026, 1, 5, tzinfo=UTC).date()
        session().execute(
            text("UPDATE lead SET due_on = :day WHERE public_id = :id"), {"day": long_ago, "id": found.lead}
        )
    return found.lead


GIVEN, HANDED = Papers("materials"), Papers("handed")
OFFER: dict[str, Value] = {
    "amount": "15",
    "rate": "4.35",
    "months": "12",
    "method": "equal_instalment",
    **{f"fee_{key}_how": next(iter(ways_of(key))) for key in FEE_WORDS},
}
SEEN: dict[str, Value] = {**OFFER, "seen": fingerprint(TERMS)}
REFUSE: dict[str, Value] = {"reason": "cost"}


def _posts(role: str, state: str, **form: Value) -> Call:
    return Call(role=role, method="POST", values={"public_id": lead(state)}, form=form)


def _owner(state: str, **form: Value) -> Call:
    return _posts("applicant_owner", state, **form)


def _clerk(state: str, **form: Value) -> Call:
    return _posts("institution_clerk", state, **form)


_CARD: dict[str, Value] = {"public_id": demand("open")}
_APPLY: dict[str, Value] = {"public_id": demand("draft"), "product_code": "jxbank_wenqidai"}

ROWS: dict[str, Row] = {
    "matching.demand": row(
        READ,
        Call(role="applicant_owner", values={"public_id": demand("draft")}),
        Call(role="applicant_owner", values={"public_id": demand("interested")}, query={"show": "open", "page": "2"}),
        Call(role="applicant_member", values={"public_id": demand("declined")}),
        Call(role="applicant_owner", values={"public_id": demand("funded")}),
    ),
    "matching.publish": row(
        WRITE,
        Call(role="applicant_owner", method="POST", values={"public_id": demand("draft")}, form={"places": "2"}),
    ),
    "matching.leave_board": row(
        WRITE, Call(role="applicant_owner", method="POST", values={"public_id": demand("open")})
    ),
    "matching.finish": row(
        WRITE, Call(role="applicant_owner", method="POST", values={"public_id": demand("declined")})
    ),
    "matching.withdraw": row(
        WRITE,
        Call(role="applicant_owner", method="POST", values={"public_id": demand("review")}, form={"reason": "funded"}),
    ),
    "matching.apply": row(
        WRITE,
        Call(role="applicant_owner", values=_APPLY, query={"amount": "12"}),
        Call(role="applicant_owner", method="POST", values=_APPLY, form={"amount": "15.5"}),
    ),
    "matching.applications": row(READ, Call(role="applicant_owner"), Call(role="applicant_member")),
    "matching.application": row(
        READ,
        *(
            Call(role="applicant_owner", values={"public_id": lead(state)})
            for state in ("assigned", "interested", "handed", "approved", "funded", "declined", "withdrawn")
        ),
    ),
    "matching.reveal": row(WRITE, _owner("interested")),
    "matching.refuse": row(WRITE, _owner("interested", **REFUSE), _owner("approved", **REFUSE)),
    "matching.accept": row(WRITE, _owner("approved")),
    "matching.withdraw_application": row(WRITE, _owner("review", **REFUSE)),
    "matching.hand_over": row(
        WRITE,
        Call(
            role="applicant_owner",
            method="POST",
            values={"public_id": GIVEN.lead, "material_public_id": GIVEN.material},
            form={"files": lambda _person: (BytesIO(PDF), "licence.pdf")},
        ),
    ),
    "matching.hand_in": row(WRITE, _owner("handed")),
    "matching.ask_institution": row(WRITE, _owner("received", text="什么时候可以面谈？")),
    "matching.own_file": row(
        READ, Call(role="applicant_member", values={"public_id": HANDED.lead, "file_public_id": HANDED.file})
    ),
    "matching.inbox": row(
        LOOK,
        Call(role="institution_clerk"),
        Call(role="institution_admin", query={"tab": "mine", "state": "review", "page": "1"}),
        Call(role="institution_admin", query={"tab": "ended", "state": "nonsense"}),
    ),
    "matching.board": row(
        LOOK,
        Call(role="institution_clerk"),
        Call(role="institution_clerk", query={"page": "2"}),
        Call(
            role="institution_clerk",
            query={
                "amount": "50",
                "term": "more",
                "region": "nowhere",
                "kind": "nobody",
                "purpose": "x",
                "sort": "urgent",
            },
        ),
    ),
    "matching.take_card": row(
        WORK,
        Call(role="institution_clerk", values=_CARD),
        Call(role="institution_clerk", method="POST", values=_CARD, form={**OFFER, "product": _own_product}),
        Call(
            role="institution_admin",
            method="POST",
            values=_CARD,
            form={**SEEN, "product": _own_product, "with_bid": "y"},
        ),
        shared="an anonymous card is for every institution that it suits",
    ),
    "matching.lead": row(
        LOOK,
        *(
            Call(role="institution_clerk", values={"public_id": lead(state)})
            for state in ("assigned", "interested", "received", "contacted", "handed", "review")
        ),
        *(
            Call(role="institution_admin", values={"public_id": lead(state)})
            for state in ("approved", "contracted", "funded", "declined", "withdrawn")
        ),
    ),
    "matching.claim": row(WORK, _clerk("received")),
    "matching.pass_to_colleague": row(WORK, _clerk("received", colleague=_colleague, reason="absence")),
    "matching.pass_to_branch": row(WORK, _clerk("received", branch=_branch)),
    "matching.take_assigned": row(WORK, _clerk("assigned", **OFFER, product=_own_product)),
    "matching.pass_on": row(WORK, _clerk("assigned", reason="region")),
    "matching.log_contact": row(WORK, _clerk("received", channel="phone", outcome="reached")),
    "matching.give_opinion": row(WORK, _clerk("contacted", note="初步可以受理")),
    "matching.ask_materials": row(WORK, _clerk("contacted", codes="contract", other="场地租赁合同", required="y")),
    "matching.go_on": row(WORK, _clerk("materials")),
    "matching.approve_lead": row(WORK, _clerk("review", **SEEN)),
    "matching.decline": row(WORK, _clerk("review", code="cash_flow", note="流水覆盖不足")),
    "matching.draw_down": row(WORK, _clerk("contracted", amount="15", on=lambda _person: today().isoformat())),
    "matching.reverse": row(WORK, _clerk("declined", reason="选错了原因")),
    "matching.ask_applicant": row(WORK, _clerk("received", text="请问主要客户是谁？")),
    "matching.lead_file": row(
        LOOK, Call(role="institution_clerk", values={"public_id": HANDED.lead, "file_public_id": HANDED.file})
    ),
    "matching.stuck": row("all:demands:read", Call(role="operator"), Call(role="operator", query={"page": "1"})),
    "matching.dispatch": row(
        "all:demands:dispatch",
        Call(role="operator", method="POST", values={"public_id": demand("open")}, form={"institution": _bank}),
    ),
    "matching.take_away": row(
        "all:demands:dispatch",
        Call(role="operator", method="POST", values={"public_id": _silent}, form={"reason": "电话催办三次无人答复"}),
    ),
}
