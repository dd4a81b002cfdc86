"""Processes that start at the same moment on one new database: all of them run, and each thing is there once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot.demo import workspace_of
from bot.domain.record import Record
from bot.sandbox import Sandbox
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url, sync_url
from tests.live_sample import reaching
from tests.processes import Child, Nursery
from tests.servers import named_database
from tests.test_start import environment

TOGETHER = 3


@pytest.fixture
async def sandbox(sample: Record) -> AsyncIterator[Sandbox]:
    async with await Sandbox.start(manifest(), workspace_of(sample)) as started:
        yield started


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database in which nothing is."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE nothing_there")
    yield named_database(postgres_server, "nothing_there")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE nothing_there WITH (FORCE)")


@pytest.mark.postgres
async def test_replicas_on_a_database_that_no_process_has_used(
    tmp_path: Path, sandbox: Sandbox, nursery: Nursery, postgres_sample_url: str
) -> None:
    values = {**reaching(sandbox), "DATABASE_URL": postgres_sample_url}
    children = [nursery.start("run", environment=environment(tmp_path, **values)) for _ in range(TOGETHER)]
    lines = await asyncio.gather(*(child.line() for child in children))
    for child in children:
        child.send_signal(signal.SIGTERM)
    ends = await asyncio.gather(*(child.read() for child in children))
    assert [code for code, _, _ in ends] == [0] * TOGETHER, [errors for _, _, errors in ends]
    assert not any("Traceback" in errors or "failed" in errors for _, _, errors in ends), ends
    assert all(line.startswith("Backbeat runs in ") for line in lines)
    engine = create_engine(sync_url(database_url(postgres_sample_url)), poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM workspaces")) == 1
        linked = connection.scalar(text("SELECT count(*) FROM slack_accounts WHERE member_id IS NOT NULL"))
        told = connection.scalar(
            text("SELECT count(*) FROM audit_entries WHERE table_name = 'slack_accounts' AND operation = 'insert'")
        )
    assert linked == told


async def _ends(children: list[Child]) -> list[str]:
    ends = await asyncio.gather(*(child.read() for child in children))
    assert [code for code, _, _ in ends] == [0] * len(children), ends
    assert not any("Traceback" in errors for _, _, errors in ends), ends
    return [output for _, output, _ in ends]


@pytest.mark.postgres
async def test_migrators_on_an_empty_postgresql(tmp_path: Path, nursery: Nursery, empty_postgres_url: str) -> None:
    values = {"DATABASE_URL": empty_postgres_url}
    said = await _ends([nursery.start("migrate", environment=environment(tmp_path, **values)) for _ in range(TOGETHER)])
    assert said == [f"The database stands at {schema.head()}.\n"] * TOGETHER


async def test_migrators_on_an_empty_sqlite(tmp_path: Path, nursery: Nursery) -> None:
    said = await _ends([nursery.start("migrate", environment=environment(tmp_path)) for _ in range(TOGETHER)])
    # Before it, whoever found no file says that there is a new one.
    assert [output.splitlines()[-1] for output in said] == [f"The database stands at {schema.head()}."] * TOGETHER
    assert any(output.startswith("A new database: ") for output in said)
