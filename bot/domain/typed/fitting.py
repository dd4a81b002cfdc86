"""What is asked of words and choices wherever they are entered: that they fit, that what they name is there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from bot.domain.wording import one_line
from bot.errors import UserError


class Identified(Protocol):
    @property
    def id(self) -> str: ...


def fitted(typed: str, most: int, field: str) -> str:
    """The words on one line. Raises UserError for more characters than fit."""
    words = one_line(typed)
    if problem := too_long(words, most, field):
        raise problem
    return words


def too_long(words: str | None, most: int, field: str, rest: str = "") -> UserError | None:
    """That words have more characters than fit; `rest` says what to do with those."""
    if len(words or "") <= most:
        return None
    return UserError(f"This has {len(words or '')} characters. {most} fit{f'; {rest}' if rest else ''}.", field=field)


def title_mistake(title: str, most: int, missing: str, rest: str = "the rest can go below") -> UserError | None:
    """That a title is missing, or doesn't fit."""
    return too_long(title, most, "title", rest) if title else UserError(missing, field="title")


def not_there(key: str | None, things: Iterable[Identified], noun: str, field: str) -> UserError | None:
    """That what was chosen is gone; nothing is wrong where nothing was chosen."""
    if key is None or any(one.id == key for one in things):
        return None
    return UserError(f"I can't find this {noun} anymore. Choose another one.", field=field)


def past_day(day: date | None, today: date, field: str) -> UserError | None:
    """That a day has passed; none is no mistake."""
    if day is None or day >= today:
        return None
    return UserError("That day has passed. Choose today or a later day.", field=field)
