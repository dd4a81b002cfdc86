"""Reads the fields of one section of a coalition file: typed values or problems, and what is left over is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.coalition_file.known import Known, is_given
from bot.domain.coalition_file.plain import plain
from bot.domain.coalition_file.problems import (
    Problems,
    has_control_characters,
    join,
    kind_of,
    looks_like,
    shown,
    suggest,
)
from bot.domain.coalition_file.zones import is_zone, zone_names
from bot.domain.record import NOTHING_EXTRA
from bot.domain.vocabularies import words
from bot.domain.wording import known_locale

NAME_LENGTH = 200
TEXT_LENGTH = 3000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_CHANNEL = re.compile(r"#?[\w-]{1,80}")
# Arithmetic keeps 28 digits, so numbers of this size add up exactly.
_WHOLE_DIGITS, _DECIMAL_PLACES = 15, 10
_MOST_COUNTED = 1_000_000
_MOST_ENTRIES = 10_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


class Section:
    """One mapping of the file. Each reader notes the key as known; `extra` gives what no reader has asked for.

    A reader returns None (of a list: what is left) for a key that is absent, null or wrong, and `need` a placeholder;
    whether a value may be relied on is what `good` answers. A record is built only where no problem was noted, so that
    a placeholder never leaves this package. `known` is what the whole file holds.
    """

    def __init__(self, data: Mapping[Any, Any], path: str, known: Known, problems: Problems) -> None:
        self.data = data
        self.path = path
        self.known = known
        self._problems = problems
        self._asked: dict[str, None] = {}
        self._bad: set[str] = set()
        self._below: dict[str, list[Section]] = {}
        self._before = 0

    @property
    def problems(self) -> Problems:
        """Where problems are noted."""
        return self._problems

    def at(self, key: str | int) -> str:
        return join(self.path, key)

    def problem(self, key: str, rest: str) -> None:
        """Note a problem with a key (the section itself for ""); from then on the key is not `good`."""
        self._bad.add(key.partition("[")[0])
        self._problems.add(self.at(key) if key else self.path, rest)

    def note(self, path: str, rest: str) -> None:
        """Note a problem at a path below this section."""
        self._problems.add(path, rest)

    def given(self, key: str) -> bool:
        """Whether the key holds anything but null; blank text says nothing either."""
        self._asked[key] = None
        return is_given(self.data, key)

    def good(self, *keys: str) -> bool:
        """Whether all these keys are given and were read without a problem."""
        return all(self.given(key) and key not in self._bad for key in keys)

    def begin(self) -> None:
        """Note that this section is read from here on, so that `is_sound` knows which problems are its own."""
        self._before = len(self._problems)

    @property
    def is_sound(self) -> bool:
        """Whether reading it, and what stands below it, has brought no problem so far."""
        return len(self._problems) == self._before

    def fine(self, key: str) -> bool:
        """Whether the key is absent or was read without a problem."""
        return key not in self._bad

    def need(self, key: str, read: Callable[[Section, str], T | None], placeholder: T, mend: str) -> T:
        """What `read` gives, or the placeholder and a problem where the key is missing."""
        if not self.given(key):
            self.problem(key, f"is missing. {mend}")
            return placeholder
        value = read(self, key)
        return placeholder if value is None else value

    def text(self, key: str, most: int = TEXT_LENGTH) -> str | None:
        """Text as people wrote it, not blank, without control characters, at most so many characters."""
        if not self.given(key):
            return None
        value = self.data[key]
        return value if self._is_text(key, value, most) else None

    def id(self, key: str) -> str | None:
        """An id of this thing: letters, digits, ".", "_" and "-"."""
        value = self.text(key, 64)
        if value and not _ID.fullmatch(value):
            self.problem(
                key, f"is {shown(value)}. Use letters, digits, “-”, “_” and “.”, and begin with one of the first two."
            )
        return value

    def choice(self, key: str, vocabulary: type[W]) -> W | None:
        """One of the words of a vocabulary."""
        value = self.text(key)
        if value is None:
            return None
        if value not in words(vocabulary):
            self.problem(key, f"is {shown(value)}. {one_of(vocabulary)}")
            return None
        return vocabulary(value)

    def flag(self, key: str) -> bool | None:
        """True or false."""
        if not self.given(key):
            return None
        value = self.data[key]
        if not isinstance(value, bool):
            self.problem(key, f"is {shown(value)}. Write true or false.")
            return None
        return value

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number within bounds, both included."""
        value = self.number(key)
        if value is None:
            return None
        if value != value.to_integral_value() or not least <= value <= most:
            self.problem(key, f"is {shown(value)}. Write a whole number from {least} to {most}.")
            return None
        return int(value)

    def number(self, key: str, least: int | None = None) -> Decimal | None:
        """An exact number; `least` is the smallest that makes sense."""
        if not self.given(key):
            return None
        value = self.data[key]
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.problem(key, f"is {shown(value)}. Write a plain number, without units or commas.")
            return None
        if isinstance(value, int) and value.bit_length() > 200:
            self.problem(key, f"is too large. Write at most {_WHOLE_DIGITS} digits.")
            return None
        number = Decimal(value)
        if not number.is_finite() or (number and number.adjusted() >= _WHOLE_DIGITS):
            self.problem(key, f"is too large. Write at most {_WHOLE_DIGITS} digits.")
            return None
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_DECIMAL_PLACES:
            self.problem(key, f"has too many decimals. Write at most {_DECIMAL_PLACES}.")
            return None
        if least is not None and number < least:
            self.problem(key, f"is {shown(number)}. Write a number of at least {least}.")
            return None
        # A minus in front of zero means nothing and would be written out again.
        return number if number else abs(number)

    def day(self, key: str) -> date | None:
        """A day; a text in the form of a date counts, because JSON has no dates."""
        return self._as_date(key, self.data[key]) if self.given(key) else None

    def local(self, key: str) -> datetime | None:
        """A wall time without an offset, such as "2026-01-06T09:00:00"."""
        return self._as_local(key, self.data[key]) if self.given(key) else None

    def locals(self, key: str) -> tuple[datetime, ...]:
        """A list of wall times."""
        return self._each(key, self._as_local)

    def days(self, key: str) -> tuple[date, ...]:
        return self._each(key, self._as_date)

    def clock_time(self, key: str) -> time | None:
        """A time of day such as "15:00"."""
        value = self.text(key)
        if value is None:
            return None
        try:
            if _TIME.fullmatch(value):
                return time.fromisoformat(value)
        except ValueError:
            pass
        self.problem(key, f'is {shown(value)}. Write a time of day such as "15:00".')
        return None

    def moment(self, key: str, zone: str | None = None) -> datetime | None:
        """A moment as aware UTC; one without an offset is in `zone`, else in the coalition's."""
        value = self.text(key)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else None
            if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR:
                # A fold of 0 reads a wall time that does not exist with the offset before the gap.
                aware = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone or self.known.zone), fold=0)
                return aware.astimezone(UTC)
        except ValueError:
            pass
        self.problem(key, f'is {shown(value)}. Write a moment such as "2026-11-23T12:00:00-06:00".')
        return None

    def texts(self, key: str, most: int) -> tuple[str, ...]:
        """A list of different texts."""
        return self._different(key, lambda item, value: self._is_text(item, value, most))

    def words(self, key: str, most: int) -> tuple[str, ...]:
        """A list of texts, of which several may be the same."""
        return self._each(key, lambda item, value: value if self._is_text(item, value, most) else None)

    def counts(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, none below zero."""
        return self._each(key, self._as_count)

    def zone(self, key: str) -> str | None:
        """An IANA time zone, such as "America/Chicago"."""
        name = self.text(key)
        if name is None or is_zone(name):
            return name
        self.problem(key, f"is {shown(name)}, which is no time zone. {suggest(name, zone_names())}")
        return None

    def locale(self, key: str) -> str | None:
        """A locale by its language tag, such as "en-US"; "en_US", as programs call it, is the same."""
        name = self.text(key)
        if name is None:
            return None
        known = known_locale(name)
        if known is None:
            self.problem(
                key,
                f"is {shown(name)}, which is no locale. Write a language and a country, such as en-US, de-DE or fr-CA.",
            )
        return known

    def channel(self, key: str) -> str | None:
        """A channel's name, kept without "#"."""
        return self._as_channel(key, self.data[key]) if self.given(key) else None

    def channels(self, key: str) -> tuple[str, ...]:
        """A list of channels' names."""
        return self._each(key, self._as_channel)

    def ref(self, key: str, *kinds: str) -> str | None:
        """The id of something of one of these kinds that the file holds."""
        value = self.text(key)
        return value if value is not None and self._is_known(key, value, kinds) else None

    def refs(self, key: str, *kinds: str) -> tuple[str, ...]:
        """A list of different ids of things that the file holds."""
        return self._different(
            key, lambda item, value: self._is_text(item, value, TEXT_LENGTH) and self._is_known(item, value, kinds)
        )

    def section(self, key: str) -> Section | None:
        """A mapping below this one; the same one whenever it is asked for."""
        if key not in self._below and self.given(key):
            value = self.data[key]
            self._below[key] = [self._holding(key, value)] if isinstance(value, Mapping) else []
            if not self._below[key]:
                self.problem(key, f"is {kind_of(value)}. Write fields with names here, such as “key: value”.")
        return next(iter(self._below.get(key, ())), None)

    def entries(self, key: str) -> list[Section]:
        """The mappings of a list, each as a section; the same ones whenever they are asked for."""
        if key not in self._below:
            self._below[key] = found = []
            for item, value in self._items(key):
                if isinstance(value, Mapping):
                    found.append(self._holding(item, value))
                else:
                    self.problem(item, f"is {shown(value)}. Write fields with names here, such as “id: …”.")
        return self._below[key]

    def extra(self, *, also: tuple[str, ...] = ()) -> Mapping[str, Any]:
        """The fields that no rule reads, as plain data; a key that is nearly a known one is a problem.

        `also` are further keys that may stand here and are no slip of a known one.
        """
        kept: dict[str, Any] = {}
        for key, value in self.data.items():
            if not isinstance(key, str):
                self.problem("", f"has a key that is {kind_of(key)}. Put it in quotes.")
            elif key not in self._asked:
                meant = None if key in also else looks_like(key, self._asked)
                if meant is not None:
                    self.problem(key, f"is no field that Backbeat knows. Did you mean “{meant}”?")
                kept[key] = plain(value, self.at(key), self._problems)
        return kept or NOTHING_EXTRA

    def _holding(self, key: str, value: Mapping[Any, Any]) -> Section:
        return Section(value, self.at(key), self.known, self._problems)

    def _each(self, key: str, read: Callable[[str, Any], T | None]) -> tuple[T, ...]:
        found = [read(item, value) for item, value in self._items(key)]
        return tuple(value for value in found if value is not None)

    def _different(self, key: str, fits: Callable[[str, Any], bool]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for item, value in self._items(key):
            if fits(item, value):
                if value in found:
                    self.problem(item, f"is {shown(value)}, which is already in this list. Leave one out.")
                found[value] = None
        return tuple(found)

    def _items(self, key: str) -> list[tuple[str, Any]]:
        """The entries of a list, each with its key such as "moves[0]"."""
        if not self.given(key):
            return []
        value = self.data[key]
        if not isinstance(value, list | tuple):
            self.problem(key, f"is {shown(value)}. Write a list here, such as [a, b].")
            return []
        if len(value) > _MOST_ENTRIES:
            self.problem(key, f"has {len(value)} entries. At most {_MOST_ENTRIES} fit.")
            return []
        return [(f"{key}[{index}]", item) for index, item in enumerate(value)]

    def _is_text(self, key: str, value: object, most: int) -> bool:
        if not isinstance(value, str):
            mend = "Write text." if value is None or isinstance(value, list | dict) else "Put it in quotes."
            self.problem(key, f"is {kind_of(value)}, and text is expected. {mend}")
        elif not value.strip():
            self.problem(key, "is blank. Write something, or take it off the list.")
        elif len(value) > most:
            self.problem(key, f"has {len(value)} characters. Shorten it to {most}.")
        elif has_control_characters(value):
            self.problem(key, "holds a control character. Type the text again by hand.")
        else:
            return True
        return False

    def _as_count(self, key: str, value: Any) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_COUNTED:
            self.problem(key, f"is {shown(value)}. Write a whole number from 0 to {_MOST_COUNTED}.")
            return None
        return value

    def _as_channel(self, key: str, value: Any) -> str | None:
        if not self._is_text(key, value, TEXT_LENGTH):
            return None
        if _CHANNEL.fullmatch(value) and value == value.lower():
            return str(value).removeprefix("#")
        self.problem(key, f"is {shown(value)}. Write a channel's name: small letters, digits, “-” and “_”.")
        return None

    def _is_known(self, key: str, value: str, kinds: tuple[str, ...]) -> bool:
        if any(value in self.known[kind] for kind in kinds):
            return True
        ids = [one for kind in kinds for one in self.known[kind]]
        self.problem(key, f"is {shown(value)}, and no {' or '.join(kinds)} has this id. {suggest(value, ids)}")
        return False

    def _as_date(self, key: str, value: object) -> date | None:
        found: date | None = None
        if isinstance(value, date) and not isinstance(value, datetime):
            found = value
        elif isinstance(value, str) and _DATE.fullmatch(value):
            try:
                found = date.fromisoformat(value)
            except ValueError:
                self.problem(key, f"is {shown(value)}, and the calendar has no such day. Correct the date.")
                return None
        if found is None:
            self.problem(key, f"is {shown(value)}. Write a date such as 2026-11-23.")
            return None
        return self._near(key, found)

    def _as_local(self, key: str, value: object) -> datetime | None:
        if isinstance(value, str) and _LOCAL.fullmatch(value):
            try:
                return self._near(key, datetime.fromisoformat(value))
            except ValueError:
                pass
        self.problem(key, f'is {shown(value)}. Write a local time without an offset, such as "2026-01-06T09:00:00".')
        return None

    def _near(self, key: str, value: T) -> T | None:
        year = value.year if isinstance(value, date) else 0
        if _FIRST_YEAR <= year <= _LAST_YEAR:
            return value
        self.problem(key, f"is in the year {year}. Use a year from {_FIRST_YEAR} to {_LAST_YEAR}.")
        return None


def one_of(vocabulary: type[StrEnum]) -> str:
    """The mend for a word that is none of a vocabulary."""
    known = words(vocabulary)
    return f"Write one of: {', '.join(known)}." if len(known) > 1 else f"Write {known[0]}, or leave it out."
