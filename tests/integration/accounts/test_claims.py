"""Claims: reviewed by whoever may, disputed in silence, one verified claim a subject whatever happens."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.service import claims
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.errors import (
    AlreadyClaimed,
    ClaimStepRefused,
    ClaimUnknown,
    OrganisationUnknown,
    ReasonMissing,
    SubjectHeld,
    SubjectUnknown,
)
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs.runner import use_inline_runner
from finmart.platform.kernel.actor import Actor
from finmart.platform.notices.service.sending import use_sender
from finmart.platform.notices.types import Notice
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")

NOTE = "核对营业执照原件"


@pytest.fixture
def notices() -> Iterator[list[Notice]]:
    """What was sent."""
    sent: list[Notice] = []
    use_sender(sent.append)
    use_inline_runner()
    yield sent
    use_sender(None)


def _claim_of(actor: Actor) -> str:
    query = select(SubjectClaim.public_id).where(SubjectClaim.organisation_id == actor.organisation_id)
    return session().scalars(query.order_by(SubjectClaim.id.desc())).first() or ""


def test_a_verified_claim_opens_and_a_revoked_one_closes() -> None:
    with unit_of_work():
        actor, operator = made.signed_up(), made.member("operator")
        claim = _claim_of(actor)
        claims.verify_claim(operator, claim, method=ClaimMethod.REVIEW, note=NOTE)
        subject_id = claims.verified_subject_of(actor.organisation_id or 0)
        assert subject_id is not None
        assert claims.applicant(actor.organisation_id or 0).verified
        view = claims.read_claim(operator, claim)
        assert (view.state, view.method, view.evidence_note) == (ClaimState.VERIFIED, ClaimMethod.REVIEW, NOTE)
        claims.revoke_claim(operator, claim, reason="授权书是伪造的")
        assert claims.verified_subject_of(actor.organisation_id or 0) is None
        assert claims.applicant(actor.organisation_id or 0).subject_id is None
        events = session().scalars(select(AuditRow).where(AuditRow.target == claim).order_by(AuditRow.id)).all()
        assert [event.name for event in events] == ["claim.made", "claim.verified", "claim.revoked"]
        assert [event.payload.get("old_state") for event in events] == [None, "pending", "verified"]


def test_notes_and_reasons_are_ciphertext_and_not_in_the_audit_trail() -> None:
    with unit_of_work():
        actor, operator = made.signed_up(), made.member("operator")
        claims.verify_claim(operator, _claim_of(actor), method=ClaimMethod.CLERK, note=NOTE)
        stored = session().execute(text("SELECT evidence_note FROM subject_claim")).scalar_one()
        assert NOTE.encode() not in bytes(stored)
        assert NOTE not in repr(session().execute(text("SELECT payload FROM audit_row")).all())


def test_a_second_claim_is_disputed_and_tells_the_verified_members(notices: list[Notice]) -> None:
    code = made.new_credit_code()
    with unit_of_work():
        operator = made.member("operator")
        first = made.signed_up(made.identity(identifier=code))
        claims.verify_claim(operator, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
    with unit_of_work():
        second = made.signed_up(made.identity(identifier=code))
        view = claims.read_claim(operator, _claim_of(second))
        assert view.disputed
        with pytest.raises(SubjectHeld):
            claims.verify_claim(operator, view.public_id, method=ClaimMethod.REVIEW, note=NOTE)
        event = session().scalars(select(AuditRow).where(AuditRow.name == "claim.disputed")).one()
        assert event.payload["members_told"] == 1
        assert event.payload["other_claims"] == [_claim_of(first)]
        assert claims.verified_subject_of(first.organisation_id or 0) is not None
        disputed = claims.list_claims(operator, disputed=True)
        assert [item.public_id for item in disputed.items] == [view.public_id]
    assert [notice.kind for notice in notices] == ["claim.verified", "claim.disputed"]
    with unit_of_work():
        claims.revoke_claim(operator, _claim_of(first), reason="企业已换经办人")
        claims.verify_claim(operator, _claim_of(second), method=ClaimMethod.REVIEW, note=NOTE)
        assert claims.verified_subject_of(second.organisation_id or 0) is not None


def test_only_the_operator_reviews() -> None:
    with unit_of_work():
        actor = made.signed_up()
        claim = _claim_of(actor)
        for somebody in (actor, made.member("official"), made.member("institution_admin")):
            with pytest.raises(PermissionMissing):
                claims.verify_claim(somebody, claim, method=ClaimMethod.REVIEW, note=NOTE)
            with pytest.raises(PermissionMissing):
                claims.revoke_claim(somebody, claim, reason=NOTE)
            with pytest.raises(PermissionMissing):
                claims.list_claims(somebody)


def test_a_step_needs_its_reason_and_its_claim() -> None:
    with unit_of_work():
        actor, operator = made.signed_up(), made.member("operator")
        claim = _claim_of(actor)
        with pytest.raises(ReasonMissing):
            claims.verify_claim(operator, claim, method=ClaimMethod.REVIEW, note=" ok ")
        with pytest.raises(ReasonMissing):
            claims.revoke_claim(operator, claim, reason="")
        with pytest.raises(ClaimUnknown):
            claims.verify_claim(operator, "nothing", method=ClaimMethod.REVIEW, note=NOTE)
        with pytest.raises(ClaimUnknown):
            claims.read_claim(operator, "nothing")
        assert claims.own_claim(actor) is ClaimState.PENDING


def test_an_organisation_claims_one_subject_at_a_time() -> None:
    with unit_of_work():
        actor, operator = made.signed_up(), made.member("operator")
        organisation_id = actor.organisation_id or 0
        with pytest.raises(AlreadyClaimed):
            claims.make_claim(actor, organisation_id=organisation_id, subject_id=made.subject())
        claims.revoke_claim(operator, _claim_of(actor), reason="代码填错了")
        claims.make_claim(actor, organisation_id=organisation_id, subject_id=made.subject())
        assert claims.own_claim(actor) is ClaimState.PENDING
        with pytest.raises(SubjectUnknown):
            claims.make_claim(actor, organisation_id=organisation_id, subject_id=10**9)
        with pytest.raises(OrganisationUnknown):
            claims.make_claim(actor, organisation_id=10**9, subject_id=made.subject())
        with pytest.raises(OrganisationUnknown):
            claims.applicant(operator.organisation_id or 0)


class _Undo(Exception):
    """Leaves a unit of work without a trace."""


STEPS = st.lists(
    st.tuples(st.sampled_from(["verify", "revoke", "claim"]), st.integers(min_value=0, max_value=2)), max_size=10
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_one_claim_at_most_is_verified(steps: list[tuple[str, int]]) -> None:
    with pytest.raises(_Undo), unit_of_work():
        code = made.new_credit_code()
        actors = [made.signed_up(made.identity(identifier=code)) for _ in range(3)]
        subject_id = claims.applicant(actors[0].organisation_id or 0).subject_id or 0
        for verb, who in steps:
            before = _states(subject_id)
            try:
                _do(verb, actors[who], subject_id)
            except (AlreadyClaimed, ClaimStepRefused, SubjectHeld):
                assert _states(subject_id) == before
            assert list(_states(subject_id).values()).count("verified") <= 1
            for claim, state in before.items():
                assert state != "revoked" or _states(subject_id)[claim] == "revoked"
        raise _Undo


def _do(verb: str, actor: Actor, subject_id: int) -> None:
    if verb == "verify":
        claims.verify_claim(made.TESTS, _claim_of(actor), method=ClaimMethod.REVIEW, note=NOTE)
    elif verb == "revoke":
        claims.revoke_claim(made.TESTS, _claim_of(actor), reason=NOTE)
    else:
        claims.make_claim(actor, organisation_id=actor.organisation_id or 0, subject_id=subject_id)


def _states(subject_id: int) -> dict[int, str]:
    session().flush()
    query = select(SubjectClaim.id, SubjectClaim.state).where(SubjectClaim.subject_id == subject_id)
    return {row[0]: row[1] for row in session().execute(query)}
