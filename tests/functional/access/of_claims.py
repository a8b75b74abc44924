"""Access of the pages on which claims are proved: papers, disputes, the counter."""

from io import BytesIO

from sqlalchemy import text

from finmart.config import load_settings
from finmart.platform.accounts.service import evidence
from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.accounts.types.evidence import EvidenceKind
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.sso.service import flow
from finmart.platform.sso.types import Purpose, SsoIdentity
from tests.factories import accounts as made
from tests.factories import files
from tests.fixtures.people import Person
from tests.fixtures.sso import Provider
from tests.functional.access.rows import PUBLIC, SIGNED_IN, Call, Row, Value, first, row

NEWEST_CLAIM = first("SELECT public_id FROM subject_claim ORDER BY id DESC LIMIT 1")
NEWEST_PAPER = first("SELECT public_id FROM claim_evidence ORDER BY id DESC LIMIT 1")
NOTE = "核对营业执照原件和授权书"


def _a_file(_person: Person | None) -> tuple[BytesIO, str]:
    return BytesIO(files.pdf()), "营业执照.pdf"


def _reopened(person: Person | None) -> None:
    """Make the caller's own claim one that waits: the demonstration's are verified."""
    assert person is not None
    with unit_of_work():
        known = {"organisation": person.organisation_id}
        session().execute(
            text("UPDATE subject_claim SET state = 'pending' WHERE organisation_id = :organisation"), known
        )


def _kind_of_paper(person: Person | None) -> str:
    _reopened(person)
    return "licence"


def _own_paper(person: Person | None) -> str:
    _reopened(person)
    assert person is not None
    with unit_of_work():
        actor = load_actor(person.token)
        assert actor is not None
        evidence.add_paper(actor, kind=EvidenceKind.LICENCE, name="a.pdf", content=files.pdf())
    return NEWEST_PAPER(person)


def _a_claim(person: Person | None) -> str:
    with unit_of_work():
        made.signed_up()
    return NEWEST_CLAIM(person)


def _a_claim_with_a_paper(person: Person | None) -> str:
    with unit_of_work():
        actor = made.signed_up()
        evidence.add_paper(actor, kind=EvidenceKind.LICENCE, name="a.pdf", content=files.pdf())
    return NEWEST_CLAIM(person)


def _a_disputed_claim(person: Person | None) -> str:
    code = made.new_credit_code()
    with unit_of_work():
        for _ in range(2):
            made.signed_up(made.identity(identifier=code))
    return NEWEST_CLAIM(person)


CODES: list[str] = []


def _a_known_claim(person: Person | None) -> str:
    CODES.append(made.new_credit_code())
    with unit_of_work():
        made.signed_up(made.identity(identifier=CODES[-1]))
    return NEWEST_CLAIM(person)


def _its_code(_person: Person | None) -> str:
    return CODES.pop()


HERE = "http://localhost/sso/callback"


def _holder(person: Person | None) -> str:
    assert person is not None
    return f"user:{person.user_id}"


def _a_proof(person: Person | None) -> str:
    return flow.proof_of(Purpose.LINK, SsoIdentity("0" * 32), holder=_holder(person))


ANSWERS: list[dict[str, str]] = []


def _a_code(person: Person | None) -> str:
    """The caller has been at the provider, which runs as a process of its own (the ``sso`` fixture)."""
    issuer = load_settings().sso.issuer
    with unit_of_work(readonly=True):
        address = flow.begin(Purpose.LINK, holder=_holder(person), redirect_uri=HERE)
    ANSWERS.append(Provider(issuer).visit(address))
    return ANSWERS[-1]["code"]


def _its_state(_person: Person | None) -> str:
    return ANSWERS.pop()["state"]


SETTLE: dict[str, Value] = {"keep": NEWEST_CLAIM, "note": NOTE, "reason": "授权书已经失效"}

ROWS: dict[str, Row] = {
    "accounts.papers": row(
        "own:claims:manage",
        Call(role="applicant_owner"),
        Call(role="applicant_member"),
        Call(role="applicant_owner", method="POST", form={"kind": _kind_of_paper, "file": _a_file}),
    ),
    "accounts.paper": row("own:claims:manage", Call(role="applicant_owner", values={"public_id": _own_paper})),
    "accounts.take_paper_back": row(
        "own:claims:manage", Call(role="applicant_owner", method="POST", values={"public_id": _own_paper})
    ),
    "accounts.counter": row(
        "counter:claims:verify",
        Call(role="counter_clerk"),
        Call(role="counter_clerk", query={"code": _a_claim}, status=302),
    ),
    "accounts.counter_claim": row(
        "counter:claims:verify",
        Call(role="counter_clerk", values={"public_id": _a_claim}),
        shared="a claimant may come to any counter, and each look is recorded",
    ),
    "accounts.counter_verify": row(
        "counter:claims:verify",
        Call(
            role="counter_clerk",
            method="POST",
            values={"public_id": _a_known_claim},
            form={"identifier": _its_code, "note": NOTE},
        ),
        shared="a claimant may come to any counter, and each look is recorded",
    ),
    "desk.claim_paper": row(
        "all:claims:read",
        Call(role="operator", values={"public_id": _a_claim_with_a_paper, "paper_public_id": NEWEST_PAPER}),
    ),
    "desk.claim_dispute": row("all:claims:read", Call(role="operator", values={"public_id": _a_disputed_claim})),
    "desk.settle_dispute": row(
        "all:claims:review",
        Call(role="operator", method="POST", values={"public_id": _a_disputed_claim}, form=SETTLE),
    ),
    "accounts.sso_start": row(
        PUBLIC,
        Call(values={"purpose": "sign-in"}, status=302),
        Call(role="applicant_owner", values={"purpose": "claim"}, status=302),
        shared="no thing, but a choice of the page",
    ),
    "accounts.sso_callback": row(PUBLIC, Call(role="applicant_owner", query={"code": _a_code, "state": _its_state})),
    "accounts.sso_finish": row(PUBLIC, Call(role="applicant_owner", method="POST", form={"proof": _a_proof})),
    "accounts.sso_unlink": row(SIGNED_IN, Call(role="applicant_owner", method="POST")),
}
