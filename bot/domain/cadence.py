"""When a cadence comes round: its rule checked and expanded, its windows, and its rhythm in words.

The only user of dateutil's recurrence. Pure functions of a cadence and a moment: no clock, nothing about receivers.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from bot.domain.record import Cadence, Move

_FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_LARGEST_INTERVAL = {"DAILY": 366, "WEEKLY": 104, "MONTHLY": 60, "YEARLY": 10}
_LARGEST_COUNT = 1000
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
# Feb 29 on a given weekday is the rarest date that a person asks for; across 2100 it can take forty years.
_SEARCH_YEARS = 41
# An interval so large that dateutil leaves the calendar after one period, which makes one period a finite rule.
_ONE_PERIOD = {"MONTHLY": 12 * 10_000, "YEARLY": 10_000}
# No zone has ever changed its clocks by more than a day, so moments can leave the order of their wall times by no more.
_SLACK = timedelta(days=2)
_CENTURY = timedelta(days=36_525)
_FOREVER = datetime.max  # noqa: DTZ901 (a wall time)
_AT_ONE_TIME = frozenset({"meeting", "stocktake"})


class RuleError(ValueError):
    """A rule, start or zone that cannot be used; the text says in a kind sentence what to change."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One coming-round of a cadence. Both times are naive wall times: the slot is its identity and never changes."""

    slot: datetime
    local: datetime  # when it really opens: the slot, or where a move put it
    move: Move | None = None

    @property
    def moved(self) -> bool:
        """Whether it opens at another time than its rule says."""
        return self.local != self.slot


@dataclass(frozen=True, slots=True)
class Window:
    """The moments of one occurrence, aware UTC. A reminder or delegate request after the close is None."""

    opens_at: datetime
    reminder_at: datetime | None
    delegate_at: datetime | None
    closes_at: datetime


def check_rule(rrule: str, dtstart: datetime, timezone: str) -> None:
    """Raise `RuleError` unless the rule, its first wall time (naive) and its IANA zone make a usable cadence."""
    _rule(rrule, dtstart, timezone)


def to_utc(local: datetime, zone: str) -> datetime:
    """The moment (aware UTC) at which the clocks of `zone` show a naive wall time.

    A wall time that the clocks skip is read with the offset before the gap (02:30 is 03:30); one that they show
    twice is the first. Raises `RuleError` for an unknown zone, `ValueError` for an aware time.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time carries no zone of its own")
    # PEP 495 gives fold=0 exactly these two readings.
    return local.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)


def to_local(moment: datetime, zone: str) -> datetime:
    """The naive wall time that the clocks of `zone` show at an aware moment. Raises as `to_utc` does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(_zone(zone)).replace(tzinfo=None, fold=0)


def zone_of(cadence: Cadence, member_zone: str | None) -> str:
    """The zone whose clocks decide: the receiver's for a `member_local` cadence, never for meetings and stocktakes."""
    if cadence.time_basis != "member_local" or cadence.kind in _AT_ONE_TIME:
        return cadence.timezone
    return member_zone or cadence.timezone


def is_slot(cadence: Cadence, slot: datetime) -> bool:
    """Whether the rule gives this naive wall time (exdates and moves left aside): only such a time can be moved."""
    return next(_rule_of(cadence).slots(slot, slot + timedelta(seconds=1)), None) == slot


def occurrences(cadence: Cadence, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """What opens from `start` (included) to `end` (excluded), both naive wall times, in order of opening.

    A move counts where it leads to. Two that open together stand in order of their slots. Raises `RuleError` for a
    cadence that `check_rule` would refuse.
    """
    rule = _rule_of(cadence)
    skipped = frozenset(cadence.exdates)
    moves = {move.original: move for move in cadence.moves}
    kept = (Occurrence(slot, slot) for slot in rule.slots(start, end) if slot not in skipped and slot not in moves)
    moved = sorted(
        (
            Occurrence(slot, move.to, move)
            for slot, move in moves.items()
            if start <= move.to < end and slot not in skipped and is_slot(cadence, slot)
        ),
        key=_order,
    )
    return heapq.merge(kept, moved, key=_order) if moved else kept


def next_occurrence(cadence: Cadence, after: datetime, zone: str | None = None) -> tuple[Occurrence, datetime] | None:
    """The first occurrence whose moment is later than `after` (aware), with that moment (aware UTC).

    `zone` is the receiver's and matters only for a `member_local` cadence. None when the rule has ended. Of several
    that open at the same moment it gives the first, so a planner that must miss none asks `occurrences_between`.
    """
    where = zone_of(cadence, zone)
    best: tuple[datetime, Occurrence] | None = None
    for occurrence in occurrences(cadence, to_local(after, where) - _SLACK, _FOREVER):
        if best is not None and occurrence.local > best[1].local + _SLACK:
            break
        moment = to_utc(occurrence.local, where)
        if moment > after and (best is None or moment < best[0]):
            best = (moment, occurrence)
    return None if best is None else (best[1], best[0])


def latest_occurrence(cadence: Cadence, until: datetime, zone: str | None = None) -> tuple[Occurrence, datetime] | None:
    """The newest occurrence whose moment is `until` (aware) or earlier, with it; `zone` as in `next_occurrence`."""
    where = zone_of(cadence, zone)
    local = to_local(until, where)
    floor = min([cadence.dtstart, *(move.to for move in cadence.moves)])
    reach = timedelta(days=16)
    while True:
        start = max(local - reach, floor)
        found = [
            (moment, occurrence.local, occurrence.slot, occurrence)
            for occurrence in occurrences(cadence, start, local + _SLACK)
            if (moment := to_utc(occurrence.local, where)) <= until
        ]
        newest = max(found, key=lambda each: each[:3], default=None)
        # One just before the reach could open later than one just inside it, so a find at its edge is looked at again.
        if newest is not None and (newest[1] >= start + _SLACK or start == floor):
            return newest[3], newest[0]
        if start <= floor:
            return None
        reach *= 4


def occurrences_between(
    cadence: Cadence, after: datetime, until: datetime, zone: str | None = None
) -> list[tuple[Occurrence, datetime]]:
    """Everything that opens later than `after` and not later than `until` (aware), by moment, each with its moment."""
    where = zone_of(cadence, zone)
    found = [
        (occurrence, to_utc(occurrence.local, where))
        for occurrence in occurrences(cadence, to_local(after, where) - _SLACK, to_local(until, where) + _SLACK)
    ]
    inside = [(occurrence, moment) for occurrence, moment in found if after < moment <= until]
    return sorted(inside, key=lambda each: (each[1], _order(each[0])))


def window(cadence: Cadence, occurrence: Occurrence, zone: str | None = None) -> Window:
    """When an occurrence opens, reminds, turns to the delegate and closes; `zone` as in `next_occurrence`.

    Hours are elapsed hours, a move's own where it gives them. It closes at the latest when the next one opens.
    """
    move = occurrence.move
    opens_at = to_utc(occurrence.local, zone_of(cadence, zone))

    def after_opening(usual: int, own: int | None) -> datetime:
        return opens_at + timedelta(hours=usual if own is None else own)

    closes_at = after_opening(cadence.closes_after_hours, move.closes_after_hours if move else None)
    for _, moment in occurrences_between(cadence, opens_at, closes_at, zone)[:1]:
        closes_at = moment
    reminder_at = after_opening(cadence.reminder_after_hours, move.reminder_after_hours if move else None)
    delegate_at = after_opening(cadence.delegate_after_hours, move.delegate_after_hours if move else None)
    return Window(
        opens_at=opens_at,
        reminder_at=reminder_at if reminder_at <= closes_at else None,
        delegate_at=delegate_at if delegate_at <= closes_at else None,
        closes_at=closes_at,
    )


def _order(occurrence: Occurrence) -> tuple[datetime, datetime]:
    return occurrence.local, occurrence.slot


@dataclass(frozen=True, slots=True)
class _Rule:
    """A checked rule. `by` are dateutil's arguments with every default of DTSTART's spelled out, so that an
    expansion may begin in any period and not only in the first."""

    frequency: str
    interval: int
    week_start: int
    by: dict[str, Any]
    dtstart: datetime
    count: int | None
    last: datetime | None  # no slot is later than this wall time
    ends: date | None  # the day of UNTIL, for the words

    def slots(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The rule's wall times from `start` (included) to `end` (excluded), in order, beginning near `start`."""
        start = max(start, self.dtstart)
        if start >= end or (self.last is not None and self.last < start):
            return
        for slot in self._expand(self._anchor(start), self.interval):
            if slot >= end or (self.last is not None and slot > self.last):
                return
            if slot >= start:
                yield slot

    def first_fit(self) -> datetime | None:
        """The first wall time from DTSTART on that satisfies the rule, were it to begin there; None for never."""
        period = self._anchor(self.dtstart)
        if self.frequency in ("DAILY", "WEEKLY"):
            return next((slot for slot in self._expand(period, 1) if slot >= self.dtstart), None)
        # dateutil would look for a date that never comes until the year 9999, so it is given one period at a time.
        for _ in range(_SEARCH_YEARS * (12 if self.frequency == "MONTHLY" else 1)):
            for slot in self._expand(period, _ONE_PERIOD[self.frequency]):
                if slot >= self.dtstart:
                    return slot
            if self.frequency == "MONTHLY" and period.month < 12:
                period = period.replace(month=period.month + 1)
            else:
                period = period.replace(year=period.year + 1, month=1)
        return None

    def _expand(self, anchor: datetime, interval: int) -> Iterator[datetime]:
        frequency = _FREQUENCIES[self.frequency]
        return iter(rrule(frequency, dtstart=anchor, interval=interval, wkst=self.week_start, **self.by))

    def _anchor(self, moment: datetime) -> datetime:
        """The beginning of the newest period that INTERVAL counts and that begins at or before `moment`.

        A period begun at its own beginning also mends dateutil's BYSETPOS, which would count only the days from
        DTSTART on in the first week.
        """
        first = self.dtstart
        if self.frequency == "YEARLY":
            years = (moment.year - first.year) // self.interval * self.interval
            return first.replace(year=first.year + years, month=1, day=1)
        if self.frequency == "MONTHLY":
            gone = (moment.year - first.year) * 12 + moment.month - first.month
            months = first.month - 1 + gone // self.interval * self.interval
            return first.replace(year=first.year + months // 12, month=months % 12 + 1, day=1)
        if self.frequency == "WEEKLY":
            first -= timedelta(days=(first.weekday() - self.week_start) % 7)
        step = self.interval * (7 if self.frequency == "WEEKLY" else 1)
        return first + timedelta(days=(moment.date() - first.date()).days // step * step)


def _rule_of(cadence: Cadence) -> _Rule:
    return _rule(cadence.rrule, cadence.dtstart, cadence.timezone)


@lru_cache(maxsize=4096)
def _rule(text: str, dtstart: datetime, timezone: str) -> _Rule:
    """Read and check a rule; raises `RuleError`. Cached, because every question about a cadence begins here."""
    _zone(timezone)
    if timezone not in _zone_names():
        raise RuleError(f"“{timezone}” is not a time zone we know. Use a name such as America/Chicago.")
    if dtstart.tzinfo is not None:
        raise RuleError("Give the first date as a wall time without an offset, such as 2026-01-06T09:00:00.")
    if dtstart.microsecond or not _FIRST_YEAR <= dtstart.year <= _LAST_YEAR:
        raise RuleError(f"Give the first date in whole seconds, between {_FIRST_YEAR} and {_LAST_YEAR}.")
    parts = _split(text)
    frequency = parts.pop("FREQ", None)
    if frequency is None:
        raise RuleError("The rule does not say how often. Begin it with FREQ=WEEKLY, for example.")
    if frequency not in _FREQUENCIES:
        raise RuleError(f"FREQ={frequency} cannot be used here. Use DAILY, WEEKLY, MONTHLY or YEARLY.")
    interval = _number("INTERVAL", parts.pop("INTERVAL", "1"), 1, _LARGEST_INTERVAL[frequency])
    week_start = _DAYS.index(_day_name("WKST", parts.pop("WKST", "MO")))
    count = parts.pop("COUNT", None)
    until = parts.pop("UNTIL", None)
    if count is not None and until is not None:
        raise RuleError("COUNT and UNTIL both say when to stop. Keep one of them.")
    last, ends = (None, None) if until is None else _until(until, timezone)
    if last is not None and last < dtstart:
        raise RuleError("The rule ends before its first date. Set UNTIL to a later day, or begin earlier.")
    by = _by_parts(frequency, parts, dtstart)
    times = None if count is None else _number("COUNT", count, 1, _LARGEST_COUNT)
    rule = _Rule(frequency, interval, week_start, by, dtstart, times, last, ends)
    first = rule.first_fit()
    if first is None:
        raise RuleError("The rule never comes to a date. Check its days and months against each other.")
    if first != dtstart:
        raise RuleError(
            f"The first date, {_day(dtstart)}, does not fit the rule. Begin on {_day(first)}, or change the rule."
        )
    if times is None:
        return rule
    # A rule that has not ended after a century needs no end, and looking for it could take seconds.
    met = list(islice(rule.slots(dtstart, dtstart + _CENTURY), times))
    return rule if len(met) < times else replace(rule, last=met[-1])


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for pair in text.strip().upper().split(";"):
        name, equals, value = pair.partition("=")
        if not equals or not value:
            raise RuleError(f"“{pair}” is not a part of a rule. Write it like FREQ=WEEKLY;BYDAY=TU.")
        if name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            raise RuleError(f"Leave {name} out. The time of day is that of the first date.")
        if name not in _KNOWN_PARTS:
            raise RuleError(f"“{name}” is not a part of a rule that we know. Leave it out.")
        if name in parts:
            raise RuleError(f"{name} stands twice in the rule. Keep one of them.")
        parts[name] = value
    return parts


# For each part: dateutil's argument, the largest number, and the frequencies for which RFC 5545 allows it.
_BY = {
    "BYMONTH": ("bymonth", 12, ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    "BYMONTHDAY": ("bymonthday", 31, ("DAILY", "MONTHLY", "YEARLY")),
    "BYYEARDAY": ("byyearday", 366, ("YEARLY",)),
    "BYWEEKNO": ("byweekno", 53, ("YEARLY",)),
    "BYSETPOS": ("bysetpos", 366, ("WEEKLY", "MONTHLY", "YEARLY")),
}
_KNOWN_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_BY})


def _by_parts(frequency: str, parts: dict[str, str], dtstart: datetime) -> dict[str, Any]:
    """dateutil's `by…` arguments, checked against RFC 5545 and completed from DTSTART."""
    by: dict[str, Any] = {}
    for name, (argument, largest, frequencies) in _BY.items():
        if name not in parts:
            continue
        if frequency not in frequencies:
            raise RuleError(f"{name} does not go with FREQ={frequency}. Leave it out or change FREQ.")
        lowest = 1 if name == "BYMONTH" else -largest
        by[argument] = sorted({_number(name, value, lowest, largest) for value in parts[name].split(",")})
    if "BYDAY" in parts:
        by["byweekday"] = _weekdays(frequency, parts["BYDAY"], by)
    if "bysetpos" in by and len(by) == 1:
        raise RuleError("BYSETPOS picks from other parts. Add BYDAY, for example.")
    picked = by.get("byweekday", [])
    if frequency == "WEEKLY" and all(abs(place) > len(picked) for place in by.get("bysetpos", [0])):
        raise RuleError("BYSETPOS picks a day that BYDAY does not have. Use a smaller number.")
    # What the rule leaves open comes from DTSTART. dateutil would take it from the anchor instead.
    named = by.keys() & {"bymonthday", "byyearday", "byweekno", "byweekday"}
    if named == {"byweekno"} or (frequency == "WEEKLY" and not named):
        by["byweekday"] = [weekday(dtstart.weekday())]
    elif frequency in ("MONTHLY", "YEARLY") and not named:
        by["bymonthday"] = [dtstart.day]
        if frequency == "YEARLY":
            by.setdefault("bymonth", [dtstart.month])
    months = by.get("bymonth", range(1, 13))
    days = by.get("bymonthday", [1])
    if all(abs(day) > _LONGEST_MONTH[month - 1] for month in months for day in days):
        raise RuleError("The rule never comes to a date. Check its days and months against each other.")
    return by


def _weekdays(frequency: str, text: str, by: dict[str, Any]) -> list[weekday]:
    numbered = frequency in ("MONTHLY", "YEARLY") and "byweekno" not in by
    largest = 53 if frequency == "YEARLY" and "bymonth" not in by else 5
    found: list[tuple[int, int | None]] = []
    for value in text.split(","):
        match = re.fullmatch(r"([+-]?\d{1,2})?([A-Z]+)", value, re.ASCII)
        if match is None:
            raise RuleError(f"BYDAY={value} is not a weekday. Use MO, TU, WE, TH, FR, SA or SU.")
        place, day = match[1], _DAYS.index(_day_name("BYDAY", match[2]))
        if place is not None and not numbered:
            raise RuleError(f"BYDAY={value} counts weekdays, which goes only with MONTHLY or YEARLY. Use {match[2]}.")
        found.append((day, None if place is None else _number("BYDAY", place, -largest, largest)))
    if any(place is not None for _, place in found):
        # dateutil would ask a day to satisfy both kinds; RFC 5545 takes either, so a bare day becomes every such day.
        found = [(d, n) for d, place in found for n in ([place] if place is not None else range(1, largest + 1))]
    return [weekday(day, place) for day, place in dict.fromkeys(found)]


def _until(value: str, timezone: str) -> tuple[datetime, date]:
    """The last wall time that UNTIL allows, and its day. A day alone is taken whole, a time in UTC is converted."""
    match = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", value, re.ASCII)
    try:
        if match is None:
            raise ValueError(value)
        moment = datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 (a wall time)
        if match[3]:
            moment = to_local(moment.replace(tzinfo=UTC), timezone)
    except (ValueError, OverflowError):
        raise RuleError(f"UNTIL={value} is not a date. Write it like 20261231 or 20261231T090000.") from None
    return moment, moment.date()


def _number(name: str, value: str, lowest: int, largest: int) -> int:
    if re.fullmatch(r"[+-]?\d{1,4}", value, re.ASCII) and lowest <= int(value) <= largest and int(value) != 0:
        return int(value)
    below = f" or from {lowest} to -1" if lowest < 0 else ""
    raise RuleError(f"{name}={value} cannot be used. Give a number from 1 to {largest}{below}.")


def _day_name(name: str, value: str) -> str:
    if value not in _DAYS:
        raise RuleError(f"{name}={value} is not a weekday. Use MO, TU, WE, TH, FR, SA or SU.")
    return value


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleError(f"“{name}” is not a time zone we know. Use a name such as America/Chicago.") from None


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # These stand beside the zones on some machines and name no place.
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second-to-last"}
_WORKDAYS = frozenset(range(5))
_RECEIVERS = {"priority_owners": "owner", "action_owners": "owner", "metric_stewards": "steward"}


def describe(cadence: Cadence) -> str:
    """A cadence's rhythm for the screen, such as "Tuesdays, 9:00 AM on each owner's clock". Never raises for a rule."""
    try:
        rule = _rule_of(cadence)
        rhythm = _rhythm(rule) or f"on dates of its own, beginning {_day(cadence.dtstart)}"
    except RuleError:
        return "on dates that cannot be read; please set the rhythm again"
    if rule.count == 1:
        # It has one date, so its rhythm would say nothing.
        rhythm = f"once, on {_day(cadence.dtstart)}"
    words = f"{rhythm}, {_time_of_day(cadence.dtstart)}"
    if cadence.time_basis == "member_local" and cadence.kind not in _AT_ONE_TIME:
        words += f" on each {_RECEIVERS.get(cadence.audience or '', 'member')}'s clock"
    if rule.count is not None and rule.count > 1:
        words += f", {rule.count} times"
    elif rule.ends is not None:
        words += f", until {_day(rule.ends)}"
    return words


def _rhythm(rule: _Rule) -> str | None:
    """The rule without its time of day; None for one that plain words would not say better."""
    by = dict(rule.by)
    months = by.pop("bymonth", None)
    every = f"every {_NUMBERS[rule.interval] if rule.interval < len(_NUMBERS) else rule.interval}"
    if rule.frequency in ("DAILY", "WEEKLY"):
        if months or by.keys() - {"byweekday"}:
            return None
        days = sorted({day.weekday for day in by.get("byweekday", [])}) or list(range(7))
        if rule.interval == 1:
            return _weekly(days)
        if rule.frequency == "DAILY":
            return f"{every} days" if len(days) == 7 else None
        return f"{every} weeks on {_weekly(days)}"
    day = _day_of_month(by)
    if day is None:
        return None
    whole_year = rule.frequency == "YEARLY" and months == [rule.dtstart.month]
    if months is None and (rule.frequency == "MONTHLY" or "bymonthday" in by):
        named = f"{day} of the month"
    elif months is None:
        return None
    elif "bymonthday" in by and by["bymonthday"][0] > 0:
        named = _list([f"{_MONTHS[month - 1]} {number}" for month in months for number in by["bymonthday"]])
    else:
        named = f"{day} of {_list([_MONTHS[month - 1] for month in months])}"
    if rule.interval > 1:
        if rule.frequency == "MONTHLY":
            return f"{every} months on the {day}" if months is None else None
        return f"{every} years on {'the ' if named[0].islower() or named[0].isdigit() else ''}{named}"
    return f"every year on {named}" if whole_year and named[0].isupper() else named


def _weekly(days: list[int]) -> str:
    if len(days) == 7:
        return "every day"
    return "weekdays" if set(days) == _WORKDAYS else _list([f"{_WEEKDAYS[day]}s" for day in days])


def _day_of_month(by: dict[str, Any]) -> str | None:
    """Such as "second Thursday" or "20th", for a rule that names its day in one of the usual ways."""
    places = by.get("bysetpos")
    if by.keys() == {"bymonthday"}:
        days = by["bymonthday"]
        if days == [-1]:
            return "last day"
        return _list([_ordinal(day) for day in days]) if days[0] > 0 else None
    if by.keys() == {"byweekday"}:
        days = by["byweekday"]
        if any(day.n not in _PLACES for day in days):
            return None
        return _list([f"{_PLACES[day.n]} {_WEEKDAYS[day.weekday]}" for day in days])
    if by.keys() == {"byweekday", "bysetpos"} and all(place in _PLACES for place in places or []):
        days = {day.weekday for day in by["byweekday"]}
        if any(day.n for day in by["byweekday"]) or not (len(days) == 1 or days == _WORKDAYS):
            return None
        name = "working day" if days == _WORKDAYS else _WEEKDAYS[min(days)]
        return _list([f"{_PLACES[place]} {name}" for place in places or []])
    return None


def _ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _time_of_day(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


def _day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
