"""What a click asks of the database in a way of its own works on SQLite and on PostgreSQL: who acts, answers, drafts,
who is in Home, and a message on its way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.people import Workspace
from bot.services import Services
from bot.services.checkins import Stored
from bot.store.checkins import DraftRow
from bot.store.outbox import DeliveryRow
from tests.conftest import MONDAY_SEVEN, Beginnings
from tests.examples import on
from tests.sample import sample_record
from tests.services.stage import Stage
from tests.statements import counted

TEAM, GRANT = "T0BOTH", "U0GRANT"
# What both do alike SQLite is asked everywhere else.
pytestmark = [pytest.mark.in_part, on("postgres", "any_beginnings")]

SAID = {"assessment": "on_track", "confidence": "7", "moved": "Two signed.", "next": "Two more sign."}


async def at_nine(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, sample_record())
    workspace = Workspace(team_id=TEAM, name="both", enterprise_id=None, bot_user_id="U0BOT")
    await services.people.bind_workspace(workspace, stage.coalition_id)
    await services.people.link(stage.operator, "grant", TEAM, GRANT, by="command")
    await services.coalitions.go_live(stage.operator)
    await services.rhythm.plan()
    calendar.set(MONDAY_SEVEN + timedelta(hours=2, minutes=1))
    await services.rhythm.plan()
    return stage


@pytest.fixture
async def services(any_beginnings: Beginnings) -> AsyncIterator[Services]:
    """The sample is live on Monday, 9:01 AM; Grant has an account and an open check-in."""
    async with any_beginnings.after("clicks_at_nine", at_nine) as stage:
        yield stage.services


async def test_who_acts(services: Services) -> None:
    actor = await services.people.actor_of(TEAM, GRANT)
    assert actor is not None
    assert (actor.key, await services.people.actor_of(TEAM, "U0NOBODY")) == ("grant", None)
    assert await services.people.actor_of("T0OTHER", GRANT) is None


async def test_an_answer_takes_the_place_of_words_that_were_kept(services: Services) -> None:
    grant = await services.people.actor_of(TEAM, GRANT)
    assert grant is not None
    subject = (await services.checkins.mine(grant)).open[0].subject_id
    await services.checkins.keep_words(grant, subject, {"moved": "Half a sen"})
    assert await _drafts(services) == 1
    first = await services.checkins.submit(grant, "form", subject, SAID)
    assert isinstance(first, Stored)
    assert await _drafts(services) == 0
    assert await services.checkins.submit(grant, "form", subject, SAID) == first
    edited = await services.checkins.submit(grant, "another form", subject, {**SAID, "confidence": "8"})
    assert isinstance(edited, Stored)
    assert edited.edited


async def test_a_draft_takes_the_place_of_the_one_before(services: Services) -> None:
    grant = await services.people.actor_of(TEAM, GRANT)
    assert grant is not None
    await services.form_words.keep(grant, "a form", {"title": "Call"})
    await services.form_words.keep(grant, "a form", {"title": "Call the bank"})
    assert await services.form_words.kept(grant, "a form") == {"title": "Call the bank"}
    read = await services.action_items.read_back(grant, f"Call <@{GRANT}> back by Dec 4 in supplier-growth")
    assert read.owner_name == "Grant Okafor"


async def test_who_is_in_home(services: Services) -> None:
    now = MONDAY_SEVEN
    assert not await services.inbox.was_home(TEAM, GRANT, now)
    await services.inbox.note_home(TEAM, GRANT, now)
    await services.inbox.note_home(TEAM, GRANT, now + timedelta(minutes=5))
    another = Services(services.database, services.calendar, SystemElapsedTime(), owner="another")
    assert await another.inbox.was_home(TEAM, GRANT, now)
    later = Services(services.database, services.calendar, SystemElapsedTime(), owner="later")
    assert not await later.inbox.was_home(TEAM, GRANT, now + timedelta(minutes=5))


async def test_a_message_and_its_update_on_their_way(services: Services) -> None:
    grant = await services.people.actor_of(TEAM, GRANT)
    assert grant is not None
    [post] = [one for one in await services.deliveries.claim() if one.user_id == GRANT]
    assert await services.deliveries.may_post(post.id, post.attempt)
    await services.deliveries.sent(post.id, post.attempt, "D1", "1.1", post.version)
    subject = (await services.checkins.mine(grant)).open[0].subject_id
    await services.checkins.submit(grant, "form", subject, SAID)
    [update] = await services.deliveries.claim(again=True)
    # Something more happened while it was under way: it is shown once more, and then it is done.
    await services.checkins.submit(grant, "form", subject, {**SAID, "confidence": "8"})
    await services.deliveries.sent(update.id, update.attempt, "D1", "1.1", update.version, is_update=True)
    [update] = await services.deliveries.claim(again=True)
    await services.deliveries.sent(update.id, update.attempt, "D1", "1.1", update.version, is_update=True)
    assert await services.deliveries.claim(again=True) == ()
    async with services.database.read() as session:
        rows = (await session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_([post.id, update.id])))).all()
    assert {(row.state, row.ts, row.lease_owner) for row in rows} == {("sent", "1.1", None)}


async def test_an_update_takes_few_statements(services: Services) -> None:
    """Claimed, read and recorded. On PostgreSQL what begins a transaction is none of them."""
    grant = await services.people.actor_of(TEAM, GRANT)
    assert grant is not None
    while claimed := await services.deliveries.claim():
        for post in claimed:
            await services.deliveries.sent(post.id, post.attempt, "D1", f"1.{post.id}", post.version)
    subject = (await services.checkins.mine(grant)).open[0].subject_id
    await services.checkins.submit(grant, "form", subject, SAID)
    with counted(services.database) as statements:
        [update] = await services.deliveries.claim()
        assert (await services.contents.read([update.id]))[update.id] is not None
        await services.deliveries.sent(update.id, update.attempt, "D1", "1.1", update.version, is_update=True)
    assert len(statements) <= (10 if services.database.is_sqlite else 8), statements.told()


async def _drafts(services: Services) -> int:
    async with services.database.read() as session:
        return len((await session.scalars(select(DraftRow))).all())
