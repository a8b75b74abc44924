"""What can go wrong with a demand, each as one sentence."""

from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_


class DemandUnknown(NotFound):
    """No such demand, or not the actor's."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条需求。"))


class DemandRefused(BadInput):
    """What was asked for cannot be a demand; the sentence says why."""


class DemandClosed(Conflict):
    """The step does not start from this state."""

    def __init__(self, state: str) -> None:
        super().__init__(N_("这条需求已经是另一个状态，请刷新页面后再操作。"), state=state)
