"""Papers of a claim: handed in while it waits, opened by whoever reviews it with a record, and by nobody else."""

import pytest
from sqlalchemy import select

from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.service import claims, evidence
from finmart.platform.accounts.types.claims import ClaimMethod
from finmart.platform.accounts.types.errors import ClaimUnknown
from finmart.platform.accounts.types.evidence import (
    MAX_PAPERS,
    ClaimClosed,
    EvidenceKind,
    PaperUnknown,
    TooManyPapers,
    claim_in,
    code_of,
)
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.files import service
from finmart.platform.files.types.errors import FileKindRefused, FileUnknown
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts as made
from tests.factories import files

pytestmark = pytest.mark.usefixtures("database", "settings")

NOTE = "核对营业执照原件"


def _claim_of(actor: Actor) -> str:
    return evidence.own_claim_with_papers(actor).public_id


def _hand_in(actor: Actor, kind: EvidenceKind = EvidenceKind.LICENCE, mark: str = "") -> str:
    evidence.add_paper(actor, kind=kind, name="营业执照.pdf", content=files.pdf(mark))
    return evidence.own_claim_with_papers(actor).papers[-1].public_id


def test_a_firm_hands_in_its_licence_and_letter_and_sees_what_is_missing() -> None:
    with unit_of_work():
        actor = made.signed_up()
        view = evidence.own_claim_with_papers(actor)
        assert view.missing == (EvidenceKind.LICENCE, EvidenceKind.LETTER)
        paper = _hand_in(actor)
        view = evidence.own_claim_with_papers(actor)
        assert view.missing == (EvidenceKind.LETTER,)
        assert [(one.kind, one.name) for one in view.papers] == [(EvidenceKind.LICENCE, "营业执照.pdf")]
        assert evidence.own_paper(actor, paper).content == files.pdf()
        evidence.remove_paper(actor, paper)
        assert evidence.own_claim_with_papers(actor).papers == ()
        with pytest.raises(PaperUnknown):
            evidence.own_paper(actor, paper)


@pytest.mark.parametrize("kind", [SubjectKind.FARMER, SubjectKind.PERSON])
def test_a_natural_person_is_asked_for_the_identity_card_alone(kind: SubjectKind) -> None:
    with unit_of_work():
        actor = made.signed_up(made.identity(kind))
        assert evidence.own_claim_with_papers(actor).missing == (EvidenceKind.IDENTITY,)


def test_the_operator_opens_a_paper_and_each_opening_is_on_record() -> None:
    with unit_of_work():
        actor, operator = made.signed_up(), made.member("operator")
        claim, paper = _claim_of(actor), _hand_in(actor)
    with unit_of_work(readonly=True):
        assert [view.public_id for view in evidence.papers_for_review(operator, claim)] == [paper]
        for _ in range(2):
            assert evidence.open_paper(operator, claim, paper).content == files.pdf()
    with unit_of_work(readonly=True):
        rows = session().scalars(select(AuditRow).where(AuditRow.name == "claim.evidence_opened")).all()
        assert [(row.target, row.user_id) for row in rows] == [(claim, operator.user_id)] * 2


def test_nobody_else_sees_or_opens_a_paper() -> None:
    with unit_of_work():
        actor, other = made.signed_up(), made.signed_up()
        claim, paper = _claim_of(actor), _hand_in(actor)
        with pytest.raises(PaperUnknown):
            evidence.own_paper(other, paper)
        with pytest.raises(PaperUnknown):
            evidence.remove_paper(other, paper)
        for role in ("official", "institution_admin", "counter_clerk", "applicant_owner"):
            somebody = made.member(role)
            with pytest.raises(PermissionMissing):
                evidence.papers_for_review(somebody, claim)
            with pytest.raises(PermissionMissing):
                evidence.open_paper(somebody, claim, paper)
        operator = made.member("operator")
        with pytest.raises(PermissionMissing):
            evidence.own_claim_with_papers(operator)
        with pytest.raises(ClaimUnknown):
            evidence.open_paper(operator, "nothing", paper)
        with pytest.raises(PaperUnknown):
            evidence.open_paper(operator, _claim_of(other), paper)


def test_a_decided_claim_keeps_its_papers_as_they_were_judged() -> None:
    with unit_of_work():
        actor = made.signed_up()
        paper = _hand_in(actor)
        claims.verify_claim(made.TESTS, _claim_of(actor), method=ClaimMethod.REVIEW, note=NOTE)
        with pytest.raises(ClaimClosed):
            _hand_in(actor, mark="later")
        with pytest.raises(ClaimClosed):
            evidence.remove_paper(actor, paper)
        assert len(evidence.own_claim_with_papers(actor).papers) == 1


def test_a_refused_file_is_no_paper_and_a_claim_carries_only_so_many() -> None:
    with unit_of_work():
        actor = made.signed_up()
        with pytest.raises(FileKindRefused):
            evidence.add_paper(actor, kind=EvidenceKind.OTHER, name="a.pdf", content=b"<html>")
        assert evidence.own_claim_with_papers(actor).papers == ()
        for number in range(MAX_PAPERS):
            _hand_in(actor, EvidenceKind.OTHER, str(number))
        with pytest.raises(TooManyPapers, match=str(MAX_PAPERS)):
            _hand_in(actor, mark="one more")


def test_a_paper_taken_back_is_gone_from_the_files_too() -> None:
    with unit_of_work():
        actor = made.signed_up()
        paper = _hand_in(actor)
        file = session().execute(select(AuditRow).where(AuditRow.name == "claim.evidence_added")).scalar_one()
        evidence.remove_paper(actor, paper)
        with pytest.raises(FileUnknown):
            service.read(file.payload["file"])


def test_a_code_is_found_however_it_is_spelled() -> None:
    with unit_of_work():
        public_id = _claim_of(made.signed_up())
        code = code_of(public_id)
        assert len(code) == 14
        for spelled in (code, code.upper(), f" {code} ", code.replace("-", " ")):
            assert claim_in(spelled) == public_id
        assert session().scalar(select(SubjectClaim.id).where(SubjectClaim.public_id == claim_in(code)))


def test_a_verified_claim_that_is_contested_takes_more_papers_and_gives_none_back() -> None:
    with unit_of_work():
        code = made.new_credit_code()
        first = made.signed_up(made.identity(identifier=code))
        paper = _hand_in(first)
        claims.verify_claim(made.TESTS, _claim_of(first), method=ClaimMethod.REVIEW, note=NOTE)
        second = made.signed_up(made.identity(identifier=code))
        assert evidence.own_claim_with_papers(first).contested
        assert not evidence.own_claim_with_papers(second).contested, "who waits is not told of another"
        _hand_in(first, EvidenceKind.LETTER, "more")
        with pytest.raises(ClaimClosed):
            evidence.remove_paper(first, paper)
