"""Which deliveries are due and may go now: a part only once its message and the parts before it have gone.

The queries are built once: building takes ten times as long as running them, and a bot asks every second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.outbox import Kind, State
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, elapsed_now
from bot.store.outbox import DeliveryRow, in_doubt

_UNSETTLED = (State.PLANNED, State.CLAIMED, State.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A delivery that may be claimed, with the message that it belongs to.

    `waits_for`: how many parts before it had not ended. If it is claimed after them, it may go after them.
    `epoch`: elapsed time by the database when it was found, in seconds.
    """

    row: DeliveryRow
    parent: DeliveryRow | None
    waits_for: int
    epoch: float


class Reach(Enum):
    """Of how many coalitions something is taken up: one is asked for by a query that an index answers in its order."""

    ALL = auto()
    ONE = auto()
    SOME = auto()


Scope = tuple[Reach, bool]


@dataclass(frozen=True, slots=True)
class Moment:
    """The calendar's time, and the coalitions whose workspaces are spoken to (None: all).

    `alarms_only`: only word to the coordinators that something is wrong may be taken up.
    """

    now: datetime
    coalitions: frozenset[int] | None
    alarms_only: bool = False

    @property
    def reach(self) -> Reach:
        if self.coalitions is None:
            return Reach.ALL
        return Reach.ONE if len(self.coalitions) == 1 else Reach.SOME

    @property
    def scope(self) -> Scope:
        """What may be taken up then: of which coalitions, alarms only."""
        return self.reach, self.alarms_only

    def values(self, **more: object) -> dict[str, Any]:
        """As the queries of this module take it."""
        of: dict[str, object] = {}
        if self.coalitions is not None:
            of = {"of": next(iter(self.coalitions)) if self.reach is Reach.ONE else sorted(self.coalitions)}
        return {"now": self.now, **of, **more}


async def is_anything_due(database: Database, moment: Moment) -> bool:
    """Whether anything may be claimed."""
    return bool(await database.ask(_first(moment.scope), moment.values()))


async def due_coalitions(session: AsyncSession, moment: Moment) -> Sequence[int]:
    """Coalitions of which anything may be claimed: what each has more of is not looked at."""
    return (await session.scalars(_with_due(moment.scope), moment.values())).all()


async def is_anything_under_way(session: AsyncSession, moment: Moment) -> bool:
    """Whether anything is being sent, is unclear, or is due without waiting for anybody (even if it rests)."""
    for query in (_under_way(moment.scope), _waits_for_nobody(moment.scope)):
        if await session.scalar(query, moment.values()) is not None:
            return True
    return False


async def due_rows(session: AsyncSession, moment: Moment, limit: int) -> Sequence[DueRow]:
    """What may be claimed, locked. What another process has locked is left to it.

    Up to `limit`, and with a part all that are due after it: those have their turn only after it.
    """
    query = _rows(moment.scope)
    found = await session.execute(query, moment.values(limit=limit))
    return [DueRow(*one) for one in found]


def is_due(of: type[DeliveryRow] = DeliveryRow) -> ColumnElement[bool]:
    """Whether a delivery is due and doesn't rest, at a moment (`Moment.values`)."""
    rests = of.next_attempt_at > elapsed_now()
    return and_(of.state == State.PLANNED, of.due_at <= bindparam("now"), or_(of.next_attempt_at.is_(None), ~rests))


def may_go(*, one_after_the_other: bool = False) -> Select[int]:
    """Ids of what may go in live coalitions: a part only once its message and the parts before it have gone.

    `one_after_the_other`: also what comes after parts that are due themselves.
    """
    parent, earlier = aliased(DeliveryRow), aliased(DeliveryRow)
    holds_up: ColumnElement[bool] = earlier.state.in_(_UNSETTLED)
    if one_after_the_other:
        holds_up = and_(holds_up, ~is_due(earlier))
    held_up = exists().where(
        earlier.coalition_id == DeliveryRow.coalition_id,
        earlier.parent_id == DeliveryRow.parent_id,
        earlier.operation == "post",
        earlier.part_no < DeliveryRow.part_no,
        holds_up,
    )
    return (
        select(DeliveryRow.id)
        .join(CoalitionRow, CoalitionRow.id == DeliveryRow.coalition_id)
        .outerjoin(parent, parent.id == DeliveryRow.parent_id)
        .where(
            or_(CoalitionRow.is_live, and_(CoalitionRow.is_ended, _outlives_the_coalition())),
            or_(
                DeliveryRow.parent_id.is_(None),
                parent.state.in_([State.SENT, State.FAILED, State.MISSED, State.DROPPED]),
            ),
            # Most are no part of anything, and need not be looked for in what is.
            or_(DeliveryRow.operation == "update", and_(or_(DeliveryRow.parent_id.is_(None), ~held_up), ~in_doubt())),
        )
    )


def _outlives_the_coalition() -> ColumnElement[bool]:
    """What still goes once a coalition has ended: its last digest, word to its coordinators, and how messages that were
    sent read from then on."""
    digests = (Kind.ROLL_UP, Kind.REPLY, Kind.CHANNEL_EDITION, Kind.DIGEST_COPY)
    return or_(DeliveryRow.operation == "update", DeliveryRow.kind.in_([*digests, Kind.PROMPTS, Kind.HELD_NOTICE]))


def of_process(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Those that a process may send which speaks to these coalitions' workspaces."""
    reach, alarms_only = scope
    coalition = _in_reach(reach, DeliveryRow.coalition_id)
    return (*coalition, DeliveryRow.kind == Kind.HELD_NOTICE) if alarms_only else coalition


def _in_reach(reach: Reach, column: Any) -> tuple[ColumnElement[bool], ...]:
    if reach is Reach.ALL:
        return ()
    return (column == bindparam("of") if reach is Reach.ONE else column.in_(bindparam("of", expanding=True)),)


@cache
def _first(scope: Scope) -> Select[int]:
    return may_go().where(*of_process(scope), is_due()).limit(1)


@cache
def _with_due(scope: Scope) -> Select[int]:
    reach, alarms_only = scope
    alarms = (DeliveryRow.kind == Kind.HELD_NOTICE,) if alarms_only else ()
    coalition = aliased(CoalitionRow)
    due = may_go().where(*alarms, is_due(), DeliveryRow.coalition_id == coalition.id).correlate(coalition)
    return select(coalition.id).where(*_in_reach(reach, coalition.id), due.exists()).order_by(coalition.id)


@cache
def _under_way(scope: Scope) -> Select[int]:
    states = DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS])
    return select(DeliveryRow.id).where(*of_process(scope), states).limit(1)


@cache
def _waits_for_nobody(scope: Scope) -> Select[int]:
    is_waiting = and_(
        DeliveryRow.state == State.PLANNED, DeliveryRow.due_at <= bindparam("now"), DeliveryRow.waiting.is_(False)
    )
    return may_go().where(*of_process(scope), is_waiting).limit(1)


@cache
def _rows(scope: Scope) -> Select[Any]:
    parent, earlier = aliased(DeliveryRow), aliased(DeliveryRow)
    waits_for = (
        select(func.count(earlier.id))
        .where(
            earlier.coalition_id == DeliveryRow.coalition_id,
            earlier.parent_id == DeliveryRow.parent_id,
            earlier.operation == "post",
            earlier.part_no < DeliveryRow.part_no,
            earlier.state.in_(_UNSETTLED),
        )
        .scalar_subquery()
    )
    in_order = (DeliveryRow.due_at, DeliveryRow.id)
    first = may_go().where(*of_process(scope), is_due())
    heads = (
        first.with_only_columns(DeliveryRow.id, DeliveryRow.parent_id.label("thread"), maintain_column_froms=True)
        .order_by(*in_order)
        .limit(bindparam("limit"))
        .cte("heads")
    )
    parts = may_go(one_after_the_other=True).where(
        is_due(), DeliveryRow.operation == "post", DeliveryRow.parent_id.in_(select(heads.c.thread))
    )
    return (
        select(DeliveryRow, parent, waits_for, elapsed_now())
        .outerjoin(parent, parent.id == DeliveryRow.parent_id)
        .where(
            DeliveryRow.id.in_(union(select(heads.c.id), parts)),
            # The row itself is asked again: another process may have claimed it since the inner query.
            is_due(),
        )
        .order_by(*in_order)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
