"""Errors whose text a person may read. Anything else is shown only as a reference number."""

from __future__ import annotations

import re
from typing import Protocol


class UserError(Exception):
    """A mistake that the person can mend; its text says what happened and what to do.

    `field` names the input it belongs to, where there is one, so that a form can show it in place.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Named(Protocol):
    """Something that people call by its name."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class Mistyped(UserError):
    """A name that nothing has.

    `typed` is that name as it stands in the line, `meant` the id of what is nearest, `name` how that is called; both
    are None where nothing is near, and the text says `otherwise` instead.
    """

    def __init__(self, message: str, typed: str, nearest: Named | None = None, otherwise: str = "") -> None:
        self.without_hint = message
        self.typed = typed
        self.meant = nearest.id if nearest is not None else None
        self.name = nearest.name if nearest is not None else None
        super().__init__(f"{message} {f'Did you mean {self.name}?' if self.name else otherwise}".strip())

    def mended(self, line: str) -> str | None:
        """The line with what was probably meant in the name's place; None where nothing is near."""
        places = list(re.finditer(re.escape(self.typed), line, re.IGNORECASE)) if self.typed else []
        if self.meant is None or not places:
            return None
        return f"{line[: places[-1].start()]}{self.meant}{line[places[-1].end() :]}"


class Unclear(UserError):
    """Words that may mean several things: `typed` as they stand in the line, and each choice by its label and by what
    stands in their place then."""

    def __init__(
        self, message: str, typed: str, choices: tuple[tuple[str, str], ...], *, field: str | None = None
    ) -> None:
        super().__init__(message, field=field)
        self.typed = typed
        self.choices = choices

    def chosen(self, line: str) -> list[tuple[str, str]]:
        """Each choice's label with the whole line that it makes; none where the words aren't in the line as typed."""
        places = list(re.finditer(re.escape(self.typed), line, re.IGNORECASE)) if self.typed else []
        if not places:
            return []
        before, behind = line[: places[0].start()], line[places[0].end() :]
        return [(label, f"{before}{meant}{behind}") for label, meant in self.choices]


class Stranger(UserError):
    """Somebody whom the bot doesn't know; `coordinator` is who can link the account, by name."""

    def __init__(self, message: str, coordinator: str) -> None:
        super().__init__(message)
        self.coordinator = coordinator


class Former(UserError):
    """Somebody who took part until a day that has passed; the text says so and who can help."""


class Refused(UserError):
    """The person lacks the right; the text says what is missing and who can help.

    Where nobody could be named where it arose, `helper` is who to name in place of these words: "A coordinator" or
    "An admin".
    """

    def __init__(self, message: str, *, helper: str | None = None) -> None:
        super().__init__(message)
        self.helper = helper

    def naming(self, name: str) -> str:
        """The text with somebody's name for whom it leaves open."""
        return self.message.replace(f"{self.helper} can help.", f"{name} can help.") if self.helper else self.message


class ConfigurationError(Exception):
    """The program cannot start or go on as it is set up; one sentence, shown with exit code 2."""


class Damaged(ConfigurationError):
    """The database's file is broken: somebody has to bring back a backup of it."""


class TakenAway(ConfigurationError):
    """The database's file was deleted or replaced under the program, which has to end: what it still does is lost."""


class Unavailable(ConfigurationError):
    """Something outside is away or asks to wait, and nobody has to change anything: a program that runs tries again.

    The text says what, in the same words each time; `of` is what is away, and `after` how many elapsed seconds it asks
    to be left alone.
    """

    def __init__(self, message: str, *, of: str = "database", after: float | None = None) -> None:
        super().__init__(message)
        self.of = of
        self.after = after


class Busy(Unavailable):
    """Something else holds what is needed, for longer than anybody waits here."""


class NoCoalitionYet(ConfigurationError):
    """There is nothing that could live in a workspace: it waits for its setup, or for an import."""
