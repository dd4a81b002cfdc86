"""Kinds of fields of a coalition file: how each one is read, and what to write where it is missing.

What a noun needs alone stands in its own module. How values are read off the file is `section.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.coalition_file.section import TEXT_LENGTH, Section, one_of
from bot.domain.coalition_file.shape import Kind, Shape
from bot.domain.coalition_file.zones import ANY_ZONE


def text(most: int = TEXT_LENGTH, mend: str = "Write a few words.") -> Kind:
    return Kind(lambda section, key: section.text(key, most), "", mend)


def texts(most: int) -> Kind:
    return Kind(lambda section, key: section.texts(key, most))


def choice(vocabulary: type[StrEnum]) -> Kind:
    return Kind(lambda section, key: section.choice(key, vocabulary), "", one_of(vocabulary))


def whole(least: int, most: int) -> Kind:
    return Kind(lambda section, key: section.whole(key, least, most))


def number(least: int | None = None) -> Kind:
    return Kind(lambda section, key: section.number(key, least), Decimal(0), "Write a number.")


def moment(zone: str | None = None) -> Kind:
    mend = 'Write a moment such as "2026-11-23T12:00:00-06:00".'
    return Kind(lambda section, key: section.moment(key, zone), datetime(1, 1, 1, tzinfo=UTC), mend)


def ref(*kinds: str) -> Kind:
    """The id of something of one of these kinds."""
    named = " or ".join(f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}" for kind in kinds)
    return Kind(lambda section, key: section.ref(key, *kinds), "", f"Write the id of {named}.")


def refs(*kinds: str) -> Kind:
    return Kind(lambda section, key: section.refs(key, *kinds))


def one(shape: Shape[Any], placeholder: Any = None, mend: str = "") -> Kind:
    """A section below."""

    def read(section: Section, key: str) -> Any:
        found = section.section(key)
        return shape.read(found) if found is not None else None

    return Kind(read, placeholder, mend, shape)


def many(shape: Shape[Any]) -> Kind:
    """A list of sections below."""
    return Kind(lambda section, key: tuple(shape.read(each) for each in section.entries(key)), below=shape)


ID = Kind(Section.id, "", "Give each one an id, such as a short word.")
NAME = text(200)
FLAG = Kind(Section.flag, usual_unsaid=True)
DAY = Kind(Section.day, date.min, "Write a date such as 2026-11-23.")
DAYS = Kind(Section.days)
LOCAL = Kind(Section.local, datetime(1, 1, 1), 'Write a local time such as "2026-01-06T09:00:00".')  # noqa: DTZ001
LOCALS = Kind(Section.locals)
CLOCK_TIME = Kind(Section.clock_time)
ZONE = Kind(Section.zone, ANY_ZONE, "Write a time zone such as America/Chicago.")
CHANNEL = Kind(Section.channel)
CHANNELS = Kind(Section.channels)
