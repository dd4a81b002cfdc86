"""Changes that wait for a decision: proposed to steering, applied when it decides in favour. Steps for services.

What a kind of change does when it is decided is registered by the noun that it belongs to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.decisions import next_id
from bot.domain.record import Group, Record
from bot.domain.wording import one_line
from bot.errors import UserError
from bot.services.access import Actor
from bot.services.decisions.news import announce
from bot.store.coalition import CoalitionRow
from bot.store.decisions import DecisionRow
from bot.store.organizations import GroupRow
from bot.store.priorities import PriorityRow
from bot.store.record import read_record

# The first option is in favour.
IN_FAVOR = "Approve"
OPTIONS = (IN_FAVOR, "Keep as it is")
# kind → what makes the change: session, record, the actor who recorded, the thing's key, the changes, the moment.
# It raises UserError where the change can't be made any more; then nothing is recorded.
Apply = Callable[[AsyncSession, Record, Actor, str, Mapping[str, Any], datetime], Awaitable[None]]
APPLY: dict[str, Apply] = {}


async def propose_change(
    session: AsyncSession,
    record: Record,
    actor: Actor,
    *,
    title: str,
    priority: str | None,
    kind: str,
    key: str,
    changes: Mapping[str, object],
    why: str,
    now: datetime,
) -> str:
    """Proposes a change to the steering group, and posts it there; returns the decision's id, such as "D-6".

    `kind` and `key` say what is changed; `changes` may hold text, exact numbers, dates and lists of them. The caller
    has asked whether the actor may propose. Raises UserError where no group is steering.
    """
    group = steering_of(record)
    row = await new_decision(session, actor.coalition_id)
    row.title = one_line(title)
    row.decider_id = await id_of_group(session, actor.coalition_id, group.id)
    row.accountable_id = actor.member_id
    if priority is not None:
        row.priority_id = await session.scalar(
            select(PriorityRow.id).where(PriorityRow.coalition_id == actor.coalition_id, PriorityRow.key == priority)
        )
    row.options = list(OPTIONS)
    row.why = one_line(why) or None
    row.applies = {"kind": kind, "key": key, "changes": dict(changes)}
    session.add(row)
    await session.flush()
    after = await read_record(session, actor.coalition_id)
    decision = next(one for one in after.decisions if one.id == row.key)
    await announce(session, actor.coalition_id, after, decision, now)
    return row.key


async def apply_change(session: AsyncSession, record: Record, actor: Actor, applies: Any, now: datetime) -> None:
    """Makes the change that was decided in favour. Raises UserError where it can't be made any more."""
    await APPLY[applies["kind"]](session, record, actor, applies["key"], applies["changes"], now)


async def new_decision(session: AsyncSession, coalition_id: int) -> DecisionRow:
    """A row with the next id, for the caller to fill and add; one at a time in a coalition."""
    await session.scalar(select(CoalitionRow.id).where(CoalitionRow.id == coalition_id).with_for_update(key_share=True))
    keys = await session.scalars(select(DecisionRow.key).where(DecisionRow.coalition_id == coalition_id))
    return DecisionRow(
        coalition_id=coalition_id, key=next_id(keys), status="needed", delegated=False, options=[], extra={}
    )


async def id_of_group(session: AsyncSession, coalition_id: int, key: str) -> int:
    """The surrogate key of a group that is in the record."""
    found = await session.scalar(select(GroupRow.id).where(GroupRow.coalition_id == coalition_id, GroupRow.key == key))
    assert found is not None, key
    return int(found)


def steering_of(record: Record) -> Group:
    """The group that steers. Raises UserError where there is none."""
    if record.steering is None:
        raise UserError("There is no steering group to decide this yet. A coordinator can set one up.")
    return record.steering
