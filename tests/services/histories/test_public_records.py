"""What is on record of an organization, a priority or a stretch of time: what is found, and what never is."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from bot.domain.actions import NewAction
from bot.domain.histories import RecordsQuery, collect
from bot.errors import UserError
from bot.files import records_as_csv, records_as_json
from tests.builders import metric, priority, reading, record
from tests.services.stage import Stage


async def found(stage: Stage, **asked: object) -> set[tuple[str, str]]:
    records = await stage.services.public_records.collect(stage.operator, RecordsQuery(**asked))  # type: ignore[arg-type]
    return {(one.kind, one.id) for one in records.items}


async def test_by_organization(stage: Stage) -> None:
    kessler = await found(stage, organization="kessler")
    assert {("action", "A-104"), ("action", "A-401"), ("decision", "D-3"), ("funding", "F-5")} <= kessler
    assert ("action", "A-101") not in kessler
    assert ("action", "A-102") in await found(stage, organization="bend-river-cc"), "it waits for them"


async def test_by_priority_and_days(stage: Stage) -> None:
    assert await found(stage, priority="family-access", since=date(2026, 11, 16), until=date(2026, 11, 18)) == {
        ("action", "A-302"),
        ("action", "A-304"),
        ("figure", "fa-seats"),
        ("update", "weekly-checkin 2026-11-17"),
    }
    assert await found(stage, until=date(2020, 1, 1)) == set()


async def test_private_words_are_not_in_it(played: Stage) -> None:
    for text in await both(played):
        assert "Between us." not in text
        assert "Is there anything new?" not in text
        assert "An inspector." in text


def test_a_figure_of_few_is_withheld() -> None:
    few = reading("2026-09-30", 77, reporters=3)
    metrics = (metric("m1", few, confidential_below_n=5), metric("m2", reading("2026-09-30", 78)))
    found = collect(record(priorities=[priority(metrics=metrics)]), RecordsQuery())
    assert [one.words.partition(";")[0] for one in found if one.kind == "figure"] == ["withheld", "78 people"]


async def both(stage: Stage) -> tuple[str, str]:
    records = await stage.services.public_records.collect(stage.operator, RecordsQuery())
    return records_as_json(records), records_as_csv(records)


async def test_changes_come_along(stage: Stage) -> None:
    stage.at("2026-11-24T09:00")
    omar = await stage.actor("omar")
    await stage.services.action_items.complete(omar, "A-101")
    records = await stage.services.public_records.collect(stage.operator, RecordsQuery(priority="talent-pathways"))
    told = [one for one in records.changes if one.who.startswith("Omar Castellanos")]
    assert told[0].at == "2026-11-24T09:00:00-06:00"
    assert "done" in " ".join(one.what for one in told)
    none = RecordsQuery(priority="talent-pathways", since=date(2026, 11, 25))
    assert (await stage.services.public_records.collect(stage.operator, none)).changes == ()


async def test_no_cell_begins_a_formula(stage: Stage) -> None:
    stage.at("2026-11-24T09:00")
    new = NewAction(title="=cmd|' /C calc'!A0", owner="omar", due=date(2026, 12, 4), priority="job-quality")
    draft = await stage.services.action_items.add(await stage.actor("omar"), "form", new)
    assert draft is not None
    as_json, as_csv = await both(stage)
    assert "=cmd|" in json.dumps(json.loads(as_json))
    cells = [cell for row in csv.reader(io.StringIO(as_csv)) for cell in row]
    assert any(cell.startswith("'=cmd|") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


async def test_what_is_not_known_is_said(stage: Stage) -> None:
    with pytest.raises(UserError, match=r"There is no organization “kesler”\. Did you mean “kessler”\?"):
        await found(stage, organization="kesler")
    with pytest.raises(UserError, match=r"2026-11-01 is before 2026-11-02\. Swap the two days"):
        await found(stage, since=date(2026, 11, 2), until=date(2026, 11, 1))
