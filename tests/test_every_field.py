"""No field of the record is forgotten on any of its ways: by reflection over all of them, in the suite a seventh."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.clock import FixedCalendar
from bot.services import Services
from tests.every_field import all_changes, fields_of_file, filled, sample, tried_fields
from tests.every_field_paths import (
    check_beside,
    check_file,
    check_history,
    check_merge,
    check_new,
    check_rows,
    check_text,
)
from tests.examples import on, part
from tests.forgotten import Scene, try_all, ways
from tests.services.stage import Stage

pytestmark = [pytest.mark.usefixtures("one_after_the_other"), pytest.mark.in_part]


@pytest.fixture
async def stage(any_services: Services, calendar: FixedCalendar) -> Stage:
    """The sample with one thing of each kind."""
    return await Stage.with_record(any_services, calendar, sample())


def test_there_is_a_change_of_every_field() -> None:
    assert len(fields_of_file()) >= 241
    assert len(all_changes()) == len(tried_fields()) >= part(45, 241)


def test_each_comes_back_from_a_file() -> None:
    check_file(all_changes())


def test_each_is_merged() -> None:
    check_merge(all_changes())


def test_all_of_them_come_back_from_a_files_text() -> None:
    assert part(1, 2) <= len(filled()) < 12
    for record in filled():
        check_text(record)


@on("postgres", "any_url")
async def test_all_of_them_come_back_from_a_new_coalition(any_services: Services) -> None:
    for record in filled():
        await check_new(any_services, record)


async def test_each_is_written_by_an_import(services: Services, calendar: FixedCalendar) -> None:
    # The same writer as for an edit: one database tells as much as two.
    stage = await Stage.with_record(services, calendar, sample())
    await check_rows(stage.services.database, stage.coalition_id, all_changes(), live=False)


@on("sqlite", "any_url")
async def test_each_is_written_by_an_edit(stage: Stage) -> None:
    await check_rows(stage.services.database, stage.coalition_id, all_changes(), live=True)


@on("postgres", "any_url")
async def test_each_beside_the_record_comes_back(stage: Stage) -> None:
    await check_beside(stage.services.database, stage.coalition_id)


async def test_each_is_told_in_the_trail(services: Services, calendar: FixedCalendar) -> None:
    stage = await Stage.with_record(services, calendar, sample())
    await check_history(services, stage.coalition_id, all_changes())


# So many fields at least can be forgotten on each way.
LEAST = {
    "file, reading": 241,
    "file, writing": 241,
    "file, merging": 174,
    "rows, reading": 237,
    "rows, writing": 229,
    "audit trail": 135,
    "cards": 161,
}


@pytest.fixture
def place(tmp_path: Path, sqlite_template: Path) -> Path:
    """Where it is forgotten. The database is there, and nothing in it."""
    shutil.copy(sqlite_template, tmp_path / "forgotten.db")
    return tmp_path


async def test_what_is_forgotten_is_noticed(place: Path) -> None:
    """A few on each way; `python -m tests.forgotten` tries all."""
    tried, unnoticed, _how = await try_all(place, some=part(1, 3))
    assert not unnoticed
    assert tried == dict.fromkeys(LEAST, part(1, 3))


async def test_there_is_much_to_forget(place: Path) -> None:
    scene = Scene(place)
    fields = {way.name: len(way.fields) for way in ways(scene)}
    await scene.database.close()
    assert fields.keys() == LEAST.keys()
    assert all(fields[name] >= part(least // 7, least) for name, least in LEAST.items()), fields
