"""Whoever has the whole database, after the close of a pulse or before: what leads from an answer to a person?

The main attack is made once for all: the same round is lived twice, by the same people at the same moments, and only
who said what differs. Then every column of every table, and what the database itself says of each row, is compared.
What is the same in both can't tell the two apart, whatever is joined with whatever.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bot.clock import FixedCalendar
from bot.services import Services
from bot.services.checkins import TookPart
from bot.store import schema
from bot.store.database import database_url
from tests.conftest import Beginnings
from tests.examples import on, part
from tests.servers import Server, named_database
from tests.services.every_row import Rows, differences, every_row, has_rowid, holding
from tests.services.own_set import live
from tests.services.pulse_rounds import AFTER, CLOSES, OPENS, PEOPLE, REMINDED, SAID, WEDNESDAY, begin, say
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

ANSWERS, RESULTS = "pulse_answers", "pulse_results"
# In elapsed time, and so another one wherever the same is done twice.
MEASURED = {("deliveries", "attempted_at")}
# Of so many rounds by the real chance.
WEDNESDAYS = part(("2026-11-25", "2026-12-02"), ("2026-11-25", "2026-12-02", "2026-12-09"))
# Those who take part, in this order, and the others; and two ways of who says what.
TAKING_PART = ("fay", "ana", "hal", "cal", "eli", "ben")
AS_THEY_MEAN = {who: SAID[who] for who in TAKING_PART}
EXCHANGED = dict(zip(TAKING_PART, (SAID[who] for who in (*TAKING_PART[2:], *TAKING_PART[:2])), strict=True))


class Chance(random.Random):
    """The same order for the same things, however they lay before."""

    def shuffle(self, x: Any) -> None:
        x.sort()
        super().shuffle(x)


@pytest.fixture(scope="module")
def postgres_server(postgres_server: str) -> Iterator[str]:
    """One that nobody else uses: where rows come to lie depends on all that goes on in a server."""
    with tempfile.TemporaryDirectory(prefix="bbpg", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("SELECT pg_reload_conf()")
        yield server.url
        server.stop()


@pytest.fixture(scope="module")
def postgres_template(postgres_server: str) -> str:
    """The name of a database in it at the newest schema."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_alone")
    schema.migrate(database_url(named_database(postgres_server, "template_alone")))
    return "template_alone"


@pytest.fixture(scope="module")
def postgres_beginnings(request: pytest.FixtureRequest) -> Beginnings:
    """What was lived through in it."""
    return Beginnings(request, "postgres", "alone")


async def opened(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await begin(services, calendar)
    await live(stage, OPENS)
    return stage


@pytest.fixture
async def stage(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("a_pulse_opened", opened) as stage:
        yield stage


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("a_pulse_opened", opened) as stage:
        yield stage


async def lived(
    beginnings: Beginnings, said: Mapping[str, Mapping[str, str]], order: Sequence[str] = TAKING_PART
) -> tuple[Rows, Rows]:
    """Everything that stands in the database shortly before the close of a round and after it."""
    async with beginnings.after("a_pulse_opened", opened) as stage:
        stage.services.rhythm.chance = Chance(7)
        for number, who in enumerate(order):
            stage.at(f"{WEDNESDAY}T10:0{number}")
            assert isinstance(await say(stage, who, dict(said[who])), TookPart)
        await live(stage, f"{WEDNESDAY}T10:30", *part((), (REMINDED,)), f"{CLOSES[:10]}T11:55")
        before = await every_row(stage.services.database)
        await live(stage, *part((), (CLOSES,)), AFTER)
        return before, await every_row(stage.services.database)


_as_they_mean: dict[Beginnings, tuple[Rows, Rows]] = {}


async def as_they_mean(beginnings: Beginnings) -> tuple[Rows, Rows]:
    """What the others are held against."""
    if beginnings not in _as_they_mean:
        _as_they_mean[beginnings] = await lived(beginnings, AS_THEY_MEAN)
    return _as_they_mean[beginnings]


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_nothing_depends_on_who_said_what(any_beginnings: Beginnings) -> None:
    """Before the close nothing but the answers themselves does, and they are without order where the database lets us;
    afterwards nothing at all."""
    before, after = await as_they_mean(any_beginnings)
    exchanged_before, exchanged_after = await lived(any_beginnings, EXCHANGED)
    assert len(after[RESULTS]) == 1
    assert after[ANSWERS] == []
    assert differences(after, exchanged_after) == MEASURED
    before_close = differences(before, exchanged_before) - MEASURED
    assert {table for table, _column in before_close} == {ANSWERS}
    assert [sorted(one["answers"] for one in rows[ANSWERS]) for rows in (before, exchanged_before)] == [
        sorted(one["answers"] for one in before[ANSWERS])
    ] * 2


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_nothing_depends_on_who_was_first(any_beginnings: Beginnings) -> None:
    """After the close not even what people's own rows say: they are written together."""
    _, after = await as_they_mean(any_beginnings)
    _, turned_after = await lived(any_beginnings, AS_THEY_MEAN, tuple(reversed(TAKING_PART)))
    assert differences(after, turned_after) == MEASURED


async def test_an_answer_writes_and_locks_nothing_of_a_person(any_stage: Stage) -> None:
    """With an answer one row comes, in its own table. On PostgreSQL its transaction locks the round's row and the
    coalition's too, which are everybody's."""
    database = any_stage.services.database
    before = await every_row(database)
    any_stage.at(f"{WEDNESDAY}T10:00")
    await say(any_stage, "ana")
    after = await every_row(database)
    locked = set() if database.is_sqlite else {("rounds", "xmax"), ("coalitions", "xmax")}
    allowed = {(ANSWERS, "*"), *locked}
    assert differences(before, after) == allowed
    (answer,) = after[ANSWERS]
    assert set(answer) - {"ctid", "xmin", "xmax"} == {"random_key", "coalition_id", "round_id", "day", "answers"}
    assert re.fullmatch("[0-9a-f]{32}", answer["random_key"])
    assert "+" not in str(answer["day"])
    # A second one, refused, writes nothing, and neither does a form that is only looked at.
    await say(any_stage, "ana")
    subject = next(iter((await any_stage.services.checkins.mine(await any_stage.actor("ben"))).open)).subject_id
    await any_stage.services.checkins.form(await any_stage.actor("ben"), subject)
    await any_stage.services.checkins.keep_words(await any_stage.actor("ben"), subject, SAID["ben"])
    assert differences(after, await every_row(database)) == set()


async def test_words_stand_in_one_place(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody wrote stands among the answers, and after the close in the result; nowhere else, in no state, and
    in no log."""
    database = stage.services.database
    for who in TAKING_PART:
        await say(stage, who)
    await live(stage, f"{WEDNESDAY}T10:30")
    rows = await every_row(database)
    for who in TAKING_PART:
        assert holding(rows, SAID[who]["better"]) == {(ANSWERS, "answers")}
    await live(stage, CLOSES, AFTER)
    rows = await every_row(database)
    for who in TAKING_PART:
        assert holding(rows, SAID[who]["better"]) == {(RESULTS, "told")}
    said = capsys.readouterr()
    assert "number" not in said.out + said.err


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_no_moment_number_or_mark_is_shared_with_some_of_the_people(any_beginnings: Beginnings) -> None:
    """Several rounds by the real chance: whatever value of a result can be looked for elsewhere is found with everybody
    who was asked, or with nobody."""
    async with any_beginnings.after("a_pulse_opened", opened) as stage:
        assert isinstance(stage.services.rhythm.chance, random.SystemRandom)
        orders = random.Random(11)
        for week, day in enumerate(WEDNESDAYS):
            close = f"2026-{'11-27' if week == 0 else f'12-{4 + 7 * (week - 1):02}'}T12:00"
            await live(stage, f"{day}T09:00")
            order = orders.sample(PEOPLE, 6)
            for number, who in enumerate(order):
                stage.at(f"{day}T10:{number:02}")
                assert isinstance(await say(stage, who), TookPart)
            await live(stage, f"{day}T10:30", close, f"{close[:10]}T12:05")
        rows = await every_row(stage.services.database)
    assert len(rows[RESULTS]) == len(WEDNESDAYS)
    people = {row["id"]: row["key"] for row in rows["members"]}
    asked = {row["member_id"] for row in rows["round_subjects"] if row["member_id"] is not None}
    for result in rows[RESULTS]:
        for column, value in result.items():
            if not _can_be_joined(column, value):
                continue
            reached = {
                row[pointer]
                for table, found in rows.items()
                if table != RESULTS
                for row in found
                for pointer in ("member_id", "owner_id", "receiver_id", "by_id", "actor_id")
                if row.get(pointer) in asked and value in row.values()
            }
            assert reached in (set(), asked), (column, value, {people[one] for one in reached})
    assert {row["took_part"] for row in rows["round_subjects"] if row["member_id"] is not None} <= {False}


def _can_be_joined(column: str, value: Any) -> bool:
    """Whether an equal value elsewhere is no accident, and not what all of the coalition or of the round share."""
    is_number = isinstance(value, int) and column not in {"xmin", "xmax"}
    return value not in (None, 0, "{}") and not is_number and column not in {"ctid", "round"}


async def test_sqlite_numbers_no_answers(sqlite_beginnings: Beginnings) -> None:
    """So they lie by their keys, which are drawn."""
    async with sqlite_beginnings.after("a_pulse_opened", opened) as stage:
        for who in TAKING_PART:
            await say(stage, who)
        async with stage.services.database.writer.connect() as connection:
            assert not await connection.run_sync(has_rowid, ANSWERS)
            assert await connection.run_sync(has_rowid, RESULTS)
            keys = (await connection.execute(text(f"SELECT random_key FROM {ANSWERS}"))).scalars().all()
            assert list(keys) == sorted(keys)
