"""A table of figures is recorded as a whole or not at all, by whoever may record each of them."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.metrics import TableLine
from bot.errors import Refused
from tests.examples import on
from tests.services.stage import Stage

SEATS = TableLine(2, {"metric": "fa-seats", "value": "140", "period_end": "2026-10-31", "note": "A late count."})
WAIT = TableLine(3, {"metric": "fa-wait", "value": "41", "period_end": "2026-10-31"})
WRONG = TableLine(4, {"metric": "fa-wait", "value": "many", "period_end": "2026-11-15"})


async def values(stage: Stage) -> dict[str, int]:
    record = await stage.record()
    return {one.id: len(one.readings) for priority in record.priorities for one in priority.metrics}


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_all_of_it_or_nothing(any_sample: Stage) -> None:
    any_sample.at("2026-11-23T09:00")
    before, omar, tables = await values(any_sample), await any_sample.actor("omar"), any_sample.services.figure_tables
    wrong = await tables.record(omar, [SEATS, WAIT, WRONG])
    assert [one.line for one in wrong.problems] == [4]
    assert await values(any_sample) == before
    assert len((await tables.check(omar, [SEATS, WAIT])).figures) == 2
    assert await values(any_sample) == before, "looking records nothing"
    assert len((await tables.record(omar, [SEATS, WAIT])).figures) == 2
    after = await values(any_sample)
    assert {key: after[key] - before[key] for key in after if after[key] != before[key]} == {
        "fa-seats": 1,
        "fa-wait": 1,
    }
    again = await tables.record(omar, [SEATS, WAIT])
    assert (again.known, again.figures) == (2, ())
    assert await values(any_sample) == after


async def test_whoever_may_record_only_some_is_told_which(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    imani = await stage.actor("imani")
    other = TableLine(3, {"metric": "tp-enrol", "value": "200", "period_end": "2026-09-30"})
    [problem] = (await stage.services.figure_tables.record(imani, [SEATS, other])).problems
    assert problem.line == 3
    assert problem.message.startswith("Figures of Talent pathways are recorded by its owner")
    with pytest.raises(Refused, match="recorded by their stewards and by coordinators"):
        await stage.services.figure_tables.check(await stage.actor("charlotte"), [SEATS])


@pytest.mark.at_once
async def test_two_at_once_record_it_once(any_sample: Stage) -> None:
    any_sample.at("2026-11-23T09:00")
    before, tables = await values(any_sample), any_sample.services.figure_tables
    people = [await any_sample.actor(key) for key in ("omar", "dana")]
    found = await asyncio.gather(*(tables.record(one, [SEATS, WAIT]) for one in people))
    assert sorted((len(one.figures), one.known) for one in found) == [(0, 2), (2, 0)]
    assert (await values(any_sample))["fa-seats"] == before["fa-seats"] + 1
