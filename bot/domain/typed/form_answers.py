"""What somebody entered into a form, field by field: every mistake is gathered, so that all are told at once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.domain.typed.typed_numbers import read_value
from bot.domain.wording import one_line
from bot.errors import UserError

W = TypeVar("W", bound=StrEnum)


class Mistakes(UserError):
    """Everything that a form has to mend, by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        name, sentence = next(iter(errors.items()))
        super().__init__(sentence, field=name)
        self.errors = dict(errors)


@dataclass(slots=True)
class Answers:
    """Reads answers one by one and gathers what has to be mended."""

    answers: Mapping[str, str | None]
    errors: dict[str, str] = field(default_factory=dict)

    def require_none(self) -> None:
        """Raises Mistakes where anything has to be mended."""
        if self.errors:
            raise Mistakes(self.errors)

    def text(self, name: str, most: int) -> str | None:
        found = one_line(self.answers.get(name) or "")
        if len(found) > most:
            self.errors[name] = f"This has {len(found)} characters. {most} fit."
        return found or None

    def needed(self, name: str, most: int, sentence: str) -> str:
        found = self.text(name, most)
        if found is None:
            self.errors.setdefault(name, sentence)
        return found or ""

    def choice(self, name: str, offered: Collection[str], sentence: str = "Choose one.") -> str:
        found = self.answers.get(name)
        if found not in offered:
            self.errors[name] = sentence
        return found or ""

    def word(self, name: str, vocabulary: type[W], sentence: str = "Choose one.") -> W:
        """A word of a vocabulary; its first one stands in where none was chosen, which is noted."""
        offered = {word.value: word for word in vocabulary}
        return offered.get(self.choice(name, offered, sentence), next(iter(vocabulary)))

    def whole(self, name: str, least: int, most: int) -> int | None:
        typed = (self.answers.get(name) or "").strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit()) or not least <= int(typed) <= most:
            self.errors[name] = f"Enter a whole number from {least} to {most}, or leave it empty."
            return None
        return int(typed)

    def value(self, name: str, unit: str) -> Decimal | None:
        typed = (self.answers.get(name) or "").strip()
        if not typed:
            return None
        try:
            return read_value(typed, unit)
        except UserError as error:
            self.errors[name] = error.message
            return None

    def day(self, name: str) -> date | None:
        typed = self.answers.get(name)
        if not typed:
            return None
        try:
            return date.fromisoformat(typed)
        except ValueError:
            self.errors[name] = "Choose a day."
            return None

    def dated(self, name: str, unit: str, what: str) -> tuple[Decimal, date] | None:
        value, on = self.value(f"{name}_value", unit), self.day(f"{name}_on")
        if value is not None and on is not None:
            return (value, on)
        if value is not None and f"{name}_on" not in self.errors:
            self.errors[f"{name}_on"] = f"Choose the day of the {what}, or clear its value."
        if on is not None and f"{name}_value" not in self.errors:
            self.errors[f"{name}_value"] = f"Enter the {what}, or clear its day."
        return None
