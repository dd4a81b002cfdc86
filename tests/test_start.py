"""A program that can't start says why in one sentence, with exit code 2 and no traceback."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import workspace_of
from bot.domain.record import Record
from bot.sandbox import Sandbox
from bot.single_instance import SingleInstance
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
async def sandbox(sample: Record) -> AsyncIterator[Sandbox]:
    async with await Sandbox.start(manifest(), workspace_of(sample)) as started:
        yield started


def environment(tmp_path: Path, **values: str) -> dict[str, str]:
    """Everything that `run` needs, with `values` in place of what is to be wrong."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BACKBEAT_"))}
    return {
        **kept,
        "SLACK_BOT_TOKEN": "xoxb-wrong",
        "SLACK_APP_TOKEN": "xapp-wrong",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'start.db'}",
        **values,
    }


async def refused(tmp_path: Path, **values: str) -> str:
    """What `backbeat run` says when it refuses to start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=ROOT,
        env=environment(tmp_path, **values),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    text = output.decode()
    assert process.returncode == 2, text
    assert "Traceback" not in text
    assert len(text.strip().splitlines()) == 1, text
    return text


async def test_a_wrong_token(tmp_path: Path, sandbox: Sandbox) -> None:
    text = await refused(tmp_path, SLACK_API_URL=sandbox.api_url)
    assert "SLACK_BOT_TOKEN doesn't work: the token is not valid" in text
    assert "xoxb" not in text


async def test_a_wrong_app_token(tmp_path: Path, sandbox: Sandbox, sqlite_sample_url: str) -> None:
    text = await refused(
        tmp_path, SLACK_API_URL=sandbox.api_url, SLACK_BOT_TOKEN=sandbox.bot_token, DATABASE_URL=sqlite_sample_url
    )
    assert "SLACK_APP_TOKEN doesn't work" in text


async def test_no_token(tmp_path: Path) -> None:
    assert "SLACK_BOT_TOKEN is not set" in await refused(tmp_path, SLACK_BOT_TOKEN="")


async def test_a_slack_that_cant_be_reached(tmp_path: Path) -> None:
    assert "Slack can't be reached at http://127.0.0.1:9/api/" in await refused(tmp_path)


async def test_without_a_coalition_it_runs_and_says_what_to_do(tmp_path: Path, sandbox: Sandbox) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=ROOT,
        env=environment(
            tmp_path,
            SLACK_API_URL=sandbox.api_url,
            SLACK_BOT_TOKEN=sandbox.bot_token,
            SLACK_APP_TOKEN=sandbox.app_token,
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    lines = [(await asyncio.wait_for(process.stdout.readline(), 60)).decode() for _ in range(2)]
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 60) == 0
    assert lines[0].startswith("Backbeat runs in ")
    assert "a workspace owner or admin writes /coalition setup in Slack." in lines[1]


async def test_a_locked_database(tmp_path: Path) -> None:
    path = tmp_path / "start.db"
    schema.migrate(database_url(f"sqlite:///{path}"), backup=False)
    schema.downgrade(database_url(f"sqlite:///{path}"), "base")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert "The database is locked by another program" in await refused(tmp_path)
    finally:
        holder.close()


async def test_a_newer_database(tmp_path: Path) -> None:
    path = tmp_path / "start.db"
    schema.migrate(database_url(f"sqlite:///{path}"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "written by a newer version of Backbeat" in await refused(tmp_path)


async def test_a_second_process_on_the_same_file(tmp_path: Path) -> None:
    with SingleInstance(tmp_path / "start.db"):
        assert "Another Backbeat is running on this database" in await refused(tmp_path)
