"""Sealing audit rows into the chain, a little after they were written. Requests never wait for it."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, insert, or_, select

from finmart.platform.audit.chain import NOTHING, Member, digest_of, hash_of, mac_of
from finmart.platform.audit.models import AuditRow, AuditSeal, SealedRow
from finmart.platform.db.session import session
from finmart.platform.kernel.clock import now

#: Rows younger than this wait for the next seal: by then most transactions that took an earlier number have ended.
LAG = timedelta(seconds=30)
#: On PostgreSQL a long transaction's rows appear behind later ones. They are sealed late, if written at most so long
#: before the last seal; what appears among sealed rows with an older date was put there and is reported instead.
LATE = timedelta(hours=6)
#: Rows a seal; what is left over waits for the next one.
ROWS = 2_000

log = structlog.get_logger(__name__)


def seal(lag: timedelta = LAG, limit: int = ROWS) -> int:
    """Seal up to ``limit`` rows older than ``lag`` in the present unit of work; how many.

    Two processes that do it at once meet in the seal's number: one of them fails, and its rows wait.
    """
    last = last_seal()
    ripe = AuditRow.at <= now() - lag
    query = select(*AuditRow.__table__.c).where(ripe, *waiting(last)).order_by(AuditRow.id).limit(limit)
    members = [Member(row.id, digest_of(row)) for row in session().execute(query)]
    if not members:
        return 0
    made = _seal_of(last, members, now())
    session().add(made)
    session().flush()
    session().execute(
        insert(SealedRow),
        [{"row_id": row_id, "seal_number": made.number, "digest": digest} for row_id, digest in members],
    )
    # A copy of the head outside of the database: cutting off the chain's end shows when the two are compared.
    log.info("audit_sealed", seal=made.number, rows=made.rows, hash=made.hash)
    return len(members)


def last_seal() -> AuditSeal | None:
    """The chain's head."""
    return session().scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))


def waiting(last: AuditSeal | None) -> list[ColumnElement[bool]]:
    """Which rows are still to be sealed: those after all sealed ones, and late ones among them."""
    if last is None:
        return []
    oldest = last.at - LATE
    # Behind what was sealed longer ago nothing can be late: numbers are given out in the order of time.
    settled = session().scalar(select(func.max(AuditSeal.last_id)).where(AuditSeal.at < oldest)) or 0
    sealed = select(SealedRow.row_id).where(SealedRow.row_id == AuditRow.id)
    return [AuditRow.id > settled, or_(AuditRow.id > highest_sealed(), AuditRow.at >= oldest), ~sealed.exists()]


def highest_sealed() -> int:
    """The greatest number among sealed rows."""
    return session().scalar(select(func.max(SealedRow.row_id))) or 0


def _seal_of(last: AuditSeal | None, members: list[Member], moment: datetime) -> AuditSeal:
    number = 1 if last is None else last.number + 1
    previous = NOTHING if last is None else last.hash
    seal_hash = hash_of(number, moment, previous, members)
    return AuditSeal(
        number=number,
        at=moment,
        first_id=members[0].row_id,
        last_id=members[-1].row_id,
        rows=len(members),
        previous=previous,
        hash=seal_hash,
        mac=mac_of(seal_hash),
    )
