"""What a coalition file holds, by kind and id, taken from the raw data before it is checked.

So a reference to an entry that is itself wrong is not reported as a second mistake.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.domain.coalition_file.problems import Problems, shown
from bot.domain.coalition_file.zones import ANY_ZONE, is_zone
from bot.domain.record import Cadence, QuestionSet
from bot.domain.vocabularies import COALITION_SCOPE, Audience, GroupKind

Raw = Mapping[Any, Any]


class Known:
    """The raw entries of a file. `known["member"]` maps each member's id to its raw entry, in file order.

    `lists` are the file's lists by the kind of what they hold. In an export (`is_export`) rules, questions and metrics
    may have changed since an answer or a reading was given, so there history is not held against them again. No
    reading covers a day after `last_day`: the file's own, else today. The file's own comes first, so that a file which
    was accepted once is accepted on any later day.
    """

    def __init__(self, data: Raw, lists: Mapping[str, str], today: date | None = None) -> None:
        self.data = data
        self.is_export = is_given(data, "imported_at")
        self.last_day = today or date.max
        self.beyond_last_day = "today. Enter the figure then."
        coalition = data.get("coalition")
        zone = text_of(coalition, "timezone") if isinstance(coalition, Mapping) else None
        self.zone = zone if zone and is_zone(zone) else ANY_ZONE
        # Those without a problem, by id: added while reading, for what is held against them.
        self.cadences: dict[str, Cadence] = {}
        self.question_sets: dict[str, QuestionSet] = {}
        # The path at which something that may stand only once was read first.
        self.firsts: dict[Hashable, str] = {}
        self._paths: dict[str, list[tuple[str, str]]] = {}
        self._by_kind: dict[str, dict[str, Raw]] = {}
        for kind, key in lists.items():
            self._take(kind, _entries(data, key))
        self._take("metric", self._metrics())
        self._take("outcome", _below(data, "intermediate_outcomes"))

    def __getitem__(self, kind: str) -> dict[str, Raw]:
        return self._by_kind[kind]

    def take_last_day(self, as_of: date) -> None:
        """The file tells its own last day."""
        self.last_day = as_of
        self.beyond_last_day = f"the file's as_of, {as_of}. Correct the date, or bring as_of forward."

    def check_ids(self, problems: Problems) -> None:
        """Ids are unique within their kind, also where they differ in capitals, and across kinds that share a place."""
        for kind, paths in self._paths.items():
            first: dict[str, tuple[str, str]] = {}
            for path, id in paths:
                earlier = first.setdefault(id.casefold(), (path, id))
                if earlier[0] != path:
                    differs = "" if earlier[1] == id else ", which differs only in capitals"
                    problems.add(
                        f"{path}.id", f"is {shown(id)}, as is `{earlier[0]}.id`{differs}. Give each {kind} its own id."
                    )
        self._keep_apart(problems, "group", "priority", "a role's scope or an allocation")
        self._keep_apart(problems, "group", "organization", "what an ask names")
        for kind in ("group", "priority"):
            for path, id in self._paths[kind]:
                if id == COALITION_SCOPE:
                    problems.add(f"{path}.id", f"is {shown(id)}, which stands for the whole coalition. Use another id.")
        for path, id in self._paths["group"]:
            kind_of_group = text_of(self["group"][id], "kind")
            if id == Audience.STEERING and kind_of_group in set(GroupKind) - {GroupKind.STEERING_COMMITTEE}:
                problems.add(
                    f"{path}.id",
                    f"is {shown(id)}, which as an audience means the steering committee. "
                    f"Use another id, or make its kind {GroupKind.STEERING_COMMITTEE}.",
                )
            elif id in tuple(Audience) and id != Audience.STEERING:
                problems.add(f"{path}.id", f"is {shown(id)}, which means something else as an audience. Use another.")

    def metrics_of(self, raw: Raw) -> list[str]:
        """The ids of the metrics of a raw priority."""
        return [id for _, entry in _entries(raw, "metrics") if (id := text_of(entry, "id")) is not None]

    def organization_of(self, member: str) -> str | None:
        """The organization id of a member, if it is written down."""
        return text_of(self["member"].get(member, {}), "organization")

    def _metrics(self) -> Iterator[tuple[str, Raw]]:
        coalition = self.data.get("coalition")
        north_star = coalition.get("north_star") if isinstance(coalition, Mapping) else None
        metric = north_star.get("metric") if isinstance(north_star, Mapping) else None
        if isinstance(metric, Mapping):
            yield "coalition.north_star.metric", metric
        yield from _below(self.data, "metrics")

    def _take(self, kind: str, entries: Iterator[tuple[str, Raw]]) -> None:
        self._by_kind[kind] = {}
        self._paths[kind] = []
        for path, raw in entries:
            id = text_of(raw, "id")
            if id:
                self._by_kind[kind].setdefault(id, raw)
                self._paths[kind].append((path, id))

    def _keep_apart(self, problems: Problems, kind: str, other: str, where: str) -> None:
        for path, id in self._paths[kind]:
            if id in self[other]:
                problems.add(
                    f"{path}.id", f"is {shown(id)}, and so is a{'n' if other[0] == 'o' else ''} {other}'s. "
                    f"Use another id, because {where} could mean either."
                )  # fmt: skip


def is_given(raw: Raw, key: str) -> bool:
    """Whether a raw field holds anything but null; blank text says nothing either."""
    value = raw.get(key)
    return value is not None and not (isinstance(value, str) and not value.strip())


def text_of(raw: Raw, key: str) -> str | None:
    """A raw field where it is text that says something, else None."""
    value = raw.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _entries(raw: Raw, key: str) -> Iterator[tuple[str, Raw]]:
    entries = raw.get(key)
    if isinstance(entries, list | tuple):
        for index, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield f"{key}[{index}]", entry


def _below(data: Raw, key: str) -> Iterator[tuple[str, Raw]]:
    for path, priority in _entries(data, "priorities"):
        for below, entry in _entries(priority, key):
            yield f"{path}.{below}", entry
