"""Cadences, and the rules that they are made of, for the tests of when they come round and of how they read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dateutil.rrule import rrulestr
from hypothesis import assume
from hypothesis import strategies as st

from bot.domain.record import Cadence, Move
from bot.domain.rhythm import occurrences

CHICAGO = "America/Chicago"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def wall(text: str) -> datetime:
    """A naive wall time."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is None
    return moment


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cadence(rule: str, dtstart: str, **fields: Any) -> Cadence:
    usual = {"id": "it", "kind": "checkin", "name": "It", "timezone": CHICAGO}
    return Cadence(**{**usual, "rrule": rule, "dtstart": wall(dtstart), **fields})


def days(it: Cadence, start: str, end: str) -> list[str]:
    return [f"{each.local:%Y-%m-%d}" for each in occurrences(it, wall(start), wall(end))]


CHECKIN = cadence(
    "FREQ=WEEKLY;BYDAY=TU",
    "2026-01-06T09:00",
    time_basis="member_local",
    audience="priority_owners",
    closes_after_hours=51,
    reminder_after_hours=24,
    delegate_after_hours=29,
    moves=(
        Move(
            original=wall("2026-11-24T09:00"),
            to=wall("2026-11-23T09:00"),
            closes_after_hours=30,
            reminder_after_hours=22,
            delegate_after_hours=25,
        ),
    ),
)


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, datetime]:
    """A rule that dateutil and RFC 5545 read alike, and a start that fits it."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]
    days = draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=4))
    months = draw(st.lists(st.integers(1, 12), unique=True, max_size=3))
    if months and frequency != "WEEKLY":
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        # dateutil would look for February 31 until the year 9999.
        some = [1, 2, 15, 28, -1, -2, *([] if months else [31])]
        month_days = draw(st.lists(st.sampled_from(some), unique=True, min_size=1, max_size=3))
        parts.append(f"BYMONTHDAY={','.join(map(str, month_days))}")
    elif days:
        place = str(draw(st.sampled_from([1, 2, -1]))) if frequency == "MONTHLY" and draw(st.booleans()) else ""
        parts.append(f"BYDAY={','.join(place + day for day in days)}")
        if frequency == "MONTHLY" and not place:
            parts.append(f"BYSETPOS={draw(st.sampled_from([1, 3, -1]))}")
    if frequency == "WEEKLY":
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    rule = ";".join(parts)
    begin = draw(st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31))).replace(microsecond=0)  # noqa: DTZ001
    first = rrulestr(rule, dtstart=begin).after(begin, inc=True)
    # A start on the last of a month would otherwise be lost to rules that take their day from it.
    assume(first is not None and rrulestr(rule, dtstart=first)[0] == first)
    assert first is not None
    return rule, first
