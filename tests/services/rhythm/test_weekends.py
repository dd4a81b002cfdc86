"""Nothing unprompted on a Saturday or Sunday: what comes before, what after, and what keeps its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.clock import FixedCalendar
from bot.domain.actions import NewAction
from bot.services import Services
from tests.builders import action, decision, group
from tests.services.small import friday, small, weekly
from tests.services.stage import Stage

MORNINGS = [f"2026-11-{day}T{hour}" for day in (25, 26, 27, 28, 29, 30) for hour in ("07:00", "09:00", "14:00")]


THURSDAY_ON, FRIDAY_NOON_ON = MORNINGS[3:], MORNINGS[8:]


async def lived(services: Services, calendar: FixedCalendar, moments: Sequence[str] = MORNINGS, **fields: Any) -> Stage:
    """The small coalition from Wednesday to Monday, looked at three times a day, or at some of these moments."""
    stage = await Stage.with_record(services, calendar, small(**fields))
    stage.at("2026-11-25T06:00")
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    for moment in moments:
        stage.at(moment)
        await stage.settle()
    return stage


def sent_to(found: list[Any]) -> list[tuple[str, str]]:
    return [(one.items[0].split()[0], one.due) for one in found if one.state == "sent"]


async def test_what_became_due_after_friday_comes_on_monday(services: Services, calendar: FixedCalendar) -> None:
    stage = await lived(services, calendar, ["2026-11-27T09:00"])
    stage.at("2026-11-27T12:00")
    new = NewAction(title="Call the bank", owner="cal", due=date(2026, 11, 29))
    await stage.services.action_items.add(await stage.actor("cal"), "one form", new)
    for moment in FRIDAY_NOON_ON:
        stage.at(moment)
        await stage.settle()
    assert sent_to(await stage.deliveries("prompts", to="cal")) == [("action_due", "Mon Nov 30 09:00")]


async def test_what_somebody_asks_on_a_saturday_waits_for_monday(services: Services, calendar: FixedCalendar) -> None:
    stage = await Stage.with_record(services, calendar, small())
    stage.at("2026-11-28T10:00")
    await stage.link()
    await stage.go_live()
    new = NewAction(title="Call the bank", owner="ana", due=date(2026, 12, 4))
    await stage.services.action_items.add(await stage.actor("out"), "one form", new)
    lou = await stage.actor("lou")
    await stage.services.letters.send(lou, "a letter", ["cal"], "Is there anything new?")
    assert await stage.settle() == []
    stage.at("2026-11-30T10:00")
    assert sorted(one.kind for one in await stage.settle()) == ["letter", "prompts"]


async def test_an_open_rounds_chain_keeps_its_time(services: Services, calendar: FixedCalendar) -> None:
    """Asked on Friday; the reminder and the stand-in's request come on Saturday, the round closes on Sunday."""
    on_fridays = weekly(dtstart=datetime.fromisoformat("2026-01-09T09:00"), rrule="FREQ=WEEKLY;BYDAY=FR")
    monday = friday(dtstart=datetime.fromisoformat("2026-01-12T12:00"), rrule="FREQ=WEEKLY;BYDAY=MO")
    stage = await lived(services, calendar, THURSDAY_ON, cadences=(monday, on_fridays))
    assert sent_to(await stage.deliveries("prompts")) == [
        ("ask", "Fri Nov 27 09:00"),
        ("reminder", "Sat Nov 28 09:00"),
        ("delegate", "Sat Nov 28 14:00"),
    ]
    [brief] = await stage.deliveries("brief")
    assert brief.due == "Mon Nov 30 07:00", "the digest is at noon, and the round closed on Sunday at noon"


async def test_a_cadence_of_the_weekend_comes_on_the_weekend(services: Services, calendar: FixedCalendar) -> None:
    saturdays = weekly(dtstart=datetime.fromisoformat("2026-01-10T09:00"), rrule="FREQ=WEEKLY;BYDAY=SA", feeds=None)
    stage = await lived(services, calendar, FRIDAY_NOON_ON[:3], cadences=(friday(), saturdays))
    assert sent_to(await stage.deliveries("prompts"))[0] == ("ask", "Sat Nov 28 09:00")


async def test_what_is_late_on_a_saturday_waits_too(services: Services, calendar: FixedCalendar) -> None:
    """Nothing ran from Friday noon to Saturday."""
    stage = await Stage.with_record(services, calendar, small(actions=[action("A-1", owner="cal", due="27")]))
    stage.at("2026-11-27T08:00")
    await stage.link()
    await stage.go_live()
    await stage.settle()
    lou = await stage.actor("lou")
    await stage.services.letters.send(lou, "a letter", ["ben"], "Is there anything new?")
    stage.at("2026-11-28T10:00")
    assert await stage.settle() == []
    assert {(one.to, one.kind, one.due, one.state) for one in await stage.deliveries()} == {
        ("cal", "prompts", "Fri Nov 27 09:00", "missed"),  # of no use after its day
        ("ben", "letter", "Mon Nov 30 10:00", "planned"),
    }


async def test_what_is_due_on_a_weekend_and_a_decision_of_monday_come_on_friday(
    services: Services, calendar: FixedCalendar
) -> None:
    """Two days before the decision is a Saturday."""
    due = [action("A-1", owner="out", due="28")]
    needed = decision(
        "D-1",
        decider="steering",
        status="needed",
        needed_by=date(2026, 11, 30),
        options=("Yes", "No"),
        accountable="lou",
    )
    groups = (group(channel="leaders", members=("ana", "cal")),)
    stage = await lived(services, calendar, THURSDAY_ON, actions=due, decisions=[needed], groups=groups)
    assert sent_to(await stage.deliveries("prompts", to="out")) == [("action_due", "Fri Nov 27 09:00")]
    assert sent_to(await stage.deliveries("prompts", to="cal")) == [
        ("decision", "Fri Nov 27 09:00"),
        ("decision_due", "Mon Nov 30 09:00"),
    ]
