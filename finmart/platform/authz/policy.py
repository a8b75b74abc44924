"""Asking for permission, in one way everywhere."""

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import NotAllowed
from finmart.platform.kernel.messages import N_


class PermissionMissing(NotAllowed):
    """The actor's role does not carry the permission."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(N_("您的账号没有做这件事的权限。"))
        self.permission = permission


def require(actor: Actor, permission: Permission) -> None:
    """Let ``actor`` pass when its role carries ``permission``; raise ``PermissionMissing`` otherwise."""
    if not actor.may(permission):
        raise PermissionMissing(permission)
