"""Files of the database are their user's only, however they come to be, and whatever this shell would give others."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import FixedCalendar
from bot.doctor import file_findings
from bot.opening import open_services
from bot.settings import read_settings
from bot.store import schema
from bot.store.database import Database, database_url
from tests.sample import sample_record


@pytest.fixture(autouse=True)
def _generous_shell() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, int]:
    return {one.name: stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir() if one.is_file()}


async def test_a_new_database_with_its_log_is_its_users_only(tmp_path: Path, calendar: FixedCalendar) -> None:
    settings = read_settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'backbeat.db'}")
    async with open_services(settings, calendar) as services:
        await services.coalitions.import_record(sample_record())
        await services.coalitions.all()
        found = rights(tmp_path)
    assert {"backbeat.db", "backbeat.db-wal", "backbeat.db-shm"} <= set(found)
    assert set(found.values()) == {0o600}


async def test_so_is_one_that_is_opened_before_it_is_migrated(tmp_path: Path) -> None:
    database = Database(database_url(f"sqlite:///{tmp_path / 'bare.db'}"))
    async with database.write() as session:
        await session.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY)"))
    assert set(rights(tmp_path).values()) == {0o600}
    await database.close()


def test_a_backup_is_its_users_only_also_of_a_database_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "backbeat.db"
    url = database_url(f"sqlite:///{file}")
    schema.migrate(url, "0001")
    file.chmod(0o644)
    saved = schema.migrate(url, "0002")
    assert saved is not None
    found = rights(tmp_path)
    assert found[Path(saved).name] == 0o600
    assert found["backbeat.db"] == 0o644, "what somebody gave others is theirs to take back"
    [finding] = file_findings(url)
    assert not finding.fine
    assert "Other users of this machine can read backbeat.db. Close them off: `chmod 600" in finding.text
    file.chmod(0o600)
    assert [one.fine for one in file_findings(url)] == [True]


def test_a_database_that_cannot_be_made_is_told_as_before(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="cannot be opened for writing"):
        schema.migrate(database_url(f"sqlite:///{tmp_path / 'nowhere' / 'backbeat.db'}"))
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
