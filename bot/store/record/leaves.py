"""What stands by id in the order of ids, in leaves: a changed copy shares all leaves but those that it changes.

A copy of a whole dict touches each of its things, so that one change would cost all the years of a coalition.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from itertools import chain
from typing import Any, TypeVar, overload

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")

# How many ids one leaf holds at most, as a power of two: about as many leaves as things in each after some years.
_BITS = 7


class Leaves(Mapping[int, T]):
    """Never changed in place."""

    __slots__ = ("_leaves",)

    def __init__(self, leaves: dict[int, dict[int, T]]) -> None:
        self._leaves = leaves

    @classmethod
    def of(cls, things: Mapping[int, T]) -> Leaves[T]:
        """All of these."""
        if isinstance(things, Leaves):
            return things
        leaves: dict[int, dict[int, T]] = {}
        for row_id in sorted(things):
            leaves.setdefault(row_id >> _BITS, {})[row_id] = things[row_id]
        return cls(leaves)

    def changed(self, changes: Mapping[int, T | None]) -> Leaves[T]:
        """A copy with these; None takes away."""
        by_leaf: dict[int, dict[int, T | None]] = {}
        for row_id, thing in changes.items():
            by_leaf.setdefault(row_id >> _BITS, {})[row_id] = thing
        leaves = dict(self._leaves)
        for number, of in by_leaf.items():
            before = leaves.get(number, {})
            after = {row_id: thing for row_id, thing in {**before, **of}.items() if thing is not None}
            if after.keys() - before.keys():
                after = dict(sorted(after.items()))
            if after:
                leaves[number] = after
            else:
                leaves.pop(number, None)
        return Leaves(dict(sorted(leaves.items())) if leaves.keys() - self._leaves.keys() else leaves)

    def __getitem__(self, row_id: int) -> T:
        try:
            return self._leaves[row_id >> _BITS][row_id]
        except KeyError:
            raise KeyError(row_id) from None

    @overload
    def get(self, row_id: int, /) -> T | None: ...
    @overload
    def get(self, row_id: int, /, default: DefaultT) -> T | DefaultT: ...
    def get(self, row_id: int, /, default: Any = None) -> Any:
        leaf = self._leaves.get(row_id >> _BITS)
        return default if leaf is None else leaf.get(row_id, default)

    def __contains__(self, row_id: object) -> bool:
        return isinstance(row_id, int) and row_id in self._leaves.get(row_id >> _BITS, ())

    def __len__(self) -> int:
        return sum(map(len, self._leaves.values()))

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._leaves.values())

    def values(self) -> ValuesView[T]:
        return _Values(self)

    def items(self) -> ItemsView[int, T]:
        return _Items(self)


class _Values(ValuesView[T]):
    _mapping: Leaves[T]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(leaf.values() for leaf in self._mapping._leaves.values())


class _Items(ItemsView[int, T]):
    _mapping: Leaves[T]

    def __iter__(self) -> Iterator[tuple[int, T]]:
        return chain.from_iterable(leaf.items() for leaf in self._mapping._leaves.values())
