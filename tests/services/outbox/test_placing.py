"""Many things offered at once come to lie where they would one after the other, and read as often as one."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.outbox import Item, State
from bot.services.access import Transaction
from bot.services.outbox import Offer, offer_all
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from tests.conftest import staged
from tests.engines import in_this_thread
from tests.examples import examples, on, part
from tests.services.stage import Stage
from tests.statements import counted

NOW = datetime.fromisoformat("2026-11-24T08:00:00-06:00")
TOMORROW = NOW + timedelta(days=1)
# Of those that the clock brings, that the daily limit must not hold back, and that follow what somebody did.
KINDS = (Item.ACTION_DUE, Item.ACTION_LIST, Item.DECISION_DUE, Item.HANDED_OVER, Item.MEETING)

moments = st.sampled_from([NOW + timedelta(minutes=each) for each in (-60, 0, 20, 50, 70, 400, 700, 1500, 4000, 6000)])
offers = st.builds(
    Offer,
    member_id=st.integers(1, 3),
    item=st.sampled_from(KINDS),
    about=st.sampled_from(("", "one", "two")),
    due_at=moments,
    until=st.none() | moments,
    not_before=st.sampled_from([NOW, NOW + timedelta(hours=3)]),
    urgent=st.booleans(),
    may_wait=st.booleans(),
)


async def _left(tx: Transaction, offered: Sequence[Sequence[Offer]]) -> list[tuple[Any, ...]]:
    """What is planned after these were offered, each sequence at once; nothing of it stays."""
    async with tx.session.begin_nested() as nested:
        for some in offered:
            await offer_all(tx, some)
        rows = await tx.rows(
            select(DeliveryRow, DeliveryItemRow)
            .outerjoin(DeliveryItemRow, DeliveryItemRow.delivery_id == DeliveryRow.id)
            .order_by(DeliveryRow.key, DeliveryItemRow.position)
        )
        found = [
            (row.key, row.state, row.reason, row.due_at, row.expires_at, row.subject)
            + ((item.kind, item.about, item.position, item.due_at, item.until, item.urgent) if item is not None else ())
            for row, item in rows
        ]
        await nested.rollback()
    tx.session.expunge_all()
    return found


@asynccontextmanager
async def _on_tuesday(template: Path) -> AsyncIterator[tuple[Stage, Transaction]]:
    with tempfile.TemporaryDirectory(dir=template.parent) as folder, in_this_thread():
        url = f"sqlite:///{shutil.copy(template, folder)}"
        async with staged(url, FixedCalendar(NOW)) as stage, stage.services.database.write() as session:
            yield stage, Transaction(session, stage.coalition_id, NOW)


@pytest.mark.in_part
@given(st.lists(st.lists(offers, max_size=6), min_size=1, max_size=3))
@settings(max_examples=examples(part(8, 20)), deadline=None, suppress_health_check=list(HealthCheck))
def test_at_once_is_as_one_after_the_other(sqlite_sample_template: Path, offered: Sequence[Sequence[Offer]]) -> None:
    async def both() -> None:
        async with _on_tuesday(sqlite_sample_template) as (_, tx):
            at_once = await _left(tx, offered)
            assert at_once == await _left(tx, [[one] for some in offered for one in some])

    asyncio.run(both())


async def test_what_is_wanted_earlier_leaves_the_message_in_which_it_waited(sqlite_sample_template: Path) -> None:
    """Or it would arrive twice."""
    later = Offer(member_id=1, item=Item.ACTION_DUE, about="one", due_at=TOMORROW, until=None, not_before=NOW)
    earlier = replace(later, due_at=NOW + timedelta(minutes=50))
    async with _on_tuesday(sqlite_sample_template) as (_, tx):
        left = await _left(tx, [[later, replace(later, about="two")], [earlier]])
    # The moment of a message, and the item in it.
    found = [(one[3], one[7]) for one in left if one[6:]]
    assert sorted(found) == [(earlier.due_at, "one"), (TOMORROW, "two")]


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_for_many_is_read_as_often_as_for_one(any_sample: Stage) -> None:
    """With messages that are planned already, so that there is something to read of each."""
    async with any_sample.services.database.write() as session:
        tx = Transaction(session, any_sample.coalition_id, NOW)
        taken = []
        for kind in (Item.ACTION_DUE, Item.DECISION_DUE):
            for members in (range(1, 2), range(2, 14)):
                some = [
                    Offer(member_id=each, item=kind, about="one", due_at=NOW, until=None, not_before=NOW)
                    for each in members
                ]
                with counted(any_sample.services.database) as statements:
                    await offer_all(tx, some)
                taken.append(sum(one.sql.startswith("SELECT") for one in statements))
        planned = (await session.scalars(select(DeliveryRow.id).where(DeliveryRow.state == State.PLANNED))).all()
    assert len(planned) == 13
    assert taken[0] == taken[1]
    assert taken[2] == taken[3]
