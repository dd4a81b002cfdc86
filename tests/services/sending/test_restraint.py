"""At most one unprompted message a day and four a week: what waits, with what it travels, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.actions import NewAction
from bot.domain.outbox import Item
from bot.domain.sending import is_unwanted
from bot.domain.vocabularies import MessageKind
from bot.services import Services
from bot.services.access import Transaction
from bot.services.outbox import offer
from tests.builders import action, decision, group
from tests.examples import on
from tests.services.small import small
from tests.services.stage import Stage
from tests.tables import on_each


def kinds(items: tuple[str, ...]) -> list[str]:
    return [item.split()[0] for item in items]


async def live_on_sunday(services: Services, calendar: FixedCalendar, **fields: Any) -> Stage:
    stage = await Stage.with_record(services, calendar, small(**fields))
    stage.at("2026-11-22T18:00")
    await stage.link()
    await stage.go_live()
    return stage


async def test_four_a_week_and_the_rest_waits_in_home(services: Services, calendar: FixedCalendar) -> None:
    """Cal has something due on each day of the week, of which nothing must be said at once."""
    due = [action(f"A-{day}", owner="cal", due=str(day)) for day in range(23, 30)]
    stage = await live_on_sunday(services, calendar, actions=due)
    await stage.services.rhythm.plan()
    for day in range(23, 31):
        # The days of the last message of the week and of what ends with its day begin at midnight too.
        for hour in ("00:00", "09:00") if day in {26, 28} else ("09:00",):
            stage.at(f"2026-11-{day}T{hour}")
            await stage.settle()
    found = await stage.deliveries("prompts", to="cal")
    assert [(one.due[:10], one.state, one.reason) for one in found] == [
        ("Mon Nov 23", "sent", None),
        ("Tue Nov 24", "sent", None),
        ("Wed Nov 25", "sent", None),
        ("Thu Nov 26", "sent", None),
        # Friday's ends with its day; what is due on the weekend joined it, and may be said on Monday too.
        ("Mon Nov 30", "sent", None),
    ]


@pytest.mark.in_part
@on("sqlite", "any_url")
async def test_what_comes_after_the_message_of_the_day_goes_with_the_next_one(
    any_services: Services, calendar: FixedCalendar
) -> None:
    stage = await live_on_sunday(any_services, calendar)
    stage.at("2026-11-24T09:00")
    assert [one.kind for one in await stage.settle()] == ["prompts"]
    stage.at("2026-11-24T14:00")
    asker = await stage.actor("out")
    new = NewAction(title="Call the bank", owner="ana", due=date(2026, 12, 4))
    for _twice in range(2):
        await stage.services.action_items.add(asker, "one form", new)
    assert await stage.settle() == []
    stage.at("2026-11-24T16:00")
    assert await stage.settle() == [], "nothing more on this day"
    stage.at("2026-11-25T09:00")
    assert [one.kind for one in await stage.settle()] == ["prompts"]
    found = await stage.deliveries("prompts", to="ana")
    assert [kinds(one.items) for one in found if one.state == "sent"] == [["ask"], ["reminder", "action_request"]]
    assert all(one.state in {"sent", "dropped"} for one in found)


async def test_what_somebody_wants_no_messages_about_waits_in_home(services: Services, calendar: FixedCalendar) -> None:
    """Ana's update comes without her list of actions, Cal's list not at all, and the week's preview says so."""
    record = small(
        ana={"no_messages_about": ("actions",)},
        actions=[action("A-1", owner="ana", due="24"), action("A-2", owner="cal", due="24")],
    )
    spared = tuple(
        replace(one, no_messages_about=("actions", "meetings")) if one.id == "cal" else one for one in record.members
    )
    stage = await Stage.with_record(services, calendar, replace(record, members=spared))
    stage.at("2026-11-23T08:00")
    await stage.link()
    await stage.go_live()
    assert not [
        one for one in (await stage.services.week.preview(await stage.actor("lou"))).entries if one.has("actions")
    ]
    stage.at("2026-11-24T09:00")
    sent = [one for one in await stage.settle() if one.kind == "prompts"]
    contents = [await stage.services.contents.content(one.id) for one in sent]
    assert [[item.item for item in content.items] for content in contents] == [[Item.ASK]], "Ana's alone"
    assert {(one.state, one.reason) for one in await stage.deliveries("prompts", to="cal")} == {
        ("dropped", "waits in Home: this person wants no messages about it")
    }
    calm = await stage.services.home.page(await stage.actor("cal"))
    assert [card.id for card in calm.actions] == ["A-2"]


@on_each(
    ("item", "about", "unwanted", "is_so"),
    [
        (Item.ACTION_DUE, "A-1", {"actions"}, True),
        (Item.ACTION_DUE, "A-1", {"meetings"}, False),
        (Item.ACTION_REQUEST, "A-1", set(MessageKind), False),
        (Item.ASK, "1", set(MessageKind), False),
        (Item.DECISION, "D-1", {"decisions"}, True),
        (Item.MEETING, "wg|2026-12-09T14:00|today|ana", {"meetings"}, True),
        (Item.MEETING, "wg|2026-12-09T14:00|seat|ana", {"meetings"}, False),
        (Item.MEETING_NEWS, "wg|2026-12-09T14:00|moved", {"meetings"}, True),
        (Item.ASK_NEWS, "1", {"answers"}, True),
    ],
)
def test_what_is_unwanted(item: Item, about: str, unwanted: set[str], is_so: bool) -> None:
    assert is_unwanted(item, about, unwanted) is is_so
    assert not is_unwanted(item, about, unwanted, in_round=True)


async def test_what_is_urgent_does_not_wait(services: Services, calendar: FixedCalendar) -> None:
    stage = await live_on_sunday(services, calendar, actions=[action("A-1", owner="ana", accepted=False)])
    stage.at("2026-11-24T09:00")
    await stage.settle()
    now = stage.at("2026-11-24T14:00")
    ana = (await stage.actor("ana")).member_id or 0
    for _twice in range(2):
        async with services.database.write() as session:
            await offer(
                Transaction(session, stage.coalition_id, now),
                member_id=ana,
                item=Item.ACTION_REQUEST,
                about="A-1",
                due_at=now,
                urgent=True,
            )
        await stage.settle()
    sent = [kinds(one.items) for one in await stage.deliveries("prompts", to="ana") if one.state == "sent"]
    assert sent == [["ask"], ["action_request"]], "at once, and once"


async def test_an_offer_that_is_wanted_earlier_moves(services: Services, calendar: FixedCalendar) -> None:
    stage = await live_on_sunday(services, calendar, actions=[action("A-1", owner="cal", accepted=False)])
    cal = (await stage.actor("cal")).member_id or 0
    now = stage.at("2026-11-23T08:00")
    for hour in ("15:00", "10:00", "12:00"):
        due = stage.at(f"2026-11-23T{hour}")
        async with services.database.write() as session:
            await offer(
                Transaction(session, stage.coalition_id, now),
                member_id=cal,
                item=Item.ACTION_REQUEST,
                about="A-1",
                due_at=due,
            )
    stage.at("2026-11-23T10:00")
    assert len(await stage.settle()) == 1
    stage.at("2026-11-23T16:00")
    assert await stage.settle() == []


async def test_what_is_as_good_later_waits_for_what_is_planned_that_day(
    services: Services, calendar: FixedCalendar
) -> None:
    open_one = decision("D-1", needed_by="2026-12-01")
    actions = [action("A-1", owner="cal", accepted=False)]
    leaders = group(channel="leaders", members=("cal",))
    stage = await live_on_sunday(services, calendar, groups=[leaders], decisions=[open_one], actions=actions)
    cal = (await stage.actor("cal")).member_id or 0
    now = stage.at("2026-11-23T06:00")
    for item, about, hour in ((Item.DECISION, "D-1", "08:00"), (Item.ACTION_REQUEST, "A-1", "10:00")):
        due = stage.at(f"2026-11-23T{hour}")
        async with services.database.write() as session:
            tx = Transaction(session, stage.coalition_id, now)
            await offer(tx, member_id=cal, item=item, about=about, due_at=due)
    stage.at("2026-11-23T08:00")
    assert await stage.settle() == []
    stage.at("2026-11-23T10:00")
    await stage.settle()
    sent = [kinds(one.items) for one in await stage.deliveries("prompts", to="cal") if one.state == "sent"]
    assert sent == [["decision", "action_request"]]


async def test_a_message_says_nothing_of_what_was_settled_before_it_went(
    services: Services, calendar: FixedCalendar
) -> None:
    due = [action(f"A-{n}", owner="cal", due="23") for n in (1, 2)]
    stage = await live_on_sunday(services, calendar, actions=due)
    stage.at("2026-11-23T08:00")
    await stage.services.rhythm.plan()
    cal = await stage.actor("cal")
    await stage.services.action_items.complete(cal, "A-1")
    stage.at("2026-11-23T09:00")
    [sent] = await stage.settle()
    content = await stage.services.contents.content(sent.id)
    assert [one.about.split()[0] for one in content.items] == ["A-2"]
    await stage.services.action_items.complete(cal, "A-2")
    [update] = await stage.settle()
    content = await stage.services.contents.content(update.id)
    assert [one.value.is_settled for one in content.items] == [True], "what was not in it does not come in later"


async def test_what_is_held_back_is_not_lost_when_it_is_offered_again(
    services: Services, calendar: FixedCalendar
) -> None:
    """A meeting's reminder is offered anew each morning until it went."""
    due = [action("A-1", owner="cal", due="23"), action("A-2", owner="cal", accepted=False)]
    stage = await live_on_sunday(services, calendar, actions=due)
    cal = (await stage.actor("cal")).member_id or 0
    stage.at("2026-11-23T09:00")
    assert len(await stage.settle()) == 1
    now = stage.at("2026-11-23T14:00")
    for _twice in range(2):
        async with services.database.write() as session:
            await offer(
                Transaction(session, stage.coalition_id, now),
                member_id=cal,
                item=Item.ACTION_REQUEST,
                about="A-2",
                due_at=now,
            )
        assert await stage.settle() == []
    stage.at("2026-11-24T14:00")
    await stage.settle()
    sent = [kinds(one.items) for one in await stage.deliveries("prompts", to="cal") if one.state == "sent"]
    assert sent == [["action_due"], ["action_request"]]


async def test_a_digests_copy_of_the_same_minute_is_the_message_of_the_day(stage: Stage) -> None:
    """Ben reads the funders' edition on the last Friday of January at 7:30, when the day's meeting would be told."""
    stage.at("2027-01-26T18:00")
    await stage.link()
    await stage.go_live(meetings=True)
    for moment in ("2027-01-29T07:00", "2027-01-29T07:30", "2027-01-29T08:00"):
        stage.at(moment)
        await stage.settle()
    assert [(one.kind, one.due) for one in await stage.deliveries(to="ben") if one.state == "sent"] == [
        ("digest_copy", "Fri Jan 29 07:30")
    ]
