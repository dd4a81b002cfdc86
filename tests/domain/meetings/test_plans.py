"""What a plan makes of a meeting, and how a meeting reads as a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.meetings import mark_of_plan, meetings, plan_as_it_is, require_sound, with_plan
from bot.domain.record import Record
from bot.errors import UserError
from tests.tables import on_each

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)


def test_a_meeting_read_as_a_plan_makes_the_same_meeting(sample: Record) -> None:
    for meeting in meetings(sample):
        plan = plan_as_it_is(sample, meeting, NOW)
        require_sound(plan)
        assert with_plan(meeting, plan, NOW) == meeting
        assert mark_of_plan(with_plan(meeting, replace(plan, name="Another"), NOW)) != plan.seen


def test_a_plan_of_another_rhythm_takes_away_what_no_longer_fits(sample: Record) -> None:
    meeting = next(one for one in meetings(sample) if one.moves)
    plan = replace(plan_as_it_is(sample, meeting, NOW), repeats="weekly", first=date(2026, 12, 2), at=time(15))
    made = with_plan(meeting, plan, NOW)
    assert (made.rrule, made.dtstart) == ("FREQ=WEEKLY;BYDAY=WE", datetime(2026, 12, 2, 15))  # noqa: DTZ001
    assert made.moves == ()
    assert with_plan(None, plan, NOW).name == meeting.name


@on_each(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 601}, "minutes"),
        ({"first": date(2026, 11, 1), "repeats": "once"}, "first"),
        ({"first": date(2028, 11, 1), "repeats": "once"}, "first"),
        ({"first": date(2026, 12, 1), "repeats": "never"}, "repeats"),
    ],
)
def test_what_does_not_fit_is_said_with_its_field(sample: Record, change: dict[str, object], field: str) -> None:
    meeting = next(iter(meetings(sample)))
    plan = replace(plan_as_it_is(sample, meeting, NOW), **change)  # type: ignore[arg-type]

    def make() -> None:
        require_sound(plan)
        with_plan(meeting, plan, NOW)

    with pytest.raises(UserError) as refused:
        make()
    assert refused.value.field == field
