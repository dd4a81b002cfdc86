"""Words for the eye: figures, amounts, dates, ages, standings and statuses, in plain US English.

How figures and dates are written is the coalition's locale (`localized`). Pure and without markup: each way out (Slack,
mail, terminal) adds its own. A digest's lines are in `digests.wording`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.domain.wording import localized
from bot.domain.wording.numbers import exact

ELLIPSIS = "…"
# English words: what may be typed, and what stands in a sentence ("Mondays"). Dates are written by `localized`.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ASSESSMENT_MARKS = {
    "off_track": "🔴",
    "at_risk": "🟡",
    "on_track": "🟢",
    "not_started": "⚪",
    "paused": "⚪",
    "complete": "🔵",
}
STATUS_WORDS = {
    "off_track": "off track",
    "at_risk": "at risk",
    "on_track": "on track",
    "not_started": "not started",
    "in_progress": "in progress",
    "paused": "paused",
    "complete": "complete",
    "met": "target met",
    "no_data": "no figure yet",
    "stale": "no new figure",
}
NEAR_AHEAD = 20  # days ahead for which a date carries its weekday: what can still be planned for
NEAR_BEHIND = 7
_SMALL_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_US_ZONES = {
    "EST": "Eastern",
    "EDT": "Eastern",
    "CST": "Central",
    "CDT": "Central",
    "MST": "Mountain",
    "MDT": "Mountain",
    "PST": "Pacific",
    "PDT": "Pacific",
    "AKST": "Alaska",
    "AKDT": "Alaska",
    "HST": "Hawaii",
}
# Line breaks and control characters, halves of characters, and marks that turn the direction of all text after them.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Return text with a space for every character that would break its line or the lines after it."""
    return _UNSAFE.sub(" ", text)


def one_line(text: str) -> str:
    """Return people's text on one line, with single spaces and none around it."""
    return " ".join(clean(text).split())


def cut(text: str, most: int) -> str:
    """Return at most `most` characters (at least 1), cut at a space where one is near, and marked with "…"."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    space = kept.rfind(" ")
    if space > most // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:·") + ELLIPSIS


def cut_words(text: str, most: int) -> str:
    """Return at most `most` words of a text, marked with "…" where it was cut; a label keeps its colon."""
    words = text.split()
    if len(words) <= most:
        return text
    return " ".join(words[:most]).rstrip(" ,;:·") + ELLIPSIS + (":" if text.endswith(":") else "")


def duration(minutes: int) -> str:
    """Return a length of time in words: "75 minutes", "4 hours"."""
    hours, rest = divmod(minutes, 60)
    return plural(hours, "hour") if hours and not rest else plural(minutes, "minute")


def part_of(start: int, shown: int, total: int) -> str:
    """Which part of a list is shown, `start` before it: "6–10 of 12", "11 of 11"."""
    first, last = start + 1, start + shown
    return f"{first}–{last} of {total}" if last > first else f"{first} of {total}"


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """Return "1 decision" or "2 decisions"."""
    return f"{localized.number(count)} {noun if count == 1 else nouns or noun + 's'}"


def either(names: Sequence[str]) -> str:
    """Return names of which one is enough: "A", "A or B", "A, B or C"."""
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)


def all_of(names: Sequence[str]) -> str:
    """Return names that all count: "A", "A and B", "A, B and C"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def with_article(name: str) -> str:
    """Return a group's name as it stands in a sentence: "the Steering Committee"."""
    return name if name.lower().startswith("the ") else f"the {name}"


def sentence(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def entered(value: Decimal | Fraction | int, unit: str) -> str:
    """Return a figure as it was entered, never rounded, with its sign but without the unit's noun: "44%", "196"."""
    return _with_sign(exact(value), unit)


def computed(value: Decimal | Fraction | int, unit: str) -> str:
    """Return a figure that was computed, rounded for the eye: "50.6%", "193", below ten one place."""
    exactly = Fraction(value)
    places = 1 if unit == "percent" or abs(exactly) < 10 else 0
    scaled = exactly * 10**places
    rounded = int(abs(scaled) + Fraction(1, 2)) * (-1 if scaled < 0 else 1)
    return _with_sign(exact(Fraction(rounded, 10**places)), unit)


def noun_of(unit: str) -> str:
    """Return the noun that follows a figure, with a space before it; empty where a sign says it all."""
    return "" if unit in ("percent", "usd") else f" {one_line(unit)}"


def figure(value: Decimal | Fraction | int, unit: str) -> str:
    """Return an entered figure with its unit: "134 seats", "48.5%", "$3,100,000"."""
    return entered(value, unit) + noun_of(unit)


def amount(value: Decimal | Fraction | int, currency: str) -> str:
    """Return an amount of money, never rounded: "$600,000", "CAD 600,000"."""
    return localized.money(exact(value), currency)


def short_amount(value: Fraction, currency: str) -> str:
    """Return an amount of zero or more for a small place: "$3.25M", "$640k", "$900"."""
    return localized.short_money(Decimal(exact(value)), currency)


def in_figures(value: Decimal | Fraction | int) -> str:
    """Return a number without a unit, never rounded: "4,120.5"."""
    return localized.number(exact(value))


def may_hold_amount(text: str) -> bool:
    """Whether a title could name an amount; any digit or currency sign counts, because nobody checks it by eye."""
    return any(char.isdigit() or char in "$€£¥" for char in text)


def day(on: date, today: date) -> str:
    """Return a date: "Nov 3", with the year where it is not this one."""
    return localized.day(on, "MMMd" if on.year == today.year else "yMMMd")


def day_with_year(on: date) -> str:
    """Return a date with its year at all times: "Nov 3, 2026"."""
    return localized.day(on, "yMMMd")


def full_day_with_year(on: date) -> str:
    """Return a date with its weekday and its year at all times: "Tue Nov 3, 2026"."""
    return localized.day(on, "yMMMEd")


def typed_day(on: date) -> str:
    """Return a date as it may be typed, whatever the locale: "Nov 3, 2026"."""
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"


def near_day(on: date, today: date) -> str:
    """Return a date with its weekday where it is near: "Fri Dec 4"."""
    is_near = timedelta(days=-NEAR_BEHIND) <= on - today <= timedelta(days=NEAR_AHEAD)
    return full_day(on, today) if is_near else day(on, today)


def needed_by(on: date | None, today: date, lead: str = "by") -> str:
    """Return by when something is needed: "by Fri Dec 4", "due Fri Dec 4, passed" once the day is over."""
    if on is None:
        return "no date set"
    return f"due {near_day(on, today)}, passed" if on < today else f"{lead} {near_day(on, today)}"


def first_needed_by(on: date | None, today: date, count: int) -> str:
    """Return by when the first of `count` things is needed, behind a comma: ", the first by Fri Dec 4"."""
    if on is None:
        return ""
    if count == 1:
        return f", {needed_by(on, today)}"
    return f", the first {'was due' if on < today else 'by'} {near_day(on, today)}"


def full_day(on: date, today: date) -> str:
    """Return a date that always has its weekday, for lists of dates to come: "Wed Jan 6, 2027"."""
    return localized.day(on, "MMMEd" if on.year == today.year else "yMMMEd")


def date_in_words(on: date) -> str:
    """Return a date at full length: "January 6, 2026"."""
    return localized.long_day(on)


def month(on: date) -> str:
    """Return a month with its year: "Nov 2026"."""
    return localized.month(on)


def period(start: date | None, end: date, today: date) -> str:
    """Return what a figure covers: "Jul–Sep", "Jul–Dec 2025", "2025"; without a first day, its last day."""
    ends_a_month = end.day == monthrange(end.year, end.month)[1]
    if start is None or start.day != 1 or not ends_a_month or start.year != end.year:
        return day(end, today)
    if (start.month, end.month) == (1, 12):
        return str(end.year)
    return localized.months(start, end, with_year=end.year != today.year)


def clock(moment: datetime) -> str:
    """Return a time of day: "7:30 AM"."""
    return localized.time_of_day(moment.time())


def weekday_and_clock(moment: datetime) -> str:
    """Return a moment of each week: "Thu 12:00 PM"."""
    return f"{localized.weekday(moment.date())} {clock(moment)}"


def day_and_clock(moment: datetime, today: date, *, with_zone: bool = True) -> str:
    """Return a moment in its own zone: "Mon Nov 30, 10:00 AM Central"."""
    words = f"{near_day(moment.date(), today)}, {clock(moment)}"
    return f"{words} {zone_name(moment)}" if with_zone else words


def zone_name(moment: datetime) -> str:
    """Return what people call a moment's zone: "Central", or its city: "Berlin"."""
    zone = moment.tzinfo
    if isinstance(zone, ZoneInfo) and zone.key.startswith(("America/", "US/", "Pacific/Honolulu")):
        name = _US_ZONES.get(moment.tzname() or "")
        if name:
            return name
    if isinstance(zone, ZoneInfo) and "/" in zone.key:
        return zone.key.rsplit("/", 1)[1].replace("_", " ")
    return moment.tzname() or "UTC"


def monday_of(today: date) -> date:
    """Return the Monday of a day's week."""
    return today - timedelta(days=today.weekday())


def ago(days: int) -> str:
    """Return an age in words: "yesterday", "5 days ago", "three weeks ago"."""
    if days < 7:
        return ("today", "yesterday")[max(days, 0)] if days < 2 else f"{days} days ago"
    weeks = days // 7
    if weeks == 1:
        return "a week ago"
    return f"{_SMALL_NUMBERS[weeks - 2] if weeks - 2 < len(_SMALL_NUMBERS) else weeks} weeks ago"


def weeks(count: int) -> str:
    """Return how long something has stood: "1 week"; below a week "new this week"."""
    return plural(count, "week") if count else "new this week"


def days_overdue(days: int) -> str:
    """Return "56 days overdue"."""
    return f"{plural(days, 'day')} overdue"


def coming_report(due: date, today: date) -> str:
    """Return when a report to a funder is due: "next report Jan 30, 2027"; one whose day is over is not the next."""
    if due < today:
        return f"report due {day(due, today)}, {days_overdue((today - due).days)}"
    return f"next report {day(due, today)}"


def marked(assessment: str) -> str:
    """Return an assessment with its mark: "🔴 off track"."""
    return f"{ASSESSMENT_MARKS.get(assessment, '⚪')} {status(assessment)}"


def status(name: str) -> str:
    """Return an assessment or a status in words."""
    return STATUS_WORDS.get(name, name.replace("_", " "))


def _with_sign(number: int | Decimal, unit: str) -> str:
    if unit == "percent":
        return localized.percent(number)
    return localized.money(number, "USD") if unit == "usd" else localized.number(number)


def readers_together(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The readers of several things, each once, channels first."""
    readers = [one for several in found for one in several]
    return tuple(dict.fromkeys(sorted(readers, key=lambda one: not one.startswith("#"))))
