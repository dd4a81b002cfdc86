"""Canvases kept up in priorities' channels: written whole, only where something differs, and what becomes of them when
people change or delete them, when Slack refuses, asks to wait or says nothing, and with two processes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.demo import user_id_of
from bot.domain.actions import NewAction
from bot.domain.canvases import CanvasNote, CanvasState
from bot.domain.record import Record
from bot.domain.vocabularies import CanvasUse
from bot.sandbox import Refused
from bot.sandbox import Settings as SandboxSettings
from bot.sandbox.workspace import Canvas, Channel
from bot.services.access import clock
from bot.store.canvases import CanvasRow
from schedules.canvases import CanvasKeeper
from tests.clocks import MovedClock
from tests.schedules.conftest import Opener
from tests.schedules.stage import TEAM, Process, Stage, opened
from tests.services.stage import when_free

SUPPLIERS = "lb-suppliers"
CREATE, EDIT = "conversations.canvases.create", "canvases.edit"


def channel_of(stage: Stage, name: str = SUPPLIERS) -> Channel:
    found = stage.sandbox.workspace.channel_called(name)
    assert found is not None
    return found


async def make_home(stage: Stage, name: str = SUPPLIERS) -> None:
    """Nobody of another workspace is in this channel."""
    channel_of(stage, name).is_ext_shared = False
    await stage.refresh()


def keeper_of(process: Process) -> CanvasKeeper:
    return CanvasKeeper(process.services, process.workspaces)


def later(process: Process, seconds: float) -> None:
    """So much elapsed time passes for a process."""
    clock = process.services.deliveries.elapsed
    assert isinstance(clock, MovedClock)
    clock.ahead += seconds


def canvases(stage: Stage, name: str = SUPPLIERS) -> list[Canvas]:
    found = stage.sandbox.workspace.canvases
    return [found[key] for key in channel_of(stage, name).tabs]


def asked(stage: Stage, method: str) -> int:
    """How often the bot called a method; one whose answer went wrong stands in the log twice."""
    entries = stage.calls(method)
    twice = [
        one for one in entries if one["error"] in {f"fault: {kind}" for kind in ("drop_after_accept", "internal_error")}
    ]
    return len(entries) - len(twice)


async def row_of(stage: Stage) -> CanvasRow:
    async with stage.services.database.read() as session:
        rows = list(await session.scalars(select(CanvasRow)))
    assert len(rows) == 1
    return rows[0]


async def add_action(stage: Stage, title: str) -> None:
    new = NewAction(title=title, owner="omar", due=date(2026, 12, 11), priority="supplier-growth")
    await stage.services.action_items.add(await stage.actor("omar"), f"form of {title}", new)


async def use(stage: Stage, how: CanvasUse, **also: Any) -> None:
    record = await stage.record()
    priorities = tuple(
        replace(one, canvas=how, **also) if one.id == "supplier-growth" else one for one in record.priorities
    )
    await stage.change(replace(record, priorities=priorities))


@pytest.fixture
def keeper(home: Stage) -> CanvasKeeper:
    return keeper_of(home.main)


async def told(stage: Stage) -> list[str]:
    """What coordinators were told by message."""
    await stage.settle()
    return [message.text for message in stage.dm("omar") if "anvas" in message.text]


async def test_it_is_written_in_the_one_channel_without_people_of_other_workspaces(
    home: Stage, keeper: CanvasKeeper
) -> None:
    assert await keeper.run() == 1
    assert [one.channel for one in home.sandbox.workspace.canvases.values()] == [channel_of(home).id]
    [canvas] = canvases(home)
    assert canvas.title == "Supplier and small-firm growth: where it stands"
    assert "A-202" in canvas.markdown
    assert "13 days overdue" not in canvas.markdown  # it is Monday, not Wednesday
    assert canvas.access == "read"
    row = await row_of(home)
    assert (row.state, row.canvas_id) == (CanvasState.STANDING, canvas.id)


async def test_without_a_difference_nothing_is_called(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    calls = len(home.sandbox.wire.after())
    for _ in range(3):
        later(home.main, 61)
        assert await keeper.run() == 0
    home.set("11-23 09:30")
    assert await keeper.run() == 0
    assert len(home.sandbox.wire.after()) == calls


async def test_two_changes_within_a_minute_are_one_edit_of_the_latest_state(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    for title in ("Call the one", "Call the other"):
        await add_action(home, title)
        later(home.main, 20)
        assert await keeper.run() == 0
    later(home.main, 21)
    assert await keeper.run() == 1
    [canvas] = canvases(home)
    assert canvas.edits == 1
    assert "Call the one" in canvas.markdown
    assert "Call the other" in canvas.markdown


async def test_what_a_person_wrote_is_replaced_at_the_next_difference(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    [canvas] = canvases(home)
    grant = home.sandbox.person(user_id_of("helen"))
    with pytest.raises(Refused):
        grant.edits_canvas(canvas, "Mine")
    canvas.access = "write"
    grant.edits_canvas(canvas, "Mine")
    later(home.main, 61)
    assert await keeper.run() == 0
    await add_action(home, "Something new")
    assert await keeper.run() == 1
    assert "Mine" not in canvas.markdown
    assert "Something new" in canvas.markdown


async def test_one_that_was_deleted_is_told_of_once_and_made_again_by_a_button(
    home: Stage, keeper: CanvasKeeper
) -> None:
    await keeper.run()
    home.sandbox.person(user_id_of("omar")).deletes_canvas(canvases(home)[0])
    await add_action(home, "Something new")
    later(home.main, 61)
    await keeper.run()
    assert (await row_of(home)).state == CanvasState.GONE
    for number in range(3):
        await add_action(home, f"Even newer: {number}")
        later(home.main, 61)
        assert await keeper.run() == 0
    [words] = await told(home)
    assert "somebody deleted mine" in words
    omar = await home.actor("omar")
    [line] = (await home.services.canvases.page(omar)).in_need
    assert line.priority == "supplier-growth"
    await home.services.canvases.make_again(omar, "supplier-growth")
    assert await keeper.run() == 1
    assert [one.deleted for one in canvases(home)] == [True, False]


async def test_peoples_own_canvas_is_left_alone_until_a_coordinator_says_otherwise(
    home: Stage, keeper: CanvasKeeper
) -> None:
    theirs = home.sandbox.person(user_id_of("helen")).makes_canvas(SUPPLIERS, "Our notes", "Ours")
    await keeper.run()
    later(home.main, 61)
    await keeper.run()
    assert canvases(home) == [theirs]
    assert (theirs.markdown, theirs.edits) == ("Ours", 0)
    assert home.calls(CREATE) == []
    assert "people made a canvas" in (await told(home))[0]
    await home.services.canvases.make_again(await home.actor("omar"), "supplier-growth")
    assert await keeper.run() == 1
    assert len(canvases(home)) == 2
    assert theirs.edits == 0


async def test_its_own_that_a_restored_database_does_not_know_is_taken_up_again(
    home: Stage, keeper: CanvasKeeper
) -> None:
    await keeper.run()
    async with home.services.database.write() as session:
        await session.execute(text("DELETE FROM canvases"))
    for _ in range(2):
        await keeper_of(home.main).run()
    [canvas] = canvases(home)
    row = await row_of(home)
    assert (row.state, row.canvas_id, canvas.edits) == (CanvasState.STANDING, canvas.id, 1)


async def test_the_tab_of_a_canvas_that_somebody_deleted_is_in_nobodys_way(home: Stage, keeper: CanvasKeeper) -> None:
    helen = home.sandbox.person(user_id_of("helen"))
    helen.deletes_canvas(helen.makes_canvas(SUPPLIERS, "Old notes", "Ours"))
    assert await keeper.run() == 1


async def test_slack_is_not_asked_before_the_time_that_it_named(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    await add_action(home, "First")
    later(home.main, 61)
    home.sandbox.faults.add(EDIT, "rate_limited", seconds=90)
    await keeper.run()
    await add_action(home, "Second")
    for _ in range(2):
        later(home.main, 40)
        await keeper.run()
    assert asked(home, EDIT) == 1
    later(home.main, 15)
    # The process itself counts by a clock that tests don't move.
    writer = home.main.workspaces.only.canvases
    assert writer is not None
    assert 80 < writer._paused.pop(EDIT) - home.services.deliveries.elapsed.monotonic() <= 90
    await keeper.run()
    assert "Second" in canvases(home)[0].markdown
    assert asked(home, EDIT) == 2


async def test_a_failed_edit_is_tried_again_as_what_should_stand_there_then(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    await add_action(home, "First")
    later(home.main, 61)
    home.sandbox.faults.add(EDIT, "internal_error")
    await keeper.run()
    await add_action(home, "Second")
    await keeper.run()
    assert asked(home, EDIT) == 1
    later(home.main, 61)
    await keeper.run()
    assert "Second" in canvases(home)[0].markdown
    row = await row_of(home)
    assert (row.state, row.tries) == (CanvasState.STANDING, 0)


@pytest.mark.parametrize(
    ("setting", "state"),
    [("has_canvases", CanvasState.NO_CANVASES), ("may_make_canvases", CanvasState.NOT_ALLOWED)],
)
async def test_a_workspace_without_canvases_is_asked_once_and_nothing_else_breaks(
    thread_due: Stage, setting: str, state: CanvasState
) -> None:
    stage = thread_due
    setattr(stage.sandbox.settings, setting, False)
    before = len(stage.posts)
    for name in (SUPPLIERS, "lb-access", "lb-talent"):
        channel_of(stage, name).is_ext_shared = False
    await stage.refresh()
    keeper = keeper_of(stage.main)
    for _ in range(3):
        await keeper.run()
        later(stage.main, 4000)
    assert asked(stage, CREATE) == 1
    assert await told(stage) == []
    assert any("digest" in one.text.lower() for one in stage.posts[before:])
    omar = await stage.actor("omar")
    assert (await stage.services.canvases.page(omar)).refusal == state
    setattr(stage.sandbox.settings, setting, True)
    assert await keeper.run() == 0
    await stage.services.canvases.ask_again(omar)
    assert await keeper.run() == 3


async def test_it_is_asked_again_after_a_week(open_stage: Opener) -> None:
    async with open_stage(settings=SandboxSettings(has_canvases=False)) as stage:
        await make_home(stage)
        keeper = keeper_of(stage.main)
        await keeper.run()
        stage.sandbox.settings.has_canvases = True
        stage.set("11-29 07:00")
        assert await keeper.run() == 0
        stage.set("11-30 07:01")
        assert await keeper.run() == 1


async def test_without_the_scope_nothing_is_called_at_all(home: Stage, keeper: CanvasKeeper) -> None:
    workspace = home.main.workspaces.only
    workspace.token = replace(workspace.token, scopes=frozenset({"chat:write"}))
    await keeper.run()
    assert [one["name"] for one in home.sandbox.wire.after() if "canvas" in one["name"]] == []
    assert (await row_of(home)).state == CanvasState.NOT_ALLOWED
    workspace.token = replace(workspace.token, scopes=frozenset({"chat:write", "canvases:write"}))
    await home.services.canvases.ask_again(await home.actor("omar"))
    assert await keeper.run() == 1


async def test_on_the_free_plan_a_tab_that_is_there_is_told_of(open_stage: Opener) -> None:
    async with open_stage(settings=SandboxSettings(is_free_plan=True)) as stage:
        await make_home(stage)
        helen = stage.sandbox.person(user_id_of("helen"))
        helen.deletes_canvas(helen.makes_canvas(SUPPLIERS, "Old notes", "Ours"))
        await keeper_of(stage.main).run()
        assert (await row_of(stage)).state == CanvasState.THEIRS
        assert "free plan" in (await told(stage))[0]


@pytest.mark.parametrize("lag", [0.0, 0.3])
async def test_one_whose_answer_was_lost_is_found_by_what_only_the_bot_can_have_made(home: Stage, lag: float) -> None:
    home.sandbox.settings.canvas_tab_lag_seconds = lag
    keeper = keeper_of(home.main)
    home.sandbox.faults.add(CREATE, "drop_after_accept")
    await keeper.run()
    assert (await row_of(home)).canvas_id is None
    if lag:
        later(home.main, 16)
        await keeper.run()
        assert (await row_of(home)).state == CanvasState.MAKING
        await asyncio.sleep(lag)
    later(home.main, 16)
    await keeper.run()
    await keeper.run()
    [canvas] = canvases(home)
    row = await row_of(home)
    assert (row.state, row.canvas_id) == (CanvasState.STANDING, canvas.id)
    assert asked(home, CREATE) == 1


async def test_where_nobody_can_tell_it_is_held_and_never_made_twice(home: Stage, keeper: CanvasKeeper) -> None:
    home.sandbox.faults.add(CREATE, "drop_before_accept")
    await keeper.run()
    # Somebody makes one meanwhile, and calls it the same.
    helen = home.sandbox.person(user_id_of("helen"))
    theirs = helen.makes_canvas(SUPPLIERS, "Supplier and small-firm growth: where it stands", "Ours")
    for _ in range(6):
        later(home.main, 16)
        await keeper.run()
    assert (await row_of(home)).state == CanvasState.UNCLEAR
    assert asked(home, CREATE) == 1
    assert theirs.edits == 0
    assert "can't tell" in (await told(home))[0]


@pytest.mark.at_once
async def test_a_process_that_dies_right_after_slack_made_it_leaves_it_to_be_found(home: Stage) -> None:
    keeper = keeper_of(home.main)
    home.sandbox.faults.add(CREATE, "withhold", seconds=30)
    task = asyncio.create_task(keeper.run())
    await home.sandbox.until(lambda: bool(channel_of(home).tabs))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    home.sandbox.faults.release()
    later(home.main, 20)
    assert await keeper_of(home.main).run() == 0
    later(home.main, 200)
    await keeper_of(home.main).run()
    assert (await row_of(home)).canvas_id == canvases(home)[0].id
    assert len(canvases(home)) == 1


async def test_what_one_process_has_taken_no_other_one_gets(home: Stage) -> None:
    canvases_of, actor = home.services.canvases, clock(home.coalition_id)
    [task] = await canvases_of.tasks(actor, TEAM)
    taken = await canvases_of.take(actor, TEAM, task)
    assert taken is not None
    assert await canvases_of.take(actor, TEAM, task) is None
    await canvases_of.note(actor, taken, CanvasNote(state=CanvasState.NEW))
    assert await canvases_of.take(actor, TEAM, task) is not None


async def test_in_a_shared_channel_only_by_word_and_switched_off_it_says_so(stage: Stage) -> None:
    keeper = keeper_of(stage.main)
    assert await keeper.run() == 0
    await use(stage, CanvasUse.ALWAYS)
    assert await keeper.run() == 1
    [canvas] = canvases(stage)
    later(stage.main, 61)
    await use(stage, CanvasUse.NEVER)
    assert await keeper.run() == 1
    assert canvas.markdown.startswith("This page was switched off.")
    assert "A-202" not in canvas.markdown
    later(stage.main, 61)
    assert await keeper.run() == 0
    await use(stage, CanvasUse.ALWAYS)
    assert await keeper.run() == 1
    assert "A-202" in canvas.markdown


async def test_a_channel_that_comes_to_be_shared_keeps_none_of_it(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    channel_of(home).is_ext_shared = True
    await home.refresh()
    later(home.main, 61)
    assert await keeper.run() == 1
    assert "A-202" not in canvases(home)[0].markdown


async def test_while_paused_nothing_is_written_and_an_end_is_told(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    await home.services.coalitions.pause(home.operator)
    await add_action(home, "While paused")
    later(home.main, 61)
    assert await keeper.run() == 0
    await home.services.coalitions.resume(home.operator)
    assert await keeper.run() == 1
    later(home.main, 61)
    home.set("12-07 09:00")
    async with home.services.database.write() as session:
        await session.execute(text("UPDATE priorities SET ended = '2026-12-05' WHERE key = 'supplier-growth'"))
    assert await keeper.run() == 1
    assert canvases(home)[0].markdown.startswith("Work on this priority ended Sat Dec 5.")


async def test_a_new_name_is_the_canvas_too(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    await use(home, CanvasUse.USUAL, name="Suppliers")
    for _ in range(2):
        later(home.main, 61)
        await keeper.run()
    assert canvases(home)[0].title == "Suppliers: where it stands"
    assert (await row_of(home)).state == CanvasState.STANDING


async def test_what_an_owner_says_comes_with_the_digest_and_with_a_way_to_it(home: Stage, keeper: CanvasKeeper) -> None:
    await keeper.run()
    assert "told in the first digest, Wed Nov 25" in canvases(home)[0].markdown
    await home.go("11-25 07:30")
    later(home.main, 61)
    await keeper.run()
    words = canvases(home)[0].markdown
    assert "**Owner says**" in words
    assert "[The digest of Wed Nov 25](https://" in words


async def test_what_slack_takes_long_for_holds_up_no_message(home: Stage) -> None:
    heartbeat = home.heartbeat(canvases=keeper_of(home.main))
    home.sandbox.faults.add(CREATE, "withhold", seconds=30)
    home.set("11-23 09:00")
    heartbeat.start()
    try:
        await home.sandbox.until(lambda: bool(home.posts))
    finally:
        home.sandbox.faults.release()
        await heartbeat.stop()


@pytest.mark.postgres
async def test_two_processes_make_one_canvas_and_one_edit(postgres_live_url: str, sample: Record) -> None:
    async with opened(postgres_live_url, sample) as stage:
        await make_home(stage)
        keepers = [keeper_of(stage.main), keeper_of(stage.process("second"))]
        await asyncio.gather(*(when_free(one.run) for one in keepers))
        assert len(canvases(stage)) == 1
        await add_action(stage, "Something new")
        async with stage.services.database.write() as session:
            await session.execute(update(CanvasRow).values(not_before=0))
        await asyncio.gather(*(when_free(one.run) for one in keepers))
        [canvas] = canvases(stage)
        assert canvas.edits == 1
        assert asked(stage, CREATE) == 1
