"""The declarative base of every table."""

from datetime import datetime

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from finmart.platform.db.types import BigId, UtcDateTime
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.ids import LENGTH, public_id

# Fixed names, so that a migration can drop what another database made.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the house, in one metadata and one migration chain."""

    metadata = MetaData(naming_convention=NAMING)


class Identified:
    """A number inside the house; it never leaves it."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)


class PubliclyIdentified(Identified):
    """A random id besides, for URLs and API."""

    public_id: Mapped[str] = mapped_column(String(LENGTH), unique=True, default=public_id)


class Timestamped:
    """When the row was written."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now)
