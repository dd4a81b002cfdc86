"""Over the turn of a year: targets that passed ask once for a new one, are withdrawn once there is one, and stand in
what coordinators read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.endings import Ending
from bot.domain.metrics import plan_of
from bot.domain.priorities import outcome_plan
from bot.domain.record import NorthStar, Record, present_on
from bot.domain.targets import PassedTarget
from bot.domain.typed import marks_of
from bot.domain.vocabularies import Assessment
from bot.services import Services
from bot.services.access import Addressee, OnRecord
from bot.services.targets import offer_passed_targets, read_target_passed
from bot.store.record import read_record
from tests.builders import dated, metric, outcome, priority, reading
from tests.services.lived import once
from tests.services.small import small
from tests.services.stage import Seen, Stage

SEATS = "target_passed metric seats 2026-12-31"
INTAKE = "target_passed outcome intake 2026-12-31"
# New Year's Day is a Friday here, and no closed day; 9:00 is past for the 1st at noon.
MORNING = "2027-01-01T09:00"


def coalition() -> Record:
    """A priority of Ana's with a figure of Ben's and an outcome, both for the end of 2026. Nobody is asked weekly."""
    seats = metric("seats", reading("2026-09-30", 60), steward="ben", target=dated(100, "2026-12-31"))
    old = outcome("old", "2026-09-30")
    return small(priorities=(priority(metrics=(seats,), outcomes=(outcome("intake"), old)),), cadences=())


@pytest.fixture
@once
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    found = await Stage.with_record(services, calendar, coalition())
    found.at("2026-12-28T12:00")
    await found.link()
    await found.go_live()
    return found


async def told(stage: Stage, about: str) -> list[Seen]:
    return [one for one in await stage.deliveries("prompts") if about in one.items]


async def read_in(stage: Stage, who: str, about: str, record: Record | None = None) -> PassedTarget | None:
    """What somebody reads of it, in the record as it is or in another one."""
    actor = await stage.actor(who)
    async with stage.services.database.read(stage.coalition_id) as session:
        record = record or await read_record(session, stage.coalition_id)
        tx = OnRecord(session, stage.coalition_id, stage.calendar.now(), record)
        return await read_target_passed(tx, Addressee(who, actor), about.partition(" ")[2])


async def read(stage: Stage, who: str, about: str) -> PassedTarget:
    found = await read_in(stage, who, about)
    assert found is not None
    return found


async def retarget(stage: Stage, **said: str) -> Any:
    [seats] = (await stage.record()).priorities[0].metrics
    answers = {"target_value": "300", "target_on": "2027-12-31", "milestones": "", "reason": "Counted anew"}
    return await stage.services.metric_plans.retarget(
        await stage.actor("lou"), "view", "seats", marks_of(plan_of(seats)), {**answers, **said}
    )


async def live_until(stage: Stage, *moments: str) -> None:
    for moment in moments:
        stage.at(moment)
        await stage.settle()


async def updates(stage: Stage, who: str) -> list[str]:
    return [one.state for one in await stage.deliveries("prompts update", to=who)]


async def test_whoever_keeps_it_is_asked_once_the_day_after_and_the_week_ahead_tells_of_it(stage: Stage) -> None:
    preview = await stage.services.week.preview(stage.operator)
    assert {name for entry in preview.entries for name in entry.has("target")} == {"Ana", "Ben"}
    await live_until(stage, "2026-12-31T09:00", MORNING, "2027-01-04T09:00", "2027-01-05T09:00")
    assert [(one.to, one.due, one.state) for one in await told(stage, SEATS)] == [("ben", "Fri Jan 01 09:00", "sent")]
    assert [(one.to, one.due, one.state) for one in await told(stage, INTAKE)] == [("ana", "Fri Jan 01 09:00", "sent")]
    value = await read(stage, "ben", SEATS)
    assert (value.state, value.result, value.may_set, value.end, value.helper) == (
        "open",
        "not yet known",
        True,
        None,
        "Lou",
    )
    lou = await read(stage, "lou", SEATS)
    assert (lou.state, lou.end) == ("passed_on", "metric:seats")
    health = await stage.services.health_reports.page(await stage.actor("lou"))
    assert [one.key for one in health.passed] == ["old", "seats", "intake"]
    assert await told(stage, "target_passed outcome old 2026-09-30") == [], "it had passed before the bot came"


async def test_a_new_target_takes_the_question_back(stage: Stage) -> None:
    await live_until(stage, "2026-12-31T09:00")
    assert [one.state for one in await told(stage, SEATS)] == ["planned"]
    await retarget(stage)
    await live_until(stage, MORNING, "2027-01-04T09:00")
    assert [one.state for one in await told(stage, SEATS)] == ["dropped"]


async def test_a_new_target_changes_the_message_that_was_sent(stage: Stage) -> None:
    await live_until(stage, MORNING)
    await retarget(stage)
    value = await read(stage, "ben", SEATS)
    assert value.now is not None
    assert (value.state, int(value.now.value)) == ("renewed", 300)
    assert await updates(stage, "ben") == ["planned"]
    assert await updates(stage, "ana") == []


async def test_what_was_reached_changes_the_message_that_was_sent(stage: Stage) -> None:
    await live_until(stage, MORNING)
    before = (await stage.record()).priorities[0].outcomes[0]
    answers = {"name": before.name, "due": "2026-12-31", "completed": "2026-12-30", "evidence": "Signed"}
    marks = marks_of(outcome_plan(before))
    await stage.services.priority_plans.save_outcome(await stage.actor("lou"), "view", "p1", "intake", marks, answers)
    assert (await read(stage, "ana", INTAKE)).state == "reached"
    assert await updates(stage, "ana") == ["planned"]


async def test_an_end_changes_the_message_that_was_sent(stage: Stage) -> None:
    await live_until(stage, MORNING)
    lou = await stage.actor("lou")
    plan = Ending(last_day=await stage.services.coalitions.today(lou))
    await stage.services.ends.end(lou, "metric:seats", {}, plan)
    assert (await read(stage, "ben", SEATS)).state == "ends"
    assert await updates(stage, "ben") == ["planned"]


async def test_a_file_with_a_new_target_changes_it_too(stage: Stage) -> None:
    await live_until(stage, MORNING)
    fresh = metric("seats", reading("2026-09-30", 60), steward="ben", target=dated(120, "2027-12-31"))
    changed = small(priorities=(priority(metrics=(fresh,), outcomes=(outcome("intake"),)),), cadences=())
    await stage.services.coalitions.import_record(changed)
    assert (await read(stage, "ben", SEATS)).state == "renewed"
    assert await updates(stage, "ben") == ["planned"]


async def test_after_a_pause_it_is_asked_late(stage: Stage) -> None:
    await live_until(stage, "2026-12-29T09:00")
    await stage.services.coalitions.pause(stage.operator)
    stage.at("2027-01-11T10:00")
    await stage.services.coalitions.resume(stage.operator)
    await stage.settle()
    assert [one.state for one in await told(stage, SEATS)] == ["sent"]


def becoming(**fields: Any) -> Record:
    """The coalition with other fields of its figure (`seats`), its outcome (`intake`) and their priority."""
    record = coalition()
    [one] = record.priorities
    seats = tuple(replace(metric, **fields.get("seats", {})) for metric in one.metrics)
    outcomes = tuple(
        replace(each, **fields.get("intake", {})) if each.id == "intake" else each for each in one.outcomes
    )
    one = replace(one, metrics=seats, outcomes=outcomes, **fields.get("priority", {}))
    return replace(record, priorities=(one,))


@pytest.mark.parametrize(
    ("about", "fields", "state", "on"),
    [
        (INTAKE, {"intake": {"completed": date(2026, 12, 30)}}, "reached", date(2026, 12, 30)),
        (INTAKE, {"intake": {"ended": date(2027, 1, 31)}}, "ends", date(2027, 1, 31)),
        (INTAKE, {"intake": {"ended": date(2026, 12, 31)}}, "ends", date(2026, 12, 31)),
        (INTAKE, {"priority": {"assessment": Assessment.PAUSED}}, "rests", None),
        (SEATS, {"seats": {"ended": date(2027, 1, 31)}}, "ends", date(2027, 1, 31)),
        (SEATS, {"seats": {"ended": date(2026, 12, 31)}}, "ends", date(2026, 12, 31)),
        (SEATS, {"priority": {"assessment": Assessment.PAUSED}}, "rests", None),
    ],
)
async def test_what_became_of_it(stage: Stage, about: str, fields: dict[str, Any], state: str, on: date | None) -> None:
    """Also where its thing has ended by now, and so is in no list any more."""
    today = stage.at(MORNING).date()
    found = await read_in(stage, "lou", about, present_on(becoming(**fields), today))
    assert found is not None
    assert (found.state, found.now_on, found.is_settled) == (state, on, True)


async def test_what_is_gone_says_nothing(stage: Stage) -> None:
    for about in ("target_passed metric gone 2026-12-31", "target_passed outcome gone 2026-12-31"):
        assert await read_in(stage, "lou", about) is None


async def test_who_may_set_it_anew_and_who_may_end_it(stage: Stage) -> None:
    """A steward sets a figure's; nobody but coordinators ends it, whom the others are told."""
    stage.at(MORNING)
    read_by = {who: await read(stage, who, SEATS) for who in ("ben", "lou", "cal")}
    assert {who: one.may_set for who, one in read_by.items()} == {"ben": True, "lou": True, "cal": False}
    assert {who: one.end for who, one in read_by.items()} == {"ben": None, "lou": "metric:seats", "cal": None}
    assert {who: one.helper for who, one in read_by.items()} == {"ben": "Lou", "lou": None, "cal": "Lou"}


async def test_nothing_is_asked_of_a_draft(services: Services, calendar: FixedCalendar) -> None:
    draft = await Stage.with_record(services, calendar, coalition())
    draft.at(MORNING)
    async with draft.services.database.write() as session:
        tx = OnRecord(session, draft.coalition_id, draft.calendar.now(), await draft.record())
        await offer_passed_targets(tx, None)
    assert await told(draft, SEATS) == []


async def test_another_goal_changes_the_message_that_was_sent(services: Services, calendar: FixedCalendar) -> None:
    """A new yearly goal of the north star, by its form."""
    star = NorthStar(
        statement="Homes",
        metric=metric("homes", reading("2026-09-30", 60), steward="ben", target=dated(900, "2032-12-31")),
        yearly_goals=(dated(100, "2026-12-31"),),
    )
    record = coalition()
    record = replace(record, coalition=replace(record.coalition, north_star=star))
    stage = await Stage.with_record(services, calendar, record)
    stage.at("2026-12-28T12:00")
    await stage.link()
    await stage.go_live()
    await live_until(stage, MORNING)
    goal = "target_passed goal homes 2026-12-31"
    assert [(one.to, one.state) for one in await told(stage, goal)] == [("lou", "sent")]
    answers = {"statement": "Homes", "goals": "2026: 100\n2027: 300"}
    await stage.services.north_stars.edit(await stage.actor("lou"), {}, answers)
    value = await read(stage, "lou", goal)
    assert (value.state, value.now_on) == ("renewed", date(2027, 12, 31))
    assert await updates(stage, "lou") == ["planned"]
