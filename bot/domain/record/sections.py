"""The sections of a record that grow with the years, in parts that carry what was worked out from them.

A part is what belongs together: the answers about one priority, the actions that ended in one month. What follows from
a part alone is worked out once (`once`) and stays with it. A section with one item changed has one other part and
shares the rest with the one before, so that a rule costs what is open and what has changed, however long the history.
A section is a tuple like any other. Rules take any tuple, and make the parts on the spot where it is no section.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from heapq import merge
from operator import itemgetter
from typing import Any, Generic, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Found = TypeVar("Found")
About = TypeVarTuple("About")
Thing = TypeVar("Thing")

# How many answers are kept of one value: whoever asks for more won't ask for the same ones again.
_MOST = 16
_NOTHING = object()

_place = itemgetter(0)


class _Carries:
    __slots__ = ()
    _found: dict[Hashable, Any]

    @property
    def found(self) -> dict[Hashable, Any]:
        try:
            return self._found
        except AttributeError:
            # The values are frozen for everybody else.
            object.__setattr__(self, "_found", {})
            return self._found


class Keeps(_Carries):
    """A value that carries what was worked out from it. That is no part of the value: equal values don't share it, and
    a changed copy begins without."""

    __slots__ = ("_found",)


class Part(tuple[T, ...], _Carries):
    """Items that belong together, in their order. `places` is where each stands in its whole section."""

    places: tuple[Any, ...] = ()

    @classmethod
    def of(cls, placed: Collection[tuple[Any, T]]) -> Part[T]:
        """Items with their places."""
        part = cls([item for _, item in placed])
        part.places = tuple([place for place, _ in placed])
        return part

    def placed(self) -> Iterator[tuple[Any, T]]:
        return zip(self.places, self, strict=True)


def once(work: Callable[[Thing, *About], Found], of: Thing, *about: *About) -> Found:
    """What `work(of, *about)` gives, worked out once for as long as `of` is there, where that can carry it.

    Only for work that depends on nothing else and whose result nobody changes.
    """
    if not isinstance(of, _Carries):
        return work(of, *about)
    kept, key = of.found, (work, about)
    answer = kept.get(key, _NOTHING)
    if answer is _NOTHING:
        answer = work(of, *about)
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = answer
    return cast("Found", answer)


class Section(Part[T], Generic[T, K]):
    """All items of one kind in their order, which are there in parts as well."""

    by: Callable[[T], K]
    parts: Mapping[K, Part[T]]

    @classmethod
    def put_together(cls, items: Iterable[T], by: Callable[[T], K], parts: Mapping[K, Part[T]]) -> Section[T, K]:
        """The items in their order, and the same in parts."""
        section = cls(items)
        section.by, section.parts = by, parts
        return section

    def following(
        self, items: Iterable[T], gone: Iterable[tuple[Any, T]], come: Iterable[tuple[Any, T]]
    ) -> Section[T, K]:
        """The section with some of its items changed, moved, gone or new; parts that hold none of them stay the same.
        Items are given with their places."""
        without: dict[K, set[Any]] = {}
        added: dict[K, list[tuple[Any, T]]] = {}
        for place, item in gone:
            without.setdefault(self.by(item), set()).add(place)
        for place, item in come:
            added.setdefault(self.by(item), []).append((place, item))
        parts = dict(self.parts)
        for key in (*without, *(key for key in added if key not in without)):
            before, out = parts.pop(key, None), without.get(key, set())
            stay = (one for one in before.placed() if one[0] not in out) if before is not None else ()
            placed = sorted([*stay, *added.get(key, ())], key=_place)
            if placed:
                parts[key] = Part.of(placed)
        return self.put_together(items, self.by, parts)

    def only(self, is_whole: Callable[[Part[T]], bool], as_known: Callable[[T], T | None]) -> Section[T, K]:
        """The section with each item as it was known, and without those that were not; nothing is asked about the
        items of parts that stay whole."""
        late = {key: part for key, part in self.parts.items() if not is_whole(part)}
        if not late:
            return self
        known = {id(item): as_known(item) for part in late.values() for item in part}
        parts = dict(self.parts)
        for key in late:
            del parts[key]
        others: list[tuple[Any, T]] = []
        for part in late.values():
            others += [(place, item) for place, one in part.placed() if (item := known[id(one)]) is not None]
        items = tuple(item for one in self if (item := known.get(id(one), one)) is not None)
        return self.put_together(items, self.by, parts).following(items, (), others)


def grouped(placed: Iterable[tuple[Any, T]], by: Callable[[T], K]) -> dict[K, Part[T]]:
    """Items by what they belong together by, in the order in which they are given with their places."""
    groups: dict[K, list[tuple[Any, T]]] = {}
    for one in placed:
        groups.setdefault(by(one[1]), []).append(one)
    return {key: Part.of(group) for key, group in groups.items()}


def parts_of(items: Iterable[T], by: Callable[[T], K]) -> Mapping[K, Part[T]]:
    """The items by what they belong together by, in their order."""
    if isinstance(items, Section) and items.by is by:
        return cast("Mapping[K, Part[T]]", items.parts)
    return grouped(enumerate(items), by)


def part_of(items: Iterable[T], by: Callable[[T], K], key: K) -> Part[T]:
    """Those of the items that belong together by this."""
    if isinstance(items, Section) and items.by is by:
        return cast("Mapping[K, Part[T]]", items.parts).get(key) or Part()
    return Part(item for item in items if by(item) == key)


def in_order(parts: Iterable[Part[T]]) -> Iterator[T]:
    """The items of several parts of one section, as they stand in it."""
    return (item for _, item in merge(*(part.placed() for part in parts), key=_place))
