"""One-time links: what they are for and how they end."""

from enum import StrEnum

from finmart.platform.kernel.messages import N_


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    RESET = "reset"
    INVITATION = "invitation"


class LinkState(StrEnum):
    """Where a link stands."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LINK_STATE_WORDS: dict[LinkState, str] = {
    LinkState.OPEN: N_("等待接受"),
    LinkState.USED: N_("已使用"),
    LinkState.WITHDRAWN: N_("已撤回"),
    LinkState.EXPIRED: N_("已过期"),
}


LINK_PURPOSE_WORDS: dict[LinkPurpose, str] = {
    LinkPurpose.RESET: N_("重设密码"),
    LinkPurpose.INVITATION: N_("邀请加入"),
}
