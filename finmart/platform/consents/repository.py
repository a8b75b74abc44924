"""Reading and adding consents; nothing here decides or commits."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from finmart.platform.consents.models import Consent
from finmart.platform.db.session import session
from finmart.platform.kernel.ids import ALPHABET

GROUP = 4
GROUPS = 3


def receipt_number(on: date) -> str:
    """A random number that can be read aloud: ``SQ26`` for a consent (授权) of 2026, then three groups of four."""
    groups = ("".join(secrets.choice(ALPHABET).upper() for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join([f"SQ{on:%y}", *groups])


def add_consent(**values: Any) -> Consent:
    """A new consent with the given columns."""
    row = Consent(**values)
    session().add(row)
    session().flush()
    return row


def consent_by_public_id(public_id: str, *, lock: bool = False) -> Consent | None:
    """The consent with a public id; ``lock``: as it stands now, and kept so until the end of the transaction."""
    query = select(Consent).where(Consent.public_id == public_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session().scalar(query)


def consents_of_organisation(organisation_id: int) -> list[Consent]:
    """What an applicant organisation has granted, the newest first."""
    query = select(Consent).where(Consent.organisation_id == organisation_id)
    return list(session().scalars(query.order_by(Consent.id.desc())))


def consents_for_institution(
    institution_id: int, applicants: frozenset[int] | None, *, limit: int, offset: int
) -> tuple[list[Consent], int]:
    """What an institution was granted (by ``applicants`` alone), the newest first, and how many there are."""
    query: Select[Consent] = select(Consent).where(Consent.institution_id == institution_id)
    if applicants is not None:
        query = query.where(Consent.organisation_id.in_(applicants))
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session().scalars(query.order_by(Consent.id.desc()).limit(limit).offset(offset))), total


def valid_consents(*, subject_id: int, institution_id: int, on: date) -> list[Consent]:
    """Consents of a subject for an institution that hold on a day, the newest first."""
    query = select(Consent).where(
        Consent.subject_id == subject_id,
        Consent.institution_id == institution_id,
        Consent.valid_from <= on,
        Consent.valid_until >= on,
        Consent.revoked_at.is_(None),
    )
    return list(session().scalars(query.order_by(Consent.id.desc())))


def untold_consents(*, after: date, until: date) -> Sequence[Consent]:
    """Consents that still hold and end between two days, both included, and whose end was not told yet."""
    query = select(Consent).where(
        Consent.valid_until >= after,
        Consent.valid_until <= until,
        Consent.revoked_at.is_(None),
        Consent.reminded_at.is_(None),
    )
    return list(session().scalars(query.order_by(Consent.id).with_for_update(skip_locked=True)))
