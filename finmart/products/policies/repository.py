"""Reading and writing policies; nothing here decides or commits."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError

from finmart.platform.db.session import session
from finmart.products.policies.models import PolicyRow, PolicyVersion
from finmart.products.policies.types import document
from finmart.products.policies.types.values import Json, Policy, PolicyVersionLine


def _is_published() -> ColumnElement[bool]:
    return and_(PolicyVersion.policy_id == PolicyRow.id, PolicyVersion.number == PolicyRow.published_number)


def published_policies() -> list[Policy]:
    """Every published policy in order of code; the order is Python's, whatever a database's collation says."""
    rows = session().scalars(select(PolicyVersion).join(PolicyRow, _is_published()))
    return sorted((document.load(row.document, row.number) for row in rows), key=lambda policy: policy.code)


def published_fingerprints() -> dict[str, tuple[str, str]]:
    """code → (fingerprint, origin) of what is published now."""
    query = select(PolicyRow.code, PolicyVersion.fingerprint, PolicyVersion.origin).join(PolicyVersion, _is_published())
    return {code: (fingerprint, origin) for code, fingerprint, origin in session().execute(query)}


def policy_row(code: str) -> PolicyRow | None:
    """One policy, locked until the unit of work ends."""
    return session().scalar(select(PolicyRow).where(PolicyRow.code == code).with_for_update())


def add_policy(code: str) -> PolicyRow | None:
    """A new policy that has no version yet; None when somebody else has taken its code, perhaps at this moment."""
    row = PolicyRow(code=code, published_number=None)
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        return None
    return row


def publish(
    row: PolicyRow, policy: Policy, dumped: Json, *, at: datetime, origin: str, user_id: int | None, reason: str
) -> int:
    """Add ``policy`` (``dumped`` is its document) as the version people see; returns its number."""
    versions = list(session().scalars(select(PolicyVersion).where(PolicyVersion.policy_id == row.id)))
    for version in versions:
        if version.number == row.published_number:
            version.state = "retired"
    row.published_number = 1 + max((version.number for version in versions), default=0)
    session().add(
        PolicyVersion(
            policy_id=row.id,
            number=row.published_number,
            state="published",
            title_zh=policy.title_zh,
            valid_from=policy.valid_from,
            valid_to=policy.valid_to,
            document=dumped,
            fingerprint=document.fingerprint(dumped),
            published_at=at,
            origin=origin,
            published_by_user_id=user_id,
            reason=reason,
        )
    )
    session().flush()
    return row.published_number


def version_lines(code: str) -> list[PolicyVersionLine]:
    """Every version of a policy, the newest first."""
    query = (
        select(PolicyVersion)
        .join(PolicyRow, PolicyRow.id == PolicyVersion.policy_id)
        .where(PolicyRow.code == code)
        .order_by(PolicyVersion.number.desc())
    )
    return [
        PolicyVersionLine(
            number=row.number,
            shown=row.state == "published",
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            published_at=row.published_at,
            by_system=row.published_by_user_id is None,
            reason=row.reason,
        )
        for row in session().scalars(query)
    ]
