"""The stage of the tests of rights: the sample with somebody for every role, and calls that leave no trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import FixedCalendar
from bot.domain.actions import NewAction
from bot.domain.digests import compose, to_published
from bot.domain.packing import pack
from bot.domain.record import (
    ActionItem,
    Cadence,
    Decision,
    Group,
    Issue,
    Member,
    Priority,
    Question,
    QuestionSet,
    Record,
    Role,
)
from bot.domain.vocabularies import ActionStatus, DecisionStatus, IssueStatus
from bot.services import Services
from bot.services.access import Actor
from bot.store.asks import AskRow
from bot.store.checkins import PrivateNoteRow, ResponseRow
from bot.store.coalition import CoalitionRow, SetupRow
from bot.store.database import Database
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import CadenceRow
from tests.engines import in_this_thread
from tests.services.edits import local
from tests.services.lived import once
from tests.services.stage import TEAM, WORKSPACE, Stage, account

OWN = "family-access"  # the priority that everybody's part is in, but Renata's
# Who is what. People of the sample where it has somebody of that role and no other; the others are added.
CAST = {
    "dana": "lead and admin",
    "priya": "staff, and steward of some figures",
    "lorna": "chair of steering",
    "sage": "steering",
    "imani": "owner of the priority",
    "luis": "co-chair of the priority's group, and steward of its seats",
    "renata": "co-chair of another priority's group",
    "stella": "steward of one of the priority's figures",
    "seth": "a seat in the priority's group",
    "otto": "member without a role",
    "delia": "stand-in of the owner",
    "charlotte": "funder who sits in steering",
    "ben": "funder and observer",
}
ASKED = "Ask two landlords"
ADDED = ("sage", "stella", "seth", "otto", "delia")
ROLES: dict[str, tuple[Role, ...]] = {
    "sage": (Role(role="steering_member", scope="coalition"),),
    # The sample's owners all sit in steering; here one has nothing but her priority.
    "imani": (Role(role="priority_owner", scope=OWN),),
}
STAND_INS = {"tom": None, "imani": "delia"}
SEATS = {"sage": "steering", "seth": "wg-access"}


def with_cast(sample: Record) -> Record:
    """The sample with the cast, an action of each of them, and a decision and an issue of the priority's own group."""
    added = tuple(Member(id=key, name=key.capitalize(), organization="kessler") for key in ADDED)
    return replace(
        sample,
        members=tuple(_with_part(one) for one in (*sample.members, *added)),
        groups=tuple(_with_seats(one) for one in sample.groups),
        priorities=tuple(_with_steward(one) for one in sample.priorities),
        actions=(*sample.actions, *(_own_action(key) for key in CAST)),
        decisions=(*sample.decisions, _decision()),
        issues=(*sample.issues, _issue()),
        cadences=(*sample.cadences, _room_check(sample)),
        question_sets=(*sample.question_sets, ROOM),
    )


ROOM = QuestionSet(
    id="room", title="How the room works", questions=(Question(id="size", type="yes_no", label="Is it large enough?"),)
)


def _room_check(sample: Record) -> Cadence:
    """What asks the priority's own group for themselves; it rests, so that it asks nobody in the scene."""
    weekly = next(one for one in sample.cadences if one.id == "weekly-checkin")
    return replace(
        weekly,
        id="room-check",
        name="Room check",
        audience="wg-access",
        question_set=ROOM.id,
        feeds=None,
        moves=(),
        paused_at=datetime(2026, 11, 2, 12, tzinfo=UTC),
    )


def _with_part(one: Member) -> Member:
    return replace(one, roles=ROLES.get(one.id, one.roles), delegate=STAND_INS.get(one.id, one.delegate))


def _with_seats(one: Group) -> Group:
    seated = tuple(key for key, group in SEATS.items() if group == one.id)
    left = {"imani"} if one.id == "steering" else set()
    return replace(one, members=(*(key for key in one.members if key not in left), *seated))


def _with_steward(one: Priority) -> Priority:
    if one.id != OWN:
        return one
    return replace(
        one, metrics=tuple(replace(it, steward="stella") if it.id == "fa-quality" else it for it in one.metrics)
    )


def own_action(key: str) -> str:
    """The id of the action that is this person's own, about a priority that is not."""
    return f"A-9{list(CAST).index(key):02}"


def _own_action(key: str) -> ActionItem:
    return ActionItem(
        id=own_action(key),
        title=f"Something of {key}'s",
        owner=key,
        due=date(2026, 12, 1),
        status=ActionStatus.IN_PROGRESS,
        priority="supplier-growth",
        created=date(2026, 11, 2),
    )


def _decision() -> Decision:
    return Decision(
        id="D-6",
        title="Open on Sundays for $9,000",
        decider="wg-access",
        status=DecisionStatus.NEEDED,
        priority=OWN,
        accountable="imani",
        needed_by=date(2026, 12, 10),
        options=("Open", "Wait"),
    )


def _issue() -> Issue:
    """Nobody's of the cast but by their parts."""
    return Issue(
        id="I-4",
        title="Two vans are in repair",
        raised_by="omar",
        owner="omar",
        raised=date(2026, 11, 16),
        status=IssueStatus.OPEN,
        priority=OWN,
        impact="Twenty rides a day",
    )


@dataclass
class Scene:
    """What the calls of the table need to be plausible."""

    stage: Stage
    record: Record
    actors: dict[str, Actor]
    subject: int  # the open round's of OWN
    ask: int  # of Talent pathways to a funder, waits for a coordinator
    sent_ask: int  # of Job quality to Harrow County
    asked: str  # an action that waits for Imani's yes
    held: int  # a message
    note: int  # of Job quality to the coordinators
    content: dict[str, Any] | None = None  # of a digest, once one was needed

    @property
    def services(self) -> Services:
        return self.stage.services

    @property
    def now(self) -> datetime:
        return self.stage.calendar.now()


async def set_scene(services: Services, calendar: FixedCalendar, record: Record) -> Scene:
    """A live Monday at nine: two of the others have answered with an ask each, and one message is held."""
    return await scene_of(await _lived(services, calendar, record))


@once
async def _lived(services: Services, calendar: FixedCalendar, record: Record) -> Stage:
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.join_channels()
    await stage.go_live(meetings=True)
    stage.at("2026-11-23T09:00")
    await stage.settle()
    words = {"assessment": "at_risk", "blocker": "Rent.", "ask": "A bridge.", "ask_from": "halvorsen"}
    omar = await stage.actor("omar")
    await stage.answer("yolanda", "talent-pathways", **words)
    await stage.answer(
        "tom", "job-quality", form="view-2", **{**words, "ask_from": "harrow-county", "for_coordinator": "Hm."}
    )
    await services.action_items.add(
        omar, "asked", NewAction(title=ASKED, owner="imani", due=date(2026, 12, 7), priority=OWN)
    )
    async with services.database.write(omar.author(stage.calendar.now())) as session:
        responses = await session.scalars(select(ResponseRow).where(ResponseRow.round == date(2026, 11, 23)))
        session.add_all(
            AskRow(
                coalition_id=stage.coalition_id,
                response_id=one.id,
                text="A bridge.",
                asked=one.ask_from,
                state="waiting",
                made_at=stage.calendar.now(),
            )
            for one in responses
        )
        held = DeliveryRow(
            coalition_id=stage.coalition_id,
            key="held",
            kind="digest_channel",
            channel="lb-talent",
            planned_at=stage.calendar.now(),
            due_at=stage.calendar.now(),
            state="held",
        )
        session.add(held)
    stage.at("2026-11-23T09:10")
    await services.asks.send(omar, await _ask_to(stage, "harrow-county"))
    return stage


async def _ask_to(stage: Stage, asked: str) -> int:
    async with stage.services.database.read(stage.coalition_id) as session:
        return (await session.scalars(select(AskRow.id).where(AskRow.asked == asked))).one()


async def scene_of(stage: Stage) -> Scene:
    record = await stage.record()
    async with stage.services.database.read(stage.coalition_id) as session:
        held = (await session.scalars(select(DeliveryRow.id).where(DeliveryRow.key == "held"))).one()
        note = (await session.scalars(select(PrivateNoteRow.id))).one()
    return Scene(
        stage=stage,
        record=record,
        actors={key: await stage.actor(key) for key in CAST},
        subject=(await stage.subject(OWN)).id,
        ask=await _ask_to(stage, "halvorsen"),
        sent_ask=await _ask_to(stage, "harrow-county"),
        asked=next(one.id for one in record.actions if one.title == ASKED),
        held=held,
        note=note,
    )


async def set_published_scene(services: Services, calendar: FixedCalendar, record: Record) -> Scene:
    """The same with a digest that is out."""
    return await scene_of(await _published(services, calendar, record))


@once
async def _published(services: Services, calendar: FixedCalendar, record: Record) -> Stage:
    scene = await set_scene(services, calendar, record)
    await publish(scene.stage)
    return scene.stage


async def publish(stage: Stage) -> int:
    """A digest goes out now, by hand."""
    omar = await stage.actor("omar")
    await stage.services.digests.send(omar, (await stage.services.digests.ask_to_send(omar)).token)
    await stage.settle()
    return (await stage.services.digests.past(omar)).digests[0].id


async def have_published(scene: Scene) -> int:
    """The same in short: a digest that is out, without its posts."""
    cadence = await _cadence_id(scene.stage)
    if scene.content is None:
        composed = compose(scene.record, scene.now)
        scene.content = {"published": to_published(composed), "digest": pack(composed)}
    async with scene.services.database.write() as session:
        row = DigestRow(
            coalition_id=scene.stage.coalition_id,
            cadence_id=cadence,
            slot=local("2026-11-20T07:30"),
            due_at=scene.now,
            composed_at=scene.now,
            published_at=scene.now,
            content=scene.content,
        )
        session.add(row)
    return int(row.id)


async def _cadence_id(stage: Stage) -> int:
    async with stage.services.database.read() as session:
        found = await session.scalar(select(CadenceRow.id).where(CadenceRow.key == "weekly-digest"))
    assert found is not None
    return int(found)


async def be_in_setup(scene: Scene, step: int) -> None:
    """The coalition as it is while its setup is under way."""
    async with scene.services.database.write((await scene.stage.actor("omar")).author(scene.now)) as session:
        (await session.get_one(CoalitionRow, scene.stage.coalition_id)).state = "draft"
        session.add(
            SetupRow(
                team_id=TEAM,
                coalition_id=scene.stage.coalition_id,
                user_id="UDANA",
                step=step,
                values={
                    "workspace": asdict(WORKSPACE),
                    "by": asdict(account("dana")),
                    "choices": [],
                    "found": [],
                    "channel_count": 0,
                },
                saved_at=scene.now,
            )
        )


class Rehearsal:
    """Calls of services on one connection, in a transaction that nobody commits; each is taken back after it."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self._database = database
        self._connection = connection

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """What happens inside has not happened afterwards."""
        before = self._database.snapshots.copy()
        inside = await self._connection.begin_nested()
        try:
            yield
        finally:
            await inside.rollback()
            self._database.snapshots = before


@asynccontextmanager
async def rehearsing(database: Database) -> AsyncIterator[Rehearsal]:
    """Everything that services do inside leaves no trace."""
    writer, reader = database.writer, database.reader
    async with writer.connect() as connection:
        outer = await connection.begin()
        database.writer = database.reader = connection  # type: ignore[assignment]
        rehearsal = Rehearsal(database, connection)
        try:
            with in_this_thread():
                yield rehearsal
        finally:
            database.writer, database.reader = writer, reader
            await outer.rollback()
