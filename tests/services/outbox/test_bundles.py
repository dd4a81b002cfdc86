"""One voice, not many: what falls due within half an hour for one person is one message, at the latest one's time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.outbox import Item
from bot.domain.record import Cadence
from bot.services import Services
from bot.services.access import Transaction
from bot.services.outbox import offer
from tests.builders import priority
from tests.examples import on, one_in
from tests.services.small import friday, small, weekly
from tests.services.stage import Seen, Stage


def at_wall_time(name: str, time: str) -> Cadence:
    return weekly(cadence_id=name, dtstart=datetime.fromisoformat(f"2026-01-06T{time}"), feeds=None)


async def planned(services: Services, calendar: FixedCalendar, *moments: str, **fields: Any) -> list[Seen]:
    """What is planned when the planner runs at these times of the round's Tuesday."""
    stage = await Stage.with_record(services, calendar, small(**fields))
    await stage.go_live()
    for moment in moments:
        stage.at(f"2026-11-24T{moment}")
        await stage.services.rhythm.plan()
    return await stage.deliveries("prompts")


@pytest.mark.in_part
@on("postgres", "any_url")
async def test_two_priorities_of_one_owner_are_one_message(any_services: Services, calendar: FixedCalendar) -> None:
    both = [priority("p1"), priority("p2")]
    found = await planned(any_services, calendar, "08:31", priorities=both)
    assert [(one.to, one.items, one.due) for one in found] == [
        ("ana", ("ask p1", "ask p2"), "Tue Nov 24 09:00"),
        ("ana", ("reminder p1", "reminder p2"), "Wed Nov 25 09:00"),
        ("ben", ("delegate p1", "delegate p2"), "Wed Nov 25 14:00"),
    ]


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("second", "messages"),
    one_in(
        2,
        [
            ("09:30", [(2, "09:30")]),  # thirty minutes are within
            ("09:00", [(2, "09:00")]),
            ("09:31", [(1, "09:00"), (1, "09:31")]),
            ("09:01", [(2, "09:01")]),
            ("08:29", [(1, "08:29"), (1, "09:00")]),
            ("08:30", [(2, "09:00")]),
        ],
    ),
)
async def test_two_cadences_travel_together_within_half_an_hour(
    services: Services, calendar: FixedCalendar, second: str, messages: list[tuple[int, str]]
) -> None:
    cadences = [friday(), at_wall_time("first", "09:00"), at_wall_time("second", second)]
    found = await planned(services, calendar, "08:00", "08:31", "09:01", cadences=cadences)
    asks = [one for one in found if one.to == "ana" and one.items[0].startswith("ask")]
    assert [(len(one.items), one.due[-5:]) for one in asks] == messages


async def test_three_do_not_chain_beyond_half_an_hour(services: Services, calendar: FixedCalendar) -> None:
    """The first and the third are forty minutes apart, so one of them goes alone, though the second is near both."""
    times = ("08:40", "09:00", "09:20")
    cadences = [friday(), *(at_wall_time(f"c{n}", time) for n, time in enumerate(times))]
    found = await planned(services, calendar, "08:10", "08:30", "08:50", cadences=cadences)
    asks = [one for one in found if one.to == "ana" and one.items[0].startswith("ask")]
    assert [(len(one.items), one.due[-5:]) for one in asks] == [(2, "09:00"), (1, "09:20")]


async def test_what_was_sent_takes_nothing_more_with_it(services: Services, calendar: FixedCalendar) -> None:
    cadences = [friday(), at_wall_time("first", "09:00"), at_wall_time("second", "09:20")]
    stage = await Stage.with_record(services, calendar, small(cadences=cadences))
    await stage.link()
    await stage.go_live()
    stage.at("2026-11-24T08:31")
    await stage.services.rhythm.plan()
    # The second cadence comes within the span only now, and finds the first one's message planned.
    stage.at("2026-11-24T08:51")
    await stage.services.rhythm.plan()
    [together] = [one for one in await stage.deliveries("prompts", to="ana") if one.items[0].startswith("ask")]
    assert (len(together.items), together.due[-5:]) == (2, "09:20")
    stage.at("2026-11-24T09:20")
    assert len(await stage.settle()) == 1


async def test_people_are_bundled_each_by_themselves(services: Services, calendar: FixedCalendar) -> None:
    found = await planned(services, calendar, "08:31", priorities=[priority("p1"), priority("p2", owner="ben")])
    assert [(one.to, one.items) for one in found if one.due == "Tue Nov 24 09:00"] == [
        ("ana", ("ask p1",)),
        ("ben", ("ask p2",)),
    ]
    # Ben stands in for Ana at the hour at which nobody needs him for his own: that is a message of its own.
    assert ("ben", ("delegate p1",)) in [(one.to, one.items) for one in found]


async def test_quiet_hours_bring_items_together(services: Services, calendar: FixedCalendar) -> None:
    """Both fall into the night of somebody far east, and wait for the same morning."""
    cadences = [friday(), at_wall_time("first", "21:00"), at_wall_time("second", "23:00")]
    stage = await Stage.with_record(services, calendar, small(cadences=cadences))
    await stage.go_live()
    for moment in ("2026-11-24T20:31", "2026-11-24T22:31"):
        stage.at(moment)
        await stage.services.rhythm.plan()
    asks = [one for one in await stage.deliveries("prompts", to="ana") if one.items[0].startswith("ask")]
    assert [(one.items, one.due) for one in asks] == [(("ask p1", "ask p1"), "Wed Nov 25 07:00")]


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("planned_at", "sent_at"),
    one_in(
        3,
        [
            ("08:29:50", "08:30:00"),  # the usual ticks: planning every fifteen seconds, sending every second
            ("08:29:59", "08:30:14"),
            ("08:20:00", "08:30:00"),
            ("08:05:00", "08:47:00"),  # nothing ran meanwhile, and sending comes first afterwards
        ],
    ),
)
async def test_one_message_whatever_runs_first(linked: Stage, planned_at: str, sent_at: str) -> None:
    """The list of half past eight travels with the check-in of nine, which is planned half an hour before."""
    stage = linked
    stage.at("2026-11-23T08:00")
    await stage.settle()
    stage.at(f"2026-11-23T{planned_at}")
    await stage.services.rhythm.plan()
    stage.at(f"2026-11-23T{sent_at}")
    # As another process does after a restart: it sends before it plans.
    again = Services(stage.services.database, stage.calendar, stage.services.deliveries.elapsed)
    await stage.send(*await again.deliveries.claim())
    stage.at("2026-11-23T09:00")
    await stage.send(*await again.deliveries.claim())
    for owner in ("grant", "tom", "yolanda"):
        sent = [one for one in await stage.deliveries("prompts", to=owner) if one.state == "sent"]
        assert [[item.split()[0] for item in one.items if "figure" not in item] for one in sent] == [
            ["action_list", "ask"]
        ], owner


async def test_things_of_two_kinds_with_one_number_are_two_things(services: Services, calendar: FixedCalendar) -> None:
    """An ask and a round's subject are both known by a number of their own."""
    stage = await Stage.with_record(services, calendar, small())
    await stage.go_live()
    now = stage.at("2026-11-24T08:31")
    ana = await stage.actor("ana")
    assert ana.member_id is not None
    async with services.database.write(stage.operator.author(now)) as session:
        for number in range(1, 5):
            await offer(
                Transaction(session, stage.coalition_id, now),
                member_id=ana.member_id,
                item=Item.HELP_WANTED,
                about=str(number),
                due_at=datetime.fromisoformat("2026-11-24T09:00-06:00"),
                urgent=True,
            )
    await services.rhythm.plan()
    first = (await stage.deliveries("prompts", to="ana"))[0]
    assert "ask p1" in first.items
