"""The operator's part: new versions of policies, new policies, and their last days; history is kept and audited.

One operator publishes: these are the words of public documents, not offers, so no second pair of eyes is asked for. The
reason stands beside every version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.messages import N_
from finmart.products.policies import repository
from finmart.products.policies.service import shelf
from finmart.products.policies.service.loading import publish, show_change
from finmart.products.policies.types import document
from finmart.products.policies.types.errors import PolicyMoved, PolicyRefused, PolicyUnknown
from finmart.products.policies.types.events import PolicyEnded
from finmart.products.policies.types.labels import KINDS, LEVELS
from finmart.products.policies.types.values import Gives, Policy, PolicyClause

MIN_REASON, MAX_REASON = 4, 500
MOST_DEPARTMENTS = 20


@dataclass(frozen=True)
class Head:
    """What a version says of the document besides its clauses."""

    title_zh: str
    title_en: str
    doc_no: str
    departments: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    valid_to_zh: str
    texts: Mapping[str, str]


#: The texts a head may carry.
TEXTS = ("beneficiary_zh", "cap_zh", "stacking_zh", "evidence_zh", "apply_zh")


def all_policies(actor: Actor) -> tuple[Policy, ...]:
    """Every policy, for the operator. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_POLICIES_MANAGE)
    return shelf.published_policies()


def read(actor: Actor, code: str) -> Policy:
    """One policy, for the operator. Raises ``PermissionMissing`` or ``PolicyUnknown``."""
    require(actor, Permission.ALL_POLICIES_MANAGE)
    return shelf.policy(code)


def publish_version(actor: Actor, code: str, head: Head, *, seen: int, reason: str) -> None:
    """Publish what ``head`` says as a new version; the clauses stay. ``seen`` is the version that was read.

    Raises ``PermissionMissing``, ``PolicyUnknown``, ``PolicyMoved`` or ``PolicyRefused``.
    """
    before = _current(actor, code, seen)
    after = _with_head(before, head)
    if after == before:
        raise PolicyRefused(N_("内容与现在公开的版本完全相同，没有需要发布的修改。"))
    publish(actor, after, document.dump(after), origin="staff", reason=_reason(reason))
    show_change()


def publish_new(actor: Actor, code: str, head: Head, *, level: str, kind: str, rule_zh: str, reason: str) -> None:
    """Publish a policy that is not here yet, with one clause in words.

    Raises ``PermissionMissing`` or ``PolicyRefused``.
    """
    require(actor, Permission.ALL_POLICIES_MANAGE)
    if level not in LEVELS or kind not in KINDS:
        raise PolicyRefused(N_("请从列表中选择政策层级和适用对象。"))
    if not rule_zh.strip():
        raise PolicyRefused(N_("请填写条文原文。"))
    clause = _first_clause(code, rule_zh.strip(), kind, head.texts.get("beneficiary_zh", "").strip())
    empty = Policy(code, 0, "", "", "", (level,), (), head.valid_from, None, "", "", "", "", "", "", "", "", (clause,))
    policy, said = _with_head(empty, head), _reason(reason)
    # The code is taken last, so that a refusal leaves nothing.
    if repository.policy_row(code) is not None or repository.add_policy(code) is None:
        raise PolicyRefused(N_("已经有编号为“{code}”的政策，请在它的页面上发布新版本。"), code=code[:40])
    publish(actor, policy, document.dump(policy), origin="staff", reason=said)
    show_change()


def end(actor: Actor, code: str, *, last: date, seen: int, reason: str) -> None:
    """Note the last day of a policy as a new version; a later end is a new version of its own.

    Raises ``PermissionMissing``, ``PolicyUnknown``, ``PolicyMoved`` or ``PolicyRefused``.
    """
    before = _current(actor, code, seen)
    if last < before.valid_from:
        raise PolicyRefused(N_("最后有效日不能早于生效日期。"))
    if before.valid_to is not None and last >= before.valid_to:
        raise PolicyRefused(N_("这项政策已经写明更早或同一天失效；延长请发布新版本。"))
    after = replace(before, valid_to=last)
    number = publish(actor, after, document.dump(after), origin="staff", reason=_reason(reason))
    record(actor, PolicyEnded(target=code, version=number, old_valid_until=before.valid_to, valid_until=last))
    show_change()


def _current(actor: Actor, code: str, seen: int) -> Policy:
    """The policy as it stands, locked. Raises ``PermissionMissing``, ``PolicyUnknown`` or ``PolicyMoved``."""
    require(actor, Permission.ALL_POLICIES_MANAGE)
    row = repository.policy_row(code)
    if row is None:
        raise PolicyUnknown
    if row.published_number != seen:
        raise PolicyMoved
    return shelf.policy(code)


def _reason(text: str) -> str:
    said = text.strip()
    if not MIN_REASON <= len(said) <= MAX_REASON:
        raise PolicyRefused(N_("请写明原因，4 到 500 个字。"))
    return said


def _with_head(policy: Policy, head: Head) -> Policy:
    if not head.title_zh.strip():
        raise PolicyRefused(N_("请填写政策标题。"))
    if head.valid_to is not None and head.valid_to < head.valid_from:
        raise PolicyRefused(N_("最后有效日不能早于生效日期。"))
    if len(head.departments) > MOST_DEPARTMENTS:
        raise PolicyRefused(N_("主管部门最多填 {most} 个。"), most=MOST_DEPARTMENTS)
    texts = {name: head.texts.get(name, "").strip() for name in TEXTS}
    return replace(
        policy,
        title_zh=head.title_zh.strip(),
        title_en=head.title_en.strip(),
        doc_no=head.doc_no.strip(),
        departments=head.departments,
        valid_from=head.valid_from,
        valid_to=head.valid_to,
        valid_to_zh=head.valid_to_zh.strip(),
        beneficiary_zh=texts["beneficiary_zh"],
        cap_zh=texts["cap_zh"],
        stacking_zh=texts["stacking_zh"],
        evidence_zh=texts["evidence_zh"],
        apply_zh=texts["apply_zh"],
    )


def _first_clause(code: str, rule_zh: str, kind: str, beneficiary_zh: str) -> PolicyClause:
    return PolicyClause(
        code=f"{code}-1",
        clause_no="",
        article_zh="",
        beneficiary_zh=beneficiary_zh,
        trigger_zh="",
        rule_zh=rule_zh,
        base_zh="",
        eligibility_zh="",
        cap=None,
        cap_scope_zh="",
        stacking_zh="",
        departments=(),
        funding_zh="",
        note_zh="",
        reading_zh="",
        gives=Gives.RULE,
        kinds=(kind,),
        condition=None,
        words=(beneficiary_zh or rule_zh,),
        formula=None,
        valid_from=None,
        valid_to=None,
        group="",
        group_cap=None,
        relief=None,
    )
