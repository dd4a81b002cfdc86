"""A cadence's rhythm in words for the screen: "Tuesdays, 9:00 AM on each owner's clock"."""

from __future__ import annotations

from typing import Any

from bot.domain.record import Cadence
from bot.domain.rhythm.recurrence import Rule, RuleError, read_rule, rule_of
from bot.domain.vocabularies import HELD_TOGETHER
from bot.domain.wording import MONTH_NAMES, WEEKDAYS, all_of, clock, date_in_words

_NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second-to-last"}
_WORKDAYS = frozenset(range(5))
_RECEIVERS = {"priority_owners": "owner", "action_owners": "owner", "metric_stewards": "steward"}


def describe(cadence: Cadence) -> str:
    """A cadence's rhythm for the screen, such as "Tuesdays, 9:00 AM on each owner's clock". Never raises for a rule."""
    try:
        rule = rule_of(cadence)
        rhythm = _rhythm(rule) or f"on dates of its own, beginning {date_in_words(cadence.dtstart)}"
    except RuleError:
        return "on dates that cannot be read; please set the rhythm again"
    if rule.count == 1:
        # It has one date, so its rhythm would say nothing.
        rhythm = f"once, on {date_in_words(cadence.dtstart)}"
    words = f"{rhythm}, {clock(cadence.dtstart)}"
    if cadence.time_basis == "member_local" and cadence.kind not in HELD_TOGETHER:
        words += f" on each {_RECEIVERS.get(cadence.audience or '', 'member')}'s clock"
    if rule.count is not None and rule.count > 1:
        words += f", {rule.count} times"
    elif rule.ends is not None:
        words += f", until {date_in_words(rule.ends)}"
    return words


def describe_rule(rrule: str) -> str:
    """A stored rule in words, without its time of day: "Tuesdays". Never raises."""
    try:
        rule = read_rule(rrule)
        return _rhythm(rule) or "dates of its own"
    except RuleError:
        return "dates that cannot be read"


def _rhythm(rule: Rule) -> str | None:
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
        named = all_of([f"{MONTH_NAMES[month - 1]} {number}" for month in months for number in by["bymonthday"]])
    else:
        named = f"{day} of {all_of([MONTH_NAMES[month - 1] for month in months])}"
    if rule.interval > 1:
        if rule.frequency == "MONTHLY":
            return f"{every} months on the {day}" if months is None else None
        return f"{every} years on {'the ' if named[0].islower() or named[0].isdigit() else ''}{named}"
    return f"every year on {named}" if whole_year and named[0].isupper() else named


def _weekly(days: list[int]) -> str:
    if len(days) == 7:
        return "every day"
    return "weekdays" if set(days) == _WORKDAYS else all_of([f"{WEEKDAYS[day]}s" for day in days])


def _day_of_month(by: dict[str, Any]) -> str | None:
    """Such as "second Thursday" or "20th", for a rule that names its day in one of the usual ways."""
    places = by.get("bysetpos")
    if by.keys() == {"bymonthday"}:
        days = by["bymonthday"]
        if days == [-1]:
            return "last day"
        return all_of([_ordinal(day) for day in days]) if days[0] > 0 else None
    if by.keys() == {"byweekday"}:
        days = by["byweekday"]
        if any(day.n not in _PLACES for day in days):
            return None
        return all_of([f"{_PLACES[day.n]} {WEEKDAYS[day.weekday]}" for day in days])
    if by.keys() == {"byweekday", "bysetpos"} and all(place in _PLACES for place in places or []):
        days = {day.weekday for day in by["byweekday"]}
        if any(day.n for day in by["byweekday"]) or not (len(days) == 1 or days == _WORKDAYS):
            return None
        name = "working day" if days == _WORKDAYS else WEEKDAYS[min(days)]
        return all_of([f"{_PLACES[place]} {name}" for place in places or []])
    return None


def _ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
