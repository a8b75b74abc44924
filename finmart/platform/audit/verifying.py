"""Recomputing the whole chain: what was changed, deleted, put in or cut off shows, and where first."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, ClassVar

from sqlalchemy import func, select

from finmart.platform.audit.chain import NOTHING, Member, digest_of, hash_of, mac_of
from finmart.platform.audit.events import AuditEvent
from finmart.platform.audit.models import AuditRow, AuditSeal, AuditVerification, SealedRow
from finmart.platform.audit.sealing import highest_sealed, last_seal, waiting
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import session
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_

#: Seals a query.
STRETCH = 200


class Fault(StrEnum):
    """What can be wrong with the trail."""

    ROW_CHANGED = "row_changed"
    ROW_DELETED = "row_deleted"
    ROW_PUT_IN = "row_put_in"
    SEAL_CHANGED = "seal_changed"
    SEAL_MISSING = "seal_missing"
    SEAL_FORGED = "seal_forged"
    CHAIN_CUT = "chain_cut"


FAULT_WORDS: dict[str, str] = {
    Fault.ROW_CHANGED: N_("有记录在封存后被修改"),
    Fault.ROW_DELETED: N_("有记录在封存后被删除"),
    Fault.ROW_PUT_IN: N_("已封存的记录之间被插入了记录"),
    Fault.SEAL_CHANGED: N_("封存本身被修改"),
    Fault.SEAL_MISSING: N_("中间缺少封存"),
    Fault.SEAL_FORGED: N_("封存不是用本平台的密钥生成的"),
    Fault.CHAIN_CUT: N_("封存链的末尾被截去或替换"),
}


@dataclass(frozen=True)
class Report:
    """What a look at the whole chain found. ``fault`` is empty when all is in order; the first one is told.

    ``unsealed`` counts the tail that no seal covers yet, which nothing protects.
    """

    at: datetime
    seals: int
    sealed: int
    unsealed: int
    head: str
    fault: str = ""
    seal_number: int | None = None
    row_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AuditVerified(AuditEvent):
    """The trail was checked; ``target`` is the beginning of the head's hash."""

    name: ClassVar[str] = "audit.verified"
    seals: int
    sealed: int
    unsealed: int
    fault: str


@dataclass(frozen=True)
class _Found:
    fault: Fault
    seal_number: int | None = None
    row_id: int | None = None


def verify(actor: Actor) -> Report:
    """Recompute the chain in the present (reading) unit of work. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_AUDIT_VERIFY)
    last = last_seal()
    found = next(_faults(last), None)
    count = session().scalar
    return Report(
        at=now(),
        seals=count(select(func.count()).select_from(AuditSeal)) or 0,
        sealed=count(select(func.count()).select_from(SealedRow)) or 0,
        unsealed=count(select(func.count()).select_from(AuditRow).where(*waiting(last))) or 0,
        head=NOTHING if last is None else last.hash,
        fault=found.fault.value if found else "",
        seal_number=found.seal_number if found else None,
        row_id=found.row_id if found else None,
    )


def keep(actor: Actor, report: Report) -> None:
    """Write ``report`` down, for the page and for the next look, which expects to find this one's head again."""
    session().add(AuditVerification(**vars(report)))
    event = AuditVerified(
        target=report.head[:16],
        seals=report.seals,
        sealed=report.sealed,
        unsealed=report.unsealed,
        fault=report.fault,
    )
    record(actor, event)


def last_verification(actor: Actor) -> Report | None:
    """What the last look found. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_AUDIT_READ)
    row = session().scalar(select(AuditVerification).order_by(AuditVerification.id.desc()).limit(1))
    if row is None:
        return None
    return Report(row.at, row.seals, row.sealed, row.unsealed, row.head, row.fault, row.seal_number, row.row_id)


def _faults(last: AuditSeal | None) -> Iterator[_Found]:
    yield from _faults_of_seals(0 if last is None else last.number)
    yield from _cut_off()
    yield from _put_in(last)


def _faults_of_seals(count: int) -> Iterator[_Found]:
    previous, expected = NOTHING, 1
    for start in range(1, count + 1, STRETCH):
        numbers = AuditSeal.number.between(start, start + STRETCH - 1)
        # Columns and not objects: the session would keep years of them in memory.
        seals = session().execute(select(*AuditSeal.__table__.c).where(numbers).order_by(AuditSeal.number)).all()
        members = _members(start, start + STRETCH - 1)
        for each in seals:
            if each.number != expected:
                yield _Found(Fault.SEAL_MISSING, expected)
                return
            rows = members.get(each.number, [])
            yield from _faults_of_rows(rows)
            yield from _faults_of(each, previous, [Member(row.row_id, row.digest) for row in rows])
            previous, expected = each.hash, expected + 1
    if expected <= count:
        yield _Found(Fault.SEAL_MISSING, expected)


def _members(first: int, last: int) -> dict[int, list[Any]]:
    """By number of a seal in that stretch: its rows' digests, each beside the audit row as it is now."""
    query = (
        select(SealedRow.seal_number, SealedRow.row_id, SealedRow.digest, *AuditRow.__table__.c)
        .select_from(SealedRow)
        .outerjoin(AuditRow, AuditRow.id == SealedRow.row_id)
        .where(SealedRow.seal_number.between(first, last))
        .order_by(SealedRow.seal_number, SealedRow.row_id)
    )
    rows = session().execute(query).all()
    return {number: list(group) for number, group in groupby(rows, key=lambda row: row.seal_number)}


def _faults_of_rows(rows: list[Any]) -> Iterator[_Found]:
    for row in rows:
        if row.id is None:
            yield _Found(Fault.ROW_DELETED, row.seal_number, row.row_id)
        elif digest_of(row) != row.digest:
            yield _Found(Fault.ROW_CHANGED, row.seal_number, row.row_id)


def _faults_of(each: Any, previous: str, members: list[Member]) -> Iterator[_Found]:
    said = (each.previous, each.rows, each.first_id, each.last_id, each.hash)
    bounds = (members[0].row_id, members[-1].row_id) if members else (0, 0)
    if said != (previous, len(members), *bounds, hash_of(each.number, each.at, previous, members)):
        yield _Found(Fault.SEAL_CHANGED, each.number)
    if not hmac.compare_digest(each.mac, mac_of(each.hash)):
        yield _Found(Fault.SEAL_FORGED, each.number)


def _cut_off() -> Iterator[_Found]:
    """What the last look saw at the chain's head must still be there."""
    seen = session().scalar(select(AuditVerification).order_by(AuditVerification.id.desc()).limit(1))
    if seen is None or seen.seals == 0:
        return
    then = session().scalar(select(AuditSeal.hash).where(AuditSeal.number == seen.seals))
    # A look that found seals missing counted fewer than the head's number; then there is nothing to compare.
    if seen.fault == "" and then != seen.head:
        yield _Found(Fault.CHAIN_CUT, seen.seals)


def _put_in(last: AuditSeal | None) -> Iterator[_Found]:
    """Rows with a number among the sealed ones that no seal covers, and that the next seal would not take either."""
    if last is None:
        return
    unsealed = ~select(SealedRow.row_id).where(SealedRow.row_id == AuditRow.id).exists()
    taken = select(AuditRow.id).where(*waiting(last))
    query = select(func.min(AuditRow.id)).where(AuditRow.id <= highest_sealed(), unsealed, AuditRow.id.not_in(taken))
    row_id = session().scalar(query)
    if row_id is not None:
        yield _Found(Fault.ROW_PUT_IN, row_id=row_id)
