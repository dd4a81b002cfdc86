"""A working folder and the commands in it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.domain.record import record as values
from bot.files import dump_coalition_file
from tests.builders import action
from tests.cli.results import Backbeat, done
from tests.services.small import small


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder where nothing is set but a database, and where the clock stands at Monday, seven o'clock."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "BACKBEAT_")):
            monkeypatch.delenv(name)
    clock = tmp_path / "clock.json"
    clock.write_text('{"now": "2026-11-23T07:00:00-06:00", "running": false}')
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'backbeat.db'}")
    monkeypatch.setenv("BACKBEAT_CLOCK_FILE", str(clock))
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def backbeat(folder: Path, sqlite_template: Path, restored_logging: None, one_after_the_other: None) -> Backbeat:
    """Runs a command on an empty database."""
    shutil.copy(sqlite_template, folder / "backbeat.db")

    def invoke(*arguments: str, answer: str | None = None) -> Result:
        result = CliRunner().invoke(main, arguments, input=answer)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def imported(backbeat: Backbeat, folder: Path, sqlite_sample_template: Path) -> Backbeat:
    """Runs a command on a database with the sample."""
    shutil.copy(sqlite_sample_template, folder / "backbeat.db")
    return backbeat


@pytest.fixture
def small_file(folder: Path) -> Path:
    """A small coalition as a file: the sample's is read for as long as most commands take."""
    gone = values.Member(id="gone", name="Gus Adeyemi", organization="other", email="gus.adeyemi@other.example")
    here = small(actions=(action(owner="lou"),))
    path = folder / "small.yaml"
    path.write_text(dump_coalition_file(replace(here, members=(*here.members, gone))), encoding="utf-8")
    return path


@pytest.fixture
def small_one(backbeat: Backbeat, small_file: Path) -> Backbeat:
    """Runs a command on a database with that one."""
    done(backbeat("import", small_file.name))
    return backbeat
