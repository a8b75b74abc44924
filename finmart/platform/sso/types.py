"""Whom the single sign-on says somebody is, what is remembered between leaving and coming back, and what goes wrong."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from finmart.platform.kernel.errors import BadInput, NotAllowed, NotFound, NotReady
from finmart.platform.kernel.messages import N_


class Purpose(StrEnum):
    """Why somebody is sent to the provider."""

    CLAIM = "claim"
    LINK = "link"
    SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Attempt:
    """One way out and back. ``holder`` is the user or the browser it began with; nobody else may end it."""

    purpose: Purpose
    holder: str
    nonce: str
    verifier: str
    begun_at: datetime


@dataclass(frozen=True)
class SsoIdentity:
    """Whom the provider says somebody is.

    ``account`` is a keyed fingerprint of issuer and subject; codes are normalised, and empty when not told.
    """

    account: str
    credit_code: str = ""
    resident_id: str = ""
    name: str = ""
    phone: str = ""


class SsoOff(NotFound):
    """The installation has no single sign-on."""

    def __init__(self) -> None:
        super().__init__(N_("本平台没有启用统一身份认证，请用其他办法核实或登录。"))


class SsoDown(NotReady):
    """The provider does not answer, or with something that cannot be read."""

    def __init__(self) -> None:
        super().__init__(N_("统一身份认证暂时无法连接，请稍后再试，或改用其他办法。"))


class SsoRefused(NotAllowed):
    """What the provider sent proves nothing: wrong signature, issuer, audience, nonce or time."""

    def __init__(self) -> None:
        super().__init__(
            N_("统一身份认证返回的结果无法确认，没有改变任何内容，请重新办理；一直这样请联系平台运营人员。")
        )


class SsoForged(BadInput):
    """An answer that nobody here asked for, that somebody else did, or that came too late."""

    def __init__(self) -> None:
        super().__init__(N_("这次认证已失效，或不是由您在这里发起的，请回到页面重新开始。"))


class SsoDeclined(BadInput):
    """The person, or the provider, ended it there."""

    def __init__(self) -> None:
        super().__init__(N_("统一身份认证没有完成，没有改变任何内容；需要时请重新开始。"))
