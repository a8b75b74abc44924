"""The one table of roles and what each may do."""

from collections.abc import Mapping
from types import MappingProxyType

from finmart.platform.authz.permissions import Permission as P

_ACCOUNT = frozenset({P.OWN_ACCOUNT_MANAGE, P.OWN_MESSAGES_READ})
_APPLICANT_MEMBER = _ACCOUNT | {
    P.OWN_CLAIMS_MANAGE,
    P.OWN_CONSENTS_MANAGE,
    P.OWN_DEMANDS_READ,
    P.OWN_DEMANDS_WRITE,
    P.OWN_FACTS_DECLARE,
    P.OWN_MEMBERS_READ,
    P.OWN_PROFILE_READ,
}
_INSTITUTION_CLERK = _ACCOUNT | {
    P.GRANTED_PROFILES_READ,
    P.OWN_BRANCHES_READ,
    P.OWN_LEADS_READ,
    P.OWN_LEADS_WORK,
    P.OWN_MEMBERS_READ,
    P.OWN_PRODUCTS_READ,
    P.OWN_PRODUCTS_WRITE,
    P.OWN_PROSPECTS_READ,
    P.OWN_REPORTS_HANDLE,
    P.SAMPLE_PROSPECTS_READ,
}
_INSTITUTION_ADMIN = _INSTITUTION_CLERK | {
    P.OWN_BRANCHES_MANAGE,
    P.OWN_MEMBERS_INVITE,
    P.OWN_PRODUCTS_APPROVE,
    P.OWN_PRODUCTS_CONFIRM,
}
_OPERATOR = _ACCOUNT | {permission for permission in P if permission.startswith("all:")}

#: role → permissions
ROLES: Mapping[str, frozenset[P]] = MappingProxyType(
    {
        "applicant_owner": _APPLICANT_MEMBER | {P.OWN_MEMBERS_INVITE},
        "applicant_member": _APPLICANT_MEMBER,
        "auditor": _ACCOUNT | {P.ALL_AUDIT_READ, P.ALL_AUDIT_VERIFY},
        "counter_clerk": _ACCOUNT | {P.COUNTER_CLAIMS_VERIFY},
        "institution_admin": _INSTITUTION_ADMIN,
        "institution_clerk": _INSTITUTION_CLERK,
        "official": _ACCOUNT | {P.REGION_DEMANDS_UNMASK, P.REGION_FIGURES_EXPORT, P.REGION_FIGURES_READ},
        "operator": _OPERATOR,
        "supplier": _ACCOUNT,
    }
)

#: role → the kind of organisation in which it exists
ROLE_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "applicant_owner": "applicant",
        "applicant_member": "applicant",
        "auditor": "operator",
        "counter_clerk": "government",
        "institution_admin": "institution",
        "institution_clerk": "institution",
        "official": "government",
        "operator": "operator",
        "supplier": "supplier",
    }
)

#: Roles that reach other people's affairs: they sign in with a second factor (``config.EntrySettings``).
SECOND_FACTOR_ROLES = frozenset(
    {"auditor", "counter_clerk", "institution_admin", "institution_clerk", "official", "operator"}
)


def permissions_of(role: str) -> frozenset[str]:
    """What ``role`` may do; an unknown role may do nothing."""
    return frozenset(ROLES.get(role, frozenset()))
