"""Rows of what institutions say of themselves; nothing here decides or commits."""

from datetime import date

from sqlalchemy import select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session
from finmart.products.figures.models import InstitutionFigures
from finmart.products.types import Json


def owner(organisation_id: int) -> tuple[str, str]:
    """The code and the sort of the institution; both may be empty."""
    row = session().get_one(Organisation, organisation_id)
    return row.code or "", row.institution_kind or ""


def latest(organisation_id: int) -> InstitutionFigures | None:
    """The statement that counts: of the last day, and of one day the one made last."""
    query = select(InstitutionFigures).where(InstitutionFigures.organisation_id == organisation_id)
    return session().scalar(query.order_by(InstitutionFigures.as_of.desc(), InstitutionFigures.id.desc()).limit(1))


def add(*, organisation_id: int, kind: str, as_of: date, document: Json, by_user_id: int | None) -> None:
    """Write a statement."""
    session().add(
        InstitutionFigures(
            organisation_id=organisation_id, kind=kind, as_of=as_of, document=document, stated_by_user_id=by_user_id
        )
    )
    session().flush()
