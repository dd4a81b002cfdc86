"""A rule of recurrence (RFC 5545), checked and expanded into wall times. The only user of dateutil's recurrence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from bot.domain.record import Cadence
from bot.domain.wording import date_in_words

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
_CENTURY = timedelta(days=36_525)
# How many wall times of a period and those after it a rule keeps, and of how many periods.
_KEPT = 6
_MOST_KEPT = 60


class RuleError(ValueError):
    """A rule, start or zone that cannot be used; the text says in a kind sentence what to change."""


def check_rule(rrule: str, dtstart: datetime, timezone: str) -> None:
    """Raise `RuleError` unless the rule, its first wall time (naive) and its IANA zone make a usable cadence."""
    _rule(rrule, dtstart, timezone)


def rule_of(cadence: Cadence) -> Rule:
    """The checked rule of a cadence. Raises `RuleError` as `check_rule` does."""
    return _rule(cadence.rrule, cadence.dtstart, cadence.timezone)


def read_rule(rrule: str) -> Rule:
    """A rule by itself, for its words: its first day is none of them. Raises `RuleError` as `check_rule` does."""
    for first in (date(2024, 1, 1) + timedelta(days=ahead) for ahead in range(366)):
        try:
            return _rule(rrule, datetime.combine(first, time()), "UTC")
        except RuleError:
            continue
    return _rule(rrule, datetime(2024, 1, 1), "UTC")  # noqa: DTZ001 a wall time


def find_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `RuleError` for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleError(f"“{name}” is not a time zone we know. Use a name such as America/Chicago.") from None


@dataclass(frozen=True, slots=True)
class Rule:
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
    kept: dict[datetime, tuple[datetime, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def slots(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The rule's wall times from `start` (included) to `end` (excluded), in order, beginning near `start`."""
        start = max(start, self.dtstart)
        if start >= end or (self.last is not None and self.last < start):
            return
        for slot in self._from(self._anchor(start)):
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

    def _from(self, anchor: datetime) -> Iterator[datetime]:
        """The wall times of this period and of those after it. The first ones are kept: most questions are about them,
        again and again, and dateutil takes long to begin."""
        kept = self.kept.get(anchor)
        if kept is None:
            if len(self.kept) >= _MOST_KEPT:
                self.kept.clear()
            kept = self.kept[anchor] = tuple(islice(self._expand(anchor, self.interval), _KEPT))
        yield from kept
        if len(kept) == _KEPT:
            yield from islice(self._expand(anchor, self.interval), _KEPT, None)

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


@lru_cache(maxsize=4096)
def _rule(text: str, dtstart: datetime, timezone: str) -> Rule:
    """Read and check a rule; raises `RuleError`. Cached, because every question about a cadence begins here."""
    find_zone(timezone)
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
    rule = Rule(frequency, interval, week_start, by, dtstart, times, last, ends)
    first = rule.first_fit()
    if first is None:
        raise RuleError("The rule never comes to a date. Check its days and months against each other.")
    if first != dtstart:
        raise RuleError(
            f"The first date, {date_in_words(dtstart)}, does not fit the rule. "
            f"Begin on {date_in_words(first)}, or change the rule."
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
            moment = moment.replace(tzinfo=UTC).astimezone(find_zone(timezone)).replace(tzinfo=None, fold=0)
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


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # These stand beside the zones on some machines and name no place.
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}
