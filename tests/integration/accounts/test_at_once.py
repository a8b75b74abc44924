"""Several people at the same moment: one wins, nothing is doubled, nothing is lost. On a database of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select

from finmart.config import Settings
from finmart.platform.accounts.models.subjects import Subject, SubjectClaim
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service import claims, disputes, evidence, members, reset, subjects
from finmart.platform.accounts.service.attempts import MAX_FAILURES
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.claims import ClaimMethod
from finmart.platform.accounts.types.disputes import DisputeOver
from finmart.platform.accounts.types.errors import LinkUnusable, SignInPaused, SignInRefused, SubjectHeld
from finmart.platform.accounts.types.evidence import EvidenceKind
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.accounts.types.values import SubjectRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.files import service as file_service
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from tests.factories import accounts as made
from tests.factories import files

pytestmark = pytest.mark.usefixtures("own_database")

PEOPLE = 6


def _at_once(calls: list[Callable[[], object]]) -> list[str]:
    """Run ``calls`` in threads that begin together; for each the name of the error it met, or an empty string."""
    start = Barrier(len(calls))

    def one(call: Callable[[], object]) -> str:
        start.wait()
        try:
            with unit_of_work():
                call()
        except FinmartError as error:
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_a_link_opened_by_many_works_for_one() -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
        user = users.user_by_phone(phone)
        assert user is not None
        token = reset.issue_reset_link(made.TESTS, user.public_id).token
    calls = [partial(reset.reset_with_link, token=token, password=f"river-stone-{n}77") for n in range(PEOPLE)]
    outcomes = _at_once([*calls])
    assert sorted(outcomes) == [""] + [LinkUnusable.__name__] * (PEOPLE - 1)


def test_an_invitation_taken_by_many_lets_one_in() -> None:
    with unit_of_work():
        owner = made.signed_up()
        token = members.invite(owner, role="applicant_member").token
        guests = [made.signed_up() for _ in range(PEOPLE)]
    outcomes = _at_once([partial(members.accept_as_member, guest, token) for guest in guests])
    assert outcomes.count("") == 1
    with unit_of_work(readonly=True):
        assert len(members.list_members(owner)) == 2


def test_the_same_subjects_from_many_imports_are_made_once() -> None:
    rows = [SubjectRow("supplier_code", f"P{n}", SubjectKind.ENTERPRISE, f"企业{n}") for n in range(50)]
    found: list[dict[tuple[str, str], int]] = []
    outcomes = _at_once([lambda: found.append(subjects.find_or_create_subjects(rows))] * PEOPLE)
    assert outcomes == [""] * PEOPLE
    assert all(each == found[0] for each in found)
    with unit_of_work(readonly=True):
        assert session().scalar(select(func.count()).select_from(Subject)) == 50


def test_of_many_claims_verified_at_once_one_holds() -> None:
    code = made.new_credit_code()
    with unit_of_work():
        for _ in range(PEOPLE):
            made.signed_up(made.identity(identifier=code))
        waiting = list(session().scalars(select(SubjectClaim.public_id)))
    verify = partial(claims.verify_claim, made.TESTS, method=ClaimMethod.REVIEW, note="核对营业执照原件")
    outcomes = _at_once([partial(verify, claim) for claim in waiting])
    assert sorted(outcomes) == [""] + [SubjectHeld.__name__] * (PEOPLE - 1)


def test_of_many_who_settle_a_dispute_each_for_another_claim_one_wins() -> None:
    code = made.new_credit_code()
    with unit_of_work():
        for _ in range(PEOPLE):
            made.signed_up(made.identity(identifier=code))
        waiting = list(session().scalars(select(SubjectClaim.public_id)))
    settle = partial(disputes.settle, made.TESTS, note="核对营业执照原件", reason="授权书已经失效")
    outcomes = _at_once([partial(settle, claim) for claim in waiting])
    assert sorted(outcomes) == [""] + [DisputeOver.__name__] * (PEOPLE - 1)
    with unit_of_work(readonly=True):
        states = sorted(session().scalars(select(SubjectClaim.state)))
    assert states == ["revoked"] * (PEOPLE - 1) + ["verified"]


def test_a_paper_is_kept_whatever_the_sweep_does_meanwhile(settings: Settings) -> None:
    with unit_of_work():
        actors = [made.signed_up() for _ in range(PEOPLE)]

    def hand_in(actor: Actor, mark: str) -> None:
        evidence.add_paper(actor, kind=EvidenceKind.LICENCE, name="a.pdf", content=files.pdf(mark))

    # All the same content, kept and swept at once: what a row names must be there in the end.
    outcomes = _at_once(
        [partial(hand_in, actor, "same") for actor in actors] + [partial(file_service.sweep, 0.0)] * PEOPLE
    )
    assert outcomes == [""] * (2 * PEOPLE)
    with unit_of_work(readonly=True):
        for actor in actors:
            (paper,) = evidence.own_claim_with_papers(actor).papers
            assert evidence.own_paper(actor, paper.public_id).content == files.pdf("same")
    assert len(list((settings.data / "files").glob("*/*"))) == 1


def test_wrong_passwords_at_once_are_all_counted() -> None:
    known, unknown = made.new_phone(), made.new_phone()
    with unit_of_work():
        made.signed_up(phone=known)
    for phone in (known, unknown):
        seen: list[type[FinmartError]] = []

        def wrong(phone: str = phone, seen: list[type[FinmartError]] = seen) -> None:
            try:
                sign_in(phone=phone, password="wrong-password-1", device=made.DEVICE)
            except FinmartError as error:
                seen.append(type(error))

        _at_once([wrong] * (MAX_FAILURES + 1))
        assert (
            sorted(kind.__name__ for kind in seen) == [SignInPaused.__name__] + [SignInRefused.__name__] * MAX_FAILURES
        )
    with unit_of_work(readonly=True):
        assert session().scalars(select(User.failed_count)).one() == MAX_FAILURES


def test_a_phone_that_signs_up_twice_at_once_has_one_account() -> None:
    phone = made.new_phone()
    outcomes = _at_once([partial(made.signed_up, phone=phone) for _ in range(PEOPLE)])
    assert outcomes.count("") == 1
    assert set(outcomes) == {"", "PhoneTaken"}
