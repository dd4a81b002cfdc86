"""How well the rhythm is kept, over four weeks beside the four before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.health import SPAN, Share, hygiene
from bot.domain.vocabularies import ActionStatus
from tests.builders import action, at, dated, day, live_round, metric, priority, reading, record, response

TODAY = day("2026-11-23")
NOW = at("2026-11-23T12:00")
ROUNDS = [live_round(one) for one in ("2026-10-06", "2026-10-13", "2026-11-03", "2026-11-10", "2026-11-17")]


def test_updates_of_rounds_that_closed() -> None:
    found = record(
        priorities=[priority()],
        rounds=[*ROUNDS[:4], replace(ROUNDS[4], asked=False), live_round("2026-11-23")],
        responses=[response("2026-10-06"), response("2026-10-13"), response("2026-11-10")],
    )
    assert hygiene(found, NOW, TODAY).answered == Share(1, 2), "the newest is open, and in one nobody was asked"
    assert hygiene(found, NOW - SPAN, TODAY - SPAN).answered == Share(2, 2)


def test_figures_at_the_end_of_each() -> None:
    fresh = metric(
        "m1",
        reading("2026-09-30", 70),
        frequency="monthly",
        baseline=dated(50, "2026-06-30"),
        target=dated(100, "2027-06-30"),
    )
    found = record(priorities=[priority(metrics=(fresh, metric("m2", baseline=None)))])
    assert hygiene(found, NOW, TODAY).fresh == Share(1, 2)
    later = at("2027-01-15T12:00")
    assert hygiene(found, later, day("2027-01-15")).fresh == Share(0, 2), "by then it is stale"


def done(key: str, due: str, completed: str | None, **fields: Any) -> Any:
    status = ActionStatus.DONE if completed else ActionStatus.IN_PROGRESS
    return replace(action(key, due), status=status, completed=day(completed) if completed else None, **fields)


def test_actions_that_were_due() -> None:
    found = record(
        priorities=[priority()],
        actions=[
            done("A-1", "2026-11-20", "2026-11-20"),
            done("A-2", "2026-11-20", "2026-11-21"),
            done("A-3", "2026-11-10", None),
            done("A-4", "2026-11-24", None),
            done("A-5", "2026-10-20", "2026-10-01"),
            replace(action("A-6", "2026-11-20"), status=ActionStatus.CANCELLED),
            done("A-7", "2026-11-20", None, accepted=False),
        ],
    )
    assert hygiene(found, NOW, TODAY).on_time == Share(1, 3)
    assert hygiene(found, NOW - SPAN, TODAY - SPAN).on_time == Share(1, 1)


def test_nothing_was_asked() -> None:
    found = hygiene(record(priorities=[priority()]), NOW, TODAY)
    assert (found.answered, found.fresh, found.on_time) == (Share(0, 0), Share(0, 0), Share(0, 0))
