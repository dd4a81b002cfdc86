"""The week to come as frozen values: who gets what and when, and who cannot be reached. No rules here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A member who gets nothing yet, and why: `unlinked`, `email_only` or `deactivated`."""

    member: str
    name: str
    organization: str
    access: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEntry:
    """One thing that will happen: `what` is ask, reminder, delegate, close, actions, figures (that are due), refresh
    (of figures, in a round), digest, agenda or meeting. `at` is UTC.

    `local` is the wall time of those it goes to: the same for people in different zones.
    """

    what: str
    cadence: str
    at: datetime
    local: datetime
    people: tuple[str, ...] = ()  # names, in file order
    channels: tuple[str, ...] = ()
    moved: bool = False
    with_actions: tuple[str, ...] = ()  # those whose list of actions comes in the same message


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPreview:
    """Seven days from `start`. `minutes` maps a person's name to minutes a week; `cadences_stored` are kept only."""

    coalition_name: str
    zone: str
    state: str
    start: datetime
    entries: tuple[WeekEntry, ...]
    minutes: tuple[tuple[str, int], ...]
    unreachable: tuple[Unreachable, ...]
    missing_channels: tuple[str, ...]
    not_sent_yet: tuple[str, ...]  # names of cadences that are stored and listed only
