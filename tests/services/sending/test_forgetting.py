"""Forgetting what ended long ago: what goes, what stays and why, once a day, and nobody hears of anything again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import Bot
from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.outbox import SHORTEST, Item, Kind
from bot.services import Services
from bot.services.sending import Forgotten
from bot.slack.workspaces import Workspaces
from bot.store.checkins import DraftRow, RoundSubjectRow
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, RecoveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import ScheduleRow
from schedules.scheduler import Heartbeat
from tests.builders import action, cadence, day, decision, group
from tests.conftest import Beginnings, Life
from tests.examples import on, one_in
from tests.services.lived import a_week_and_the_rest
from tests.services.small import small
from tests.services.stage import Stage

NONE: Forgotten = Forgotten()


async def _a_year(services: Services, calendar: FixedCalendar) -> Stage:
    actions = (action("A-1"), action("A-2", status="done", completed=day("2026-11-20")))
    decisions = (
        decision("D-1", needed_by=day("2026-12-20")),
        decision("D-2", status="decided", decided_on=day("2026-11-20"), outcome="Yes"),
    )
    stage = await Stage.with_record(services, calendar, small(actions=actions, decisions=decisions))
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    for moment in ("2026-11-24T09:00", "2026-12-01T09:00", "2026-12-08T09:00", "2026-12-15T09:00"):
        stage.at(moment)
        await stage.settle()
    stage.at("2027-12-20T09:00")
    return stage


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    """The small coalition a year after its last round, with an action, a decision and a list of each kind."""
    async with any_beginnings.after("a_year", _a_year) as stage:
        yield stage


async def add(stage: Stage, *items: tuple[Item, Any], **fields: Any) -> int:
    """A message to Ana of a year ago, unless the fields say otherwise."""
    [found] = await add_all(stage, (items, fields))
    return found


async def add_all(stage: Stage, *those: tuple[tuple[tuple[Item, Any], ...], dict[str, Any]]) -> list[int]:
    """Several of them: what each holds, and how it differs."""
    at = datetime.fromisoformat("2026-12-10T15:00+00:00")
    async with stage.services.database.write(stage.operator.author(stage.calendar.now())) as session:
        ana = await session.scalar(select(MemberRow.id).where(MemberRow.key == "ana"))
        count = await session.scalar(select(func.count(DeliveryRow.id))) or 0
        usual = {"kind": Kind.PROMPTS, "member_id": ana, "state": "sent", "planned_at": at, "due_at": at, "sent_at": at}
        rows = [
            DeliveryRow(coalition_id=stage.coalition_id, key=f"old-{count + number}", **usual | fields)
            for number, (_items, fields) in enumerate(those)
        ]
        session.add_all(rows)
        await session.flush()
        for row, (items, _fields) in zip(rows, those, strict=True):
            for position, (item, about) in enumerate(items):
                of_round = {"round_subject_id": about} if isinstance(about, int) else {}
                session.add(
                    DeliveryItemRow(
                        coalition_id=stage.coalition_id,
                        delivery_id=row.id,
                        kind=item,
                        about=str(about),
                        position=position,
                        due_at=at,
                        **of_round,
                    )
                )
        return [row.id for row in rows]


async def ids(stage: Stage) -> set[int]:
    async with stage.services.database.read() as session:
        return {*await session.scalars(select(DeliveryRow.id))}


async def forget(stage: Stage, days: int = SHORTEST) -> Forgotten:
    """What goes of this coalition on the next day."""
    stage.calendar.set(stage.calendar.now() + timedelta(days=1))
    return (await stage.services.forgetting.forget(days))[stage.coalition_id]


LONG_AGO = datetime.fromisoformat("2026-12-10T15:00+00:00")
LATELY = datetime.fromisoformat("2027-11-10T15:00+00:00")

# What it holds, how it differs from an old message that has arrived, and whether it goes.
CASES: dict[str, tuple[tuple[tuple[Item, Any], ...], dict[str, Any], bool]] = {
    "news": (((Item.ROLES, ""),), {}, True),
    "a list that a later one followed": (((Item.ACTION_LIST, "2026-01-05 A-1 "),), {}, True),
    "the newest list": (((Item.ACTION_LIST, "2028-01-05 A-1 "),), {}, False),
    "a request for an action that is done": (((Item.ACTION_REQUEST, "A-2"),), {}, True),
    "a request for an action that is open": (((Item.ACTION_REQUEST, "A-1"),), {}, False),
    "a decision that was taken": (((Item.DECISION_PASSED, "D-2"),), {}, True),
    "a decision that waits, beside news": (((Item.ROLES, ""), (Item.DECISION_PASSED, "D-1")), {}, False),
    "an ask that is not there": (((Item.HELP_WANTED, "999"),), {}, True),
    "an account that asked to be linked": (((Item.LINK_REQUEST, "U1"),), {}, False),
    "nothing, since it went with another": ((), {"state": "dropped", "sent_at": None}, True),
    "what was missed": (((Item.ROLES, ""),), {"state": "missed", "sent_at": None}, True),
    "what was refused": (((Item.ROLES, ""),), {"state": "failed", "sent_at": None}, True),
    "what is planned still": (((Item.ROLES, ""),), {"state": "planned", "sent_at": None}, False),
    "what is held": (((Item.ROLES, ""),), {"state": "held", "sent_at": None}, False),
    "what may have arrived": (((Item.ROLES, ""),), {"state": "ambiguous", "sent_at": None}, False),
    "what arrived lately": (((Item.ROLES, ""),), {"sent_at": LATELY}, False),
    "what was of use until lately": (((Item.ROLES, ""),), {"expires_at": LATELY}, False),
    "what somebody decided about": (((Item.ROLES, ""),), {"resolved_by_id": 1}, False),
    "somebody's first message": (((Item.ROLES, ""),), {"subject": {"first_contact": True}}, False),
    "a letter": ((), {"kind": Kind.LETTER, "about": "1"}, True),
    "a link to somebody's own page": ((), {"kind": Kind.SIGN_IN, "about": "1"}, True),
    "a preview": ((), {"kind": Kind.OWNER_PREVIEW, "about": "1|2026-12-11T07:30:00"}, True),
    "the word about an account": ((), {"kind": Kind.ACCOUNT_MOVED, "about": "1"}, True),
    "a brief of a round that is gone": ((), {"kind": Kind.BRIEF, "about": "999"}, True),
    "an alarm": ((), {"kind": Kind.HELD_NOTICE, "subject": {"channels": ["p-one"]}}, True),
    "an agenda": ((), {"kind": Kind.AGENDA, "member_id": None, "channel": "leaders"}, False),
    "a decision's post": ((), {"kind": Kind.DECISION, "about": "D-2", "member_id": None, "channel": "x"}, False),
    "an issue's post": ((), {"kind": Kind.ISSUE, "about": "I-1", "member_id": None, "channel": "x"}, False),
}


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_what_goes_and_what_stays(any_stage: Stage) -> None:
    those = ((items, fields) for items, fields, _goes in CASES.values())
    made = dict(zip(CASES, await add_all(any_stage, *those), strict=True))
    # So that none of these is the newest, nor the newest brief.
    await add(any_stage, kind=Kind.BRIEF, about="1", sent_at=None, state="dropped")
    await forget(any_stage)
    left = await ids(any_stage)
    assert {name: made[name] not in left for name in CASES} == {name: goes for name, (_, _, goes) in CASES.items()}


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_the_messages_of_the_newest_rounds_and_all_of_digests_stay(any_stage: Stage) -> None:
    await any_stage.services.rhythm.close()
    async with any_stage.services.database.read() as session:
        digests = {*await session.scalars(select(DeliveryRow.id).where(DeliveryRow.digest_id.is_not(None)))}
        of_rounds = dict[int, set[int]]()
        for round_id, delivery_id in await session.execute(
            select(RoundSubjectRow.round_id, DeliveryItemRow.delivery_id).join(
                DeliveryItemRow, DeliveryItemRow.round_subject_id == RoundSubjectRow.id
            )
        ):
            of_rounds.setdefault(round_id, set()).add(delivery_id)
        said = [row for row in await session.scalars(select(DeliveryRow)) if row.subject.get("first_contact")]
    status = await any_stage.services.checkin_rounds.status(await any_stage.actor("lou"), "weekly")
    assert len(of_rounds) == 4
    assert digests
    assert said
    assert (await forget(any_stage)).deliveries
    left = await ids(any_stage)
    oldest, second, *newest = (of_rounds[one] for one in sorted(of_rounds))
    assert digests <= left
    assert {row.id for row in said} <= left
    assert set().union(*newest) <= left
    gone = (oldest | second) - set().union(*newest) - {row.id for row in said}
    assert gone
    assert not gone & left
    again = await any_stage.services.checkin_rounds.status(await any_stage.actor("lou"), "weekly")
    assert again.lines == status.lines, "who was asked when, of the newest round"


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_what_tells_of_a_message_keeps_it_and_goes_when_that_has_ended(any_stage: Stage) -> None:
    held = await add(any_stage, state="held", sent_at=None)
    refused = await add(any_stage, state="failed", sent_at=None)
    brief = await add(any_stage, state="failed", sent_at=None)
    waiting = await add(any_stage, kind=Kind.HELD_NOTICE, subject={"deliveries": [held, refused]})
    over = await add(any_stage, kind=Kind.HELD_NOTICE, subject={"deliveries": [brief]})
    lately = await add(any_stage, kind=Kind.BRIEF, about="1", sent_at=LATELY, subject={"held": [brief]})
    await forget(any_stage)
    assert {held, refused, brief, waiting, lately} <= await ids(any_stage)
    assert over not in await ids(any_stage)
    async with any_stage.services.database.write() as session:
        (await session.get_one(DeliveryRow, held)).state = "missed"
    await forget(any_stage)
    left = await ids(any_stage)
    assert not {held, refused, waiting} & left
    assert {brief, lately} <= left


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_a_message_goes_with_its_updates_and_never_while_one_is_young_or_under_way(any_stage: Stage) -> None:
    old, changed, changing, above = [await add(any_stage, (Item.ROLES, "")) for _ in range(4)]
    old_update = await add(any_stage, operation="update", parent_id=old)
    young = await add(any_stage, operation="update", parent_id=changed, sent_at=LATELY)
    planned = await add(any_stage, operation="update", parent_id=changing, state="planned", sent_at=None)
    reply = await add(any_stage, kind=Kind.NOTES, parent_id=above)
    await add(any_stage, state="planned", sent_at=None)
    await forget(any_stage)
    left = await ids(any_stage)
    assert not {old, old_update} & left
    assert {changed, young, changing, planned, above, reply} <= left
    async with any_stage.services.database.read() as session:
        items = {*await session.scalars(select(DeliveryItemRow.delivery_id))}
    assert old not in items
    assert {changed, changing, above} <= items


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_drafts_of_forms_go_and_words_for_the_next_round_stay(any_stage: Stage) -> None:
    kept = {"early:weekly:p1", "words:weekly:p1", "p1", "a kind of its own:1"}
    gone = {"form:1", "action:1", "action-form:1", "notes:1", "decision:1"}
    async with any_stage.services.database.write() as session:
        ana = await session.scalar(select(MemberRow.id).where(MemberRow.key == "ana"))
        for subject in kept | gone:
            values: dict[str, Any] = {"member_id": ana, "values": {}, "saved_at": LONG_AGO}
            session.add(DraftRow(coalition_id=any_stage.coalition_id, subject=subject, **values))
        lately: dict[str, Any] = {"member_id": ana, "values": {}, "saved_at": LATELY}
        session.add(DraftRow(coalition_id=any_stage.coalition_id, subject="form:lately", **lately))
    assert (await forget(any_stage)).drafts == len(gone)
    async with any_stage.services.database.read() as session:
        assert {*await session.scalars(select(DraftRow.subject))} == kept | {"form:lately"}


async def test_it_is_done_once_a_day_by_one_process_and_again_after_a_wrong_clock(any_stage: Stage) -> None:
    services, calendar = any_stage.services, any_stage.calendar
    both = await asyncio.gather(services.forgetting.forget(SHORTEST), services.forgetting.forget(SHORTEST))
    assert sorted(map(bool, both)) == [False, True]
    now = calendar.now()
    for later, is_done in ((timedelta(hours=23), False), (timedelta(days=1), True), (timedelta(hours=-2), True)):
        calendar.set(now + later)
        assert bool(await services.forgetting.forget(SHORTEST)) is is_done, later


async def test_housekeeping_does_it_where_that_is_wanted_and_the_clock_is_right(services: Services) -> None:
    done, right = [], True

    async def is_right() -> bool:
        return right

    async def forget_days(days: int) -> dict[int, Forgotten]:
        done.append(days)
        return {}

    bot = Bot(services, Heartbeat(services, Workspaces(), SystemElapsedTime()), Workspaces())
    bot.heartbeat.clock.is_right = is_right  # type: ignore[method-assign]
    services.forgetting.forget = forget_days  # type: ignore[method-assign]
    await bot.keep_house()
    bot.keep_days, right = 400, False
    await bot.keep_house()
    assert done == []
    right = True
    await bot.keep_house()
    assert done == [400]


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_shorter_time_is_never_taken(any_stage: Stage) -> None:
    young = await add(any_stage, (Item.ROLES, ""), due_at=LATELY, planned_at=LATELY, sent_at=LATELY)
    await add(any_stage, state="planned", sent_at=None)
    await forget(any_stage, days=1)
    assert young in await ids(any_stage)


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_nothing_goes_of_a_coalition_whose_database_is_looked_after(any_stage: Stage) -> None:
    async with any_stage.services.database.write() as session:
        now = any_stage.calendar.now()
        about = {"why": "restored", "since": LONG_AGO, "noticed_at": now, "reaches_until": now}
        session.add(RecoveryRow(coalition_id=any_stage.coalition_id, **about))
    assert await forget(any_stage) == NONE
    async with any_stage.services.database.write() as session:
        (await session.scalars(select(RecoveryRow))).one().ended_at = any_stage.calendar.now()
    assert (await forget(any_stage)).deliveries


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_the_newest_message_stays_so_that_its_number_is_never_given_again(any_stage: Stage) -> None:
    newest = await add(any_stage, (Item.ROLES, ""))
    await forget(any_stage)
    assert newest in await ids(any_stage)
    following = await add(any_stage, (Item.ROLES, ""))
    assert following > newest
    await forget(any_stage)
    assert newest not in await ids(any_stage)


async def test_a_list_of_long_ago_is_not_planned_for_a_clock_that_is_new(
    services: Services, calendar: FixedCalendar
) -> None:
    ended = "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261215T235959"
    lists = cadence(
        "lists",
        kind="reminder",
        audience="action_owners",
        dtstart=datetime.fromisoformat("2026-01-05T09:00"),
        rrule=ended,
        question_set=None,
    )
    record = small(actions=(action("A-1", due="2028-01-30"),), cadences=(*small().cadences, lists))
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    stage.at("2026-12-14T09:00")
    await stage.settle()
    assert await _lists(stage) == 1
    stage.at("2027-12-20T09:00")
    async with services.database.write(stage.operator.author(calendar.now())) as session:
        (await session.scalars(select(MemberRow).where(MemberRow.key == "ana"))).one().timezone = "America/New_York"
    await stage.settle()
    assert await _lists(stage) == 1


async def _lists(stage: Stage) -> int:
    return sum(any("action_list" in item for item in one.items) for one in await stage.deliveries("prompts"))


async def pages(stage: Stage, coordinator: str, *others: str) -> dict[str, Any]:
    """What they read in Home, and the coordinator elsewhere."""
    services, actor = stage.services, await stage.actor(coordinator)
    found: dict[str, Any] = {}
    for member in (coordinator, *others):
        found[member] = await services.home.page(await stage.actor(member), whole=True)
    found["undelivered"] = await services.undeliveries.page(actor)
    found["status"] = await services.checkin_rounds.status(actor, "")
    found["past digests"] = await services.digests.past(actor)
    found["decision"] = await services.decisions.show(actor, "D-1")
    found["histories"] = [
        await services.histories.action(actor, (await stage.record()).actions[0].id),
        await services.histories.decision(actor, "D-1"),
    ]
    return found


async def planned_anew(stage: Stage) -> list[str]:
    """Which messages are sent when all that was ever due is looked at anew, as after a clock that was far ahead."""
    async with stage.services.database.write() as session:
        for row in await session.scalars(select(ScheduleRow)):
            row.planned_through = stage.calendar.now() + timedelta(days=400)
    stage.services.rhythm._refreshed.clear()
    return [one.kind for one in await stage.settle() if one.operation == "post"]


async def _sample_year(services: Services, calendar: FixedCalendar) -> Stage:
    """The sample after a week with all that people do, in December, and in September."""
    stage = await a_week_and_the_rest(services, calendar)
    for moment in ("2026-12-01T09:00", "2026-12-18T09:00", "2027-09-02T09:00"):
        stage.at(moment)
        await stage.settle()
    return stage


async def _small_year(services: Services, calendar: FixedCalendar) -> Stage:
    """The small coalition a year after its last round, in which people answered, asked, decided and wrote letters."""
    actions = (action("A-1"), action("A-2", owner="cal", due="2026-12-10"))
    decisions = (decision("D-1", decider="steering", needed_by=day("2026-12-20"), options=("Yes", "No")),)
    groups = (group(channel="leaders", members=("ana", "ben")),)
    stage = await Stage.with_record(services, calendar, small(actions=actions, decisions=decisions, groups=groups))
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    for number, tuesday in enumerate(("2026-11-24", "2026-12-01", "2026-12-08")):
        stage.at(f"{tuesday}T09:00")
        await stage.settle()
        await stage.answer("ana", "p1", form=f"view-{number}", ask=f"Room {number}.", ask_from="other")
        lou = await stage.actor("lou")
        await services.letters.send(lou, f"letter-{number}", ["ben", "cal"], "Is there anything new?")
    await services.decisions.respond(await stage.actor("ben"), "D-1", "talk")
    for moment in ("2026-12-11T09:00", "2027-12-20T09:00"):
        stage.at(moment)
        await stage.settle()
    return stage


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("year", "readers", "at_least"),
    one_in(2, [(_small_year, ("lou", "ana", "ben"), 12), (_sample_year, ("omar", "imani", "marcus", "grant"), 20)]),
)
async def test_everybody_reads_the_same_and_nobody_hears_of_anything_again(
    services: Services, calendar: FixedCalendar, year: Life, readers: Sequence[str], at_least: int
) -> None:
    """Also while another coalition's database is looked after, of which nothing goes."""
    one = await year(services, calendar)
    other = await Stage.with_record(services, calendar, small(), as_key="other")
    await other.link()
    await other.go_live()
    await add(other)
    for days in (1, 8):
        one.calendar.set(one.calendar.now() + timedelta(days=days))
        await one.settle()
    before, all_ids = await pages(one, *readers), await ids(one)
    async with one.services.database.write() as session:
        about = {"why": "away", "since": one.calendar.now(), "noticed_at": one.calendar.now() - timedelta(days=9)}
        session.add(RecoveryRow(coalition_id=other.coalition_id, reaches_until=about["noticed_at"], **about))
        theirs = await _count(session, other.coalition_id)
    found = await one.services.forgetting.forget(SHORTEST)
    assert all_ids - await ids(one), "with their updates"
    assert found[one.coalition_id].deliveries > at_least
    assert found[other.coalition_id] == NONE
    assert theirs
    assert await pages(one, *readers) == before
    async with one.services.database.write() as session:
        assert await _count(session, other.coalition_id) == theirs
        assert await session.scalar(select(func.count(DigestRow.id)))
        (await session.scalars(select(RecoveryRow))).one().ended_at = one.calendar.now()
    assert await one.settle() == []
    assert await planned_anew(one) == []
    assert (await forget(other)).deliveries, "what was kept meanwhile"


async def _count(session: Any, coalition_id: int) -> int | None:
    found: int | None = await session.scalar(
        select(func.count(DeliveryRow.id)).where(DeliveryRow.coalition_id == coalition_id)
    )
    return found
