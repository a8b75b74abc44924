"""What can go wrong with a lead, each as one sentence that says what to do."""

from finmart.platform.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from finmart.platform.kernel.messages import N_


class LeadUnknown(NotFound):
    """No such lead, or not one the actor may know of."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这笔申请。"))


class CardUnknown(NotFound):
    """No such card on the board."""

    def __init__(self) -> None:
        super().__init__(N_("这张需求名片已经不在公开列表中。"))


class StepRefused(Conflict):
    """The step does not start from this state."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__(N_("这笔申请的状态已经变化，不能再做这一步，请刷新页面后查看。"), state=state, step=step)


class NoPlaceLeft(Conflict):
    """All places of a demand are taken."""

    def __init__(self, places: int) -> None:
        super().__init__(N_("这条需求最多由{places}家机构跟进，名额刚刚已被占满，请看其他需求。"), places=places)


class AlreadyThere(Conflict):
    """The institution works on this demand already."""

    def __init__(self) -> None:
        super().__init__(N_("这条需求与这家机构之间已有一笔进行中的申请，请在申请列表中查看。"))


class TakenByColleague(Conflict):
    """A colleague has claimed the lead."""

    def __init__(self) -> None:
        super().__init__(N_("这笔申请已由同事领取，请由该同事办理，或请管理员接手。"))


class ColleagueUnknown(BadInput):
    """A lead is handed to nobody who could work on it."""

    def __init__(self) -> None:
        super().__init__(N_("请选择本机构里可以办理申请的一位同事。"))


class InstitutionClosed(Conflict):
    """The institution takes no applications here."""

    def __init__(self) -> None:
        super().__init__(N_("这家机构没有在平台上受理申请，请按产品页上的方式直接联系它。"))


class ProductNotYours(BadInput):
    """A bid names a product that the institution does not offer."""

    def __init__(self) -> None:
        super().__init__(N_("请选择本机构已上架的一个产品。"))


class AmountAboveCap(BadInput):
    """More than the product lends."""

    def __init__(self, cap: str) -> None:
        super().__init__(N_("金额超过了产品的上限{cap}万元，请核对后重填。"), cap=cap)


class TermsRefused(BadInput):
    """An offer or a decision that cannot be; the sentence says why."""


class ReasonRefused(BadInput):
    """The reason is none of the codes, or the words it needs are missing; the sentence says which."""


class TextRefused(BadInput):
    """A question, answer or note that cannot be kept; the sentence says why."""


class NotYourStep(NotAllowed):
    """The actor stands on another side."""

    def __init__(self) -> None:
        super().__init__(N_("这一步不由您的账号来做。"))


class NothingToReverse(Conflict):
    """The last step is none that the institution may take back."""

    def __init__(self) -> None:
        super().__init__(N_("上一步不能更正：只有联系、初步意见、批准、不予通过和放款可以更正。"))


class MaterialUnknown(NotFound):
    """No such material of this lead."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项材料。"))


class MaterialsMissing(Conflict):
    """Something that is required has not been handed in."""

    def __init__(self, missing: int) -> None:
        super().__init__(N_("还有{missing}项必需的材料没有上传，请补齐后再提交。"), missing=missing)
