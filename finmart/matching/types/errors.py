"""What can go wrong with a match, each as one sentence."""

from finmart.platform.kernel.errors import NotFound, NotReady
from finmart.platform.kernel.messages import N_


class RunUnknown(NotFound):
    """No such run, or not one the actor may see."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这次匹配的记录。"))


class NothingPublished(NotReady):
    """The catalogue is empty."""

    def __init__(self) -> None:
        super().__init__(N_("产品目录还是空的，请先导入产品。"))


class NoProfiles(NotReady):
    """There is nobody to match as of that day."""

    def __init__(self, as_of: str) -> None:
        super().__init__(N_("截至{as_of}没有可用的信用档案，请先导入数据。"), as_of=as_of)
