"""Exporting: the file that comes out brings the same coalition into an empty database, byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.digests import dumps, to_data
from bot.domain.record import Record
from bot.errors import Refused
from bot.files import dump_coalition_file, load_coalition_file
from bot.files.plan_html import public_as_html
from bot.files.plan_text import plan_as_markdown
from bot.services import Services
from bot.store.database import Database, database_url
from tests.builders import priority
from tests.conftest import MONDAY_SEVEN
from tests.domain.plan.cases import marked
from tests.examples import on, part
from tests.services.edits import in_groups
from tests.services.small import small
from tests.services.stage import Stage


async def exported(stage: Stage) -> str:
    return dump_coalition_file(await stage.record())


async def brought_into(database: Database, text: str, moment: datetime) -> Stage:
    """The exported file, read and imported into an empty database at a moment."""
    loaded = load_coalition_file(text)
    assert loaded.problems == ()
    assert loaded.record is not None
    calendar = FixedCalendar(moment)
    return await Stage.with_record(Services(database, calendar, SystemElapsedTime()), calendar, loaded.record)


async def digest(stage: Stage, moment: datetime) -> str:
    return dumps(to_data(await stage.services.digests.compose(stage.operator, moment)))


async def test_an_imported_coalition_comes_back_the_same(stage: Stage, database: Database) -> None:
    later = datetime.fromisoformat("2027-01-08T09:00-06:00")
    text = await exported(stage)
    copy = await brought_into(database, text, later)
    assert await copy.record() == await stage.record()
    assert await exported(copy) == text
    for moment in (MONDAY_SEVEN, datetime.fromisoformat("2026-11-23T12:00-06:00"), later):
        assert await digest(copy, moment) == await digest(stage, moment), moment


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_the_plan_and_what_is_public_come_along(any_sample: Stage, database: Database) -> None:
    """Yearly goals, lenses, marks, and how funding goes together: by the file the same pages are printed."""
    stage = any_sample
    await stage.services.coalitions.import_record(marked())
    copy = await brought_into(database, await exported(stage), MONDAY_SEVEN)
    for each in (stage, copy):
        page = plan_as_markdown(await each.services.plans.page(each.operator))
        assert page == plan_as_markdown(await stage.services.plans.page(stage.operator))
        assert "59,700 by Dec 31, 2026" in page
        assert "Lens: infrastructure" in page
        assert "decision expected Feb 15, 2027" in page
        shown = public_as_html(await each.services.plans.public(each.operator))
        assert shown == public_as_html(await stage.services.plans.public(stage.operator))
        assert "Extended-hours child care seats open" in shown


@pytest.fixture
async def elsewhere(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Database]:
    """Another empty database."""
    path = tmp_path / "elsewhere.db"
    shutil.copy(sqlite_template, path)
    opened = Database(database_url(f"sqlite:///{path}"))
    yield opened
    await opened.close()


async def test_live_answers_and_rounds_come_along(
    services: Services, calendar: FixedCalendar, elsewhere: Database
) -> None:
    """Rounds asked and not asked, an owner's answer, a stand-in's, a silent owner, and an edit."""
    priorities = (priority("p1"), priority("p2", owner="ben"), priority("p3", owner="ben"), priority("p4", owner="out"))
    stage = await Stage.with_record(services, calendar, small(priorities=priorities))
    await stage.link("ana", "ben")
    await stage.go_live()
    stage.at("2026-11-24T09:00")
    await stage.settle()
    await stage.answer("ana", "p1", form="v1", assessment="at_risk", blocker="Rent.", ask="A list.", ask_from="other")
    await stage.answer("ana", "p1", form="v2", assessment="at_risk", blocker="Rent!", for_coordinator="Tired.")
    await stage.answer("cal", "p2", form="v3", confidence="4")
    for moment in ("2026-11-26T12:05", "2026-12-01T09:05", "2026-12-03T12:05"):
        stage.at(moment)
        await stage.settle()
    record = await stage.record()
    assert {one.asked for one in record.rounds} == {True, False}
    assert sum(one.answered_at is not None for one in record.responses) == 2
    friday = stage.at("2026-12-04T07:00")
    # Fields that no rule reads come along too.
    record = replace(record, rounds=(replace(record.rounds[0], extra={"hall": "east"}), *record.rounds[1:]))
    text = dump_coalition_file(record)
    copy = await brought_into(elsewhere, text, datetime.fromisoformat("2027-01-08T09:00-06:00"))
    assert await copy.record() == record
    assert await exported(copy) == text
    for then in (stage.at("2026-11-24T12:00"), friday):
        assert await digest(copy, then) == await digest(stage, then), then
    silent = [
        part.standing.silent_rounds for part in (await copy.services.digests.compose(copy.operator, friday)).priorities
    ]
    assert sorted(silent)[-1] > 0, "rounds that were missed count in the copy too"


@pytest.mark.in_part
async def test_every_kind_of_edit_comes_along(stage: Stage, database: Database) -> None:
    for number, (_names, edit) in enumerate(in_groups(part(60, 20))):
        stage.at(f"2026-11-23T08:{number:02}")
        await stage.services.coalitions.import_record(edit(await stage.record()), prefer_file=True)
    text = await exported(stage)
    copy = await brought_into(database, text, stage.calendar.now())
    assert await copy.record() == await stage.record()
    assert await digest(copy, stage.calendar.now()) == await digest(stage, stage.calendar.now())


async def test_the_export_is_stable_text(stage: Stage, sample: Record) -> None:
    text = await exported(stage)
    assert text == await exported(stage)
    assert text.endswith("\n")
    await stage.services.coalitions.import_record(sample)
    assert await exported(stage) == text, "an import that changes nothing changes no byte"
    loaded = load_coalition_file(text).record
    assert loaded is not None
    assert dump_coalition_file(loaded) == text


async def test_the_export_service_gives_the_files_shape(stage: Stage) -> None:
    data = await stage.services.coalitions.export(stage.operator)
    assert data["coalition"]["id"] == "limestone-bend"
    assert len(data["actions"]) == 20
    with pytest.raises(Refused, match="The whole file and its history are for the coordinators"):
        await stage.services.coalitions.export(await stage.actor("tom"))
