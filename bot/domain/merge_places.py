"""Where things below priorities stand in a file's three-way comparison: a metric may have moved to another priority.

A place is compared like a field, and an item is one and the same wherever it stands, since ids are unique in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Literal, Protocol, TypeVar

from bot.domain.record import Priority, Record


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Placing = Literal["moved", "kept", "conflict"]
T = TypeVar("T", bound=_Identified)


class Places(Generic[T]):
    """Metrics or outcomes of three records by id: the priority (its id) below which each one stands, or is to stand.

    `base`, `live` and `file` are the items as each record has them, whatever their place.
    """

    def __init__(
        self, base: Record, live: Record, file: Record, of: Callable[[Priority], Sequence[T]], prefer_file: bool
    ) -> None:
        self.base, base_at = _placed(base, of)
        self.live, self.live_at = _placed(live, of)
        self.file, self.file_at = _placed(file, of)
        self.placings: dict[str, Placing] = {}
        self._target: dict[str, str] = {}
        for key in self.live_at.keys() & self.file_at.keys():
            here, there, before = self.live_at[key], self.file_at[key], base_at.get(key)
            if here == there:
                continue
            self.placings[key] = "kept" if there == before else "moved" if here == before else "conflict"
            goes = self.placings[key] == "moved" or (self.placings[key] == "conflict" and prefer_file)
            self._target[key] = there if goes else here

    def live_below(self, priority: str) -> list[T]:
        """The live items that are to stand below this priority: its own in their order, then those that come to it."""
        below = [key for key in self.live if self._target.get(key, self.live_at[key]) == priority]
        return [self.live[key] for key in sorted(below, key=lambda key: self.live_at[key] != priority)]

    def file_below(self, priority: str) -> list[T]:
        """The file's items that are to stand below this priority."""
        return [item for key, item in self.file.items() if self._target.get(key, self.file_at[key]) == priority]


def _placed(record: Record, of: Callable[[Priority], Sequence[T]]) -> tuple[dict[str, T], dict[str, str]]:
    items = {item.id: item for priority in record.priorities for item in of(priority)}
    return items, {item.id: priority.id for priority in record.priorities for item in of(priority)}
