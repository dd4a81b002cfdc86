"""A coalition as a whole: import, export, its state, and which one is meant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.clock import Calendar
from bot.domain.checkins import SendingState, sending_state
from bot.domain.coalition import STEPS
from bot.domain.coalition_file import to_file
from bot.domain.endings import require_going_on
from bot.domain.files import Difference
from bot.domain.outbox import DECLINED, State
from bot.domain.people import zone_of_member
from bot.domain.record import Record
from bot.domain.rhythm import to_local
from bot.domain.vocabularies import CadenceKind, CoalitionState
from bot.errors import UserError
from bot.services.access import Actor, Service, Transaction
from bot.services.checkins import owed_items
from bot.services.coalition.along import read_along
from bot.services.coalition.imports import Plan, create, plan_of, read_basis, version_of, write_plan
from bot.services.coalition.setup_pages import open_step
from bot.store.audit import Author, ChangeRow
from bot.store.coalition import CoalitionRow
from bot.store.database import Database
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow, RoleRow
from bot.store.record import read_record
from bot.store.rhythm import CadenceRow, ScheduleRow

# How often an import compares a file with what lives while others go on writing.
MOST_PLANS = 3
NOTHING_TO_PAUSE = "This coalition is a draft: nothing is sent yet, so there is nothing to pause."
NONE_YET = "There is no coalition yet. Import one with `backbeat import FILE`, or write /coalition setup in Slack."


@dataclass(frozen=True, slots=True)
class CoalitionSummary:
    """A coalition in one line. `state` is draft, live, paused or ended; `ended` is its last day."""

    id: int
    key: str
    name: str
    timezone: str
    state: str
    live_at: datetime | None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did (or, on a dry run, would do). `created` is true for a coalition that was not there."""

    coalition_id: int | None
    key: str
    created: bool
    record: Record
    differences: tuple[Difference, ...]


class Coalitions(Service):
    """Use cases about whole coalitions."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        super().__init__(database, calendar)
        # Comparing a large file takes a second or two, too long for the loop.
        self.plan_apart: Callable[..., Awaitable[Plan]] = asyncio.to_thread

    async def all(self) -> tuple[CoalitionSummary, ...]:
        """Every coalition of this deployment, oldest first. For the program itself; it shows no content."""
        async with self.database.read() as session:
            rows = await session.scalars(select(CoalitionRow).order_by(CoalitionRow.id))
            return tuple(_summary(row) for row in rows)

    async def find(self, key: str | None) -> CoalitionSummary:
        """The coalition with this id, or the only one there is. Raises UserError where it is not clear."""
        known = await self.all()
        if not known:
            raise UserError(NONE_YET)
        if key is None:
            if len(known) > 1:
                names = ", ".join(item.key for item in known)
                raise UserError(f"There are several coalitions: {names}. Add --coalition ID.")
            return known[0]
        for item in known:
            if item.key == key:
                return item
        names = ", ".join(item.key for item in known)
        raise UserError(f"There is no coalition “{key}”. Known: {names}.")

    async def last_moment(self) -> datetime | None:
        """The latest calendar moment at which anything was sent or changed, in any coalition."""
        async with self.database.read() as session:
            moments = [
                await session.scalar(select(func.max(DeliveryRow.sent_at))),
                await session.scalar(select(func.max(ChangeRow.at))),
            ]
        return max((moment for moment in moments if moment is not None), default=None)

    async def import_record(
        self, record: Record, *, as_key: str | None = None, dry_run: bool = False, prefer_file: bool = False
    ) -> ImportResult:
        """Brings a checked file in: a new coalition as a draft, or a three-way merge into the one of that id.

        A dry run finds out everything, and writes nothing.
        """
        if as_key is not None:
            record = replace(record, coalition=replace(record.coalition, id=as_key))
        author = Author(at=self.calendar.now(), path="import")
        return await self._import(author, record, dry_run=dry_run, prefer_file=prefer_file)

    async def import_file(
        self, actor: Actor, record: Record, *, dry_run: bool = False, prefer_file: bool = False
    ) -> ImportResult:
        """Brings a checked file into this person's own coalition, or shows what it would change (`dry_run`).

        Raises UserError for a file of another coalition: a workspace has one.
        """
        async with self.looking(actor, "coalitions.import_file") as tx:
            row = await tx.session.get_one(CoalitionRow, actor.coalition_id)
        if record.coalition.id != row.key:
            raise UserError(
                f"This file is of “{record.coalition.id}”, and {row.name} (“{row.key}”) lives in this "
                "workspace. One workspace has one coalition: correct the file's id, or take the right file."
            )
        author = replace(actor.author(self.calendar.now()), path="import")
        return await self._import(author, record, dry_run=dry_run, prefer_file=prefer_file)

    async def _import(self, author: Author, record: Record, *, dry_run: bool, prefer_file: bool) -> ImportResult:
        """Finds out what the file changes while others write, and writes that, unless something changed meanwhile.

        What lives is compared again then: at last while nobody else writes, so that an import always ends.
        """
        for is_last in (*[False] * (MOST_PLANS - 1), True):
            async with self.database.read() as session:
                basis = await read_basis(session, record)
            if basis is not None:
                plan = await self.plan_apart(plan_of, basis, record, author.at, prefer_file)
            if dry_run:
                return (
                    _planned(plan) if basis is not None else ImportResult(None, record.coalition.id, True, record, ())
                )
            async with self.database.write(author) as session:
                now_there = await version_of(session, record)
                if basis is None and now_there is None:
                    row = await create(session, record, author.at)
                    return ImportResult(row.id, row.key, True, record, ())
                if basis is not None and now_there == basis.version:
                    await write_plan(session, plan, author.at)
                    return _planned(plan)
                if is_last:
                    basis = await read_basis(session, record)
                    assert basis is not None, "a coalition that is there stays"
                    plan = plan_of(basis, record, author.at, prefer_file)
                    await write_plan(session, plan, author.at)
                    return _planned(plan)
        raise AssertionError("the last round ends")

    async def whole(self, actor: Actor) -> Record:
        """Everything known now, to be taken along as a file, with what was asked, sent and published."""
        async with self.looking(actor, "coalitions.whole") as tx:
            record = await read_record(tx.session, actor.coalition_id)
            return replace(record, along=await read_along(tx, record))

    async def today(self, actor: Actor) -> date:
        """The date in the coalition's zone."""
        async with self.looking(actor, "coalitions.today") as tx:
            row = await tx.session.get_one(CoalitionRow, actor.coalition_id)
        return to_local(self.calendar.now(), row.timezone).date()

    async def export(self, actor: Actor) -> dict[str, Any]:
        """The coalition as plain data in the file's own shape."""
        async with self.looking(actor, "coalitions.export") as tx:
            record = await read_record(tx.session, actor.coalition_id)
            return to_file(replace(record, along=await read_along(tx, record)))

    async def record(self, actor: Actor, moment: datetime | None = None) -> Record:
        """Everything known at `moment` (None: now)."""
        async with self.looking(actor, "coalitions.record") as tx:
            return await read_record(tx.session, actor.coalition_id, moment)

    async def go_live(self, actor: Actor) -> CoalitionSummary:
        """From now on people hear from the bot."""
        return await self._set_state(actor, "coalitions.go_live", CoalitionState.LIVE)

    async def pause(self, actor: Actor) -> CoalitionSummary:
        """Stops all sending in one step."""
        return await self._set_state(actor, "coalitions.pause", CoalitionState.PAUSED)

    async def resume(self, actor: Actor, *, with_digests: bool = True) -> CoalitionSummary:
        """Resumes sending. What came due meanwhile follows the late rules, or its digests are declined."""
        return await self._set_state(actor, "coalitions.resume", CoalitionState.LIVE, with_digests=with_digests)

    async def sending(self, actor: Actor) -> SendingState:
        """Whether messages go out, and for a pause what its end would send. Raises UserError for a draft."""
        async with self.looking(actor, "coalitions.sending") as tx:
            row = await tx.session.get_one(CoalitionRow, actor.coalition_id)
            if row.is_draft:
                raise UserError(NOTHING_TO_PAUSE)
            tx = await tx.read()
            require_going_on(tx.record, tx.today)
            owed = await owed_items(tx)
            others = await _others_due(tx)
        zone = zone_of_member(tx.record, actor.key)
        since = row.paused_at if row.is_paused else row.live_at
        state = sending_state(tx.record, row.state, since, zone, tx.now)
        if not row.is_paused:
            return state
        # What a round that opened meanwhile owes is already counted among what is asked.
        late = tuple(one for one in owed if one.at <= tx.now)
        return replace(state, owed=late, others=others)

    async def _set_state(
        self, actor: Actor, method: str, state: CoalitionState, *, with_digests: bool = True
    ) -> CoalitionSummary:
        actor.require(method)
        async with self.writing(actor) as tx:
            row = await tx.session.get_one(CoalitionRow, actor.coalition_id)
            if row.ended is not None:
                await tx.read()  # which says so where that is over, as in a copy that was imported
            if method == "coalitions.resume" and row.is_draft:
                raise UserError("This coalition is a draft. Start it with `backbeat go-live`.")
            if method == "coalitions.pause" and row.is_draft:
                raise UserError(NOTHING_TO_PAUSE)
            if row.is_draft:
                await _require_entered(tx, row)
            if state == CoalitionState.LIVE and row.live_at is None:
                row.live_at = tx.now
            if row.state != state:
                if not with_digests:
                    await _decline_digests(tx)
                row.state = state
                row.paused_at = tx.now if state == CoalitionState.PAUSED else None
            return _summary(row)

    async def add_admin(self, actor: Actor, email: str) -> str:
        """Gives the member with this address the admin role; returns the member's name."""
        actor.require("coalitions.add_admin")
        async with self.database.write(actor.author(self.calendar.now())) as session:
            member = await session.scalar(
                select(MemberRow).where(
                    MemberRow.coalition_id == actor.coalition_id, func.lower(MemberRow.email) == email.strip().lower()
                )
            )
            if member is None:
                raise UserError(f"No member has the address {email}. Add the person to the file and import it first.")
            has = await session.scalar(
                select(RoleRow.id).where(
                    RoleRow.member_id == member.id,
                    RoleRow.role == "admin",
                    RoleRow.priority_id.is_(None),
                    RoleRow.group_id.is_(None),
                )
            )
            if has is None:
                session.add(RoleRow(coalition_id=actor.coalition_id, member_id=member.id, role="admin"))
            return member.name


async def _decline_digests(tx: Transaction) -> None:
    """What came due of digests during a pause is sent no more; the next one covers it."""
    digests = select(CadenceRow.id).where(tx.owns(CadenceRow), CadenceRow.kind == CadenceKind.DIGEST)
    await tx.session.execute(
        update(ScheduleRow)
        .where(ScheduleRow.cadence_id.in_(digests), ScheduleRow.planned_through < tx.now)
        .values(planned_through=tx.now)
    )
    await tx.session.execute(
        update(DeliveryRow)
        .where(
            tx.owns(DeliveryRow),
            DeliveryRow.digest_id.is_not(None),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= tx.now,
        )
        .values(state=State.DROPPED, reason=DECLINED)
    )


async def _others_due(tx: Transaction) -> int:
    """How many other messages are due, neither about a round nor a digest: letters, posts, news of an action."""
    in_round = select(DeliveryItemRow.delivery_id).where(DeliveryItemRow.round_subject_id.is_not(None))
    found = await tx.session.scalar(
        select(func.count(DeliveryRow.id)).where(
            tx.owns(DeliveryRow),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= tx.now,
            DeliveryRow.digest_id.is_(None),
            DeliveryRow.waiting.is_(False),
            DeliveryRow.expires_at.is_(None) | (DeliveryRow.expires_at > tx.now),
            DeliveryRow.id.not_in(in_round),
        )
    )
    return found or 0


def _planned(plan: Plan) -> ImportResult:
    merged = plan.merged
    return ImportResult(plan.coalition_id, merged.record.coalition.id, False, merged.record, merged.differences)


def _summary(row: CoalitionRow) -> CoalitionSummary:
    return CoalitionSummary(row.id, row.key, row.name, row.timezone, row.state, row.live_at, row.ended)


async def _require_entered(tx: Transaction, row: CoalitionRow) -> None:
    """Raises UserError while a setup is under way: what was entered becomes the coalition's only with the last step."""
    step = await open_step(tx)
    if step is not None:
        raise UserError(
            f"{row.name} isn't set up to the end: step {step} of {STEPS} is open. Write /coalition setup to go on."
        )
