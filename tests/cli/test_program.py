"""The command line as a whole: what it loads, which coalition it means, and that every mistake is one sentence."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.program import OBJECTS_BETWEEN_LOOKS
from tests.cli.results import Backbeat, done, refused
from tests.processes import ROOT, Nursery


def test_help_and_manifest_load_neither_database_nor_slack() -> None:
    """They come at once: what the other commands need takes seconds to import."""
    program = (
        "import atexit, sys",
        "heavy = {'sqlalchemy', 'alembic', 'slack_sdk', 'slack_bolt', 'aiohttp', 'pydantic'}",
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules))))",
        "from bot.cli import main",
        "main(['manifest'])",
    )
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(program)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.endswith("}\n[]\n")


@pytest.mark.parametrize("before", [700, 2 * OBJECTS_BETWEEN_LOOKS])
def test_what_a_command_loads_is_seldom_searched_for_garbage(backbeat: Backbeat, before: int) -> None:
    usual = gc.get_threshold()
    gc.set_threshold(before, 10, 10)
    try:
        done(backbeat("manifest"))
        assert gc.get_threshold() == (max(before, OBJECTS_BETWEEN_LOOKS), 10, 10)
    finally:
        gc.set_threshold(*usual)


def test_with_several_coalitions_one_must_be_named(backbeat: Backbeat, folder: Path, sqlite_two_template: Path) -> None:
    shutil.copy(sqlite_two_template, folder / "backbeat.db")
    several = "There are several coalitions: limestone-bend, river-forks. Add --coalition ID."
    for command in (
        ["export"],
        ["digest"],
        ["go-live", "--yes"],
        ["link", "imani", "T1:U1"],
        ["admin", "add", "x@y.z"],
    ):
        assert refused(backbeat(*command)) == several
    assert refused(backbeat("export", "--coalition", "nowhere")) == (
        "There is no coalition “nowhere”. Known: limestone-bend, river-forks."
    )
    assert '"coalition": "river-forks"' in done(backbeat("digest", "--coalition", "river-forks", "--format", "json"))


def test_before_anything_was_imported(backbeat: Backbeat) -> None:
    for command in (["export"], ["digest"], ["go-live"], ["link", "a", "T:U"]):
        assert refused(backbeat(*command)) == (
            "There is no coalition yet. Import one with `backbeat import FILE`, or write /coalition setup in Slack."
        )
    said = "There is no coalition yet. Whoever has this address in Slack may set one up: /coalition setup.\n"
    assert done(backbeat("admin", "add", "A@b.c")) == said


def test_settings_that_cannot_be_used(backbeat: Backbeat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://a")
    assert (
        refused(backbeat("migrate"), 2)
        == "DATABASE_URL names a kind of database that Backbeat doesn't use. Use sqlite:/// or postgresql://."
    )
    monkeypatch.setenv("BACKBEAT_TICK_PLAN", "soon")
    assert "BACKBEAT_TICK_PLAN" in refused(backbeat("export"), 2)
    monkeypatch.delenv("BACKBEAT_TICK_PLAN")
    assert "SLACK_BOT_TOKEN is not set" in refused(backbeat("run"), 2)


PROCESSES: dict[str, tuple[list[str], dict[str, str], int, str]] = {
    "a server that does not answer": (
        ["export"],
        {"DATABASE_URL": "postgresql://a:hush@127.0.0.1:1/b"},
        2,
        "PostgreSQL server of DATABASE_URL cannot be reached",
    ),
    "a folder that is not there": (
        ["digest"],
        {"DATABASE_URL": "sqlite:////nowhere/at/all/x.db"},
        2,
        "database file cannot be opened",
    ),
    "a file that is no database": (["export"], {"DATABASE_URL": "sqlite:///notes.db"}, 2, "not a Backbeat database"),
    "a file that is not there": (["import", "nowhere.yaml"], {}, 1, "nowhere.yaml can't be read"),
    "nothing imported": (["digest"], {}, 1, "There is no coalition yet"),
}


@pytest.mark.parametrize("name", PROCESSES)
async def test_a_process_ends_with_its_code_and_one_sentence(
    folder: Path, sqlite_template: Path, nursery: Nursery, name: str
) -> None:
    arguments, environment, code, sentence = PROCESSES[name]
    shutil.copy(sqlite_template, folder / "backbeat.db")
    (folder / "notes.db").write_text("Notes, and no database. " * 100)
    ended, output, errors = await nursery.start(
        *arguments, environment={**os.environ, **environment}, folder=folder
    ).read()
    assert (ended, output) == (code, "")
    [line] = errors.splitlines()
    assert sentence in line
    assert "hush" not in line
