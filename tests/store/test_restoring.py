"""Restoring: never over data unasked, never half, from older schemas, and not from what a program can't live with."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, UserError
from bot.store import schema
from bot.store.backups import back_up, restore
from bot.store.database import database_url
from tests.store.test_backups import AT, read
from tests.store.test_backups import tools as tools_of_postgresql
from tests.store.test_migrations import HEAD, next_version, write_next

tools = tools_of_postgresql
program_ahead = next_version
NOW = datetime.fromisoformat("2026-11-24T11:40:00-06:00")
MEMBERS = "SELECT key, name FROM members ORDER BY id"


@pytest.fixture
def backup(sqlite_sample_url: str, tmp_path: Path) -> Path:
    back_up(database_url(sqlite_sample_url), tmp_path / "monday", AT)
    return tmp_path / "monday"


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_into_an_empty_place(backup: Path, sqlite_sample_url: str, tmp_path: Path) -> None:
    new = tmp_path / "new" / "backbeat.db"
    new.parent.mkdir()
    done = restore(database_url(f"sqlite:///{new}"), backup, NOW)
    assert (done.since, done.was, done.schema, done.kept) == (AT, HEAD, HEAD, None)
    assert read(new, MEMBERS) == read(file_of(sqlite_sample_url), MEMBERS) != []
    assert read(new, "SELECT why, since, ended_at FROM recoveries") == [
        ("restored", "2026-11-23 15:00:00.000000", None)
    ]
    assert [one.name for one in new.parent.iterdir()] == ["backbeat.db"]
    assert not new.stat().st_mode & 0o077


def test_over_a_database_without_a_coalition(backup: Path, sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "empty.db")
    assert restore(database_url(f"sqlite:///{tmp_path / 'empty.db'}"), backup, NOW).kept is None


def test_data_is_replaced_only_when_somebody_says_so_and_kept(
    backup: Path, sqlite_sample_url: str, tmp_path: Path
) -> None:
    """With what stands in its log: somebody wrote there last."""
    file = file_of(sqlite_sample_url)
    still_open = sqlite3.connect(file)
    still_open.execute("UPDATE coalitions SET name = 'Of Tuesday'")
    still_open.commit()
    with pytest.raises(UserError, match=r"holds a coalition\. To put the backup in its place, add --replace"):
        restore(database_url(sqlite_sample_url), backup, NOW)
    done = restore(database_url(sqlite_sample_url), backup, NOW, replace=True)
    still_open.close()
    assert done.kept is not None
    assert done.kept.name == "sample.db.replaced-20261124-114000"
    assert read(done.kept, "SELECT name FROM coalitions") == [("Of Tuesday",)]
    assert read(file, "SELECT name FROM coalitions") != [("Of Tuesday",)]


def test_a_damaged_database_is_put_aside_like_any_other(backup: Path, sqlite_sample_url: str) -> None:
    file = file_of(sqlite_sample_url)
    file.write_bytes(b"\x55" * 40_000)
    done = restore(database_url(sqlite_sample_url), backup, NOW, replace=True)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"\x55" * 40_000
    assert read(file, MEMBERS) != []


def test_a_damaged_backup_changes_nothing(backup: Path, tmp_path: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[40 * 4096 : 40 * 4096 + 2000] = b"\x55" * 2000
    backup.write_bytes(content)
    with pytest.raises(ConfigurationError, match="is damaged"):
        restore(database_url(f"sqlite:///{tmp_path / 'new.db'}"), backup, NOW)
    assert not [one for one in tmp_path.iterdir() if "new.db" in one.name]


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "can't be read"), (b"notes", "is no backup of Backbeat's"), (b"PGDMP...", "is a backup of PostgreSQL")],
)
def test_what_is_no_backup_is_told_so(tmp_path: Path, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    with pytest.raises(UserError, match=words):
        restore(database_url(f"sqlite:///{tmp_path / 'new.db'}"), tmp_path / "file", NOW)


def test_another_programs_database_is_no_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "file")) as connection, connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
    with pytest.raises(ConfigurationError, match="is not a Backbeat database"):
        restore(database_url(f"sqlite:///{tmp_path / 'new.db'}"), tmp_path / "file", NOW)


def test_an_older_backup_is_brought_up_to_date(backup: Path, tmp_path: Path) -> None:
    older = f"{int(HEAD) - 1:04}"
    schema.downgrade(database_url(f"sqlite:///{backup}"), older)
    done = restore(database_url(f"sqlite:///{tmp_path / 'new.db'}"), backup, NOW)
    assert (done.was, done.schema) == (older, HEAD)


@pytest.mark.parametrize("oldest", [None, HEAD])
def test_a_newer_backup_is_taken_only_where_this_program_can_live_with_it(
    backup: Path, tmp_path: Path, program_ahead: pytest.MonkeyPatch, oldest: str | None
) -> None:
    newest = write_next(1, oldest)
    schema.migrate(database_url(f"sqlite:///{backup}"), backup=False)
    program_ahead.undo()
    url = database_url(f"sqlite:///{tmp_path / 'new.db'}")
    if oldest is None:
        with pytest.raises(ConfigurationError, match=rf"written by a newer version of Backbeat \(schema {newest}\)"):
            restore(url, backup, NOW)
        assert not (tmp_path / "new.db").exists()
    else:
        assert restore(url, backup, NOW).schema == newest


def test_a_copy_made_by_hand_says_its_moment_by_the_newest_that_it_knows(
    sqlite_sample_url: str, tmp_path: Path
) -> None:
    done = restore(database_url(f"sqlite:///{tmp_path / 'new.db'}"), file_of(sqlite_sample_url), NOW)
    assert done.since == datetime.fromisoformat("2026-11-23T07:00:00-06:00")


@pytest.mark.postgres
def test_postgresql_over_data_keeps_a_dump_of_it(
    postgres_sample_url: str, tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = database_url(postgres_sample_url)
    back_up(url, tmp_path / "monday.dump", AT)
    with pytest.raises(UserError, match="holds a coalition"):
        restore(url, tmp_path / "monday.dump", NOW)
    done = restore(url, tmp_path / "monday.dump", NOW, replace=True)
    assert done.since == AT
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"PGDMP")
    assert schema.revision_of(url) == HEAD
