"""A coalition as a whole: import, export, its state, and which one is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.asking import zone_of_member
from bot.domain.cadence import to_local
from bot.domain.coalition_file import check, to_file
from bot.domain.deliveries import State
from bot.domain.merge import Difference, Merge, merge
from bot.domain.record import Record
from bot.domain.resuming import SendingState, sending_state
from bot.domain.setup import STEPS
from bot.domain.standing_roles import StandingRoles
from bot.errors import UserError
from bot.services.action_bundles import ask_about_moves
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.brief_rows import refresh_briefs
from bot.services.decision_news import tell_imported
from bot.services.owed_messages import owed_items
from bot.services.setup_pages import open_step
from bot.store.audit import ChangeRow
from bot.store.audit_trail import Author, change_id
from bot.store.cadences import CadenceRow
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.coalitions import CoalitionRow
from bot.store.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.digests import ImportedFileRow
from bot.store.members import MemberRow, RoleRow
from bot.store.priorities import PriorityRow
from bot.store.priority_rows import add_readings
from bot.store.record_rows import add_all_readings, write_record
from bot.store.record_view import read_record
from bot.store.writer import Writer

NOTHING_TO_PAUSE = "This coalition is a draft: nothing is sent yet, so there is nothing to pause."
NONE_YET = "There is no coalition yet. Import one with `backbeat import FILE`, or write /coalition setup in Slack."


@dataclass(frozen=True, slots=True)
class CoalitionSummary:
    """One line about a coalition. `state` is draft, live or paused."""

    id: int
    key: str
    name: str
    timezone: str
    state: str
    live_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did (or, on a dry run, would do). `created` is true for a coalition that was not there."""

    coalition_id: int | None
    key: str
    created: bool
    record: Record
    differences: tuple[Difference, ...]


class DryRun(Exception):
    """Carries the result of a dry run out of the transaction that is rolled back."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__("dry run")
        self.result = result


class Coalitions(Service):
    """Use cases about whole coalitions."""

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

        One transaction; a dry run does everything and takes it back.
        """
        if as_key is not None:
            record = replace(record, coalition=replace(record.coalition, id=as_key))
        now = self.calendar.now()
        try:
            async with self.database.write(Author(at=now, path="import")) as session:
                row = await session.scalar(select(CoalitionRow).where(CoalitionRow.key == record.coalition.id))
                if row is None:
                    result = await self._create(session, record, now)
                else:
                    result = await self._merge(session, row, record, now, prefer_file)
                if dry_run:
                    raise DryRun(replace(result, coalition_id=None if result.created else result.coalition_id))
                return result
        except DryRun as done:
            return done.result

    async def import_file(
        self, actor: Actor, record: Record, *, dry_run: bool = False, prefer_file: bool = False
    ) -> ImportResult:
        """Brings a checked file into this person's own coalition, or shows what it would change (`dry_run`).

        Raises UserError for a file of another coalition: a workspace has one.
        """
        actor.require("coalitions.import_file")
        now = self.calendar.now()
        author = replace(actor.author(now), path="import")
        try:
            async with self.database.write(author) as session:
                row = await session.get_one(CoalitionRow, actor.coalition_id)
                if record.coalition.id != row.key:
                    raise UserError(
                        f"This file is of “{record.coalition.id}”, and {row.name} (“{row.key}”) lives in this "
                        "workspace. One workspace has one coalition: correct the file's id, or take the right file."
                    )
                result = await self._merge(session, row, record, now, prefer_file)
                if dry_run:
                    raise DryRun(result)
                return result
        except DryRun as done:
            return done.result

    async def whole(self, actor: Actor) -> Record:
        """Everything known now, to be taken along as a file."""
        actor.require("coalitions.whole")
        async with self.database.read(actor.coalition_id) as session:
            return await read_record(session, actor.coalition_id)

    async def today(self, actor: Actor) -> date:
        """The date in the coalition's zone."""
        actor.require("coalitions.today")
        async with self.database.read(actor.coalition_id) as session:
            row = await session.get_one(CoalitionRow, actor.coalition_id)
        return to_local(self.calendar.now(), row.timezone).date()

    async def _create(self, session: AsyncSession, record: Record, now: datetime) -> ImportResult:
        row = CoalitionRow(
            key=record.coalition.id,
            name=record.coalition.name,
            timezone=record.coalition.timezone,
            currency=record.coalition.currency,
            schema_version=record.schema_version,
            first_imported_at=record.first_imported_at or now,
            state="draft",
        )
        session.add(row)
        await session.flush()
        await write_record(session, row, record)
        await add_all_readings(session, row, record)
        await _write_rounds(session, row, record, now)
        row.first_change_id = change_id(session.sync_session, row.id)
        session.add(ImportedFileRow(coalition_id=row.id, imported_at=now, data=to_file(record)))
        return ImportResult(row.id, row.key, True, record, ())

    async def _merge(
        self, session: AsyncSession, row: CoalitionRow, record: Record, now: datetime, prefer_file: bool
    ) -> ImportResult:
        last = await session.scalar(
            select(ImportedFileRow)
            .where(ImportedFileRow.coalition_id == row.id)
            .order_by(ImportedFileRow.id.desc())
            .limit(1)
        )
        live = await read_record(session, row.id)
        base = _checked(last.data) if last is not None else record
        merged: Merge = merge(base, live, record, today=to_local(now, row.timezone).date(), prefer_file=prefer_file)
        await write_record(session, row, merged.record)
        writer = Writer(session, row)
        await writer.load_rows()
        for metric, readings in merged.new_readings.items():
            await add_readings(writer, metric, readings)
        owners = {one.id: one.owner for one in merged.record.actions}
        moved = {one.id: owners[one.id] for one in merged.differences if one.kind == "action" and one.field == "moves"}
        await ask_about_moves(session, row.id, live, moved, now)
        await tell_imported(session, row.id, live, merged.record, now)
        if merged.differences:
            await refresh_briefs(session, row.id, now)
        session.add(ImportedFileRow(coalition_id=row.id, imported_at=now, data=to_file(record)))
        return ImportResult(row.id, row.key, False, merged.record, merged.differences)

    async def export(self, actor: Actor) -> dict[str, Any]:
        """The coalition as plain data in the file's own shape."""
        actor.require("coalitions.export")
        async with self.database.read(actor.coalition_id) as session:
            return to_file(await read_record(session, actor.coalition_id))

    async def record(self, actor: Actor, moment: datetime | None = None) -> Record:
        """Everything known at `moment` (None: now)."""
        actor.require("coalitions.record")
        async with self.database.read(actor.coalition_id) as session:
            return await read_record(session, actor.coalition_id, moment)

    async def go_live(self, actor: Actor) -> CoalitionSummary:
        """From now on people hear from the bot."""
        return await self._set_state(actor, "coalitions.go_live", "live")

    async def pause(self, actor: Actor) -> CoalitionSummary:
        """Stops all sending in one step."""
        return await self._set_state(actor, "coalitions.pause", "paused")

    async def resume(self, actor: Actor) -> CoalitionSummary:
        """Takes up sending again; what came due meanwhile follows the late rules."""
        return await self._set_state(actor, "coalitions.resume", "live")

    async def sending(self, actor: Actor) -> SendingState:
        """Whether messages go out, and for a pause what its end would send. Raises UserError for a draft."""
        actor.require("coalitions.sending")
        now = self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            row = await session.get_one(CoalitionRow, actor.coalition_id)
            if row.state == "draft":
                raise UserError(NOTHING_TO_PAUSE)
            record = await read_record(session, actor.coalition_id)
            owed = await owed_items(session, actor.coalition_id, now)
            others = await _others_due(session, actor.coalition_id, now)
        zone = zone_of_member(record, actor.key) if actor.key is not None else record.coalition.timezone
        since = row.paused_at if row.state == "paused" else row.live_at
        state = sending_state(record, row.state, since, zone, now)
        if row.state != "paused":
            return state
        # What a round that opened meanwhile owes is among what is asked.
        late = tuple(one for one in owed if one.at <= now)
        return replace(state, owed=late, others=others)

    async def _set_state(self, actor: Actor, method: str, state: str) -> CoalitionSummary:
        actor.require(method)
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            row = await session.get_one(CoalitionRow, actor.coalition_id)
            if method == "coalitions.resume" and row.state == "draft":
                raise UserError("This coalition is a draft. Start it with `backbeat go-live`.")
            if method == "coalitions.pause" and row.state == "draft":
                raise UserError(NOTHING_TO_PAUSE)
            if row.state == "draft":
                await _require_entered(session, row)
            if state == "live" and row.live_at is None:
                row.live_at = now
            if row.state != state:
                row.state = state
                row.paused_at = now if state == "paused" else None
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


async def _others_due(session: AsyncSession, coalition_id: int, now: datetime) -> int:
    """How many messages are due that speak of no round and are no digest: letters, posts, news of an action."""
    in_round = select(DeliveryItemRow.delivery_id).where(DeliveryItemRow.round_subject_id.is_not(None))
    found = await session.scalar(
        select(func.count(DeliveryRow.id)).where(
            DeliveryRow.coalition_id == coalition_id,
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= now,
            DeliveryRow.digest_id.is_(None),
            DeliveryRow.waiting.is_(False),
            DeliveryRow.expires_at.is_(None) | (DeliveryRow.expires_at > now),
            DeliveryRow.id.not_in(in_round),
        )
    )
    return found or 0


def _checked(data: dict[str, Any]) -> Record:
    record, problems = check(data)
    if record is None:
        raise UserError(
            "The file that was imported last can't be read by this version: "
            + "; ".join(problem.message for problem in problems[:3])
        )
    return record


def _summary(row: CoalitionRow) -> CoalitionSummary:
    return CoalitionSummary(row.id, row.key, row.name, row.timezone, row.state, row.live_at)


async def _write_rounds(session: AsyncSession, row: CoalitionRow, record: Record, now: datetime) -> None:
    """Rounds that an exported file brings along: they happened, and count as asked or not as they did."""
    cadences = {c.key: c for c in await session.scalars(select(CadenceRow).where(CadenceRow.coalition_id == row.id))}
    priorities = {
        p.key: p for p in await session.scalars(select(PriorityRow).where(PriorityRow.coalition_id == row.id))
    }
    rounds: dict[tuple[str, Any], RoundRow] = {}
    roles = StandingRoles(record)
    for item in record.rounds:
        key = (item.cadence, item.day)
        if key not in rounds:
            cadence = cadences[item.cadence]
            rounds[key] = RoundRow(
                coalition_id=row.id,
                cadence_id=cadence.id,
                slot=datetime.combine(item.day, cadence.dtstart.time()),
                day=item.day,
                planned_at=now,
                sets_standing=roles.of(item),
            )
            session.add(rounds[key])
            await session.flush()
        session.add(
            RoundSubjectRow(
                coalition_id=row.id,
                round_id=rounds[key].id,
                priority_id=priorities[item.priority].id,
                owner_id=priorities[item.priority].owner_id,
                opens_at=item.opens_at,
                closes_at=item.closes_at,
                asked_at=item.opens_at if item.asked else None,
                closed_at=item.closes_at if item.closes_at <= now else None,
            )
        )
        await session.flush()


async def _require_entered(session: AsyncSession, row: CoalitionRow) -> None:
    """Raises UserError while a setup is under way: what was entered is the coalition's with its last step only."""
    step = await open_step(session, row.id)
    if step is not None:
        raise UserError(
            f"{row.name} isn't set up to the end: step {step} of {STEPS} is open. Write /coalition setup to go on."
        )
