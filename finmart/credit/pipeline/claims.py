"""Having a data set to oneself: two imports of it at once would both store what only one may."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from finmart.credit.datasets.contract import DataSet
from finmart.credit.repository import batches
from finmart.credit.store import landing
from finmart.credit.types.errors import ImportUnderWay
from finmart.credit.types.events import BatchFailed, BatchReceived
from finmart.credit.types.states import BatchState
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.ids import public_id
from finmart.platform.kernel.messages import N_

if TYPE_CHECKING:
    from finmart.credit.models import Batch

#: An import on another machine that has said nothing for so long was killed with its machine.
GIVEN_UP = timedelta(hours=6)
ABANDONED = N_("导入在完成前被中断，没有数据入库。请重新导入。")
DEFECT = N_("导入因程序错误中断（{error}），没有数据入库。请联系平台运维。")


@dataclass(frozen=True)
class Claim:
    """A data set claimed for one delivery: the batch's numbers, its landing key, and when it was received."""

    batch_id: int
    batch: str
    key: bytes
    received_at: datetime


def process_name() -> str:
    """This process, so that another one on the same machine can see whether it still runs."""
    return f"{platform.node()[:80]}:{os.getpid()}"


def is_gone(process: str) -> bool:
    """Whether a process of this machine has ended; unknown ones, and those of other machines, are not gone."""
    node, _, pid = process.rpartition(":")
    if node != platform.node()[:80] or os.name == "nt" or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def claim(
    actor: Actor, dataset: DataSet, *, fingerprint: str, as_of: date, files: Sequence[str], demonstration: bool
) -> Claim:
    """Claim ``dataset`` for a delivery; what a killed import left is cleared first. Raises ``ImportUnderWay``."""
    release_abandoned(actor, dataset)
    key, batch = landing.new_key(), public_id()
    received = now()
    try:
        row = batches.add_batch(
            public_id=batch,
            dataset=dataset.name,
            state=BatchState.RECEIVED.value,
            under_way=dataset.name,
            process=process_name(),
            fingerprint=fingerprint,
            as_of=as_of,
            received_at=received,
            demonstration=demonstration,
            landing_key=key.hex(),
            landing_until=today() + timedelta(days=dataset.landing_days),
        )
    except IntegrityError:
        # Whoever was first wrote its row between our look and our insert.
        raise ImportUnderWay(dataset.label_zh, "—", received) from None
    record(actor, BatchReceived(target=batch, dataset=dataset.name, files=len(files)))
    return Claim(row.id, batch, key, received)


def release_abandoned(actor: Actor, dataset: DataSet) -> None:
    """End the claim of an import that was killed. Raises ``ImportUnderWay`` when one is at work."""
    other = batches.batch_under_way(dataset.name)
    if other is None:
        return
    if not is_gone(other.process) and now() - other.received_at < GIVEN_UP:
        raise ImportUnderWay(dataset.label_zh, other.public_id, other.received_at)
    fail(actor, other.id, {"msgid": ABANDONED, "params": {}})


def still_mine(dataset: DataSet, claim: Claim) -> "Batch":
    """The claimed batch, locked. Raises ``ImportUnderWay`` when another import took this one for dead."""
    row = batches.batch_by_id(claim.batch_id, lock=True)
    mine = row.under_way == dataset.name and row.process == process_name()
    if row.state != BatchState.RECEIVED or not mine:
        other = batches.batch_under_way(dataset.name)
        raise ImportUnderWay(dataset.label_zh, other.public_id if other else "—", (other or row).received_at)
    return row


@contextmanager
def held(dataset: DataSet, batch_id: int) -> Iterator["Batch"]:
    """A published batch, holding the data set within this transaction alone: a crash leaves no claim behind.

    Raises ``ImportUnderWay``.
    """
    row = batches.batch_by_id(batch_id, lock=True)
    try:
        batches.set_under_way(row, dataset.name)
    except IntegrityError:
        raise ImportUnderWay(dataset.label_zh, "—", now()) from None
    yield row
    batches.set_under_way(row, None)


def reason_of(error: BaseException) -> Mapping[str, Any]:
    """An error as it is kept: the sentence's msgid and parameters; of a defect its class alone, never its text."""
    if isinstance(error, FinmartError):
        return {"msgid": error.message.msgid, "params": {k: str(v) for k, v in error.message.params.items()}}
    if isinstance(error, Exception):
        return {"msgid": DEFECT, "params": {"error": type(error).__name__}}
    return {"msgid": ABANDONED, "params": {}}


def fail(actor: Actor, batch_id: int, reason: Mapping[str, Any]) -> None:
    """End a batch without anything stored: its landed bytes go, its key is destroyed, the reason stays."""
    row = batches.batch_by_id(batch_id)
    row.state = BatchState.FAILED.value
    row.under_way = None
    row.finished_at = now()
    row.error = dict(reason)
    row.landing_key = None
    landing.discard(row.public_id)
    record(actor, BatchFailed(target=row.public_id, dataset=row.dataset, reason=str(reason["msgid"])))
