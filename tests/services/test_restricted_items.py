"""Items that only some may see: no message, channel, edition or export tells anybody else of them.

What each call of a service gives each role is asked in `test_rights_by_role`, with such items in the record.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.digests import to_data
from bot.domain.histories import RecordsQuery
from bot.domain.outbox import Kind, State
from bot.domain.record import Record
from bot.errors import UserError
from bot.files import records_as_json
from bot.services import Services
from bot.services.access import Actor
from bot.slack.rendering import render
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from tests.conftest import MONDAY_SEVEN
from tests.examples import part
from tests.services.reading import read
from tests.services.restricted import (
    SENT_ON,
    hidden_from,
    hidden_in,
    restricted,
    told_of,
    with_restricted,
)
from tests.services.stage import Stage

SEEDS = [int(os.environ.get("BACKBEAT_TEST_SEED", "3")) + number for number in range(part(1, 5))]


async def _sent(stage: Stage) -> AsyncIterator[tuple[str, str, str]]:
    """Whom each message went to, a member's id or "#channel", of which kind, and as it reads."""
    async with stage.services.database.read() as session:
        rows = (
            await session.execute(
                select(DeliveryRow.id, DeliveryRow.kind, DeliveryRow.channel, MemberRow.key)
                .outerjoin(MemberRow, MemberRow.id == DeliveryRow.member_id)
                .where(DeliveryRow.coalition_id == stage.coalition_id, DeliveryRow.state == State.SENT)
                .order_by(DeliveryRow.id)
            )
        ).all()
    contents = await stage.services.contents.read([row.id for row in rows])
    for row in rows:
        content = contents.get(row.id)
        if content is not None:
            yield row.key or f"#{row.channel}", row.kind, read(render(Kind(row.kind), content))


async def _act(stage: Stage, chance: random.Random, key: str, actors: dict[str, Actor]) -> None:
    """Something happens to one of them, so that whoever has to hear of it does; what may not be is refused."""
    services, who = stage.services, actors[chance.choice(sorted(actors))]
    lead, words = actors["dana"], f"Said of {key}"
    soon = stage.calendar.now().date() + timedelta(days=chance.randint(1, 9))
    ways: dict[str, list[Callable[[], Awaitable[object]]]] = {
        "A": [
            lambda: services.action_items.block(lead, key, words),
            lambda: services.action_items.move(lead, key, soon, words),
            lambda: services.action_items.complete(who, key),
            lambda: services.action_items.get_help(who, key),
        ],
        "I": [
            lambda: services.issues.escalate(lead, key, chance.choice(["steering", "wg-access", "wg-quality"])),
            lambda: services.issues.put_on_agenda(lead, key),
            lambda: services.issues.resolve(who, key, words),
            lambda: services.issues.park(lead, key, words),
        ],
        "D": [
            lambda: services.decisions.respond(who, key, "object", reason=words),
            lambda: services.decisions.respond(who, key, "option", option=f"Do {key}"),
            lambda: services.decision_chases.ask_again(lead, key),
            lambda: services.decisions.record(lead, key, f"Do {key}", note=words),
            lambda: services.decisions.set_aside(lead, key, "deferred", words),
        ],
    }
    with suppress(UserError):
        await chance.choice(ways[key[0]])()


@pytest.mark.in_part
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_week_tells_nobody_else(services: Services, calendar: FixedCalendar, sample: Record, seed: int) -> None:
    """A week with meetings, reminders, a brief, previews and the digest, while such items are worked on; in a whole
    run two."""
    calendar.set(MONDAY_SEVEN)
    stage = await Stage.with_record(services, calendar, with_restricted(sample, seed, each=part(6, 9)))
    await stage.link()
    await stage.join_channels()
    await stage.go_live(meetings=True)
    record, chance = await stage.record(), random.Random(seed)
    actors = {one.id: await stage.actor(one.id) for one in record.members if one.access != "email_only"}
    keys = sorted(restricted(record))
    for day in range(part(3, 11)):
        for hour in part(("08:35", "12:05", "17:00"), ("08:35", "09:05", "12:05", "15:05", "17:00")):
            stage.at(f"{SENT_ON + timedelta(days=day)}T{hour}")
            await stage.settle()
            for key in chance.sample(keys, part(4, 2)):
                await _act(stage, chance, key, actors)
            if day < 4 and hour == "12:05":
                with suppress(UserError):
                    await stage.answer("imani", "family-access", form=f"view-{day}", blocker="Rent.")
    now = await stage.record()
    heard: set[str] = set()
    found = []
    async for to, kind, text in _sent(stage):
        hidden = hidden_in(now, to[1:]) if to.startswith("#") else hidden_from(now, to)
        found += [f"{kind} to {to} tells of {one}" for one in told_of(text, hidden)]
        heard.update(f"{kind} of {one}" for one in told_of(text, restricted(now)))
    assert found == []
    # They were told of, to those who may see them.
    assert len(heard) > 10, heard
    await _nothing_is_handed_out(stage, now)


async def _nothing_is_handed_out(stage: Stage, record: Record) -> None:
    """What is printed for leadership, for anybody, and for a request of public records."""
    every = restricted(record)
    digest = await stage.services.digests.compose(stage.operator)
    assert told_of(json.dumps(to_data(digest), default=str), every) == []
    assert told_of(repr(await stage.services.plans.public(stage.operator)), every) == []
    records = await stage.services.public_records.collect(stage.operator, RecordsQuery())
    assert told_of(records_as_json(records), every) == []
    assert records.left_out == len(every)
    assert {one.id for one in digest.coalition_actions.open} >= {"A-501"}, "what everybody may see is told"
    whole = await stage.services.public_records.collect(stage.operator, RecordsQuery(restricted=True))
    assert set(told_of(records_as_json(whole), every)) == set(every)
    assert whole.left_out == 0
