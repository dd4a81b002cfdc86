"""A program that can't start says why in one sentence, with exit code 2 and no traceback.

What it waits for instead is in `test_waiting_to_start`.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.demo import workspace_of
from bot.domain.record import Record
from bot.sandbox import Sandbox
from bot.single_instance import SingleInstance
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url
from tests.live_sample import reaching, unset
from tests.processes import Nursery

Refused = Callable[..., Awaitable[str]]


@pytest.fixture
async def sandbox(sample: Record) -> AsyncIterator[Sandbox]:
    async with await Sandbox.start(manifest(), workspace_of(sample)) as started:
        yield started


def environment(tmp_path: Path, **values: str) -> dict[str, str]:
    """Everything that `run` needs, with `values` in place of what is to be wrong."""
    return {
        **unset(),
        "SLACK_BOT_TOKEN": "xoxb-wrong",
        "SLACK_APP_TOKEN": "xapp-wrong",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'start.db'}",
        **values,
    }


@pytest.fixture
def refused(tmp_path: Path, nursery: Nursery, sqlite_template: Path) -> Refused:
    """Starts `backbeat run`, with these settings in place of those that are right, and returns why it refuses."""
    shutil.copy(sqlite_template, tmp_path / "start.db")

    async def said(**values: str) -> str:
        code, output, errors = await nursery.start("run", environment=environment(tmp_path, **values)).read()
        text = output + errors
        assert code == 2, text
        assert "Traceback" not in text
        assert len(text.strip().splitlines()) == 1, text
        return text

    return said


async def test_a_wrong_token(refused: Refused, sandbox: Sandbox) -> None:
    text = await refused(SLACK_API_URL=sandbox.api_url)
    assert "SLACK_BOT_TOKEN doesn't work: the token is not valid" in text
    assert "xoxb" not in text


async def test_a_wrong_app_token(refused: Refused, sandbox: Sandbox, sqlite_sample_url: str) -> None:
    text = await refused(
        SLACK_API_URL=sandbox.api_url, SLACK_BOT_TOKEN=sandbox.bot_token, DATABASE_URL=sqlite_sample_url
    )
    assert "SLACK_APP_TOKEN doesn't work" in text


async def test_no_token(refused: Refused) -> None:
    assert "SLACK_BOT_TOKEN is not set" in await refused(SLACK_BOT_TOKEN="")


async def test_without_a_coalition_it_runs_and_says_what_to_do(
    tmp_path: Path, sandbox: Sandbox, nursery: Nursery
) -> None:
    child = nursery.start("run", environment=environment(tmp_path, **reaching(sandbox)))
    lines = [await child.line() for _ in range(2)]
    child.send_signal(signal.SIGTERM)
    code, _, _ = await child.read()
    assert code == 0
    assert lines[0].startswith("Backbeat runs in ")
    assert "a workspace owner or admin writes /coalition setup in Slack." in lines[1]


async def test_a_newer_database(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "start.db"
    schema.migrate(database_url(f"sqlite:///{path}"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE settings SET value = '9998' WHERE name = 'oldest_program'")
    said = await refused()
    assert "written by a newer version of Backbeat (schema 9999)" in said
    assert "works only with programs of schema 9998 or newer" in said


async def test_a_second_process_on_the_same_file(tmp_path: Path, refused: Refused) -> None:
    with SingleInstance(tmp_path / "start.db"):
        assert "Another Backbeat is running on this database" in await refused()


@pytest.mark.parametrize("is_there", [True, False], ids=["empty file", "no file"])
async def test_a_database_that_went_away(
    tmp_path: Path, sandbox: Sandbox, nursery: Nursery, refused: Refused, is_there: bool
) -> None:
    """A first start makes one and says so; once the bot has run on it, its absence is no first start."""
    path = tmp_path / "start.db"
    path.unlink()
    child = nursery.start("run", environment=environment(tmp_path, **reaching(sandbox)))
    assert (await child.line()).startswith("Backbeat runs in ")
    child.send_signal(signal.SIGTERM)
    code, _, errors = await child.read()
    assert code == 0
    (made,) = [line for line in errors.splitlines() if "database_made" in line]
    assert "warning" in made
    assert str(path) in made
    for file in tmp_path.glob("start.db*"):
        if not file.name.endswith(".lock"):
            file.unlink()
    if is_there:
        path.touch()
    said = f"The database {path} is gone: it was there when Backbeat ran last."
    assert said in await refused(**reaching(sandbox))
    for command in (["export"], ["migrate"], ["doctor"]):
        code, output, errors = await nursery.start(*command, environment=environment(tmp_path)).read()
        assert code in (1, 2), command
        assert said in output + errors, command
    assert not path.exists() or is_there
    assert not path.exists() or not path.stat().st_size
    (tmp_path / "start.db.lock").unlink()
    code, output, _ = await nursery.start("migrate", environment=environment(tmp_path)).read()
    assert code == 0
    assert f"A new database: {path}" in output


async def test_a_damaged_database(tmp_path: Path, refused: Refused, sqlite_sample_template: Path) -> None:
    path = tmp_path / "start.db"
    content = bytearray(sqlite_sample_template.read_bytes())
    content[100:] = bytes(byte ^ 0x55 for byte in content[100:])
    path.write_bytes(content)
    said = await refused()
    assert f"The database file is damaged ({path})" in said
    assert "`backbeat restore FILE --replace` keeps the damaged one" in said


async def test_a_file_that_is_something_else(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "start.db"
    path.write_text("These are notes about the coalition, not a database. " * 100)
    assert f"DATABASE_URL names a file that is not a Backbeat database ({path})" in await refused()


async def test_a_database_that_is_deleted_under_it(tmp_path: Path, sandbox: Sandbox, nursery: Nursery) -> None:
    """Nothing fails by itself: the process goes on with a file that has no name. So it is looked for, and said once."""
    right = {**reaching(sandbox), "BACKBEAT_TICK_HOUSEKEEPING": "0.2"}
    child = nursery.start("run", environment=environment(tmp_path, **right))
    assert (await child.line()).startswith("Backbeat runs in ")
    for file in tmp_path.glob("start.db*"):
        if not file.name.endswith(".lock"):
            file.unlink()
    await asyncio.sleep(2)
    child.send_signal(signal.SIGTERM)
    code, _, errors = await child.read()
    assert code == 0
    told = [line for line in errors.splitlines() if "was deleted or replaced while Backbeat runs on it" in line]
    assert len(told) == 1, errors
    assert "error" in told[0]
    assert "Traceback" not in errors
