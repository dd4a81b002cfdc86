"""When somebody is asked: at the opening, or at an hour of their own on the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.people import asked_at, is_about_priorities, sends_checkins
from tests.builders import member
from tests.services.small import small, weekly

OPENS = datetime(2026, 11, 24, 15, tzinfo=UTC)  # Tuesday, 9:00 AM in Chicago
CLOSES = OPENS + timedelta(hours=51)


@pytest.mark.parametrize(
    ("hour", "asked"),
    [
        (None, OPENS),
        (time(9), OPENS),
        (time(7, 30), OPENS),  # never before it opens
        (time(14), OPENS + timedelta(hours=5)),
        (time(18, 30), OPENS + timedelta(hours=9, minutes=30)),
    ],
)
def test_own_hour_moves_the_question_and_nothing_else(hour: time | None, asked: datetime) -> None:
    assert asked_at(member("ana", ask_at=hour), "America/Chicago", OPENS, CLOSES) == asked


def test_an_hour_after_the_close_is_no_hour() -> None:
    late = member("ana", ask_at=time(14))
    assert asked_at(late, "America/Chicago", OPENS, OPENS + timedelta(hours=4)) == OPENS


def test_a_paused_checkin_asks_nobody_and_is_one_all_the_same() -> None:
    record, cadence = small(), weekly()
    paused = replace(cadence, paused_at=OPENS)
    assert sends_checkins(record, cadence)
    assert not sends_checkins(record, paused)
    assert is_about_priorities(record, paused)
