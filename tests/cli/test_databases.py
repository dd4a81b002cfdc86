"""The database as a whole: migrated, and copied."""

from __future__ import annotations

import re
from pathlib import Path

from bot.store.schema import head
from tests.cli.results import Backbeat, done, refused, rows


def test_migrating(backbeat: Backbeat, folder: Path) -> None:
    (folder / "backbeat.db").unlink()
    stands = f"The database stands at {head()}.\n"
    assert done(backbeat("migrate")) == f"A new database: {folder / 'backbeat.db'}\n{stands}"
    assert done(backbeat("migrate")) == stands


def test_a_backup_says_what_it_is(imported: Backbeat, folder: Path) -> None:
    said = done(imported("backup", "monday.backup"))
    assert re.fullmatch(
        rf"Backup: monday\.backup, \d+\.\d MB, of 2026-11-23 13:00 UTC, schema {head()}\. Checked\.\n", said
    )
    assert "is there already" in refused(imported("backup", "monday.backup"))
    assert "Checked." in done(imported("backup", "monday.backup", "--overwrite"))


def test_a_backup_is_remembered(imported: Backbeat, folder: Path) -> None:
    told = "SELECT value FROM settings WHERE name = 'last backup'"
    assert rows(folder, told) == []
    done(imported("backup", "first.db"))
    [(first,)] = rows(folder, told)
    done(imported("backup", "second.db"))
    [(second,)] = rows(folder, told)
    assert str(second) >= str(first)
