"""Bringing a file in: what it is compared with, what it changes, and writing that. Steps for `coalitions`.

Reading and comparing take no writer's lock, so others can go on writing; `version_of` tells whether they have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import StandingRoles, find_set, questions_asked, set_of_cadence
from bot.domain.coalition_file import check, to_file
from bot.domain.files import Merge, merge
from bot.domain.record import ENDS, Record, Round, hanging_on, holdings_of, step_name
from bot.domain.rhythm import to_local
from bot.domain.vocabularies import CoalitionState
from bot.errors import UserError
from bot.services.access import Transaction
from bot.services.actions import ask_about_moves
from bot.services.checkins import versions_of
from bot.services.coalition.along import write_along
from bot.services.decisions import tell_imported
from bot.services.outbox import refresh_briefs
from bot.services.targets import refresh_targets
from bot.store.audit import ChangeRow, change_id
from bot.store.base import ids_of
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.digests import ImportedFileRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.record import Writer, add_all_readings, read_record, write_record
from bot.store.rhythm import CadenceRow, QuestionSetRow

# A coalition's newest change, and the file imported last. Everything that a file holds is audited.
Version = tuple[int, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a file is compared with: what lives, and the file as imported last (None: there was none)."""

    version: Version
    live: Record
    last: Any | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file changes of one state of a coalition. `data` is the file, to be compared with next time."""

    coalition_id: int
    live: Record
    merged: Merge
    data: dict[str, Any]


async def version_of(session: AsyncSession, record: Record) -> Version | None:
    """The version of the coalition that a file is of; None where there is none."""
    coalition_id = await session.scalar(select(CoalitionRow.id).where(CoalitionRow.key == record.coalition.id))
    if coalition_id is None:
        return None
    change = select(func.max(ChangeRow.id)).where(ChangeRow.coalition_id == coalition_id)
    file = select(func.max(ImportedFileRow.id)).where(ImportedFileRow.coalition_id == coalition_id)
    return coalition_id, await session.scalar(change), await session.scalar(file)


async def read_basis(session: AsyncSession, record: Record) -> Basis | None:
    """What a file is to be compared with; None where its coalition is new."""
    version = await version_of(session, record)
    if version is None:
        return None
    coalition_id, _change, file = version
    last = await session.get(ImportedFileRow, file) if file is not None else None
    live = await read_record(session, coalition_id)
    return Basis(version=version, live=live, last=last.data if last is not None else None)


def plan_of(basis: Basis, record: Record, now: datetime, prefer_file: bool) -> Plan:
    """What a file changes. Raises UserError for one that mixes what belongs to different figures."""
    live = basis.live
    base = _checked(basis.last) if basis.last is not None else record
    today = to_local(now, live.coalition.timezone).date()
    merged = merge(base, live, record, today=today, prefer_file=prefer_file)
    _require_handed_over(merged.record)
    return Plan(coalition_id=basis.version[0], live=live, merged=merged, data=_to_compare(record))


def _require_handed_over(record: Record) -> None:
    """Raises UserError where the file ends somebody or something on whom something hangs here by now."""
    for member in record.members:
        if member.ended is not None and holdings_of(record, member.id, member.ended):
            raise UserError(
                f"The file says when {member.name} leaves, and here something is still theirs. Hand it over first: "
                f"“coalition leave {member.id}”."
            )
    for noun, ends in ENDS.items():
        for thing in ends.things(record):
            if thing.ended is None:
                continue
            [*things] = [one for found in hanging_on(record, noun, thing.id, thing.ended).values() for one in found]
            if things:
                raise UserError(
                    f"The file says when {thing.name} ends, and here something still hangs on it: "
                    f"{things[0].called} {things[0].id}. Hand it over first: “coalition end {thing.id}”."
                )


async def write_plan(session: AsyncSession, plan: Plan, now: datetime) -> None:
    """Writes what a file changes, and has those hear of it whom it concerns."""
    row = await session.get_one(CoalitionRow, plan.coalition_id)
    merged = plan.merged
    sets = await versions_of(session, row.id, plan.live, merged.record.question_sets, now)
    await write_record(session, row, replace(merged.record, question_sets=sets), known=plan.live)
    if merged.new_readings:
        writer = Writer(session, row.id)
        for metric, readings in merged.new_readings.items():
            await writer.add(readings, metric)
    told = {one.id for one in merged.differences if one.kind == "action" and one.field == "moves"}
    moved = {one: one.owner for one in merged.record.actions if one.id in told}
    tx = Transaction(session, row.id, now)
    await ask_about_moves(tx.on(plan.live), moved)
    await tell_imported(tx, plan.live, merged.record)
    await refresh_targets(tx, plan.live, merged.record)
    if merged.differences:
        await refresh_briefs(tx)
    session.add(ImportedFileRow(coalition_id=row.id, imported_at=now, data=plan.data))


async def create(session: AsyncSession, record: Record, now: datetime) -> CoalitionRow:
    """A new coalition as a draft, with all that its file tells."""
    row = CoalitionRow(
        key=record.coalition.id,
        name=record.coalition.name,
        timezone=record.coalition.timezone,
        currency=record.coalition.currency,
        locale=record.coalition.locale,
        schema_version=record.schema_version,
        first_imported_at=record.first_imported_at or now,
        state=CoalitionState.DRAFT,
    )
    session.add(row)
    await session.flush()
    await write_record(session, row, record)
    await add_all_readings(session, row, record)
    await _write_rounds(session, row, record, now)
    if record.along is not None:
        await write_along(Transaction(session, row.id, now), record.along)
    row.first_change_id = change_id(session.sync_session, row.id)
    session.add(ImportedFileRow(coalition_id=row.id, imported_at=now, data=_to_compare(record)))
    return row


def _to_compare(record: Record) -> dict[str, Any]:
    """A file as a later one is compared with it: what goes along is compared with nothing."""
    return to_file(replace(record, along=None))


def _checked(data: dict[str, Any]) -> Record:
    record, problems = check(data)
    if record is None:
        raise UserError(
            "The file that was imported last can't be read by this version: "
            + "; ".join(problem.message for problem in problems[:3])
        )
    return record


async def _write_rounds(session: AsyncSession, row: CoalitionRow, record: Record, now: datetime) -> None:
    """Writes the rounds that an exported file brings along: they happened, and count as asked or not just as they did
    there."""
    cadences = {c.key: c for c in await session.scalars(select(CadenceRow).where(CadenceRow.coalition_id == row.id))}
    members = await ids_of(session, MemberRow, row.id)
    priorities = {
        p.key: p for p in await session.scalars(select(PriorityRow).where(PriorityRow.coalition_id == row.id))
    }
    sets = await ids_of(session, QuestionSetRow, row.id)
    rounds: dict[tuple[str, Any], RoundRow] = {}
    roles = StandingRoles(record)
    steps = {one.name: one for one in record.along.round_steps} if record.along is not None else {}
    for item in record.rounds:
        key = (item.cadence, item.day)
        step = steps.get(step_name(item.cadence, item.day, item.priority, item.member))
        if key not in rounds:
            cadence = cadences[item.cadence]
            asked = find_set(record, item.question_set) or set_of_cadence(record, item.cadence)
            rounds[key] = RoundRow(
                coalition_id=row.id,
                cadence_id=cadence.id,
                slot=step.slot if step is not None else datetime.combine(item.day, cadence.dtstart.time()),
                day=item.day,
                planned_at=step.planned_at if step is not None else now,
                sets_standing=roles.of(item),
                question_set_id=sets.get(asked.id) if asked is not None else None,
                questions_version=item.questions_version or (asked.version if asked is not None else None),
            )
            session.add(rounds[key])
            await session.flush()
        subject = RoundSubjectRow(
            coalition_id=row.id,
            round_id=rounds[key].id,
            priority_id=priorities[item.priority].id if item.priority is not None else None,
            member_id=members[item.member] if item.member is not None else None,
            owner_id=members[item.member] if item.member is not None else priorities[item.priority or ""].owner_id,
            opens_at=item.opens_at,
            closes_at=item.closes_at,
            asked_at=item.opens_at if item.asked else None,
            closed_at=item.closes_at if item.closes_at <= now else None,
            took_part=_took_part(record, item),
            extra=dict(item.extra),
        )
        if step is not None:
            # As it happened, down to who was asked and whether its close was told.
            for name, pointer in (("owner_id", step.owner), ("asked_again_by_id", step.asked_again_by)):
                setattr(subject, name, members[pointer] if pointer is not None else None)
            for name in _MOMENTS:
                setattr(subject, name, getattr(step, name))
        session.add(subject)
        await session.flush()


_MOMENTS = ("asked_at", "reminder_at", "delegate_at", "closed_at", "asked_again_at", "stand_in_declined_at")


def _took_part(record: Record, item: Round) -> bool | None:
    """What stands where an anonymous round says who has taken part: nobody that is known of; empty in others."""
    asked = questions_asked(record, item.cadence, item.day, item.priority)
    return False if item.member is not None and asked is not None and asked.anonymous else None
