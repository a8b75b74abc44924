"""What can go wrong with counts, being found and invitations, each as one sentence that says what to do."""

from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.platform.kernel.messages import N_


class NothingToCount(Conflict):
    """Everything has been counted today."""

    def __init__(self) -> None:
        super().__init__(N_("今天的数字已经统计过，同一版产品一天内不再变化，请直接查看。"))


class CountsSpent(Conflict):
    """A product has been counted as often as it may be in a day."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("同一产品一天最多统计 {most} 次，今天的次数已经用完，请明天再来。"), most=most)


class NotVerified(Conflict):
    """Only a verified applicant has a profile by which it could be found."""

    def __init__(self) -> None:
        super().__init__(N_("认领核实之后才能公开给机构查找，请先完成认领。"))


class FoundAlready(Conflict):
    """The applicant has agreed already."""

    def __init__(self) -> None:
        super().__init__(N_("您已经允许机构按条件找到您，不需要再提交。"))


class NotFindable(Conflict):
    """There is no agreement to withdraw."""

    def __init__(self) -> None:
        super().__init__(N_("现在没有机构能按条件找到您，不需要再撤回。"))


class AgreementMissing(BadInput):
    """The box was not ticked."""

    def __init__(self) -> None:
        super().__init__(N_("请阅读说明并勾选同意，再提交。"))


class MayNotRead(NotAllowed):
    """The institution's qualification or agreement does not hold today."""

    def __init__(self) -> None:
        super().__init__(N_("贵机构的资质或协议没有登记或已经到期，不能查找申请人，请联系平台。"))


class FoundUnknown(NotFound):
    """Nobody on the list is called so, or not any more."""

    def __init__(self) -> None:
        super().__init__(N_("这位申请人已不在名单中，请刷新页面后查看。"))


class InstitutionSpent(Conflict):
    """The institution has sent as many invitations as it may in a day."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("一家机构一天最多发出 {most} 份邀请，今天的名额已经用完，请明天再发。"), most=most)


class ApplicantFull(Conflict):
    """The applicant has been invited as often as it may be in a week."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("每位申请人七天内最多收到 {most} 份邀请，这位已经收满，请过几天再发。"), most=most)


class ReasonUnknown(BadInput):
    """A reason that is not on the list."""

    def __init__(self) -> None:
        super().__init__(N_("请从列出的原因中选择一个。"))


class InvitationUnknown(NotFound):
    """No such invitation, or not one to the actor."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份邀请。"))


class InvitationOver(Conflict):
    """It was answered, has lapsed or was closed."""

    def __init__(self) -> None:
        super().__init__(N_("这份邀请已经答复过或已过期，不能再改。"))
