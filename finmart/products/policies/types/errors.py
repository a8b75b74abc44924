"""What can go wrong with policies, each as one sentence that says what to do."""

from datetime import date

from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_


class PolicyUnknown(NotFound):
    """No such policy, or no such clause of it."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这项政策。"))


class ClauseGivesNothing(Conflict):
    """The clause is not in force on that day, so it computes nothing."""

    def __init__(self, day: date) -> None:
        super().__init__(N_("这一条在 {day} 不在有效期内，不产生任何金额。"), day=day.isoformat())


class NothingToCompute(BadInput):
    """The clause states no amount that could be worked out."""

    def __init__(self) -> None:
        super().__init__(N_("这一条没有可以计算的金额。"))


class FigureMissing(BadInput):
    """A figure that the formula needs was not given."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("请填写“{name}”。"), name=name)


class FigureRefused(BadInput):
    """A figure cannot be used; the sentence says why."""


class PolicyRefused(BadInput):
    """A new version of a policy cannot be published like this; the sentence says why."""


class PolicyMoved(Conflict):
    """Somebody published another version since the page was opened."""

    def __init__(self) -> None:
        super().__init__(N_("这项政策刚刚有了新版本，请刷新页面后再修改。"))
