"""An institution sees how many would fit and whom it may ask; who it is, only the applicant says."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from finmart.matching.leads.service import applicant
from finmart.matching.leads.types.reasons import REFUSE_REASONS
from finmart.matching.prospecting import repository
from finmart.matching.prospecting.service import being_found, counting, finding, inviting
from finmart.matching.prospecting.types.errors import (
    ApplicantFull,
    CountsSpent,
    FoundAlready,
    FoundUnknown,
    InstitutionSpent,
    InvitationOver,
    InvitationUnknown,
    MayNotRead,
    NotFindable,
    NothingToCount,
    NotVerified,
    ReasonUnknown,
)
from finmart.matching.prospecting.types.limits import COUNTS_A_DAY, INVITATIONS_A_DAY
from finmart.matching.prospecting.types.values import FoundList
from finmart.matching.prospecting.types.words import InvitationState
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.kernel import clock
from finmart.platform.kernel.actor import Actor
from finmart.products import service as products
from finmart.products.service import ProductUnknown
from tests.factories.leads import draft
from tests.fixtures.city import CityVisit
from tests.fixtures.people import enter, new_person
from tests.functional.access.of_prospects import counted

#: Applicants of the demonstration that are verified and have a profile; the first is who signs in.
APPLICANTS = """
    SELECT subject_claim.organisation_id, subject.display_name FROM subject_claim
    JOIN subject ON subject.id = subject_claim.subject_id
    WHERE subject_claim.state = 'verified' AND subject.demonstration
    AND EXISTS (SELECT 1 FROM credit_profile_version WHERE credit_profile_version.subject_id = subject.id)
    ORDER BY subject_claim.organisation_id
"""


def numbers(query: str, **values: object) -> list[tuple[int, str]]:
    with unit_of_work(readonly=True):
        return [(row[0], row[1]) for row in session().execute(text(query), values)]


def applicant_of(organisation_id: int) -> Actor:
    return Actor(
        name="applicant",
        organisation_id=organisation_id,
        organisation_kind="applicant",
        permissions=permissions_of("applicant_owner"),
    )


@dataclass
class Scene:
    """A clerk of an institution with a counted product that somebody may meet, and the applicants that agreed."""

    visit: CityVisit
    clerk: Actor
    code: str
    agreed: list[Actor]

    def listed(self) -> FoundList:
        with unit_of_work(readonly=True):
            return finding.found_list(self.clerk, self.code)

    def invite(self, ref: str) -> str:
        with unit_of_work():
            return inviting.invite(self.clerk, self.code, ref, "fits")

    def first(self) -> tuple[str, int, int]:
        """The list's first reference, with the number of the agreement behind it and of the applicant."""
        ref = self.listed().rows[0].ref
        with unit_of_work(readonly=True):
            for row in repository.living_opt_ins():
                if finding.reference(self.clerk.organisation_id or 0, self.code, clock.today(), row) == ref:
                    return ref, row.id, row.organisation_id
        raise LookupError(ref)

    def owner_of(self, public_id: str) -> Actor:
        with unit_of_work(readonly=True):
            row = repository.invitation(public_id)
            assert row is not None
            return applicant_of(row.organisation_id)


def clerk_of(organisation_id: int) -> Actor:
    return Actor(
        name="clerk",
        organisation_id=organisation_id,
        organisation_kind="institution",
        permissions=permissions_of("institution_clerk"),
    )


def qualify(organisation_id: int) -> None:
    """Let an institution read; inside a unit of work."""
    day = clock.today()
    session().execute(
        text(
            "UPDATE organisation SET qualified_from = :first, qualified_until = :end, "
            "agreement_from = :first, agreement_until = :end WHERE id = :id"
        ),
        {
            "first": (day - timedelta(days=30)).isoformat(),
            "end": (day + timedelta(days=300)).isoformat(),
            "id": organisation_id,
        },
    )


@pytest.fixture
def scene(visit: CityVisit) -> Scene:
    """Everybody verified agreed; the institution's product is the one with the longest list."""
    person = visit.enter("institution_clerk")
    assert person is not None
    clerk = clerk_of(person.organisation_id)
    agreed = [applicant_of(organisation_id) for organisation_id, _name in numbers(APPLICANTS)]
    assert agreed
    with unit_of_work():
        qualify(person.organisation_id)
        for one in agreed:
            being_found.agree(one, agreed=True)
        codes = [one.product.code for one in products.own_products(clerk)]
        for code in codes:
            counted(person.organisation_id, code)
    with unit_of_work(readonly=True):
        longest = max(codes, key=lambda code: finding.found_list(clerk, code).total)
    made = Scene(visit, clerk, longest, agreed)
    assert made.listed().rows
    return made


def test_counts_are_asked_for_worked_out_and_stand_for_the_day(visit: CityVisit) -> None:
    person = visit.enter("institution_clerk")
    assert person is not None
    clerk = clerk_of(person.organisation_id)
    assert visit.send("matching.count_prospects", "POST").status_code == 302
    assert outbox.drain()
    with unit_of_work(readonly=True):
        found = counting.counts_today(clerk)
        assert set(found) == {one.product.code for one in products.own_products(clerk)}
        assert counting.counts_today(clerk) == found
    for one in found.values():
        tallies = (one.stated.whole, *one.stated.ways.values())
        for number in (one.stated.subjects, *(n for t in tallies for n in (t.met, t.open, t.not_met))):
            assert number is None or (number >= 20 and number % 10 == 0)
    html = visit.send("matching.prospect_counts").get_data(as_text=True)
    assert "少于 20" in html
    assert "约 300" in html
    again = visit.send("matching.count_prospects", "POST")
    assert again.status_code == 409
    assert "今天的数字已经统计过" in again.get_data(as_text=True)
    reads = "SELECT subjects, detail FROM credit_profile_access WHERE purpose = 'prospects_counted'"
    assert [subjects for subjects, _basis in numbers(reads)] == [300]
    events = numbers("SELECT count(*), name FROM audit_row WHERE name LIKE 'prospects.%' GROUP BY name ORDER BY name")
    assert events == [(1, "prospects.asked"), (1, "prospects.counted")]


def test_a_product_is_counted_so_often_a_day_and_no_more(scene: Scene) -> None:
    with unit_of_work(), pytest.raises(NothingToCount):
        counting.ask_for_counts(scene.clerk)
    with unit_of_work():
        code = scene.code
        session().execute(text("UPDATE prospect_count SET product_version = 1000 WHERE product_code = :c"), {"c": code})
        row = repository.counts_of_day(scene.clerk.organisation_id or 0, clock.today())[0]
        for number in range(1, COUNTS_A_DAY):
            repository.add_count(
                **{
                    name: getattr(row, name)
                    for name in ("organisation_id", "counted_on", "counted_at", "demonstration", "document", "stated")
                },
                product_code=code,
                product_version=1000 + number,
            )
    with unit_of_work(), pytest.raises(CountsSpent):
        counting.ask_for_counts(scene.clerk)


def test_the_list_is_anonymous_and_ranked(scene: Scene) -> None:
    found = scene.listed()
    assert list(found.rows) == sorted(found.rows, key=lambda one: (one.open, -one.met, one.ref))
    html = scene.visit.send("matching.found_applicants", values={"code": scene.code}).get_data(as_text=True)
    for _number, name in numbers(APPLICANTS):
        assert name not in html
    for column in (
        "public_id FROM subject WHERE demonstration",
        "public_id FROM prospect_opt_in",
        "public_id FROM organisation WHERE kind = 'applicant'",
    ):
        for _one, code in numbers(f"SELECT 0, {column}"):
            assert code not in html
    assert re.findall(r'name="ref" value="(\w+)"', html) == [one.ref for one in found.rows]


@pytest.mark.usefixtures("scene")
def test_no_two_lists_can_be_compared() -> None:
    day = clock.today()
    lists = ((1, "a", day), (2, "a", day), (1, "b", day), (1, "a", day + timedelta(days=1)))
    with unit_of_work(readonly=True):
        rows = repository.living_opt_ins()
        names = [finding.reference(*one, row) for one in lists for row in rows]
    assert len(set(names)) == len(lists) * len(rows)


def test_whoever_withdraws_is_on_no_list_at_once(scene: Scene) -> None:
    before = scene.listed().total
    sent = scene.invite(scene.listed().rows[0].ref)
    with unit_of_work():
        for one in scene.agreed:
            being_found.withdraw(one)
    after = scene.listed()
    assert before
    assert after.total == 0
    assert [one.state for one in after.sent] == [InvitationState.CLOSED]
    with unit_of_work(), pytest.raises(InvitationOver):
        being_found.accept(scene.owner_of(sent), sent)
    with unit_of_work(), pytest.raises(NotFindable):
        being_found.withdraw(scene.agreed[0])


def test_without_qualification_or_somebody_elses_product_there_is_no_list(scene: Scene) -> None:
    ref = scene.listed().rows[0].ref
    with unit_of_work():
        session().execute(text("UPDATE organisation SET agreement_until = NULL, agreement_from = NULL"))
    assert not scene.listed().rows
    with unit_of_work(), pytest.raises(MayNotRead):
        inviting.invite(scene.clerk, scene.code, ref, "fits")
    with unit_of_work(readonly=True), pytest.raises(ProductUnknown):
        finding.found_list(scene.clerk, "not_ours")


def test_an_applicant_is_asked_once_and_answers_itself(scene: Scene) -> None:
    ref = scene.listed().rows[0].ref
    with unit_of_work(), pytest.raises(ReasonUnknown):
        inviting.invite(scene.clerk, scene.code, ref, "because")
    page = scene.visit.send(
        "matching.found_applicants", "POST", values={"code": scene.code}, form={"ref": ref, "reason": "fits"}
    )
    assert page.status_code == 302
    sent = scene.listed().sent[0].public_id
    assert ref not in {one.ref for one in scene.listed().rows}
    with unit_of_work(), pytest.raises(FoundUnknown):
        inviting.invite(scene.clerk, scene.code, ref, "fits")
    applicant = scene.owner_of(sent)
    stranger = next(one for one in scene.agreed if one.organisation_id != applicant.organisation_id)
    with unit_of_work(), pytest.raises(InvitationUnknown):
        being_found.decline(stranger, sent)
    with unit_of_work():
        being_found.decline(applicant, sent)
    assert ref not in {one.ref for one in scene.listed().rows}
    with unit_of_work(), pytest.raises(InvitationOver):
        being_found.accept(applicant, sent)


def test_whoever_has_a_running_application_for_the_product_is_not_on_its_list(scene: Scene) -> None:
    ref, _number, owner = scene.first()
    firm = applicant_of(owner)
    with unit_of_work():
        lead = applicant.apply(firm, draft(firm), product_code=scene.code)
    assert ref not in {one.ref for one in scene.listed().rows}
    with unit_of_work(), pytest.raises(FoundUnknown) as refused:
        inviting.invite(scene.clerk, scene.code, ref, "fits")
    assert "申请人已不在名单中" in refused.value.message.msgid
    answer = scene.visit.send(
        "matching.found_applicants", "POST", values={"code": scene.code}, form={"ref": ref, "reason": "fits"}
    )
    assert answer.status_code == 404
    with unit_of_work():
        applicant.withdraw_lead(firm, lead, reason=next(iter(REFUSE_REASONS)))
    assert ref in {one.ref for one in scene.listed().rows}, "it may be asked once its application has ended"


def test_a_complaint_ends_all_asking_and_stays_with_the_operator(scene: Scene) -> None:
    ref = scene.listed().rows[0].ref
    sent = scene.invite(ref)
    with unit_of_work():
        being_found.report(scene.owner_of(sent), sent, "misleading")
    assert [one.state for one in scene.listed().sent] == [InvitationState.DECLINED]
    with unit_of_work(readonly=True):
        for one in products.own_products(scene.clerk):
            assert ref not in {row.ref for row in finding.found_list(scene.clerk, one.product.code).rows}
    told = numbers("SELECT count(*), kind FROM message WHERE kind = 'invitation.reported' GROUP BY kind")
    assert told


def test_nobody_is_flooded(scene: Scene) -> None:
    ref, number, owner = scene.first()
    others = numbers("SELECT DISTINCT organisation_id, code FROM product WHERE published_number = 1 ORDER BY code")
    with unit_of_work():
        for institution_id, code in [one for one in others if one[0] != scene.clerk.organisation_id][:3]:
            repository.add_invitation(
                institution_id=institution_id,
                organisation_id=owner,
                opt_in_id=number,
                product_code=code,
                product_version=1,
                reason="fits",
                sent_at=clock.now(),
                valid_until=clock.today(),
                state="declined",
            )
    with unit_of_work(), pytest.raises(ApplicantFull):
        inviting.invite(scene.clerk, scene.code, ref, "fits")
    with unit_of_work():
        for row in repository.invitations_to(owner):
            row.sent_at = clock.now() - timedelta(days=8)
    assert scene.invite(ref)


def test_an_institution_sends_so_many_a_day(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "INVITATIONS_A_DAY", 1)
    rows = scene.listed().rows
    assert scene.listed().left_today == INVITATIONS_A_DAY
    scene.invite(rows[0].ref)
    assert scene.listed().left_today == INVITATIONS_A_DAY - 1
    with unit_of_work(), pytest.raises(InstitutionSpent):
        inviting.invite(scene.clerk, scene.code, rows[1].ref, "fits")


def test_the_applicant_turns_it_on_reads_and_accepts(scene: Scene) -> None:
    _ref, _number, owner = scene.first()
    with unit_of_work():
        for one in scene.agreed:
            being_found.withdraw(one)
    person = new_person("applicant_owner", organisation_id=owner)
    scene.visit.client = scene.visit.app.test_client()
    enter(scene.visit.client, person.token)
    page = scene.visit.send("matching.found").get_data(as_text=True)
    assert "默认关闭" in page
    assert scene.visit.send("matching.agree_to_be_found", "POST").status_code == 422
    assert scene.visit.send("matching.agree_to_be_found", "POST", form={"agreed": "y"}).status_code == 302
    again = scene.visit.send("matching.agree_to_be_found", "POST", form={"agreed": "y"})
    assert again.status_code == 409
    ref, _number, found = scene.first()
    assert found == owner
    sent = scene.invite(ref)
    page = scene.visit.send("matching.found").get_data(as_text=True)
    assert "愿意了解" in page
    assert "您可能符合这个产品公开的条件" in page
    answer = scene.visit.send("matching.accept_invitation", "POST", values={"public_id": sent})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/products/{scene.code}")
    assert [one.state for one in scene.listed().sent] == [InvitationState.ACCEPTED]
    twice = scene.visit.send("matching.accept_invitation", "POST", values={"public_id": sent})
    assert twice.status_code == 409
    assert "已经答复过" in twice.get_data(as_text=True)
    shape = scene.visit.send("matching.report_invitation", "POST", values={"public_id": sent})
    assert shape.status_code == 422


def test_only_a_verified_applicant_agrees_and_once(scene: Scene) -> None:
    stranger = new_person("applicant_owner")
    with unit_of_work(), pytest.raises(NotVerified):
        being_found.agree(applicant_of(stranger.organisation_id), agreed=True)
    with unit_of_work(), pytest.raises(FoundAlready):
        being_found.agree(scene.agreed[0], agreed=True)


def test_an_invitation_that_nobody_answers_lapses(scene: Scene) -> None:
    sent = scene.invite(scene.listed().rows[0].ref)
    with unit_of_work():
        day = (clock.today() - timedelta(days=1)).isoformat()
        session().execute(text("UPDATE prospect_invitation SET valid_until = :day"), {"day": day})
    assert [one.state for one in scene.listed().sent] == [InvitationState.LAPSED]
    with unit_of_work(), pytest.raises(InvitationOver):
        being_found.accept(scene.owner_of(sent), sent)
