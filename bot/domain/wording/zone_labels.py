"""Time zones as people look for them: by city, or by what a zone is called in the United States."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.wording.wording import clock, zone_name

# Offered first, and found by these words.
_USUAL = {
    "America/New_York": "eastern et est edt",
    "America/Chicago": "central ct cst cdt",
    "America/Denver": "mountain mt mst mdt",
    "America/Phoenix": "arizona mst",
    "America/Los_Angeles": "pacific pt pst pdt",
    "America/Anchorage": "alaska akst",
    "Pacific/Honolulu": "hawaii hst",
    "Europe/London": "uk gmt bst",
    "Europe/Berlin": "germany cet",
}
_PLACES = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


# Zones do move: Tell City was Eastern until 2006.
_LATELY = datetime(2026, 1, 1, tzinfo=UTC)


class Zone(NamedTuple):
    """An IANA zone with a label that tells its time."""

    id: str
    name: str


def is_zone(name: str) -> bool:
    """Whether this is a zone of a place."""
    return name in _zones()


def find_zones(typed: str, now: datetime) -> tuple[Zone, ...]:
    """Zones in which a word begins as typed; the usual ones, first, where nothing was typed."""
    wanted = typed.casefold().replace("_", " ").strip()
    found = list(_USUAL) if not wanted else [name for name in _zones() if _fits(name, wanted)]
    return tuple(Zone(name, label(name, now)) for name in found)


def label(name: str, now: datetime) -> str:
    """Such as "Chicago (Central), now 9:00 AM"."""
    return f"{zone_title(name, now)}, now {clock(now.astimezone(ZoneInfo(name)))}"


def zone_title(name: str, at: datetime = _LATELY) -> str:
    """Such as "Chicago (Central)"; a zone is called the same in summer and winter, and rarely moves to another."""
    city = name.rsplit("/", 1)[-1].replace("_", " ")
    called = zone_name(at.astimezone(ZoneInfo(name)))
    return f"{city}{f' ({called})' if called != city else ''}"


def _fits(name: str, wanted: str) -> bool:
    words = name.casefold().replace("_", " ").replace("/", " ").split()
    texts = [name.casefold().replace("_", " "), *(" ".join(words[at:]) for at in range(len(words)))]
    return any(text.startswith(wanted) for text in [*texts, *_USUAL.get(name, "").split()])


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    named = sorted(name for name in available_timezones() if name.startswith(_PLACES))
    return (*_USUAL, *(name for name in named if name not in _USUAL))
