"""What buttons and forms of action items carry."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.actions import ListQuery
from bot.domain.typed import Marks
from bot.slack.metadata.codec import alone, carried, renamed

carried(renamed(list="kind", id="id", page="page"))(ListQuery)


@carried(alone("token"))
@dataclass(frozen=True, slots=True)
class NewActionOpened:
    """The form of a new action: its token, and the address of the message that it is made of."""

    token: str
    link: str | None = None


@carried()
@dataclass(frozen=True, slots=True)
class ActionUndo:
    """Which change of which action is undone."""

    action: str
    change: int


@carried()
@dataclass(frozen=True, slots=True)
class ActionOpened:
    """The form with a date and a reason: which action, what becomes of it, and marks of what it was then."""

    action: str
    what: str
    marks: Marks = field(default_factory=dict)
