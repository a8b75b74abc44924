"""The table of what institutions say of themselves, as of a day."""

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import BigId, JsonValue


class InstitutionFigures(Identified, Timestamped, Base):
    """One statement: never changed, the next one takes its place. The document is ``particulars.json_form``'s JSON."""

    __tablename__ = "institution_figures"
    __table_args__ = (Index("ix_institution_figures_organisation_id_as_of", "organisation_id", "as_of"),)

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    #: The sort of institution when it was said: it names the fields of the document.
    kind: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[date] = mapped_column(Date)
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    stated_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
