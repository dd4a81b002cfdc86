"""What a noun listens to: its buttons, forms, searches and shortcuts, and the words that can be typed for it.

Each handler module of a noun ends with its own `LISTENERS`; `handlers/__init__.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.rights import Right
from bot.slack.identifiers import Action, Search, Shortcut, Submission
from handlers.context import Call, Handler

Takes = Callable[[Call, str], Awaitable[None]]
Finds = Callable[[Call, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that can be typed: `noun verb` after a command, or to the bot as one of `words`. Its noun is that of
    its `Listeners`.

    `right` decides whom it is offered to; whether it works is decided by the services.
    """

    verb: str
    what: str
    run: Callable[[Call], Awaitable[None]]
    right: Right = Right.SEE_OWN
    words: tuple[str, ...] = ()
    opens_modal: bool = False
    takes: Takes | None = None  # what runs where more was typed behind it
    usage: str = ""  # what more can be typed, for help
    hint: str = ""  # how it is typed to the bot, for the menu
    synonyms: tuple[str, ...] = ()  # other verbs that mean the same
    noun: str = ""

    @property
    def text(self) -> str:
        return f"{self.noun} {self.verb}".strip()

    @property
    def texts(self) -> tuple[str, ...]:
        """The noun with the verb and with each of its synonyms."""
        return (self.text, *(f"{self.noun} {verb}" for verb in self.synonyms))


@dataclass(frozen=True, slots=True)
class Listeners:
    """Everything of one noun that Slack may hand back, and everything that can be typed for it.

    `keeps` are forms that keep what stands in them with whatever is pressed there: Slack tells nothing of what was
    typed when a form is closed, but all of it with each press. `finds` shows the item that somebody named without a
    noun ("A-101", "seats"); False where it is none of this noun.
    """

    noun: str = ""  # what its lines begin with
    actions: Mapping[Action, Handler] = field(default_factory=dict)
    submissions: Mapping[Submission, Handler] = field(default_factory=dict)
    searches: Mapping[Search, Handler] = field(default_factory=dict)
    shortcuts: Mapping[Shortcut, Handler] = field(default_factory=dict)
    keeps: Mapping[Submission, Handler] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    finds: Finds | None = None
