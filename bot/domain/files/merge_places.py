"""Where things below priorities stand in a file's three-way comparison: a metric may have moved to another priority.

A place is compared like a field, and an item is one and the same wherever it stands, since ids are unique in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Literal, Protocol, TypeVar

from bot.domain.record import Priority, Record
from bot.errors import UserError


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

    def below(self, priority: str) -> tuple[Iterable[T], list[T], list[T]]:
        """All of base, and what is to stand below a priority: of live, its own first, and of the file."""
        live = [key for key in self.live if self._target.get(key, self.live_at[key]) == priority]
        file = [key for key in self.file if self._target.get(key, self.file_at[key]) == priority]
        own_first = sorted(live, key=lambda key: self.live_at[key] != priority)
        return self.base.values(), [self.live[key] for key in own_first], [self.file[key] for key in file]


def require_same_north_star(live: Record, file: Record) -> None:
    """Raises UserError where another metric would stand in the north star's place, or its own below a priority.

    There is one place, and nothing that lives is taken away by a file, so the figures of two would be mixed there.
    """
    here, there = _star(live), _star(file)
    if here is not None and there is not None and here != there:
        raise UserError(
            f"The north star's figure is “{here}” here and “{there}” in the file, and its history belongs to “{here}”. "
            "Keep this id in the file; everything else about it can change."
        )
    for star, below in ((there, live), (here, file)):
        if star is not None and star in {metric.id for priority in below.priorities for metric in priority.metrics}:
            raise UserError(
                f"“{star}” can't move between the north star and a priority. In the file, leave it where "
                "it was, or give the other place a figure with an id of its own."
            )


def _star(record: Record) -> str | None:
    star = record.coalition.north_star
    return star.metric.id if star is not None and star.metric is not None else None


def _placed(record: Record, of: Callable[[Priority], Sequence[T]]) -> tuple[dict[str, T], dict[str, str]]:
    items = {item.id: item for priority in record.priorities for item in of(priority)}
    return items, {item.id: priority.id for priority in record.priorities for item in of(priority)}
