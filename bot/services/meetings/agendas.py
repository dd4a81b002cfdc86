"""Agendas: the one of an occurrence as somebody may read it, as it is posted, and points that people add."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from bot.domain.checkins import Stocktake, asks_for_stocktakes, forecast_of_stocktake, stocktakes_of
from bot.domain.meetings import (
    Agenda,
    MeetingRef,
    PointForm,
    PointLine,
    Reads,
    Sitting,
    StocktakeLine,
    Stocktakes,
    UnknownMeeting,
    compose_agenda,
    current_sitting,
    day_before,
    find_meetings,
    group_of,
    may_write_notes,
    meetings,
    priorities_of,
    sitting,
    skipped_sitting,
)
from bot.domain.record import Cadence, Directory, Record, headline_metric
from bot.domain.rights import may_read_answers, may_read_priority
from bot.domain.vocabularies import READ_IN_DIGEST, AnswerReaders, CadenceKind
from bot.errors import UserError
from bot.services.access import Actor, ByActor, OnRecord, Service, Transaction
from bot.services.meetings.agenda_points import add_point, points_of
from bot.services.meetings.planning import refresh_agenda
from bot.services.meetings.views import (
    NOTES_BEFORE,
    MeetingsView,
    known_cadence,
    known_sitting,
    meetings_now,
    unknown_meeting,
)
from bot.store.base import id_of, keys_of
from bot.store.meetings import MeetingNotesRow
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow

# Where stock was never taken together, what was said in this time before today stands on the agenda.
_SINCE = timedelta(days=45)
# Whether what a set with these readers was answered about a priority (its id) is read.
ReadsAnswersAbout = Callable[[str, AnswerReaders], bool]


class Agendas(Service):
    """Use cases around agendas."""

    async def find(self, actor: Actor, typed: str) -> Agenda | UnknownMeeting:
        """The agenda of the next meeting that was meant. Raises Refused for one that is not theirs to see."""
        async with self.looking(actor, "agendas.find") as tx:
            view = await meetings_now(tx)
            found = find_meetings(view.record, typed)
            wanted = next((cadence for cadence in found if view.may_see(cadence)), next(iter(found), None))
            if wanted is None:
                return unknown_meeting(view.record, typed)
            view.require_see(wanted)
            current = current_sitting(wanted, view.now)
            if current is None:
                raise UserError(f"{wanted.name} has no date ahead, so it has no agenda.")
            return await _agenda(tx, view, current)

    async def show(self, actor: Actor, ref: MeetingRef) -> Agenda:
        """The agenda of one occurrence, as far as this person may read it."""
        async with self.looking(actor, "agendas.show") as tx:
            view = await meetings_now(tx)
            view.require_see(known_cadence(view.record, ref.cadence))
            return await _agenda(tx, view, known_sitting(view.record, ref))

    async def point_form(self, actor: Actor, ref: MeetingRef) -> PointForm:
        """What the form for one new point opens with. Raises UserError where the meeting takes none any more."""
        async with self.looking(actor, "agendas.point_form", to_change=True) as tx:
            view = await meetings_now(tx)
            found = _open_for_points(view, ref)
            return PointForm(secrets.token_hex(8), view.line(found), view.now)

    async def add_point(self, actor: Actor, ref: MeetingRef, text: str, token: str) -> Agenda:
        """Puts a point on the agenda, once, and shows it there."""
        async with self.writing(actor, "agendas.add_point") as tx:
            view = await meetings_now(tx)
            found = _open_for_points(view, ref)
            submission = f"point:{actor.coalition_id}:{token}"
            if not await add_point(tx, found, text, submission=submission):
                await refresh_agenda(tx, ref)
            return await _agenda(tx, view, found)


async def read_agenda_post(tx: Transaction, row: DeliveryRow) -> Agenda | None:
    """What the post in a group's channel says: what everybody in that group may read."""
    ref = MeetingRef.read(row.about or "")
    tx = await tx.read()
    cadence = next((one for one in meetings(tx.record) if ref is not None and one.id == ref.cadence), None)
    if ref is None or cadence is None:
        return None
    found = sitting(cadence, ref.slot)
    if found is None and row.operation == "post":
        return None
    return await _composed(
        tx,
        found or skipped_sitting(cadence, ref),
        reads=_group_reads(tx.record, cadence),
        # As in the digest: a channel may hold others than whoever a narrower set has as its readers.
        reads_answers=lambda _, readers: readers in READ_IN_DIGEST,
        skipped=found is None,
    )


def _group_reads(record: Record, cadence: Cadence) -> Reads:
    """Whose items a group's channel shows: its own priority's; steering and the backbone read everything."""
    group = group_of(record, cadence)
    own = set(priorities_of(record, group))
    reads_all = group is not None and group.reads_everything
    return lambda priority: reads_all or priority in own


async def _agenda(tx: ByActor, view: MeetingsView, found: Sitting) -> Agenda:
    agenda = await _composed(
        tx.on(view.unrestricted),
        found,
        reads=lambda priority: may_read_priority(tx.actor.standing, priority),
        reads_answers=lambda priority, readers: may_read_answers(tx.actor.standing, readers, priority),
    )
    may_write = may_write_notes(tx.actor.standing, view.record, found.cadence)
    return replace(agenda, may_write_notes=may_write and found.starts_at - NOTES_BEFORE <= view.now)


async def _composed(
    tx: OnRecord, found: Sitting, *, reads: Reads, reads_answers: ReadsAnswersAbout, skipped: bool = False
) -> Agenda:
    cadence_id = await id_of(tx.session, CadenceRow, tx.coalition_id, found.cadence.id)
    assert cadence_id is not None
    names = Directory.of(tx.record)
    keys = await keys_of(tx.session, MemberRow, tx.coalition_id)
    points = []
    shown = {None, *(one.id for one in tx.record.issues), *(one.id for one in tx.record.decisions)}
    for row in await points_of(tx, cadence_id, found.ref.slot):
        if row.about not in shown:
            continue  # about something that only others may see
        organization = names.organization_of(keys.get(row.added_by_id or 0, ""))
        points.append(
            PointLine(
                text=row.text,
                organization_name=names.name(organization) if organization else None,
                parked=row.notes_id is not None,
            )
        )
    notes = await tx.session.scalar(select(MeetingNotesRow.id).filter_by(cadence_id=cadence_id, slot=found.ref.slot))
    return compose_agenda(
        tx.record,
        found,
        tx.now,
        points,
        reads=reads,
        stocktakes=_stocktakes(tx.record, found, tx.today, reads, reads_answers),
        skipped=skipped,
        has_notes=notes is not None,
    )


def _stocktakes(
    record: Record, found: Sitting, today: date, reads: Reads, reads_answers: ReadsAnswersAbout
) -> Stocktakes | None:
    """What owners said of their curves since stock was taken together; None where it isn't, or nobody is asked."""
    if found.cadence.kind != CadenceKind.STOCKTAKE or not asks_for_stocktakes(record):
        return None
    since = day_before(found) or today - _SINCE
    taken, to_come = [], []
    for one in record.priorities:
        if one.rests or not reads(one.id):
            continue
        told = stocktakes_of(record, one, today, partial(reads_answers, one.id))
        if told and told[0].on > since:
            headline = headline_metric(one)
            taken.append(_stocktake(one.name, told[0], today, headline.name if headline is not None else None))
        else:
            to_come.append(one.name)
    return Stocktakes(taken=tuple(taken), to_come=tuple(to_come))


def _stocktake(priority_name: str, one: Stocktake, today: date, headline: str | None) -> StocktakeLine:
    return StocktakeLine(
        priority_name=priority_name,
        on=one.on,
        forecast=forecast_of_stocktake(one, today, headline),
        story=one.story,
        decision_id=one.decision_id,
    )


def _open_for_points(view: MeetingsView, ref: MeetingRef) -> Sitting:
    cadence = known_cadence(view.record, ref.cadence)
    view.require_see(cadence)
    found = known_sitting(view.record, ref)
    if found.ends_at <= view.now:
        raise UserError(f"{cadence.name} is over. Add the point to the next one: type “meeting {cadence.id}”.")
    return found
