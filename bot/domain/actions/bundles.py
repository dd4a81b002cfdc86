"""What bundles say of action items, as frozen values: one's own, what another organization asks, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.actions.pages import ActionCard

# A list names so many of somebody's actions, the earliest due first; Home has the rest.
MOST_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAction:
    """One action of a list. `undo` identifies the receiver's own change of it, for taking it back."""

    card: ActionCard
    undo: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnActions:
    """Some of a person's actions, each with what may be done about it. `total` is how many were open for the list.

    `is_over`: a newer list has taken its place, so this one has no buttons any more.
    """

    actions: tuple[ListedAction, ...]
    total: int
    is_over: bool = False
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.is_over or self.waiting == 0

    @property
    def waiting(self) -> int:
        """How many of them are open."""
        return 0 if self.is_over else sum(one.card.is_open for one in self.actions)

    @property
    def things(self) -> int:
        """As how many things they count in a message's first line."""
        return 0 if self.is_over else len(self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequest:
    """What another organization asks somebody to take on. `state`: asked, accepted, offered, declined, withdrawn.

    Without a card it is withdrawn and not theirs to see any more.
    """

    card: ActionCard | None
    state: str
    asker_name: str | None
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state != "asked"

    @property
    def has_lapsed(self) -> bool:
        """It was taken back."""
        return self.state == "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdMove:
    """An action that keeps moving, for whoever moved it. `answer` is what was said about it."""

    card: ActionCard
    answer: str | None
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return not self.card.is_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAnswer:
    """The word to whoever asked. `what` is accepted, offered or declined; `holds`: it is still so."""

    id: str
    title: str
    what: str
    who_name: str
    due: date
    today: date
    holds: bool
    minutes: int = 0

    @property
    def is_settled(self) -> bool:
        return not self.holds


def list_about(day: date, keys: list[str]) -> str:
    """What an item is about that lists these actions: the day, and each key between spaces, so that it can be found."""
    return f"{day.isoformat()} {' '.join(keys)} "


def read_list_about(about: str) -> tuple[date, tuple[str, ...]]:
    """The inverse of `list_about`."""
    day, *keys = about.split()
    return date.fromisoformat(day), tuple(keys)


def answer_about(key: str, what: str, who: str, due: date) -> str:
    """What a word to the asker is about: which answer, by whom, for which day."""
    return f"{key} {what} {who} {due.isoformat()}"


def read_answer_about(about: str) -> tuple[str, str, str, date]:
    """The inverse of `answer_about`."""
    key, what, who, due = about.split()
    return key, what, who, date.fromisoformat(due)


def due_about(key: str, due: date) -> str:
    """What the reminder of a due day is about; a moved action has another one."""
    return f"{key} {due.isoformat()}"


def read_due_about(about: str) -> tuple[str, date]:
    """The inverse of `due_about`."""
    key, due = about.split()
    return key, date.fromisoformat(due)
