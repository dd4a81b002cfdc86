"""A clock that was wrong: what it planned too far ahead is mended, and nothing comes twice by that."""

from __future__ import annotations

from datetime import datetime

from structlog.testing import capture_logs

from tests.schedules.stage import Stage


async def test_a_clock_that_stood_in_march_silences_nobody_until_march(stage: Stage) -> None:
    await stage.go("11-23 12:00")
    assert stage.dm("imani"), "asked"
    stage.calendar.set(datetime.fromisoformat("2027-03-03T12:00:00-06:00"))
    await stage.settle()
    posted = len(stage.posts)
    with capture_logs() as logs:
        await stage.go("11-24 12:00")
    assert [one["event"] for one in logs].count("planned_too_far_ahead") == 1
    assert len(stage.posts) == posted, "what was planned before is not planned again"
    asked = len(stage.dm("imani"))
    await stage.go("12-01 10:00")
    assert [message.text for message in stage.dm("imani")[asked:]], "the next check-in comes in its week"
    await stage.go("12-04 08:00")
    assert not stage.doubled
