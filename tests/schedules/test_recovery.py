"""A database that was brought back from a copy: nothing that was sent since is sent again, and all else goes on."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.outbox import State
from bot.services.sending import Runs
from bot.slack.workspaces import Workspaces
from bot.store.backups import back_up, restore
from bot.store.database import database_url
from bot.store.outbox import DeliveryRow, RecoveryRow
from schedules.recover import Recoverer
from tests.examples import part
from tests.schedules.stage import START, Stage, at
from tests.store.test_backups import tools as tools_of_postgresql

tools = tools_of_postgresql


POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", POSTGRES])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The database that the bot runs on, and an empty one elsewhere."""
    if request.param == "sqlite":
        yield request.getfixturevalue("live_url"), f"sqlite:///{tmp_path / 'elsewhere.db'}"
        return
    request.getfixturevalue("tools")
    first = request.getfixturevalue("postgres_live_url")
    yield first, request.getfixturevalue("postgres_url")


@asynccontextmanager
async def brought_back(stage: Stage, url: str) -> AsyncIterator[Stage]:
    """The bot on another database, with the same Slack and clocks, as `backbeat run` begins there."""
    other = Stage(stage.sandbox, stage.clock, stage.calendar, url, stage.client, stage.timing, stage.mailer)
    other.process("brought back")
    try:
        await other.services.runs.begin()
        await other.bind()
        yield other
    finally:
        await other.close()


async def settle(stage: Stage) -> None:
    """Everything that is due, as the running bot does it."""
    await stage.heartbeat().settle()


def words(stage: Stage) -> Counter[tuple[str, str]]:
    """Each text that was posted, by conversation."""
    return Counter((post.channel, post.text) for post in stage.posts)


async def lead_through(stage: Stage, *moments: str) -> None:
    for moment in moments:
        stage.set(moment)
        await settle(stage)


# On SQLite the same is lived through by processes, in `test_restore.py`.
@pytest.mark.in_part
@pytest.mark.parametrize("urls", part([POSTGRES], ["sqlite", POSTGRES]), indirect=True)
async def test_of_what_was_sent_after_the_backup_nothing_is_sent_again(
    urls: tuple[str, str], open_stage_at: object, tmp_path: Path
) -> None:
    here, elsewhere = urls
    async with open_stage_at(here) as stage:  # type: ignore[operator]
        await lead_through(stage, *part([], ["11-23 08:00"]), "11-23 09:00")
        back_up(database_url(here), tmp_path / "monday", stage.calendar.now())
        known = len(stage.posts)
        # A reminder, stand-ins, the close, the brief and the digest with its thread come after the backup.
        between = part([], ["11-24 09:00", "11-24 15:00"])
        await lead_through(stage, *sorted(["11-24 12:00", "11-24 16:30", *between]), "11-25 07:30")
        assert len(stage.posts) > known + 10
        sent, said = len(stage.posts), words(stage)
        stage.set("11-25 08:00")
        done = restore(database_url(elsewhere), tmp_path / "monday", stage.calendar.now())
        assert done.since == at("11-23 09:00")
        async with brought_back(stage, elsewhere) as other:
            await settle(other)
            assert other.doubled == []
            # Each coordinator is told once, and nobody hears anything else.
            assert sum((words(other) - said).values()) == 3
            assert all(post.text.startswith("Restored from a backup of Mon Nov 23") for post in other.posts[sent:])
            recovery = await the_recovery(other)
            assert recovery.ended_at is not None
            assert (recovery.found, recovery.held) == (sent - known, 0)
            # Next week's round is asked, and its digest comes, once.
            await lead_through(
                other, *part(["12-01 09:00"], ["12-01 09:00", "12-02 14:00", "12-03 12:30"]), "12-04 07:30"
            )
            assert other.doubled == []
            assert len(other.posts) > sent + part(15, 20)
            assert [row.state for row in await other.rows("digest_roll_up")] == [State.SENT] * 2


async def the_recovery(stage: Stage) -> RecoveryRow:
    async with stage.services.database.read() as session:
        return (await session.scalars(select(RecoveryRow))).one()


async def copied(stage: Stage, folder: Path, *, name: str = "copy.db") -> str:
    """A copy of the stage's SQLite database as it is now, as somebody makes one by hand while nothing runs."""
    source = stage.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(folder / name)) as copy:
        original.backup(copy)
    return f"sqlite:///{folder / name}"


async def leave_marks_long_ago(url: str) -> None:
    """As if the last mark had been left an hour ago."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        [(told,)] = connection.execute("SELECT value FROM settings WHERE name = 'run'").fetchall()
        value = json.loads(told)
        value["epoch"] -= 3600
        connection.execute("UPDATE settings SET value = ? WHERE name = 'run'", (json.dumps(value),))


async def test_where_nobody_can_look_one_notice_asks_what_to_do(
    posted: Stage, planned_template: Path, tmp_path: Path
) -> None:
    """Of what is due in such a conversation; what comes later goes as ever."""
    back_up(database_url(f"sqlite:///{planned_template}"), tmp_path / "monday", START)
    sent = len(posted.posts)
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    posted.set("11-25 08:00")
    restore(database_url(elsewhere), tmp_path / "monday", posted.calendar.now())
    async with brought_back(posted, elsewhere) as other:
        app = other.sandbox._core.app
        allowed = app.scopes
        object.__setattr__(app, "scopes", frozenset(one for one in allowed if not one.endswith(":history")))
        await settle(other)
        assert other.doubled == []
        told = other.posts[sent:]
        assert len(told) == 3
        assert len({post.channel for post in told}) == 3
        recovery = await the_recovery(other)
        held = [row for row in await other.rows() if row.state == State.HELD]
        assert recovery.ended_at is not None
        assert (recovery.found, recovery.held) == (0, len(held))
        assert held
        why = (
            "it may have gone out before this database was brought back, and the conversation can't be searched, since"
        )
        assert {(row.reason or "").startswith(why) for row in held} == {True}
        # One of them is sent again.
        digest, *_rest = [row for row in held if row.kind == "digest_roll_up"]
        omar = await other.actor("omar")
        await other.services.unclear_posts.resolve_held(omar, digest.id, arrived=False)
        object.__setattr__(app, "scopes", allowed)
        await settle(other)
        assert (await other.one("digest_roll_up")).state == State.SENT
        page = await other.services.home.page(omar, whole=True)
        assert page.coordination is not None
        assert page.coordination.undelivered is not None
        assert page.coordination.undelivered.recovery is not None


async def test_a_conversation_that_cant_be_opened_cant_be_searched(
    posted: Stage, planned_template: Path, tmp_path: Path
) -> None:
    """Its messages are held, and the next person's are looked for all the same."""
    back_up(database_url(f"sqlite:///{planned_template}"), tmp_path / "monday", START)
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    posted.set("11-25 08:00")
    restore(database_url(elsewhere), tmp_path / "monday", posted.calendar.now())
    async with brought_back(posted, elsewhere) as other:
        other.sandbox.change_user("U0IMANI", no_direct_messages=True)
        await settle(other)
        assert other.doubled == []
        recovery = await the_recovery(other)
        held = [row for row in await other.rows() if row.state == State.HELD]
        assert recovery.ended_at is not None
        assert recovery.found > 0
        assert recovery.held == len(held) > 0
        assert {"the conversation can't be searched, since" in (row.reason or "") for row in held} == {True}


async def test_a_slack_that_asks_to_wait_is_waited_for_and_nothing_goes_meanwhile(asked: Stage, tmp_path: Path) -> None:
    url = await copied(asked, tmp_path)
    await lead_through(asked, "11-24 09:00")
    sent = len(asked.posts)
    restore(
        database_url(f"sqlite:///{tmp_path / 'elsewhere.db'}"), Path(url.removeprefix("sqlite:///")), at("11-24 09:00")
    )
    async with brought_back(asked, f"sqlite:///{tmp_path / 'elsewhere.db'}") as other:
        fault = other.sandbox.faults.add("conversations.history", "rate_limited", times=1, seconds=1)
        heartbeat = other.heartbeat()
        await heartbeat.plan()
        await heartbeat._recoverer.run()
        await other.main.dispatcher.run()
        assert fault.hit == 1
        open_one = await the_recovery(other)
        assert open_one.ended_at is None
        page = await other.services.home.page(await other.actor("omar"), whole=True)
        assert page.coordination is not None
        assert page.coordination.undelivered is not None
        assert page.coordination.undelivered.recovery is not None
        assert page.coordination.undelivered.recovery.ended_at is None
        await settle(other)
        assert other.doubled == []
        assert (await the_recovery(other)).ended_at is not None
        assert {post.text.split(".")[0] for post in other.posts[sent:]} == {
            "Restored from a backup of Mon Nov 23, 9:00 AM Central",
            "Restored from a backup of Mon Nov 23, 8:00 AM Mountain",
        }


async def test_a_copy_that_is_older_than_the_last_run_is_noticed_by_the_number_beside_it(
    asked: Stage, tmp_path: Path
) -> None:
    runs = asked.services.runs
    assert await runs.begin(None) == 1
    assert await runs.mark() == 2
    known = len(asked.posts)
    older = await copied(asked, tmp_path)
    asked.set("11-23 09:30")
    assert await runs.mark() == 3
    await lead_through(asked, "11-24 09:00")
    sent = len(asked.posts)
    other = Stage(asked.sandbox, asked.clock, asked.calendar, older, asked.client, asked.timing)
    other.process("on the copy")
    try:
        assert await other.services.runs.begin(3) == 4
        await other.bind()
        await settle(other)
        recovery = await the_recovery(other)
        assert (recovery.why, recovery.since, recovery.found) == ("older", at("11-23 09:00"), sent - known)
        assert other.doubled == []
        assert all(post.text.startswith("My database is an older copy") for post in other.posts[sent:])
        assert len(other.posts) == sent + 3
    finally:
        await other.close()


async def recoveries(stage: Stage) -> int:
    async with stage.services.database.read() as session:
        return await session.scalar(select(func.count(RecoveryRow.id))) or 0


async def test_the_same_database_is_known_however_long_nothing_ran(stage: Stage) -> None:
    await stage.services.runs.begin(None)
    number = await stage.services.runs.mark()
    await leave_marks_long_ago(stage.url)
    assert await stage.services.runs.begin(number) == number + 1
    assert await recoveries(stage) == 0


async def test_one_in_a_new_place_after_a_silence_is_looked_after_and_nobody_is_bothered(stage: Stage) -> None:
    """A machine that was off, or a copy of one: what is due is looked for, and where nothing is found it goes."""
    await stage.services.runs.begin(None)
    await lead_through(stage, "11-23 08:00")
    await leave_marks_long_ago(stage.url)
    stage.set("11-23 09:00")
    before = len(stage.posts)
    assert await stage.services.runs.begin(None) == 2
    assert await recoveries(stage) == 1
    await settle(stage)
    recovery = await the_recovery(stage)
    assert (recovery.why, recovery.found, recovery.ended_at) == ("away", 0, stage.calendar.now())
    assert len(stage.posts) == before + 3, "those whose hour has come, and no notice"
    page = await stage.services.home.page(await stage.actor("omar"), whole=True)
    assert page.coordination is not None
    assert page.coordination.undelivered is not None
    assert page.coordination.undelivered.recovery is None


async def test_what_is_in_doubt_waits_where_nobody_speaks_to_its_workspace(stage: Stage) -> None:
    await stage.services.runs.begin(None)
    await lead_through(stage, "11-23 08:00")
    await leave_marks_long_ago(stage.url)
    stage.set("11-23 09:00")
    await stage.services.runs.begin(None)
    await stage.services.rhythm.plan()
    assert await Recoverer(stage.services, Workspaces()).run() == 0
    assert await stage.services.recoveries.doubts()
    assert (await the_recovery(stage)).ended_at is None


async def test_a_quick_restart_looks_for_nothing(stage: Stage) -> None:
    await stage.services.runs.begin(None)
    await stage.services.runs.begin(None)
    assert await recoveries(stage) == 0


async def test_what_people_begin_afterwards_is_in_no_doubt(stage: Stage) -> None:
    """A new decision gets the number that one had which the copy doesn't know: its post is another one."""
    assert isinstance(stage.services.runs, Runs)
    await stage.services.runs.begin(None)
    await leave_marks_long_ago(stage.url)
    await stage.services.runs.begin(None)
    stage.set("11-23 07:05")
    async with stage.services.database.write() as session:
        session.add(
            DeliveryRow(
                coalition_id=stage.coalition_id,
                key="a key of later",
                kind="letter",
                planned_at=stage.calendar.now(),
                due_at=stage.calendar.now(),
            )
        )
        await session.flush()
        rows = await session.execute(select(RecoveryRow.noticed_at))
        assert rows.scalar_one() == stage.calendar.now() - timedelta(minutes=5)
    assert "a key of later" not in {one.key for one in await stage.services.recoveries.doubts()}
