"""Forgets deliveries that no rule reads any more, and drafts, where a deployment doesn't keep them for ever.

What each kind and item has to have behind it is in `domain.outbox.keeping`. Never touched are the record and its trail,
published digests and what stands in channels.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.asks import UNDECIDED
from bot.domain.outbox import ENDED, ITEMS, KINDS, SHORTEST, Item, Keep, Kind
from bot.domain.record import open_actions
from bot.domain.vocabularies import AskState
from bot.services.access import Actor, OnRecord, Service, clock
from bot.services.actions import FORM_DRAFTS
from bot.services.alarms import DELIVERIES, POSTS, told_of
from bot.services.drafts import draft_prefixes
from bot.store.asks import AskRow
from bot.store.checkins import DraftRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, RecoveryRow, posts_of, select_items
from bot.store.people import SettingRow

log = structlog.get_logger(__name__)

_NAME = "forgetting"
A_DAY = timedelta(days=1)
# How many messages are looked at, and removed, in one transaction: a click on the same SQLite file waits for no more.
BATCH: Final = 100
_Newest = aliased(DeliveryRow)
# What tells of other deliveries goes first: what something names that stays stays with it.
_TELLING: Final = frozenset({Kind.HELD_NOTICE, Kind.BRIEF})
_OTHERS: Final = frozenset(kind for kind in Kind if KINDS[kind] is not Keep.ALWAYS) - _TELLING


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many messages and drafts of a coalition were removed."""

    deliveries: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class _Needed:
    """What is not over in a coalition."""

    actions: Collection[str]
    asks: Collection[str]
    decisions: Collection[str]
    rounds: Collection[int]
    subjects: Collection[int]
    lists: Mapping[int | None, str]  # the newest list of actions of each member
    told: Collection[int] = field(default_factory=frozenset)  # deliveries that a message names which stays


class Forgetting(Service):
    """What is done once a day, by whichever process comes first."""

    async def forget(self, days: int) -> Mapping[int, Forgotten]:
        """Removes what ended at least so many days ago and nothing needs any more; returns how much, by coalition.

        Nothing where it was done less than a day ago. What is looked at and removed in one transaction is little.
        """
        now = self.calendar.now()
        if not await self._is_its_turn(now):
            return {}
        before = now - timedelta(days=max(days, SHORTEST))
        async with self.database.read() as session:
            ids = (await session.scalars(select(CoalitionRow.id).order_by(CoalitionRow.id))).all()
        found = {}
        for coalition_id in ids:
            found[coalition_id] = gone = await self._of(clock(coalition_id), before)
            if gone != Forgotten():
                log.info("forgotten", coalition=coalition_id, deliveries=gone.deliveries, drafts=gone.drafts, days=days)
        return found

    async def _is_its_turn(self, now: datetime) -> bool:
        """Whether nobody has begun within a day; from now on this process has."""
        values = {"name": _NAME, "value": now.isoformat()}
        into = sqlite.insert if self.database.is_sqlite else postgresql.insert
        async with self.database.write() as session:
            told = await session.scalar(select(SettingRow.value).where(SettingRow.name == _NAME).with_for_update())
            if told is None:
                # Of two processes that find nothing only one puts it there.
                made = into(SettingRow).values(values).on_conflict_do_nothing().returning(SettingRow.name)
                return await session.scalar(made) is not None
            # A moment that is to come is one of a clock that was wrong.
            if timedelta() <= now - datetime.fromisoformat(told) < A_DAY:
                return False
            await session.execute(update(SettingRow).where(SettingRow.name == _NAME).values(value=values["value"]))
            return True

    async def _of(self, actor: Actor, before: datetime) -> Forgotten:
        async with self.looking(actor) as tx:
            looking = select(RecoveryRow.id).where(RecoveryRow.ended_at.is_(None)).limit(1)
            if await tx.session.scalar(looking) is not None:
                return Forgotten()  # what a copy of the database tells is in doubt until it was looked for
        removed = 0
        for kinds in (_TELLING, _OTHERS):
            async with self.reading(actor) as tx:
                needed = await _needed(tx)
                old = (await tx.session.scalars(select(DeliveryRow.id).where(*_has_ended(before, kinds)))).all()
            for start in range(0, len(old), BATCH):
                async with self.looking(actor) as tx:
                    over = await _over(tx.session, old[start : start + BATCH], before, needed)
                if over:
                    async with self.noting(actor) as tx:
                        removed += await _remove(tx.session, over, before)
        async with self.noting(actor) as tx:
            return Forgotten(removed, await _remove_drafts(tx.session, before))


async def _needed(tx: OnRecord) -> _Needed:
    """What is not over by now, and which deliveries are named by messages that are there."""
    newest_first = func.row_number().over(
        partition_by=RoundRow.cadence_id, order_by=(RoundRow.day.desc(), RoundRow.id.desc())
    )
    in_turn = select(RoundRow.id, newest_first.label("turn")).subquery()
    rounds = {*await tx.session.scalars(select(in_turn.c.id).where(in_turn.c.turn <= 2))}
    rounds |= {*await tx.session.scalars(select(RoundSubjectRow.round_id).where(RoundSubjectRow.closed_at.is_(None)))}
    last_brief = await tx.session.scalar(
        select(DeliveryRow.about).where(posts_of(tx.coalition_id, Kind.BRIEF)).order_by(DeliveryRow.id.desc()).limit(1)
    )
    # Whatever a coordinator decides shows in the newest one.
    rounds |= {int(last_brief)} if last_brief else set()
    asks = await tx.session.scalars(
        select(AskRow.id).where(AskRow.state.in_([AskState.SENT, AskState.ANSWERED, *UNDECIDED]))
    )
    lists = await tx.session.execute(
        select_items(DeliveryRow.member_id, func.max(DeliveryItemRow.about).label("newest"))
        .where(DeliveryItemRow.kind == Item.ACTION_LIST)
        .group_by(DeliveryRow.member_id)
    )
    telling = await tx.session.scalars(
        select(DeliveryRow).where(DeliveryRow.kind.in_(_TELLING), DeliveryRow.operation == "post")
    )
    return _Needed(
        actions={one.id for one in open_actions(tx.record)},
        asks={str(one) for one in asks},
        decisions={one.id for one in tx.record.decisions if one.is_needed},
        rounds=rounds,
        subjects={*await tx.session.scalars(select(RoundSubjectRow.id).where(RoundSubjectRow.round_id.in_(rounds)))},
        lists={row.member_id: row.newest for row in lists},
        told={one for row in telling for one in _named(row)},
    )


def _named(row: DeliveryRow) -> set[int]:
    """The deliveries that a message tells of."""
    if row.kind == Kind.BRIEF:
        return {int(one) for one in row.subject.get("held", [])}
    return {int(str(one)) for name in (DELIVERIES, POSTS) for one in told_of(row, name)}


def _has_ended(before: datetime, kinds: Collection[Kind]) -> tuple[ColumnElement[bool], ...]:
    """Messages of these kinds whose every moment lies before this one, and that nobody has decided about."""
    return (
        DeliveryRow.state.in_(ENDED),
        DeliveryRow.due_at < before,
        DeliveryRow.planned_at < before,
        DeliveryRow.sent_at.is_(None) | (DeliveryRow.sent_at < before),
        DeliveryRow.expires_at.is_(None) | (DeliveryRow.expires_at < before),
        DeliveryRow.kind.in_(kinds),
        DeliveryRow.operation == "post",
        DeliveryRow.digest_id.is_(None),
        # Somebody's word that it had arrived stands nowhere else.
        DeliveryRow.resolved_by_id.is_(None),
        # SQLite gives the number of a newest row anew once it is gone, and buttons in Slack carry such numbers.
        DeliveryRow.id < select(func.max(_Newest.id)).scalar_subquery(),
    )


async def _over(session: AsyncSession, ids: Sequence[int], before: datetime, needed: _Needed) -> list[int]:
    """Those of these messages that nothing needs any more."""
    rows = (await session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(ids)))).all()
    held: dict[int, list[DeliveryItemRow]] = {row.id: [] for row in rows}
    for item in await session.scalars(select(DeliveryItemRow).where(DeliveryItemRow.delivery_id.in_(ids))):
        held[item.delivery_id].append(item)
    named = {one for row in rows if row.kind == Kind.HELD_NOTICE for one in _named(row)}
    waiting = {
        *await session.scalars(select(DeliveryRow.id).where(DeliveryRow.id.in_(named), DeliveryRow.state.not_in(ENDED)))
    }
    return [
        row.id
        for row in rows
        if row.id not in needed.told
        # The first message of somebody's takes their word that it sounds right, however late that comes.
        and not row.subject.get("first_contact")
        and not _is_needed(row, KINDS[Kind(row.kind)], held[row.id], needed, waiting)
        and all((item.until or item.due_at or before) <= before for item in held[row.id])
    ]


def _is_needed(
    row: DeliveryRow, keep: Keep, items: Sequence[DeliveryItemRow], needed: _Needed, waiting: Collection[int]
) -> bool:
    match keep:
        case Keep.ITEMS:
            return any(_holds_what_is_needed(row, item, needed) for item in items)
        case Keep.ROUND:
            return int(row.about) in needed.rounds
        case Keep.TOLD:
            return bool(_named(row) & {*waiting})
        case Keep.AGED:
            return False
        case _:
            return True


def _holds_what_is_needed(row: DeliveryRow, item: DeliveryItemRow, needed: _Needed) -> bool:
    match ITEMS[Item(item.kind)]:
        case Keep.AGED:
            return False
        case Keep.ACTION:
            return item.about in needed.actions
        case Keep.ASK:
            return item.about in needed.asks
        case Keep.DECISION:
            return item.about in needed.decisions
        case Keep.ROUND:
            return item.round_subject_id in needed.subjects
        case Keep.LIST:
            return item.about == needed.lists.get(row.member_id)
        case _:
            return True


async def _remove(session: AsyncSession, ids: Sequence[int], before: datetime) -> int:
    """Removes these messages with what they hold and the updates that changed them; what is under way again stays.

    Returns how many messages.
    """
    found = await session.scalars(
        select(DeliveryRow.id)
        .where(DeliveryRow.id.in_(ids), *_has_ended(before, [*_TELLING, *_OTHERS]))
        .order_by(DeliveryRow.id)
        .with_for_update(skip_locked=True)
    )
    gone = set(found)
    children = await session.scalars(
        select(DeliveryRow).where(DeliveryRow.parent_id.in_(gone)).order_by(DeliveryRow.id).with_for_update()
    )
    for child in children.all():
        is_over = child.state in ENDED and max(child.due_at, child.sent_at or child.due_at) < before
        if child.operation != "update" or not is_over:
            gone.discard(child.parent_id or 0)
    for table, column in (
        (DeliveryItemRow, DeliveryItemRow.delivery_id),
        (DeliveryRow, DeliveryRow.parent_id),
        (DeliveryRow, DeliveryRow.id),
    ):
        await session.execute(delete(table).where(column.in_(gone)).execution_options(synchronize_session=False))
    return len(gone)


async def _remove_drafts(session: AsyncSession, before: datetime) -> int:
    """Removes what was typed into forms and lines that nobody can send any more. Answers that were given ahead and
    words that wait for the next round stay: those are read until somebody answers."""
    of_forms = or_(*(DraftRow.subject.startswith(one, autoescape=True) for one in (*draft_prefixes(), FORM_DRAFTS)))
    gone = await session.execute(
        delete(DraftRow).where(of_forms, DraftRow.saved_at < before).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
