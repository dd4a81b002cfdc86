"""The brief: what it speaks of, chosen once when it is sent, what it says of that now, and what a coordinator does from
it that no other noun does: asking for figures, opening a round once more. A use case, and steps of other services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from bot.domain.asks import UNDECIDED
from bot.domain.briefs import Brief, Silent, differences, missing, overdue
from bot.domain.checkins import StandingRoles
from bot.domain.decisions import DecisionCard, decisions_of_the_week
from bot.domain.digests import compose, compose_seen
from bot.domain.outbox import CHECKINS, Kind, State
from bot.domain.people import FIGURES, zone_of_member
from bot.domain.rights import Right
from bot.domain.targets import passed_targets
from bot.domain.wording import day
from bot.errors import UserError
from bot.services.access import Actor, OnRecord, Service, Transaction, addressee
from bot.services.asks import cards_of
from bot.services.checkins import notes_for, unseen_by
from bot.services.decisions import read_decisions
from bot.services.health import read_backup_at, read_sent
from bot.services.outbox import fed_digest_at, queue_updates, refresh_briefs
from bot.services.people import write_letters
from bot.services.undelivered import held_notices, read_undelivered
from bot.store.asks import AskRow
from bot.store.checkins import ANSWERS_SUBJECT, PrivateNoteRow, ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow, select_items
from bot.store.people import LetterRow, MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow

# So long a priority without an update is open once more.
OPEN_AGAIN = timedelta(hours=1)


class Briefs(Service):
    """Use cases of the coordinators' brief."""

    async def ask_for_figures(self, actor: Actor, round_id: int) -> tuple[str, ...]:
        """Writes to the steward of each figure that isn't there, once a brief; returns their names."""
        async with self.changing(actor, "briefs.ask_for_figures") as tx:
            digest = compose(tx.record, tx.now)
            words: dict[str, list[str]] = {}
            for one in missing(digest):
                if one.steward != actor.key:
                    since = f"none since {day(one.since, digest.today)}" if one.since is not None else "none yet"
                    words.setdefault(one.steward, []).append(f"{one.metric_name} ({since})")
            if not words:
                raise UserError("There is nobody to ask: no figure is missing but your own.")
            question = "Could you give the latest figure?"
            letters = {steward: f"{question} {'; '.join(figures)}." for steward, figures in words.items()}
            await write_letters(tx, f"figures:{round_id}", letters, about=FIGURES)
            await refresh_briefs(tx)
            names = {member.id: member.name for member in tx.record.members}
            return tuple(names[steward] for steward in words)

    async def open_again(self, actor: Actor, subject_id: int) -> None:
        """Opens one priority's check-in once more, for an hour and no longer than until the digest, so that an update
        given now, by a coordinator for its owner, is in it. One that is open or answered stays as it is."""
        async with self.writing(actor, "briefs.open_again") as tx:
            found = (
                await tx.session.execute(
                    select(RoundSubjectRow, CadenceRow.key)
                    .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                    .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
                    .where(RoundSubjectRow.id == subject_id, tx.owns(RoundSubjectRow))
                    .with_for_update(of=RoundSubjectRow)
                )
            ).one_or_none()
            if found is None:
                raise UserError("I can't find this check-in anymore.")
            subject, cadence = found.RoundSubjectRow, found.key
            if subject.closed_at is None and subject.closes_at > tx.now:
                return
            digest_at = fed_digest_at(await tx.read_present(), cadence, subject.closes_at)
            if digest_at is None or digest_at <= tx.now:
                raise UserError("The digest of this round is out. An update given now belongs to the next round.")
            subject.closed_at = None
            subject.closes_at = min(tx.now + OPEN_AGAIN, digest_at)
            await queue_updates(tx, [subject.id])


WEEK = timedelta(days=7)


def figures_key(coalition_id: int, round_id: int) -> str:
    """What the letters carry that ask for a brief's missing figures."""
    return f"{coalition_id}:figures:{round_id}"


async def compose_brief(tx: Transaction, row: DeliveryRow) -> None:
    """Chooses what a brief speaks of: later presses change what it says of these, and add nothing. At its claim."""
    round_id = int(row.about)
    asks = await tx.session.scalars(
        select(AskRow.id)
        .where(AskRow.coalition_id == row.coalition_id, AskRow.state.in_(UNDECIDED))
        .order_by(AskRow.id)
    )
    held = await tx.session.scalars(
        select(DeliveryRow.id)
        .where(
            DeliveryRow.coalition_id == row.coalition_id,
            DeliveryRow.operation == "post",
            DeliveryRow.kind.not_in([Kind.BRIEF, Kind.HELD_NOTICE]),
            or_(
                DeliveryRow.state == State.HELD,
                and_(DeliveryRow.state == State.FAILED, DeliveryRow.due_at > tx.now - WEEK),
            ),
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    silent = await tx.session.scalars(_silent(round_id).order_by(RoundSubjectRow.id))
    tx = await tx.read()
    week = await read_sent(tx)
    row.subject = {
        **row.subject,
        "asks": list(asks),
        "held": list(held),
        "silent": list(silent),
        "notes": await _unseen_notes(tx, row),
        "decisions": [one.id for one in decisions_of_the_week(tx.record, tx.today)],
        "sent": week.sent,
        "held_count": week.held,
        "late": week.late,
        "lost": week.lost,
    }


async def _unseen_notes(tx: Transaction, row: DeliveryRow) -> list[int]:
    """What was written to the coordinators, and this one has not said they have seen."""
    receiver = await tx.session.get_one(MemberRow, row.member_id)
    coalition = await tx.session.get_one(CoalitionRow, tx.coalition_id)
    unseen = await unseen_by(tx, receiver.key, coalition.first_imported_at)
    return [note.id for note in unseen]


def _silent(round_id: int) -> Any:
    """The subjects of a round without a response."""
    return (
        select(RoundSubjectRow.id)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .outerjoin(
            ResponseRow,
            ANSWERS_SUBJECT,
        )
        .where(RoundRow.id == round_id, ResponseRow.id.is_(None))
    )


async def read_brief(tx: Transaction, row: DeliveryRow) -> Brief | None:
    """What a brief says at this moment to the coordinator whom it goes to."""
    post = row if row.operation == "post" else await tx.session.get_one(DeliveryRow, row.parent_id)
    round_id = int(post.about)
    found = (
        await tx.session.execute(
            select(CadenceRow.key, func.max(RoundSubjectRow.closes_at))
            .select_from(RoundRow)
            .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
            .join(RoundSubjectRow, RoundSubjectRow.round_id == RoundRow.id)
            .where(RoundRow.id == round_id)
            .group_by(CadenceRow.key)
        )
    ).one_or_none()
    if found is None:
        return None
    tx = await tx.read()
    member_row = await tx.session.get_one(MemberRow, post.member_id)
    receiver = member_row.key
    to = addressee(row.coalition_id, tx.record, receiver, member_row.id).actor
    zone = zone_of_member(tx.record, receiver)
    digest = compose_seen(tx.record, tx.now)
    listed: dict[str, Any] = post.subject
    held = await tx.session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.id.in_(listed.get("held", [])))
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
    )
    count, organizations = overdue(digest)
    asked_for = (
        await tx.session.execute(
            select(MemberRow.name, LetterRow.written_at)
            .join(MemberRow, MemberRow.id == LetterRow.sender_id)
            .where(LetterRow.submission_key == figures_key(row.coalition_id, round_id))
            .limit(1)
        )
    ).one_or_none()
    return Brief(
        round_id=round_id,
        digest_at=fed_digest_at(tx.record, found[0], found[1]),
        asks=await cards_of(tx, receiver, AskRow.id.in_(listed.get("asks", []))),
        notes=await notes_for(tx, receiver, PrivateNoteRow.id.in_(listed.get("notes", []))),
        silent=await _silent_ones(tx, listed.get("silent", [])),
        held=await held_notices(tx, held.all(), zone),
        decisions=await _decisions(tx, to, listed.get("decisions", [])),
        differences=differences(digest),
        missing=missing(digest),
        figures=sum(len(part.metrics) for part in digest.priorities),
        asked_for_by=asked_for[0] if asked_for is not None else None,
        asked_for_at=asked_for[1] if asked_for is not None else None,
        overdue=count,
        overdue_organizations=organizations,
        passed=len(passed_targets(tx.record, tx.today)),
        sent=int(listed.get("sent", 0)),
        held_count=int(listed.get("held_count", 0)),
        late=int(listed.get("late", 0)),
        lost=int(listed.get("lost", 0)),
        backup_at=await read_backup_at(tx),
        undelivered=await read_undelivered(tx, zone),
        may_pause=to.standing.may(Right.CONFIGURE),
        receiver=receiver,
        zone=zone,
        now=tx.now,
    )


async def _decisions(tx: OnRecord, to: Actor, keys: Sequence[str]) -> tuple[DecisionCard, ...]:
    if not keys:
        return ()
    view = await read_decisions(tx, to)
    known = {one.id: one for one in tx.record.decisions}
    return tuple(view.card(known[key]) for key in keys if key in known)


async def _silent_ones(tx: OnRecord, subject_ids: Sequence[int]) -> tuple[Silent, ...]:
    """The priorities that had no update when the brief was sent."""
    if not subject_ids:
        return ()
    asked: dict[int | None, list[str]] = {}
    for subject_id, name in await tx.session.execute(
        select_items(DeliveryItemRow.round_subject_id, MemberRow.name)
        .join(MemberRow, MemberRow.id == DeliveryRow.member_id)
        .where(
            DeliveryItemRow.round_subject_id.in_(subject_ids),
            DeliveryItemRow.kind.in_(CHECKINS),
            DeliveryItemRow.left_out.is_(None),
            DeliveryRow.operation == "post",
            DeliveryRow.state == State.SENT,
        )
        .order_by(DeliveryRow.sent_at, DeliveryRow.id)
    ):
        asked.setdefault(subject_id, []).append(name)
    rows = await tx.session.execute(
        select(RoundSubjectRow.id, PriorityRow.key, RoundRow.day, CadenceRow.key, MemberRow.name)
        .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
        .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
        .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
        .outerjoin(
            ResponseRow,
            ANSWERS_SUBJECT,
        )
        .outerjoin(MemberRow, MemberRow.id == ResponseRow.by_id)
        .where(RoundSubjectRow.id.in_(subject_ids))
        .order_by(RoundSubjectRow.id)
    )
    names = {member.id: member.name for member in tx.record.members}
    roles = StandingRoles(tx.record)
    found = []
    for subject_id, key, opened_on, cadence, answered_by in rows:
        priority = next((one for one in tx.record.priorities if one.id == key), None)
        if priority is None:
            # It has ended, and nobody waits for a word about it.
            continue
        earlier = roles.earlier(tx.record.responses, cadence, key, opened_on)
        found.append(
            Silent(
                subject_id=subject_id,
                priority_name=priority.name,
                last_on=earlier[-1].round if earlier else None,
                owner=priority.owner,
                owner_name=names[priority.owner],
                asked=tuple(dict.fromkeys(asked.get(subject_id, ()))),
                answered_by_name=answered_by,
            )
        )
    return tuple(found)
