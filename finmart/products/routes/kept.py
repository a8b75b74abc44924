"""Parts of pages kept between requests, the least used forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Kept(Generic[Part]):
    """At most ``most`` parts by their keys; a key names everything that a part depends on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._parts: OrderedDict[Hashable, Part] = OrderedDict()

    def get(self, key: Hashable) -> Part | None:
        """The part kept under ``key``."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def put(self, key: Hashable, part: Part) -> None:
        """Keep ``part``."""
        with self._lock:
            self._parts[key] = part
            while len(self._parts) > self._most:
                self._parts.popitem(last=False)

    def clear(self) -> None:
        """Forget every part."""
        with self._lock:
            self._parts.clear()
