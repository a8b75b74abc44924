"""From a user and a membership to the ``Actor`` that services receive."""

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import User
from finmart.platform.authz.roles import permissions_of
from finmart.platform.kernel.actor import Actor


def actor_of(
    user: User,
    membership: Membership | None,
    organisation: Organisation | None,
    session_id: int | None,
    *,
    must_enrol: bool = False,
) -> Actor:
    """Who ``user`` is in that membership; without one the user may do nothing but look after the account.

    ``must_enrol``: the role needs a second factor that is still missing; until then it carries no permission.
    """
    if membership is None or organisation is None:
        return Actor(name=user.name, user_id=user.id, session_id=session_id)
    return Actor(
        name=user.name,
        user_id=user.id,
        organisation_id=organisation.id,
        organisation_kind=organisation.kind,
        membership_id=membership.id,
        role=membership.role,
        region=membership.region or organisation.region,
        branch_id=membership.branch_id,
        session_id=session_id,
        permissions=frozenset() if must_enrol else permissions_of(membership.role),
        must_enrol=must_enrol,
    )
