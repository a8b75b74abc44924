"""What an installation can switch off as a whole, and what people are told when it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import NotFound, NotReady
from finmart.platform.kernel.messages import N_


class Switch(StrEnum):
    """One name a thing that can be switched off; kept sorted."""

    DIRECT_APPLICATIONS = "direct_applications"
    OPEN_DEMANDS = "open_demands"
    PRODUCT_REPORTS = "product_reports"
    REGISTRATION = "registration"
    SSO = "sso"


@dataclass(frozen=True)
class Definition:
    """How a switch is called, what happens while it is off (for the operator), and what people are told then."""

    label: str
    effect: str
    sentence: str
    default: bool = True


DEFINITIONS: Mapping[Switch, Definition] = MappingProxyType(
    {
        Switch.DIRECT_APPLICATIONS: Definition(
            N_("直接向产品申请"),
            N_("关闭后不能提交新的产品申请，已提交的照常办理。"),
            N_("平台暂停接收新的产品申请，请稍后再来，或直接联系该机构。"),
        ),
        Switch.OPEN_DEMANDS: Definition(
            N_("公开发布需求"),
            N_("关闭后不能把需求发布给机构，已发布的照常办理，仍可匹配产品。"),
            N_("平台暂停发布新的需求，您仍可查看匹配的产品并直接申请。"),
        ),
        Switch.PRODUCT_REPORTS: Definition(
            N_("反馈产品信息有误"),
            N_("关闭后产品页面不再接收反馈，已收到的照常处理。"),
            N_("平台暂停接收产品信息反馈，请直接联系该机构。"),
        ),
        Switch.REGISTRATION: Definition(
            N_("申请人注册"),
            N_("关闭后不能注册新的申请人账户，已有账户照常使用，邀请链接照常有效。"),
            N_("平台暂停新用户注册，请稍后再来；已有账户可以照常登录。"),
        ),
        Switch.SSO: Definition(
            N_("统一身份认证"),
            N_("关闭后不能用统一身份认证登录或核实身份，其他方式照常。"),
            N_("统一身份认证暂时不可用，请用手机号登录，或用其他方式核实身份。"),
        ),
    }
)


@dataclass(frozen=True)
class SwitchView:
    """A switch as the operator sees it; ``changed_at`` is None while nobody has touched it."""

    switch: Switch
    definition: Definition
    on: bool
    changed_at: datetime | None


class SwitchUnknown(NotFound):
    """No switch has this name."""

    def __init__(self) -> None:
        super().__init__(N_("没有这个功能开关。"))


class SwitchedOff(NotReady):
    """The thing is switched off; the sentence is the switch's own."""

    def __init__(self, switch: Switch) -> None:
        super().__init__(DEFINITIONS[switch].sentence)
        self.switch = switch


@dataclass(frozen=True, kw_only=True)
class SwitchSet(AuditEvent):
    """A switch was turned; ``target`` is its name."""

    name: ClassVar[str] = "switch.set"
    old: bool
    new: bool
