"""Fields that several nouns have: which priority something belongs to, and a value with its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from bot.slack.forms.fields import Choice, Choosable, Day, Field, Number, named_options

WHOLE_COALITION = "*"


class HasPlaces(Protocol):
    """What a form is opened with: the priorities to choose from, and the one that is chosen."""

    @property
    def priority(self) -> str | None: ...
    @property
    def priorities(self) -> Sequence[Choosable]: ...


PRIORITY: Choice[HasPlaces] = Choice(
    "priority",
    "Priority",
    lambda form: named_options(form.priorities),
    nothing=WHOLE_COALITION,
    nothing_words="The whole coalition",
    otherwise=-1,
)


class HasKeepers(Protocol):
    """What a form is opened with: whom something may be kept to."""

    @property
    def keepers(self) -> Sequence[Choosable]: ...


VISIBILITY: Choice[HasKeepers] = Choice(
    "visibility", "Who sees it?", lambda form: named_options(form.keepers), otherwise=0
)


class Publishes(Protocol):
    """What a form is opened with: whether this person marks what everybody may read."""

    @property
    def may_publish(self) -> bool: ...


PUBLIC: Choice[Publishes] = Choice(
    "public",
    "Is it shown on the public page?",
    {"yes": "Yes, anybody may read it", "no": "No"},
    radio=True,
    otherwise=1,
    when=lambda form: form.may_publish,
)


class HasPlan(Protocol):
    """What a form is opened with: values by name."""

    @property
    def plan(self) -> Mapping[str, Any]: ...


def dated(name: str, label: str, day_label: str, *, optional: bool = True) -> tuple[Field[HasPlan], Field[HasPlan]]:
    """A value and its day, which are one value of the plan."""
    return (
        Number(
            f"{name}_value", label, of=name, shows=lambda form: (form.plan.get(name) or (None,))[0], optional=optional
        ),
        Day(
            f"{name}_on",
            day_label,
            of=name,
            shows=lambda form: (form.plan.get(name) or (None, None))[1],
            optional=optional,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAndTime:
    """What is entered for when something is to be."""

    day: date
    at: time

    @property
    def moment(self) -> datetime:
        """As a naive wall time."""
        return datetime.combine(self.day, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMoment(DayAndTime):
    """Which one of several is meant, and when it is to be."""

    slot: datetime
