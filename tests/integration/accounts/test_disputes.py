"""Disputes and the counter: one claim stays, everybody is told of their own, and a clerk sees only what is needed."""

from dataclasses import asdict

import pytest
from sqlalchemy import select, text

from finmart.platform.accounts.service import claims, counter, disputes, evidence
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.disputes import CounterRefers, DisputeOver, PapersDiffer
from finmart.platform.accounts.types.errors import ClaimStepRefused, ClaimUnknown, ReasonMissing
from finmart.platform.accounts.types.evidence import EvidenceKind, code_of
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts as made
from tests.factories import files

pytestmark = pytest.mark.usefixtures("database", "settings")

NOTE = "核对营业执照原件和授权书"
REASON = "授权书已经失效"


def _claim_of(actor: Actor) -> str:
    return evidence.own_claim_with_papers(actor).public_id


def _letters(actor: Actor) -> list[str]:
    query = text("SELECT kind FROM message WHERE user_id = :user ORDER BY id")
    return [row[0] for row in session().execute(query, {"user": actor.user_id})]


def _disputed(*, verified: bool) -> tuple[Actor, Actor]:
    code = made.new_credit_code()
    first = made.signed_up(made.identity(identifier=code))
    if verified:
        claims.verify_claim(made.TESTS, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
    return first, made.signed_up(made.identity(identifier=code))


@pytest.mark.parametrize("verified", [True, False])
def test_the_operator_sees_all_claims_with_their_papers(verified: bool) -> None:
    with unit_of_work():
        first, second = _disputed(verified=verified)
        evidence.add_paper(second, kind=EvidenceKind.LETTER, name="授权书.pdf", content=files.pdf())
        for actor in (first, second):
            sides = disputes.dispute(made.TESTS, _claim_of(actor))
            assert [side.claim.public_id for side in sides] == [_claim_of(first), _claim_of(second)]
            assert [len(side.papers) for side in sides] == [0, 1]
            assert all(side.claim.disputed for side in sides)
        listed = claims.list_claims(made.TESTS, disputed=True).items
        assert [view.public_id for view in listed] == [_claim_of(second)]


def test_keeping_the_later_claim_verifies_it_revokes_the_other_and_tells_both() -> None:
    with unit_of_work():
        first, second = _disputed(verified=True)
        operator = made.member("operator")
        disputes.settle(operator, _claim_of(second), note=NOTE, reason=REASON)
        assert claims.own_claim(first) is ClaimState.REVOKED
        assert claims.own_claim(second) is ClaimState.VERIFIED
        assert claims.verified_subject_of(second.organisation_id or 0) is not None
        assert _letters(first) == ["claim.verified", "claim.disputed", "claim.revoked"]
        assert _letters(second) == ["claim.verified"]
        event = session().scalars(select(AuditRow).where(AuditRow.name == "claim.dispute_settled")).one()
        assert (event.target, event.payload["revoked_claims"]) == (_claim_of(second), [_claim_of(first)])
        assert claims.list_claims(made.TESTS, disputed=True).items == ()
        with pytest.raises(DisputeOver):
            disputes.dispute(operator, _claim_of(second))


def test_keeping_the_first_claim_leaves_it_as_it_was_and_says_so() -> None:
    with unit_of_work():
        first, second = _disputed(verified=True)
        disputes.settle(made.TESTS, _claim_of(first), note=NOTE, reason=REASON)
        assert claims.own_claim(first) is ClaimState.VERIFIED
        assert claims.own_claim(second) is ClaimState.REVOKED
        assert _letters(first)[-1] == "claim.kept"
        assert _letters(second) == ["claim.revoked"]


def test_the_words_sent_to_one_side_never_name_the_other() -> None:
    with unit_of_work():
        code = made.new_credit_code()
        first = made.signed_up(made.identity(identifier=code))
        claims.verify_claim(made.TESTS, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
        second = made.signed_up(made.identity(identifier=code))
        disputes.settle(made.TESTS, _claim_of(second), note=NOTE, reason=REASON)
        for one, other in ((first, second), (second, first)):
            query = text("SELECT happened, next_step, path FROM message WHERE user_id = :user")
            told = repr(session().execute(query, {"user": one.user_id}).all())
            assert other.name not in told or one.name == other.name
            assert _claim_of(other) not in told
            assert code not in told


def test_a_dispute_is_settled_once_with_reasons_and_by_whoever_may() -> None:
    with unit_of_work():
        first, second = _disputed(verified=False)
        for note, reason in ((" ", REASON), (NOTE, "x")):
            with pytest.raises(ReasonMissing):
                disputes.settle(made.TESTS, _claim_of(first), note=note, reason=reason)
        for somebody in (first, made.member("counter_clerk"), made.member("official")):
            with pytest.raises(PermissionMissing):
                disputes.settle(somebody, _claim_of(first), note=NOTE, reason=REASON)
            with pytest.raises(PermissionMissing):
                disputes.dispute(somebody, _claim_of(first))
        with pytest.raises(ClaimUnknown):
            disputes.dispute(made.TESTS, "nothing")
        assert [claims.own_claim(one) for one in (first, second)] == [ClaimState.PENDING] * 2
        disputes.settle(made.TESTS, _claim_of(first), note=NOTE, reason=REASON)
        for claim in (_claim_of(first), _claim_of(second)):
            with pytest.raises(DisputeOver):
                disputes.settle(made.TESTS, claim, note=NOTE, reason=REASON)


def test_a_clerk_verifies_in_person_by_the_code_on_the_papers() -> None:
    with unit_of_work():
        identifier = made.new_credit_code()
        actor, clerk = made.signed_up(made.identity(identifier=identifier)), made.member("counter_clerk")
        claim = _claim_of(actor)
    with unit_of_work(readonly=True):
        seen = counter.look_up(clerk, code_of(claim).upper())
        assert (seen.public_id, seen.state, seen.subject_kind) == (claim, ClaimState.PENDING, SubjectKind.ENTERPRISE)
        assert identifier not in repr(asdict(seen))
    with unit_of_work():
        with pytest.raises(PapersDiffer):
            counter.verify_at_counter(clerk, claim, identifier=made.new_credit_code(), note=NOTE)
        with pytest.raises(ReasonMissing):
            counter.verify_at_counter(clerk, claim, identifier=identifier, note="ok")
        counter.verify_at_counter(clerk, claim, identifier=f" {identifier.lower()} ", note=NOTE)
        view = claims.read_claim(made.TESTS, claim)
        assert (view.state, view.method, view.evidence_note) == (ClaimState.VERIFIED, ClaimMethod.CLERK, NOTE)
        assert _letters(actor) == ["claim.verified"]
        with pytest.raises(ClaimStepRefused):
            counter.verify_at_counter(clerk, claim, identifier=identifier, note=NOTE)
        events = session().scalars(select(AuditRow).where(AuditRow.target == claim).order_by(AuditRow.id)).all()
        assert [event.name for event in events] == ["claim.made", "claim.looked_up", "claim.verified"]
        assert events[-1].user_id == clerk.user_id


def test_a_farmer_is_verified_with_the_identity_card() -> None:
    with unit_of_work():
        identifier = made.new_resident_id()
        actor = made.signed_up(made.identity(SubjectKind.FARMER, identifier=identifier))
        clerk = made.member("counter_clerk")
        seen = counter.look_up(clerk, _claim_of(actor))
        assert identifier not in repr(asdict(seen))
        assert "章小满" not in repr(asdict(seen))
        counter.verify_at_counter(clerk, seen.public_id, identifier=identifier, note=NOTE)
        assert claims.own_claim(actor) is ClaimState.VERIFIED


@pytest.mark.parametrize("verified", [True, False])
def test_a_disputed_claim_is_not_for_the_counter(verified: bool) -> None:
    with unit_of_work():
        code = made.new_credit_code()
        first = made.signed_up(made.identity(identifier=code))
        if verified:
            claims.verify_claim(made.TESTS, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
        second, clerk = made.signed_up(made.identity(identifier=code)), made.member("counter_clerk")
        with pytest.raises(CounterRefers):
            counter.verify_at_counter(clerk, _claim_of(second), identifier=code, note=NOTE)
        assert claims.own_claim(second) is ClaimState.PENDING


def test_the_counter_is_for_clerks_alone() -> None:
    with unit_of_work():
        claim = _claim_of(made.signed_up())
        for role in ("operator", "official", "applicant_owner", "institution_admin", "supplier"):
            somebody = made.member(role)
            with pytest.raises(PermissionMissing):
                counter.look_up(somebody, claim)
            with pytest.raises(PermissionMissing):
                counter.verify_at_counter(somebody, claim, identifier="x", note=NOTE)
        with pytest.raises(ClaimUnknown):
            counter.look_up(made.member("counter_clerk"), "no such code")
