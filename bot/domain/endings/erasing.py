"""A person is erased: their name, id, address and accounts become a pseudonym wherever they are kept. Pure.

What they said about a priority stays, under "A former member". Two kinds of places are told apart: in data an id is
known by the field it stands in, since an id may be an ordinary word; in prose only what nobody writes by chance is
replaced: the full name, the address, the ids of Slack.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.outbox import Item, Kind
from bot.domain.record import Holdings, QuestionSet
from bot.domain.vocabularies import Access, PickerSource
from bot.domain.wording import plural

FORMER_NAME = "A former member"
# What no procedure of ours can take a name out of.
NOT_REACHED = (
    "Not reached: Slack's own messages and profiles, backups, files that were exported, and what the database's own "
    "files still hold of rows that were changed, until they are vacuumed."
)
# Fields of data that hold a member's id, a list of them, or ids by something else.
_IDS = frozenset(
    {
        "accountable",
        "added_by",
        "attendees",
        "by",
        "chair",
        "co_chairs",
        "cochair",
        "contacts",
        "delegate",
        "email",
        "member",
        "members",
        "on_behalf_of",
        "owner",
        "owners",
        "person",
        "present",
        "raised_by",
        "receiver",
        "silent_owners",
        "stand_in",
        "steward",
        "substitute",
        "voice",
        "waiting_on_person",
    }
)
# What stands beside a member's id in an entry of theirs and is theirs alone.
_PERSONAL = frozenset({"email", "title"})
# Items and messages that speak of a person by id, among other words of what they are about.
NAMES_A_PERSON: frozenset[str] = frozenset(
    {Item.STANDS_IN, Item.ACCOUNT_GONE, Item.HANDED_OVER, Item.ACTION_ANSWER, Item.LINK_REQUEST, Kind.ACCOUNT_MOVED}
)
_BETWEEN_IDS = re.compile(r"([ ,:|]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is erased. `accounts` are ids of Slack: of the account and of the conversation with it."""

    id: str
    name: str
    email: str | None
    accounts: tuple[str, ...]
    is_namesake: bool = False  # somebody else has the same name, so that it says nothing of who is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseForm:
    """What is asked before somebody is erased. `holdings` and `ends` say what has to be done first."""

    id: str
    name: str
    last_day: date | None
    today: date
    holdings: Holdings

    @property
    def may_be_erased(self) -> bool:
        return self.last_day is not None and self.last_day < self.today and not self.holdings


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was done. `places` are how many rows were rewritten or taken away, by table."""

    pseudonym: str
    places: Mapping[str, int]

    @property
    def words(self) -> str:
        """What was done, as a sentence."""
        rows, tables = sum(self.places.values()), len(self.places)
        return f"{FORMER_NAME} ({self.pseudonym}) in {plural(rows, 'place')} of {plural(tables, 'table')}."


def member_questions(sets: Iterable[QuestionSet]) -> frozenset[str]:
    """The ids of the questions that are, or were in an earlier version, answered by picking a member."""
    return frozenset(
        one.id
        for asked in sets
        for questions in (asked.questions, *(before.questions for before in asked.earlier))
        for one in questions
        if one.source == PickerSource.MEMBERS
    )


def pseudonym_for(taken: Collection[str], token: str) -> str:
    """An id that tells nothing of who it was: of a random token, unlike those that are taken."""
    found = f"former-{token}"
    return found if found not in taken else f"{found}-{len(taken)}"


class Rewriter:
    """Puts the pseudonym in a person's place, in data and in prose. `questions` are those that are answered by picking
    a member: in answers their ids are fields."""

    def __init__(self, person: Person, pseudonym: str, questions: Collection[str] = ()) -> None:
        self._person, self._pseudonym = person, pseudonym
        self._fields = _IDS | frozenset(questions)
        words = [person.email, *person.accounts, *(() if person.is_namesake else (person.name,))]
        self.needles = tuple(word for word in words if word)
        self._words = [
            (re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE), self._instead(word))
            for word in self.needles
        ]

    def _instead(self, word: str) -> str:
        return FORMER_NAME if word == self._person.name else self._pseudonym

    def text(self, text: str) -> str:
        """Prose without the person's full name, address and accounts."""
        for pattern, instead in self._words:
            text = pattern.sub(instead, text)
        return text

    def about(self, about: str) -> str:
        """What a message is about, where it names a person: ids between spaces and marks."""
        parts = _BETWEEN_IDS.split(about)
        return self.text("".join(self._pseudonym if part == self._person.id else part for part in parts))

    def data(self, value: Any, field: str = "", above: str = "") -> Any:
        """The same of data; `field` is what it stands in, and `above` what that stands in."""
        if isinstance(value, Mapping):
            return self._entry(value, field)
        if isinstance(value, list | tuple):
            return [self.data(one, field, above) for one in value]
        if not isinstance(value, str):
            return value
        if value == self._person.id and (field in self._fields or above in self._fields):
            return self._pseudonym
        return self.text(value)

    def _entry(self, value: Mapping[str, Any], field: str) -> dict[str, Any]:
        if value.get("id") == self._person.id and value.get("name") == self._person.name:
            kept = {key: one for key, one in value.items() if key not in _PERSONAL}
            if kept.get("access") == Access.EMAIL_ONLY:
                # Without an address a file couldn't be read again, and the next import compares with it.
                kept["access"] = Access.MEMBER.value
            value = {**kept, "id": self._pseudonym, "name": FORMER_NAME}
        return {
            (self._pseudonym if key == self._person.id and field in self._fields else key): self.data(one, key, field)
            for key, one in value.items()
        }
