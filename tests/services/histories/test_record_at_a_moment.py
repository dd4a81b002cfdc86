"""What was known at a moment stays what was known then, whatever is imported, answered or changed afterwards."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.clock import FixedCalendar
from bot.domain.digests import compose, dumps, to_data
from bot.domain.record import Record
from tests.conftest import MONDAY_SEVEN, staged
from tests.examples import examples, on, part
from tests.services.edits import EDITS, SHOWN, in_groups
from tests.services.stage import Stage, play_until_digest


async def digest(stage: Stage, moment: datetime) -> str:
    return dumps(to_data(await stage.services.digests.compose(stage.operator, moment)))


async def known(stage: Stage, moment: datetime) -> tuple[Record, str]:
    return (await stage.record(moment), await digest(stage, moment))


def undated(text: str) -> list[str]:
    """A digest's lines without the moment that it was asked for."""
    return [line for line in text.splitlines() if '"as_of"' not in line]


def test_every_edit_changes_the_record_and_some_the_digest(sample: Record) -> None:
    """Without this, the tests below might compare what never differs."""
    before = dumps(to_data(compose(sample, MONDAY_SEVEN)))
    for name, edit in EDITS.items():
        assert edit(sample) != sample, f"{name} is no edit"
        after = dumps(to_data(compose(edit(sample), MONDAY_SEVEN)))
        assert (undated(after) != undated(before)) is (name in SHOWN), f"whether the digest shows that {name}"


@pytest.mark.in_part
@on("sqlite", "any_sample_url")
async def test_every_kind_of_edit_leaves_the_past_alone(any_sample: Stage) -> None:
    stage = any_sample
    start = stage.calendar.now()
    then: dict[str, tuple[datetime, Record, str]] = {"the first import": (start, *await known(stage, start))}
    for number, (names, edit) in enumerate(in_groups(part(20, 10)), start=1):
        _earlier, before, _text = list(then.values())[-1]
        now = start + timedelta(minutes=10 * number)
        stage.calendar.set(now)
        await stage.services.coalitions.import_record(edit(before), prefer_file=True)
        record, text = await known(stage, now)
        # Questions that were asked and are changed make a new version.
        expected = replace(edit(before), question_sets=record.question_sets)
        assert record == expected, f"the record is what the file says: {names}"
        asked = {one.id: replace(one, version=1, earlier=()) for one in record.question_sets}
        assert asked == {one.id: replace(one, version=1, earlier=()) for one in edit(before).question_sets}, names
        then[", ".join(names)] = (now, record, text)
    for edits, (moment, record, text) in then.items():
        # Nine minutes later the next edits had not come yet.
        assert await stage.record(moment + timedelta(minutes=9)) == record, edits
        assert await digest(stage, moment) == text, edits


async def test_a_live_week_leaves_the_past_alone(stage: Stage) -> None:
    then: dict[datetime, tuple[Record, str]] = {}

    async def remember(text: str) -> None:
        moment = stage.at(text)
        then[moment] = await known(stage, moment)

    await remember("2026-11-23T07:29")
    stage.at("2026-11-23T07:30")
    await play_until_digest(stage)
    await remember("2026-11-25T07:32")
    monday = datetime.fromisoformat("2026-11-23T12:00-06:00")
    at_noon = await known(stage, monday)
    stage.at("2026-12-01T08:35")
    await stage.services.rhythm.plan()
    stage.at("2026-12-01T09:30")
    await stage.settle()
    await remember("2026-12-01T09:59")
    stage.at("2026-12-01T10:00")
    await stage.answer("grant", "supplier-growth", form="v-1", assessment="off_track", blocker="…", moved="…")
    await remember("2026-12-01T10:00")
    stage.at("2026-12-01T11:00")
    await stage.answer("grant", "supplier-growth", form="v-1", assessment="at_risk", blocker="Rates.", moved="Less.")
    await remember("2026-12-01T11:01")
    stage.at("2026-12-01T12:00")
    await stage.answer(
        "omar", "supplier-growth", form="v-2", assessment="on_track", ask="A bank.", ask_from="halvorsen"
    )
    await stage.services.coalitions.add_admin(stage.operator, "priya.raman@lbp.example")
    await stage.services.coalitions.pause(stage.operator)
    await remember("2026-12-01T12:01")
    stage.at("2026-12-04T07:31")
    await stage.services.coalitions.resume(stage.operator)
    await stage.settle()
    for moment, (record, text) in then.items():
        assert await stage.record(moment) == record, moment
        assert await digest(stage, moment) == text, moment
    assert await known(stage, monday) == at_noon
    texts = [tuple(undated(text)) for _record, text in then.values()]
    assert len(set(texts)) == len(texts), "every one of these moments knew something else"
    assert '"moved": "…"' in then[stage.at("2026-12-01T10:00")][1]


async def test_what_the_first_import_brought_holds_from_the_beginning(stage: Stage) -> None:
    now = await stage.record()
    long_ago = datetime.fromisoformat("2026-01-05T00:00-06:00")
    assert await stage.record(long_ago) == now
    stage.at("2026-11-23T08:00")
    await stage.services.coalitions.import_record(EDITS["a priority's owner changes"](now))
    assert await stage.record(long_ago) == now, "what a later import brings holds from that import"


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_a_moment_at_which_something_changed_knows_the_change(any_sample: Stage) -> None:
    stage = any_sample
    moment = stage.at("2026-11-23T08:00")
    before = await stage.record()
    await stage.services.coalitions.import_record(EDITS["an action is done"](before))
    assert await stage.record(moment - timedelta(microseconds=1)) == before
    assert await stage.record(moment) == EDITS["an action is done"](before)


async def test_present_names_stand_for_past_ones(stage: Stage) -> None:
    """Names, addresses and titles are kept in the row alone, so that erasing a person leaves no copy."""
    before = await stage.record()
    renamed = replace(before.members[0], name="D. W.", timezone="America/Denver")
    changed = replace(before, members=(renamed, *before.members[1:]))
    stage.at("2026-11-23T08:00")
    await stage.services.coalitions.import_record(changed)
    past = (await stage.record(MONDAY_SEVEN)).members[0]
    assert (past.name, past.timezone) == ("D. W.", "America/Chicago")


@pytest.fixture(scope="module")
def template(sqlite_sample_template: Path) -> Path:
    return sqlite_sample_template


@pytest.mark.in_part
@settings(
    max_examples=examples(part(1, 5)),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # an example takes a second, and shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 3)), min_size=2, max_size=4))
def test_no_sequence_of_edits_changes_what_was_known(template: Path, steps: list[tuple[str, int]]) -> None:
    """Edits in any order, some taken back by importing an earlier record again, several at one moment."""

    async def play(path: Path) -> None:
        async with staged(f"sqlite:///{path}", FixedCalendar(MONDAY_SEVEN)) as stage:
            history = [await stage.record()]
            then: dict[datetime, Record] = {stage.calendar.now(): history[0]}
            for name, step in steps:
                stage.calendar.set(stage.calendar.now() + timedelta(hours=step))
                live = await stage.record()
                edited = EDITS[name](live)
                # An edit that was made before is taken back: the earlier record is imported as the file.
                wanted = history[0] if edited in history else edited
                await stage.services.coalitions.import_record(wanted, prefer_file=True)
                history.append(await stage.record())
                then[stage.calendar.now()] = history[-1]
            for moment, record in then.items():
                assert await stage.record(moment) == record

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        shutil.copy(template, path)
        asyncio.run(play(path))
