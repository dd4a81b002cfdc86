"""Home is shown anew to whoever is likely to have it before them, once for a burst of changes, and to nobody else."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.sandbox import Person
from bot.sandbox.views import View
from handlers.home_looks import MANY, HomeLooks
from tests.handlers.stage import Stage, restarted, words

NOON = datetime.fromisoformat("2026-11-23T12:00:00-06:00")
GRANT, OMAR = ("T0LB", "U0GRANT"), ("T0LB", "U0OMAR")


def shown(stage: Stage, person: Person | None = None) -> int:
    """How often Home was shown to this person, or to anybody."""
    return sum(
        entry["name"] == "views.publish" and (person is None or entry["request"]["user_id"] == person.id)
        for entry in stage.sandbox._core.wire.after()
    )


async def add(person: Person, title: str) -> None:
    """An action of one's own, by one line and its [Add]."""
    before = len(person.ephemerals)
    assert (await person.command("/action", f"add {title} by Dec 4 in supplier")).ok
    await person.until(lambda: len(person.ephemerals) > before)
    assert (await person.press(person.ephemerals[-1], "Add")).ok


async def test_an_action_shows_home_anew_to_nobody_who_has_not_opened_it(live: Stage) -> None:
    dana, omar = live.person("dana"), live.person("omar")
    before = shown(live)
    await add(dana, "Call the college @grant")
    await live.edge.drain()
    assert shown(live) == before
    await omar.open_home()
    await omar.until(lambda: "Call the college" not in words(omar.home()) and shown(live, omar) == 1)
    await add(dana, "Call the bank @me")
    await live.edge.drain()
    assert (shown(live, omar), shown(live)) == (1, before + 1), "what one does is shown to oneself"
    await dana.open_home()
    await dana.until(lambda: "Call the bank" in words(dana.home()))


async def test_home_is_shown_anew_for_fifteen_minutes_after_it_was_opened_or_used(live: Stage) -> None:
    grant = live.person("grant")
    await grant.open_home()
    await grant.until(lambda: shown(live, grant) == 1)
    await live.go("11-23 09:14")
    await add(grant, "Call the bank @me")
    await grant.until(lambda: "Call the bank" in words(grant.home()))
    home = grant.home()
    assert home is not None
    await grant.press(home, "Refresh")
    await grant.until(lambda: shown(live, grant) == 3)
    await live.go("11-23 09:28")
    await add(grant, "Write to the bank @me")
    await grant.until(lambda: "Write to the bank" in words(grant.home()))
    await live.go("11-23 09:30")
    before = shown(live, grant)
    await add(grant, "Visit the bank @me")
    await live.edge.drain()
    assert shown(live, grant) == before, "a press fifteen minutes ago is too long ago"
    await grant.open_home()
    await grant.until(lambda: "Visit the bank" in words(grant.home()))
    await live.go("11-23 11:00")
    await grant.open_home()
    await grant.until(lambda: shown(live, grant) == before + 2)


async def test_what_is_pressed_in_home_long_after_it_was_opened_is_shown_in_it(live: Stage) -> None:
    grant = live.person("grant")
    await grant.open_home()
    await grant.until(lambda: "(A-202)" in words(grant.home()))
    await live.go("11-23 13:00")
    home = grant.home()
    assert home is not None
    await grant.press(home, "open_action:A-202")
    await grant.until(lambda: "Two-page draft" in words(grant.modal))
    assert grant.modal is not None
    await grant.press(grant.modal, "Done")
    await grant.until(lambda: "(A-202)" not in words(grant.home()))


async def test_the_messages_tab_is_not_home(live: Stage) -> None:
    grant = live.person("grant")
    before = shown(live)
    opened = {"type": "app_home_opened", "user": grant.id, "channel": grant.im.id, "tab": "messages"}
    live.sandbox._delivery.event("app_home_opened", opened)
    await add(grant, "Call the bank @me")
    await live.edge.drain()
    assert shown(live) == before


@pytest.mark.at_once
async def test_ten_changes_in_a_moment_are_shown_in_few_redraws_and_the_last_of_them_is(live: Stage) -> None:
    grant = live.person("grant")
    for number in range(10):
        assert (await grant.command("/action", f"add Call bank {number} @me by Dec 4 in supplier")).ok
    await grant.until(lambda: len(grant.ephemerals) == 10)
    await grant.open_home()
    await grant.until(lambda: shown(live, grant) == 1)
    await asyncio.gather(*(grant.press(message, "Add") for message in list(grant.ephemerals)))
    await live.edge.drain()
    assert 2 <= shown(live, grant) <= 6
    added = await live.services.home.page(await live.actor("grant"), whole=True)
    titles = [item.title for item in added.actions if item.title.startswith("Call bank")]
    assert len(titles) == 10
    assert words(grant.home()) == words(await seen_anew(live, grant))


async def seen_anew(stage: Stage, person: Person) -> View | None:
    """Home as it is when it is opened now."""
    before = shown(stage, person)
    await person.open_home()
    await person.until(lambda: shown(stage, person) > before)
    return person.home()


async def test_another_process_knows_who_is_in_home(live: Stage) -> None:
    grant = live.person("grant")
    await grant.open_home()
    await grant.until(lambda: shown(live, grant) == 1)
    await live.edge.drain()
    async with restarted(live) as another:
        await add(grant, "Call the bank @me")
        await grant.until(lambda: "Call the bank" in words(grant.home()))
        await another.edge.drain()


def test_looks_end_by_the_calendar() -> None:
    looks = HomeLooks()
    assert not looks.is_there(GRANT, NOON)
    looks.note(GRANT, NOON)
    assert looks.is_there(GRANT, NOON + timedelta(minutes=14, seconds=59))
    assert not looks.is_there(GRANT, NOON + timedelta(minutes=15))
    assert not looks.is_there(OMAR, NOON)


def test_others_are_told_once_a_minute_and_after_the_calendar_went_back() -> None:
    looks = HomeLooks()
    told = [looks.note(GRANT, NOON + timedelta(seconds=seconds)) for seconds in (0, 30, 59, 60, 100, -5)]
    assert told == [True, False, False, True, False, True]


def test_one_redraw_waits_and_the_one_under_way_is_another() -> None:
    looks = HomeLooks()
    assert (looks.want(GRANT), looks.want(GRANT), looks.want(OMAR)) == (True, False, True)
    looks.begin(GRANT)
    assert (looks.want(GRANT), looks.want(GRANT)) == (True, False)


def test_who_left_is_let_go() -> None:
    looks = HomeLooks()
    for number in range(MANY + 1):
        looks.note(("T0LB", f"U{number}"), NOON)
    looks.note(GRANT, NOON + timedelta(hours=1))
    assert len(looks._seen) == len(looks._told) == 1
