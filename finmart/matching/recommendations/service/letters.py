"""What applicants are told of products that have opened to them: in the site alone, and never as a promise."""

from finmart.platform.accounts.service.telling import tell_members
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Letter


def tell_opened(organisation_id: int, count: int) -> None:
    """Tell whoever may read an applicant's demands that ``count`` products came since they were told last."""
    letter = Letter(
        kind="recommendation.opened",
        happened=N_("按您现在的资料，新增 {count} 个可核对条件都符合的产品。"),
        next_step=N_("请查看是哪些产品、因为什么变化；是否办理由机构决定。不想收到可在账号设置里关闭。"),
        path="/recommended",
        params={"count": count},
        in_site=True,
    )
    tell_members(organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)
