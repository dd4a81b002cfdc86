"""A round that asks a working group's members for themselves: asked, one answers, one is reminded, for one the stand-in
answers, closed; what was answered is posted once, also by a process that dies over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.outbox import Kind, State
from bot.domain.record import Cadence, Question, QuestionSet, Record
from bot.domain.vocabularies import SummaryPlace
from bot.store.checkins import RoundSubjectRow
from bot.store.people import MemberRow
from tests.examples import one_in
from tests.schedules.conftest import copied, lived_once
from tests.schedules.stage import Stage, Still, opened
from tests.schedules.test_crashes import Killed, kill_at, owner_of

ROOM = QuestionSet(
    id="room",
    title="How the room works",
    minutes=1,
    questions=(Question(id="size", type="yes_no", label="Is it large enough?", required=True),),
)
GROUP = ("imani", "luis", "marcus")
# On the clock of each; Marcus lives an hour behind.
ASKED, REMINDED, STANDS_IN, CLOSED = "12-02 09:05", "12-03 09:05", "12-03 14:05", "12-04 12:05"


def with_room_check(record: Record) -> Record:
    """A check-in that asks three members of a working group each Wednesday at nine; Luis stands in for Imani."""
    weekly = next(one for one in record.cadences if one.id == "weekly-checkin")
    room: Cadence = replace(
        weekly,
        id="room-check",
        name="Room check",
        audience="wg-access",
        question_set=ROOM.id,
        dtstart=datetime(2026, 12, 2, 9),  # noqa: DTZ001 (a wall time)
        rrule="FREQ=WEEKLY;BYDAY=WE",
        feeds=None,
        moves=(),
        summary=SummaryPlace.CHANNEL,
    )
    groups = tuple(replace(one, members=GROUP) if one.id == "wg-access" else one for one in record.groups)
    return replace(
        record,
        cadences=(*record.cadences, room),
        question_sets=(*record.question_sets, ROOM),
        groups=groups,
    )


async def say(stage: Stage, of: str, by: str, size: str) -> None:
    async with stage.services.database.read() as session:
        subject = await session.scalar(
            select(RoundSubjectRow.id)
            .join(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
            .where(MemberRow.key == of)
        )
    assert subject is not None
    await stage.services.checkins.submit(await stage.actor(by), f"form:{of}", subject, {"size": size})


def about_room(stage: Stage, member: str) -> list[str]:
    """What this member reads of it, the newest last."""
    return [message.text for message in stage.dm(member) if ROOM.title in message.text]


@pytest.fixture(scope="module")
def answered_round(tmp_path_factory: pytest.TempPathFactory, live_template: Path, sample: Record) -> tuple[Path, Still]:
    """A round that is about to be closed, with what everybody was asked and answered."""

    async def come_there(url: str) -> Still:
        async with opened(url, sample) as stage:
            await live_through(stage)
            return Still.of(stage)

    return lived_once(tmp_path_factory, live_template, "answered_round", come_there)


@pytest.fixture
async def stage(answered_round: tuple[Path, Still], live_template: Path, sample: Record) -> AsyncIterator[Stage]:
    """That moment."""
    path, still = answered_round
    async with opened(copied(path, live_template.parent), sample, still=still) as answered:
        yield answered


async def live_through(stage: Stage) -> None:
    await stage.change(with_room_check(await stage.record()))
    await stage.go("12-01 12:00")
    await stage.go(ASKED)
    assert all(len(about_room(stage, member)) == 1 for member in GROUP)
    await say(stage, "luis", "luis", "yes")
    await stage.go(REMINDED)
    assert {member: len(about_room(stage, member)) for member in GROUP} == {"imani": 2, "luis": 1, "marcus": 2}
    await say(stage, "marcus", "marcus", "no")
    await stage.go(STANDS_IN)
    assert "Could you stand in for Imani Rhodes?" in about_room(stage, "luis")[-1]
    await say(stage, "imani", "luis", "no")
    # Closed in the East, where two of them live; Friday's digest is out.
    await stage.go("12-04 11:50")
    assert await stage.rows(Kind.ROUND_SUMMARY) == []


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("part", "name", "after"),
    one_in(
        3,
        [
            (None, "", False),
            ("rhythm", "close", False),
            ("rhythm", "close", True),
            ("deliveries", "claim", True),
            ("client", "chat_postMessage", False),
            ("client", "chat_postMessage", True),
            ("deliveries", "sent", False),
        ],
    ),
)
async def test_what_was_answered_is_posted_once(
    stage: Stage, part: str | None, name: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(stage.posts)
    has_died = kill_at(owner_of(stage, stage.main, part), name, after=after, monkeypatch=monkeypatch) if part else None
    stage.set(CLOSED)
    try:
        await stage.settle()
    except Killed:
        stage.processes.insert(0, stage.process("after the kill"))
        await stage.expire()
        await stage.hurry()
        await stage.settle()
    assert has_died is None or has_died(), "the step was never taken"
    row = await stage.one(Kind.ROUND_SUMMARY)
    assert (row.channel, row.state) == ("lb-access", State.SENT)
    [post] = stage.posts[before:]
    assert "Room check, Dec 2: 3 of 3 answered. Is it large enough? yes: 1 · no: 2." in post.text
    assert stage.doubled == []
    await stage.go("12-04 12:30")
    assert len(stage.posts) == before + 1
