"""Access of the pages of being found, of counts of products, and of invitations."""

from datetime import timedelta

from sqlalchemy import select, text

from finmart.matching.engine.json_form import dump_offer
from finmart.matching.prospecting import repository
from finmart.matching.prospecting.models import ProspectInvitation, ProspectOptIn
from finmart.matching.prospecting.types.limits import TEXT_VERSION
from finmart.matching.prospecting.types.values import Stated, Tally
from finmart.matching.snapshots import product_offer
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.clock import now, today
from finmart.products import service as products
from tests.fixtures.people import Person
from tests.functional.access.of_matching import OWN_PRODUCT
from tests.functional.access.rows import Call, Row, row

AN_INSTITUTION = "SELECT id FROM organisation WHERE kind = 'institution' AND code IS NOT NULL ORDER BY id LIMIT 1"


def opted_in(organisation_id: int) -> ProspectOptIn:
    """The applicant's agreement to be found, made where there is none; inside a unit of work."""
    return repository.living_opt_in(organisation_id) or repository.add_opt_in(
        organisation_id=organisation_id, user_id=None, agreed_at=now(), text_version=TEXT_VERSION
    )


def counted(organisation_id: int, code: str) -> None:
    """Today's count of a product of an institution, if there is none yet; inside a unit of work."""
    product = products.product(code)
    if any(one.product_code == code for one in repository.counts_of_day(organisation_id, today())):
        return
    repository.add_count(
        organisation_id=organisation_id,
        product_code=code,
        product_version=product.version,
        counted_on=today(),
        counted_at=now(),
        demonstration=True,
        document=dump_offer(product_offer(product)),
        stated=Stated(300, Tally(100, 100, 100), {}).as_json(),
    )


def an_invitation(person: Person | None) -> str:
    """An open invitation to the applicant, of a product that nobody invited it to."""
    assert person is not None
    with unit_of_work():
        query = select(ProspectInvitation.product_code)
        asked = set(session().scalars(query.where(ProspectInvitation.organisation_id == person.organisation_id)))
        product = next(one for one in products.published_catalogue().products if one.code not in asked)
        sent = repository.add_invitation(
            institution_id=session().execute(text(AN_INSTITUTION)).scalar_one(),
            organisation_id=person.organisation_id,
            opt_in_id=opted_in(person.organisation_id).id,
            product_code=product.code,
            product_version=product.version,
            reason="fits",
            sent_at=now(),
            sent_by_user_id=None,
            valid_until=today() + timedelta(days=30),
            state="open",
        )
        return sent.public_id


def _after_agreeing(person: Person | None) -> str:
    assert person is not None
    with unit_of_work():
        opted_in(person.organisation_id)
    return ""


ROWS: dict[str, Row] = {
    "matching.prospect_counts": row(
        "own:prospects:read", Call(role="institution_clerk"), Call(role="institution_admin")
    ),
    "matching.count_prospects": row("own:prospects:read", Call(role="institution_clerk", method="POST")),
    "matching.found_applicants": row(
        "own:prospects:read",
        Call(role="institution_clerk", values={"code": OWN_PRODUCT}),
        Call(role="institution_clerk", method="POST", values={"code": OWN_PRODUCT}, form={}, status=422),
    ),
    "matching.found": row("own:consents:manage", Call(role="applicant_owner"), Call(role="applicant_member")),
    "matching.agree_to_be_found": row(
        "own:consents:manage", Call(role="applicant_owner", method="POST", form={"agreed": "y"})
    ),
    "matching.withdraw_from_found": row(
        "own:consents:manage",
        Call(role="applicant_owner", method="POST", form={"held": _after_agreeing}),
    ),
    "matching.accept_invitation": row(
        "own:consents:manage", Call(role="applicant_owner", method="POST", values={"public_id": an_invitation})
    ),
    "matching.decline_invitation": row(
        "own:consents:manage", Call(role="applicant_owner", method="POST", values={"public_id": an_invitation})
    ),
    "matching.report_invitation": row(
        "own:consents:manage",
        Call(
            role="applicant_owner",
            method="POST",
            values={"public_id": an_invitation},
            form={"complaint": "misleading"},
        ),
    ),
}
