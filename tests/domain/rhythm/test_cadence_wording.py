"""A rhythm reads as people say it, and every rule has words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings

from bot.domain.rhythm import describe
from tests.domain.cadences import CHECKIN, cadence, rules
from tests.examples import examples
from tests.tables import on_each


@on_each(
    ("rule", "dtstart", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-01-06T09:00", "Tuesdays, 9:00 AM"),
        ("FREQ=WEEKLY", "2026-01-06T00:05", "Tuesdays, 12:05 AM"),
        ("FREQ=WEEKLY;BYDAY=TH,MO,TU", "2026-01-06T12:00", "Mondays, Tuesdays and Thursdays, 12:00 PM"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-01-06T17:30", "weekdays, 5:30 PM"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-01-06T17:30", "weekdays, 5:30 PM"),
        ("FREQ=DAILY", "2026-01-06T09:00", "every day, 9:00 AM"),
        ("FREQ=DAILY;INTERVAL=3", "2026-01-06T09:00", "every three days, 9:00 AM"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-01-12T10:00", "every two weeks on Mondays, 10:00 AM"),
        ("FREQ=WEEKLY;INTERVAL=26", "2026-01-12T10:00", "every 26 weeks on Mondays, 10:00 AM"),
        ("FREQ=MONTHLY;BYDAY=2TH", "2026-01-08T15:00", "second Thursday of the month, 3:00 PM"),
        ("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=2", "2026-01-08T15:00", "second Thursday of the month, 3:00 PM"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "2026-01-05T15:00", "first Monday and third Monday of the month, 3:00 PM"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR",
            "2026-01-30T12:00",
            "every three months on the last Friday, 12:00 PM",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2026-01-30T09:00",
            "last working day of the month, 9:00 AM",
        ),
        ("FREQ=MONTHLY", "2026-01-31T09:00", "31st of the month, 9:00 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,12", "2026-01-01T09:00", "1st and 12th of the month, 9:00 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31T09:00", "last day of the month, 9:00 AM"),
        ("FREQ=YEARLY;BYMONTH=5,10;BYDAY=2TU", "2026-05-12T09:00", "second Tuesday of May and October, 9:00 AM"),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=20", "2026-01-20T09:00", "January 20 and July 20, 9:00 AM"),
        ("FREQ=YEARLY", "2026-06-22T09:00", "every year on June 22, 9:00 AM"),
        ("FREQ=YEARLY;INTERVAL=2", "2026-06-22T09:00", "every two years on June 22, 9:00 AM"),
        ("FREQ=WEEKLY;COUNT=6", "2026-01-06T09:00", "Tuesdays, 9:00 AM, 6 times"),
        ("FREQ=WEEKLY;COUNT=1", "2026-01-06T09:00", "once, on January 6, 2026, 9:00 AM"),
        ("FREQ=DAILY;COUNT=1", "2026-11-25T10:00", "once, on November 25, 2026, 10:00 AM"),
        ("FREQ=WEEKLY;UNTIL=20261231", "2026-01-06T09:00", "Tuesdays, 9:00 AM, until December 31, 2026"),
        ("FREQ=YEARLY;BYWEEKNO=20", "2026-05-13T09:00", "on dates of its own, beginning May 13, 2026, 9:00 AM"),
        ("FREQ=NEVER", "2026-05-13T09:00", "on dates that cannot be read; please set the rhythm again"),
    ],
)
def test_rhythm_in_words(rule: str, dtstart: str, words: str) -> None:
    assert describe(cadence(rule, dtstart)) == words


@pytest.mark.parametrize(
    ("kind", "audience", "words"),
    [
        ("checkin", "priority_owners", "Tuesdays, 9:00 AM on each owner's clock"),
        ("checkin", "metric_stewards", "Tuesdays, 9:00 AM on each steward's clock"),
        ("checkin", "wg-talent", "Tuesdays, 9:00 AM on each member's clock"),
        ("reminder", None, "Tuesdays, 9:00 AM on each member's clock"),
        ("meeting", "all_members", "Tuesdays, 9:00 AM"),
    ],
)
def test_words_say_whose_clock(kind: str, audience: str | None, words: str) -> None:
    assert describe(replace(CHECKIN, kind=kind, audience=audience)) == words


@given(rules())
@settings(max_examples=examples(25), deadline=None)
def test_every_rule_has_words(rule: tuple[str, datetime]) -> None:
    words = describe(cadence(rule[0], rule[1].isoformat()))
    assert words.endswith(("AM", "PM"))
    assert "None" not in words
