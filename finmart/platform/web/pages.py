"""A page of a long list: what the pager component shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from finmart.platform.kernel.errors import NotFound
from finmart.platform.kernel.messages import N_

Item = TypeVar("Item")

SIZE = 20


class PageBeyond(NotFound):
    """A page past the last one; the edge sends the reader to ``last`` instead."""

    def __init__(self, last: int) -> None:
        super().__init__(N_("没有这么多页。"))
        self.last = last


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The items of page ``number`` (from 1) out of ``total`` items, ``size`` a page."""

    items: Sequence[Item]
    total: int
    number: int = 1
    size: int = SIZE

    def __post_init__(self) -> None:
        """Refuse a page past the end, which would claim that nothing is there. Raises ``PageBeyond``."""
        if self.number > self.pages:
            raise PageBeyond(self.pages)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Which item stands first on this page, counted from 1; 0 when there is none."""
        return 0 if not self.items else (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Which item stands last on this page."""
        return 0 if not self.items else self.first + len(self.items) - 1

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.number < self.pages else None


def page_number(text: str | None) -> int:
    """The page a query string asks for; anything that is not a positive number means the first."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) <= 6 else 1
