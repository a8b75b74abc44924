"""Publishing the project's own policy files: a system import, idempotent, audited; it never overwrites the operator."""

from finmart.platform.audit.service import record
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.products import repository as shelf
from finmart.products.loading import INDEX_JOB
from finmart.products.policies import repository
from finmart.products.policies.service.files import read_policies
from finmart.products.policies.types import document
from finmart.products.policies.types.errors import PolicyMoved
from finmart.products.policies.types.events import PoliciesLoaded, PolicyPublished
from finmart.products.policies.types.values import Json, Policy, PolicyReport, Standing, standing


def load_policies(actor: Actor, policies: tuple[Policy, ...] | None = None) -> PolicyReport:
    """Publish what differs from what is published now. Raises ``PolicyFault`` for files that cannot be used."""
    read = read_policies() if policies is None else policies
    known = repository.published_fingerprints()
    dumped = [(policy, document.dump(policy)) for policy in read]
    changed = [(policy, found) for policy, found in dumped if _differs(known.get(policy.code), found)]
    for policy, found in changed:
        publish(actor, policy, found, origin="import", reason="")
    if changed:
        show_change()
    report = _report(read, published=len(changed))
    record(
        actor,
        PoliciesLoaded(
            target=str(shelf.counter()[0]),
            policies=report.policies,
            published=report.published,
            unchanged=report.unchanged,
        ),
    )
    return report


def _differs(known: tuple[str, str] | None, dumped: Json) -> bool:
    if known is None:
        return True
    fingerprint, origin = known
    return origin == "import" and fingerprint != document.fingerprint(dumped)


def publish(actor: Actor, policy: Policy, dumped: Json, *, origin: str, reason: str) -> int:
    """Make ``policy`` the version people see, and record it; returns its number. Raises ``PolicyMoved``."""
    row = repository.policy_row(policy.code) or repository.add_policy(policy.code)
    if row is None:
        raise PolicyMoved
    replaced = row.published_number
    number = repository.publish(row, policy, dumped, at=now(), origin=origin, user_id=actor.user_id, reason=reason)
    event = PolicyPublished(
        target=policy.code,
        version=number,
        replaced=replaced,
        fingerprint=document.fingerprint(dumped),
        valid_from=policy.valid_from,
        valid_until=policy.valid_to,
    )
    record(actor, event)
    return number


def show_change() -> None:
    """Products show what policies take from their cost: every page kept under the catalogue's version is stale now."""
    shelf.advance_counter()
    enqueue(INDEX_JOB, {})


def _report(policies: tuple[Policy, ...], *, published: int) -> PolicyReport:
    clauses = [clause for policy in policies for clause in policy.clauses]
    return PolicyReport(
        policies=len(policies),
        clauses=len(clauses),
        computable=sum(clause.formula is not None for clause in clauses),
        with_condition=sum(clause.condition is not None for clause in clauses),
        in_force=sum(standing(policy, today()) is Standing.IN_FORCE for policy in policies),
        published=published,
        unchanged=len(policies) - published,
    )
