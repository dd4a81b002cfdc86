"""Claiming and settling: who may send, what waits and why, and what an unclear or held message comes to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.outbox import Kind
from bot.domain.people import SeenAccount
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.sending import Claimed, Timing
from bot.services.sending.turns import AHEAD
from bot.store.database import Database, database_url
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow
from tests.builders import priority
from tests.clocks import MovedClock
from tests.conftest import Beginnings
from tests.examples import on
from tests.services.lived import once
from tests.services.small import small
from tests.services.stage import TEAM, Stage, when_free
from tests.statements import counted

# Everything at once: leases that are over as soon as they are taken, and looks that are always due.
AT_ONCE = Timing(lease=0.0, post_timeout=0.0, looks=(0.0, 0.0, 0.0), retry=0.0)


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    return await asking(services, calendar)


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("asking_at_nine", asking) as stage:
        yield stage


@once
async def asking(services: Services, calendar: FixedCalendar) -> Stage:
    """The small coalition at nine on Tuesday, everything planned and nothing sent; only Lou is linked."""
    stage = await Stage.with_record(services, calendar, small())
    await stage.link("lou")
    await stage.go_live()
    stage.at("2026-11-24T09:00")
    await services.rhythm.plan()
    return stage


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_unlinked_people_wait_with_that_reason_and_go_as_soon_as_they_are_linked(any_stage: Stage) -> None:
    deliveries = any_stage.services.deliveries
    assert await deliveries.claim() == ()
    [ask, *_later] = await any_stage.deliveries("prompts")
    assert (ask.state, ask.reason) == (
        "planned",
        "not linked to a Slack account: pick it in Home, or run `backbeat link`",
    )
    assert await deliveries.is_settled(), "what waits for a person is not waited for"
    await any_stage.link("ana")
    [claimed] = await deliveries.claim()
    assert (claimed.team_id, claimed.user_id, claimed.kind) == (TEAM, f"UANA{any_stage.coalition_id}", "prompts")
    await any_stage.send(claimed)
    assert (await any_stage.deliveries("prompts", to="ana"))[0].state == "sent"
    assert (await any_stage.subject("p1")).asked_at == any_stage.calendar.now()


async def test_an_account_found_by_its_address_lets_deliveries_go(stage: Stage) -> None:
    await stage.services.coalitions.import_record(small(ana={"email": "ana@acme.example"}))
    await stage.services.deliveries.claim()
    seen = SeenAccount(
        team_id=TEAM, user_id="U1", name="Ana", email="Ana@Acme.example", timezone=None, deactivated=False
    )
    clock = replace(stage.operator, path="schedule")
    assert await stage.services.people.sync_accounts(clock, [seen]) == ("ana",)
    await stage.services.deliveries.wake_waiting(stage.coalition_id)
    assert [one.user_id for one in await stage.services.deliveries.claim()] == ["U1"]


@pytest.mark.parametrize(
    ("access", "deactivated", "reason"),
    [
        ("email_only", False, "reads e-mail only, and e-mail isn't set up: pass it on yourself"),
        ("member", True, "the Slack account is deactivated: link another one"),
    ],
)
async def test_other_reasons_to_wait(stage: Stage, access: str, deactivated: bool, reason: str) -> None:
    await stage.link("ana")
    async with stage.services.database.write(stage.operator.author(stage.calendar.now())) as session:
        member = (await session.scalars(select(MemberRow).where(MemberRow.key == "ana"))).one()
        member.access = access
        account = (await session.scalars(select(SlackAccountRow).where(SlackAccountRow.member_id == member.id))).one()
        account.deactivated = deactivated
    assert await stage.services.deliveries.claim() == ()
    assert (await stage.deliveries("prompts", to="ana"))[0].reason == reason


async def test_a_channel_that_the_bot_is_not_in_is_waited_for(stage: Stage) -> None:
    stage.at("2026-11-27T07:30")
    await stage.services.rhythm.plan()
    await stage.services.deliveries.claim()
    assert [(one.to, one.reason) for one in await stage.deliveries("digest_roll_up", "digest_channel")] == [
        ("#leaders", "I'm not in it: invite me there with /invite @Backbeat"),
        ("#p-one", "I'm not in it: invite me there with /invite @Backbeat"),
    ]
    await stage.join_channels("p-one")
    await stage.services.deliveries.wake_waiting(stage.coalition_id)
    assert [(one.kind, one.channel_id) for one in await stage.services.deliveries.claim()] == [
        ("digest_roll_up", "CLEADERS")
    ]


async def test_a_thread_waits_for_its_message_and_hangs_below_it(stage: Stage) -> None:
    await stage.join_channels()
    stage.at("2026-11-27T07:30")
    await stage.services.rhythm.plan()
    first = await stage.services.deliveries.claim()
    assert [one.kind for one in first] == ["digest_roll_up", "digest_channel"]
    assert await stage.services.deliveries.claim() == (), "no part goes before its message"
    await stage.send(*first)
    parts: list[Claimed] = []
    while found := await stage.services.deliveries.claim():
        parts += found
        await stage.send(*found)
    assert [one.kind for one in parts] == ["digest_reply", "digest_reply"]  # the priority, and what comes last
    assert {one.thread_ts for one in parts} == {f"{first[0].id}.000100"}


async def test_a_claim_is_the_claimers_alone(any_stage: Stage) -> None:
    await any_stage.link("ana")
    deliveries = any_stage.services.deliveries
    [claimed] = await deliveries.claim()
    assert await deliveries.claim() == ()
    assert await deliveries.may_post(claimed.id, claimed.attempt)
    assert not await deliveries.may_post(claimed.id, claimed.attempt + 1)
    other = Services(any_stage.services.database, any_stage.calendar, SystemElapsedTime(), owner="another process")
    assert not await other.deliveries.may_post(claimed.id, claimed.attempt)
    assert not await deliveries.is_settled()
    await deliveries.later(claimed.id, claimed.attempt, "rate limited", 0.0)
    [again] = await deliveries.claim()
    assert again.attempt == 2
    await deliveries.sent(claimed.id, 1, "D1", "1.1", 0)
    assert (await any_stage.row(claimed.id)).state == "claimed", "a word about an earlier attempt counts for nothing"


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_letters_are_claimed_by_as_many_statements_as_one(any_stage: Stage) -> None:
    """Those that depend on nothing else that is sent."""
    for one in ("ana", "ben"):
        await any_stage.link(one)
    await any_stage.services.deliveries.claim()
    counts, sender = [], await any_stage.actor("lou")
    for number, receivers in enumerate((["ana"], ["lou", "ana", "ben"])):
        await any_stage.services.letters.send(sender, f"letter-{number}", receivers, "Who can help with evening pay?")
        with counted(any_stage.services.database) as statements:
            claimed = await any_stage.services.deliveries.claim()
        assert sum(one.kind == Kind.LETTER for one in claimed) == len(receivers)
        counts.append(statements)
    assert len(counts[0]) == len(counts[1]), counts[1].told()


async def test_of_several_asked_at_once_each_has_its_own_answer(any_stage: Stage) -> None:
    await any_stage.link("ana")
    deliveries = any_stage.services.deliveries
    [claimed] = await deliveries.claim()
    asked = [(claimed.id, claimed.attempt), (claimed.id, claimed.attempt + 1), (claimed.id + 1000, 1)]
    assert await asyncio.gather(*(deliveries.may_post(*one) for one in asked)) == [True, False, False]
    words = [(claimed.id, claimed.attempt + 1, "1.2"), (claimed.id, claimed.attempt, "1.1")]
    await asyncio.gather(*(deliveries.sent(one, attempt, "D1", ts, 0, kind=Kind.LETTER) for one, attempt, ts in words))
    row = await any_stage.row(claimed.id)
    assert (row.state, row.ts) == ("sent", "1.1"), "a word about another attempt counts for nothing"
    assert (await any_stage.subject("p1")).asked_at is not None, "what follows from its arrival does, of whatever kind"


async def test_who_has_its_turn_soon_is_asked_for_along_with_another(
    any_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it may go at once; but not much later, since its coalition may have been paused."""
    for one in ("ana", "ben"):
        await any_stage.link(one)
    sender = await any_stage.actor("lou")
    await any_stage.services.letters.send(sender, "letter", ["ana", "ben"], "Who can help with evening pay?")
    await any_stage.services.letters.send(sender, "another", ["ana"], "And with the van?")
    deliveries, clock = any_stage.services.deliveries, MovedClock()
    monkeypatch.setattr(deliveries, "elapsed", clock)
    monkeypatch.setattr(deliveries.turns, "elapsed", clock)
    claimed = await deliveries.claim()
    first, *others = [(one.id, one.attempt) for one in claimed]
    assert len(others) >= 3
    with counted(any_stage.services.database) as statements:
        assert await deliveries.may_post(*first, ahead=others)
        assert await asyncio.gather(*(deliveries.may_post(*one) for one in others[:2])) == [True, True]
    assert len(statements) == 1, statements.told()
    await any_stage.services.coalitions.pause(any_stage.operator)
    assert await deliveries.may_post(*others[2]), "it was asked for a moment ago"
    await any_stage.services.coalitions.resume(any_stage.operator)
    assert await deliveries.may_post(*first, ahead=others)
    await any_stage.services.coalitions.pause(any_stage.operator)
    clock.ahead = AHEAD
    assert not await deliveries.may_post(*others[0])


async def test_a_pause_between_claim_and_post_stops_the_post(stage: Stage) -> None:
    await stage.link("ana")
    [claimed] = await stage.services.deliveries.claim()
    await stage.services.coalitions.pause(stage.operator)
    assert not await stage.services.deliveries.may_post(claimed.id, claimed.attempt)


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_a_lease_that_ends_without_a_word_is_unclear_and_looked_for_three_times(any_stage: Stage) -> None:
    await any_stage.link("ana")
    deliveries = any_stage.services.deliveries
    deliveries.timing = AT_ONCE
    [claimed] = await deliveries.claim()
    assert await any_stage.services.unclear_posts.expire_leases() == 1
    row = await any_stage.row(claimed.id)
    assert (row.state, row.reason) == ("ambiguous", "the program ended while this was being sent")
    assert await deliveries.claim() == (), "nothing is sent again before somebody looked"
    for look in range(3):
        [unclear] = await any_stage.services.unclear_posts.due()
        assert (unclear.id, unclear.key, unclear.looks) == (claimed.id, claimed.key, look)
        await any_stage.services.unclear_posts.not_found(unclear)
        await any_stage.services.unclear_posts.not_found(
            unclear
        )  # another process that looked at the same time counts for nothing
    assert (await any_stage.row(claimed.id)).state == "planned"
    [again] = await deliveries.claim()
    assert (again.id, again.attempt, again.key) == (claimed.id, 2, claimed.key)


async def test_a_lease_that_holds_is_left_alone(stage: Stage) -> None:
    await stage.link("ana")
    stage.services.deliveries.timing = Timing(lease=60.0)
    await stage.services.deliveries.claim()
    stage.at("2027-11-24T09:00")  # a calendar that leaps ends no lease
    assert await stage.services.unclear_posts.expire_leases() == 0
    assert await stage.services.unclear_posts.expire_leases(mine=True) == 1, "after a restart, one's own are dead"


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_message_that_is_found_had_been_sent(any_stage: Stage) -> None:
    await any_stage.link("ana")
    deliveries = any_stage.services.deliveries
    deliveries.timing = AT_ONCE
    [claimed] = await deliveries.claim()
    await deliveries.unclear(claimed.id, claimed.attempt, "no answer in time")
    [unclear] = await any_stage.services.unclear_posts.due()
    await any_stage.services.unclear_posts.found(unclear.id, "D7", "7.7")
    row = await any_stage.row(claimed.id)
    assert (row.state, row.channel_id, row.ts, row.reason) == ("sent", "D7", "7.7", None)
    assert (await any_stage.subject("p1")).asked_at == any_stage.calendar.now()
    assert await any_stage.services.unclear_posts.due() == ()


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_the_conversation_is_stored_before_the_first_post(any_stage: Stage) -> None:
    await any_stage.link("ana")
    deliveries = any_stage.services.deliveries
    deliveries.timing = AT_ONCE
    [claimed] = await deliveries.claim()
    assert claimed.channel_id is None
    assert claimed.team_id is not None
    assert claimed.user_id is not None
    await deliveries.keep_dm(claimed.team_id, claimed.user_id, claimed.id, "D42")
    await any_stage.services.unclear_posts.expire_leases()
    [unclear] = await any_stage.services.unclear_posts.due()
    assert unclear.channel_id == "D42"
    for _look in range(3):
        await any_stage.services.unclear_posts.not_found((await any_stage.services.unclear_posts.due())[0])
    [again] = await deliveries.claim()
    assert again.channel_id == "D42", "the account remembers it too"


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_a_word_about_an_earlier_attempt_leaves_a_later_one_alone(any_stage: Stage) -> None:
    """A process that looks may be so slow that another one has sent again since, and knows no more whether it arrived:
    that nothing can have arrived by the first attempt says nothing of the second."""
    await any_stage.link("ana")
    deliveries, unclear_posts = any_stage.services.deliveries, any_stage.services.unclear_posts
    deliveries.timing = AT_ONCE
    await deliveries.claim()
    assert await unclear_posts.expire_leases() == 1
    [heard] = await unclear_posts.due()
    assert heard.channel_id is None
    await unclear_posts.not_sent(heard.id, heard.attempt)
    [again] = await deliveries.claim()
    assert again.team_id is not None
    assert again.user_id is not None
    await deliveries.keep_dm(again.team_id, again.user_id, again.id, "D42")
    await deliveries.unclear(again.id, again.attempt, "Slack did not answer")
    before = (await any_stage.row(again.id)).next_attempt_at
    await unclear_posts.not_sent(heard.id, heard.attempt)
    await unclear_posts.look_later(heard, 60.0)
    await unclear_posts.hold(heard.id, heard.attempt, "the app may not read this conversation")
    row = await any_stage.row(again.id)
    assert (row.state, row.next_attempt_at) == ("ambiguous", before)
    await unclear_posts.not_sent(again.id, again.attempt)
    assert (await any_stage.row(again.id)).state == "planned"


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_look_that_failed_brings_no_later_one_forward(any_stage: Stage) -> None:
    """Of two processes that look at the same time one learns nothing; the other one's look counts, and the next is due
    when it was to be: Slack may show a message only then."""
    await any_stage.link("ana")
    unclear_posts = any_stage.services.unclear_posts
    any_stage.services.deliveries.timing = Timing(lease=60.0, looks=(0.0, 20.0, 60.0))
    [claimed] = await any_stage.services.deliveries.claim()
    await any_stage.services.deliveries.unclear(claimed.id, claimed.attempt, "Slack did not answer")
    [heard] = await unclear_posts.due()
    await unclear_posts.look_later(heard, 0.0)
    assert await unclear_posts.due() == (heard,), "one alone looks again"
    await unclear_posts.not_found(heard)
    due_at = (await any_stage.row(claimed.id)).next_attempt_at
    await unclear_posts.look_later(heard, 1.0)
    assert (await any_stage.row(claimed.id)).next_attempt_at == due_at


async def held(stage: Stage) -> int:
    await stage.link("ana")
    deliveries = stage.services.deliveries
    deliveries.timing = AT_ONCE
    [claimed] = await deliveries.claim()
    await deliveries.unclear(claimed.id, claimed.attempt, "no answer in time")
    await stage.services.unclear_posts.hold(claimed.id, claimed.attempt, "the app may not read this conversation")
    return claimed.id


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_coordinators_are_told_of_a_held_message(any_stage: Stage) -> None:
    delivery_id = await held(any_stage)
    assert (await any_stage.row(delivery_id)).state == "held"
    assert [(one.to, one.state) for one in await any_stage.deliveries("held_notice")] == [("lou", "planned")]
    [notice] = await any_stage.services.deliveries.claim()
    assert (notice.kind, notice.user_id) == ("held_notice", f"ULOU{any_stage.coalition_id}")
    await any_stage.services.unclear_posts.hold(delivery_id, 1, "again")
    assert len(await any_stage.deliveries("held_notice")) == 1, "told once"


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_coordinator_says_that_it_arrived(any_stage: Stage) -> None:
    delivery_id = await held(any_stage)
    await any_stage.send(*await any_stage.services.deliveries.claim())
    lou = await any_stage.actor("lou")
    assert await any_stage.services.unclear_posts.resolve_held(lou, delivery_id, arrived=True) == "arrived"
    row = await any_stage.row(delivery_id)
    assert (row.state, row.reason, row.resolved_by_id) == ("sent", "marked as arrived", lou.member_id)
    assert (await any_stage.subject("p1")).asked_at is not None, "so she was asked"
    assert [one.to for one in await any_stage.deliveries("held_notice update")] == ["lou"], "the notice shows it"
    with pytest.raises(UserError, match="Somebody has already decided about this message"):
        await any_stage.services.unclear_posts.resolve_held(lou, delivery_id, arrived=False)


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_coordinator_lets_it_be_sent_again(any_stage: Stage) -> None:
    delivery_id = await held(any_stage)
    lou = await any_stage.actor("lou")
    assert await any_stage.services.unclear_posts.resolve_held(lou, delivery_id, arrived=False) == "again"
    claimed = await any_stage.services.deliveries.claim()
    assert (delivery_id, 2) in [(one.id, one.attempt) for one in claimed]


async def test_only_coordinators_decide_about_a_held_message(stage: Stage) -> None:
    delivery_id = await held(stage)
    for key in ("ana", "ben", "out"):
        with pytest.raises(Refused, match="Held messages are looked after by the coordinators"):
            await stage.services.unclear_posts.resolve_held(await stage.actor(key), delivery_id, arrived=True)


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_an_update_that_grew_while_it_was_sent_is_sent_once_more(any_stage: Stage) -> None:
    await any_stage.link("ana")
    await any_stage.send(*await any_stage.services.deliveries.claim())
    await any_stage.answer("ana", "p1", form="v1")
    [update] = await any_stage.services.deliveries.claim()
    assert (update.operation, update.version, update.ts) == ("update", 1, f"{await first_post(any_stage)}.000100")
    await any_stage.answer("ana", "p1", form="v1", confidence="3")
    await any_stage.send(update)
    [newer] = await any_stage.services.deliveries.claim()
    assert (newer.id, newer.version) == (update.id, 2)
    await any_stage.send(newer)
    assert await any_stage.services.deliveries.claim() == ()


async def first_post(stage: Stage) -> int:
    async with stage.services.database.read() as session:
        return (await session.scalars(select(DeliveryRow.id).where(DeliveryRow.state == "sent"))).first() or 0


async def test_several_changes_before_an_update_are_one_update(stage: Stage) -> None:
    await stage.link("ana")
    await stage.send(*await stage.services.deliveries.claim())
    for confidence in ("3", "4", "5"):
        await stage.answer("ana", "p1", form="v1", confidence=confidence)
    [update] = await stage.services.deliveries.claim()
    assert update.version == 3


@pytest.mark.at_once
@pytest.mark.postgres
async def test_each_delivery_is_claimed_once_by_many_processes(postgres_url: str, calendar: FixedCalendar) -> None:
    databases = [Database(database_url(postgres_url)) for _process in range(3)]
    processes = [
        Services(database, calendar, SystemElapsedTime(), owner=f"process {n}") for n, database in enumerate(databases)
    ]
    people = [f"m{n}" for n in range(8)]
    record = small(
        members=[*small().members, *(replace(small().members[2], id=key, name=key) for key in people)],
        priorities=[priority(f"p-{key}", owner=key) for key in people],
    )
    try:
        stage = await Stage.with_record(processes[0], calendar, record)
        await stage.link()
        await stage.go_live()
        stage.at("2026-11-24T09:00")
        planned = await asyncio.gather(*(when_free(process.rhythm.plan) for process in processes for _time in range(2)))
        assert sum(planned) == 1, "one of them plans the round"
        asks = [one for one in await stage.deliveries("prompts") if one.due == "Tue Nov 24 09:00"]
        assert sorted(one.to for one in asks) == sorted(people)
        claimed = []
        while True:
            found = await asyncio.gather(
                *(when_free(partial(process.deliveries.claim, 2)) for process in processes for _time in range(2))
            )
            if not any(found):
                break
            claimed += [one for some in found for one in some]
        assert sorted(one.user_id or "" for one in claimed) == sorted(
            f"U{key.upper()}{stage.coalition_id}" for key in people
        )
        assert {one.attempt for one in claimed} == {1}
        await asyncio.gather(*(when_free(process.rhythm.close) for process in processes))
    finally:
        for database in databases:
            await database.close()
