"""What accounts make of a single sign-on: errors and events."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import Conflict, NotAllowed
from finmart.platform.kernel.messages import N_


class SsoOtherSubject(NotAllowed):
    """The provider says that the person is somebody else than they claim to be, or not who."""

    def __init__(self) -> None:
        super().__init__(
            N_("统一身份认证确认的身份与您认领的主体不一致，不能用它核实；代码填错的请重新认领，或改用其他办法。")
        )


class SsoRefers(Conflict):
    """The person is who they say, but the claim is not for a machine to decide; it never says why."""

    def __init__(self) -> None:
        super().__init__(N_("您的身份已经确认，但这条认领还需要平台运营人员核实，请等待通知。"))


class SsoTaken(Conflict):
    """The account elsewhere opens another account here."""

    def __init__(self) -> None:
        super().__init__(N_("这个统一身份认证账号已关联本平台的另一个账号，请先在那个账号中解除关联。"))


class SsoUnlinked(NotAllowed):
    """Nobody here has linked the account elsewhere."""

    def __init__(self) -> None:
        super().__init__(N_("这个统一身份认证账号还没有关联本平台账号，请先用手机号登录，再到“账号与安全”中关联。"))


class SsoNotForStaff(NotAllowed):
    """Whoever works for an institution, an office or the platform signs in here, with a second factor."""

    def __init__(self) -> None:
        super().__init__(N_("机构、政府和平台工作人员请用手机号和密码登录。"))


@dataclass(frozen=True, kw_only=True)
class SsoLinked(AuditEvent):
    """An account elsewhere opens this user's account from now on; ``target`` is the user."""

    name: ClassVar[str] = "user.sso_linked"


@dataclass(frozen=True, kw_only=True)
class SsoUnlinkedByUser(AuditEvent):
    """No account elsewhere opens this user's account any more; ``target`` is the user."""

    name: ClassVar[str] = "user.sso_unlinked"
    count: int
