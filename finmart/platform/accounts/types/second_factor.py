"""The second step of signing in: what goes in and out, what is recorded, what can go wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed
from finmart.platform.kernel.messages import N_


@dataclass(frozen=True)
class SecondStep:
    """Somebody gave the right password and owes a code; ``begun_at`` is when."""

    user_public_id: str
    begun_at: datetime


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is set up with: the address in the picture, and the same secret to type."""

    uri: str
    secret: str


@dataclass(frozen=True)
class FactorState:
    """How a person stands: since when the second step is on, codes that still work, whether the role needs it."""

    since: datetime | None
    codes_left: int
    required: bool
    begun: bool

    @property
    def is_on(self) -> bool:
        """Whether signing in asks for a code."""
        return self.since is not None


@dataclass(frozen=True, kw_only=True)
class SecondFactorSet(AuditEvent):
    """An authenticator was set up; ``target`` is the user."""

    name: ClassVar[str] = "user.second_factor_set"
    sessions_revoked: int


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(AuditEvent):
    """``how`` is own or operator; ``target`` is the user."""

    name: ClassVar[str] = "user.second_factor_removed"
    how: str
    sessions_revoked: int


@dataclass(frozen=True, kw_only=True)
class SecondStepFailed(AuditEvent):
    """A wrong code; ``target`` is the user."""

    name: ClassVar[str] = "user.second_step_failed"
    failed_count: int
    locked: bool


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(AuditEvent):
    """A recovery code stood in for the authenticator; ``target`` is the user."""

    name: ClassVar[str] = "user.recovery_code_used"
    codes_left: int


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesRenewed(AuditEvent):
    """New recovery codes; the old ones stopped working. ``target`` is the user."""

    name: ClassVar[str] = "user.recovery_codes_renewed"


class SecondStepNeeded(NotAllowed):
    """The password was right; a code is still owed. Whoever signs people in asks for it."""

    def __init__(self, step: SecondStep) -> None:
        super().__init__(N_("还需要输入动态验证码，才能完成登录。"))
        self.step = step


class SecondStepOver(BadInput):
    """Between password and code went too much time, or the account changed."""

    def __init__(self) -> None:
        super().__init__(N_("验证已超时，请重新输入手机号和密码。"))


class FactorCodeWrong(BadInput):
    """A code that is wrong, too old or used; the sentence never says which."""

    def __init__(self) -> None:
        super().__init__(N_("验证码不正确或已用过，请等验证器显示下一个验证码再试，或改用恢复码。"))


class FactorPaused(NotAllowed):
    """Too many wrong codes; even the right one waits."""

    def __init__(self, minutes: int) -> None:
        super().__init__(N_("连续输错次数过多，请约 {minutes} 分钟后再试。"), minutes=minutes)


class FactorOn(Conflict):
    """There is an authenticator already."""

    def __init__(self) -> None:
        super().__init__(N_("两步验证已经开启；要换验证器，请先停用现在的。"))


class FactorOff(Conflict):
    """There is no authenticator, or none that waits for its first code."""

    def __init__(self) -> None:
        super().__init__(N_("还没有设置验证器，请先开始设置。"))


class OwnFactor(NotAllowed):
    """Whoever may reset others' second step uses the own recovery codes."""

    def __init__(self) -> None:
        super().__init__(N_("不能重置您自己的两步验证，请使用恢复码，或请另一位平台运营人员重置。"))
