"""A round as coordinators run it: who has answered, asking again, closing it now and opening it once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.checkins import (
    AskedAgain,
    CheckinChange,
    ReopenForm,
    RoundStatus,
    RunLine,
    Said,
    StandInAsked,
    StatusLine,
    TookPart,
    said_about,
    said_for,
)
from bot.domain.outbox import Item, State, Whereabouts
from bot.domain.people import is_away, is_pulse, receivers_of, zone_of_member
from bot.domain.record import Cadence, Member, Record
from bot.domain.rhythm import describe, latest_occurrence, next_occurrence, to_local, to_utc, window, zone_of
from bot.domain.typed import Known
from bot.domain.wording import clock, near_day
from bot.errors import Refused, UserError
from bot.services.access import Actor, OnRecord, Service, Transaction, UseCase
from bot.services.checkins.asking import SentItem, ask_now, sent_items, withdraw
from bot.services.checkins.earlier_rules import busy_until
from bot.services.checkins.lookup import (
    RoundLine,
    checkins_of,
    find_round_and_person,
    find_with_rounds,
    newest_round,
)
from bot.services.checkins.private_notes import notes_for, reads_notes
from bot.services.checkins.pulses import count_took_part
from bot.services.checkins.subjects import find_subject, given_answer, require_answerer
from bot.services.outbox import queue_updates, troubles_of, where_items_are
from bot.store.base import id_of, keys_of
from bot.store.checkins import MemberAnswerRow, PrivateNoteRow, ResponseRow
from bot.store.people import MemberRow

# How long a closed round is open once more where its own window has passed.
_ONCE_MORE = timedelta(hours=4)
_SAME_PRESS = timedelta(minutes=1)


class CheckinRounds(Service):
    """Use cases around the newest round of a check-in."""

    async def status(self, actor: Actor, typed: str) -> RoundStatus:
        """Who has answered, who was asked, and who was not reached; of an anonymous round only how many."""
        async with self.reading(actor, "checkinrounds.status") as tx:
            cadence = find_with_rounds(tx.record, typed)
            lines = await newest_round(tx, cadence)
            if is_pulse(tx.record, cadence) or any(line.is_anonymous for line in lines):
                return await _pulse_status(tx, cadence, lines)
            found = await _status(tx, cadence, lines)
            answers = [line.given for line in lines if line.given is not None]
            if not reads_notes(actor.standing) or not answers:
                return found
            of_round = or_(
                PrivateNoteRow.response_id.in_([one.id for one in answers if isinstance(one, ResponseRow)]),
                PrivateNoteRow.member_answer_id.in_([one.id for one in answers if isinstance(one, MemberAnswerRow)]),
            )
            return replace(found, notes=await notes_for(tx, actor.key, of_round))

    async def ask_again(self, actor: Actor, typed: str, *, once_more: bool = False) -> AskedAgain:
        """Asks those without an answer, or the one who is named, one more message each; without `once_more` it only
        tells who that would be.

        Anybody who is away is left to their stand-in. Raises UserError where no round is open.
        """
        async with self.changing(actor, "checkinrounds.ask_again") as tx:
            cadence, only = await find_round_and_person(tx, typed)
            if is_pulse(tx.record, cadence):
                raise UserError(
                    f"{cadence.name} is anonymous: whoever has not taken part is reminded once by itself, and nobody "
                    "is asked by name. “checkin status” shows how many have."
                )
            if cadence.paused_at is not None:
                raise UserError(f"{cadence.name} is paused, so nobody is asked. “checkin resume” lets it run again.")
            lines = await newest_round(tx, cadence, lock=True)
            zone = zone_of_member(tx.record, actor.key)
            if not lines or all(line.subject.is_over_at(tx.now) for line in lines):
                raise UserError(_nothing_open(cadence, lines, zone, tx.now))
            waiting = [line for line in lines if line.given is None and not line.subject.is_over_at(tx.now)]
            names = {member.id: member for member in tx.record.members}
            if only is not None:
                waiting = [line for line in waiting if line.owner == only]
            if only is not None and not waiting:
                raise UserError(f"{names[only].name} has nothing to answer in {cadence.name} now.")
            result = AskedAgain(
                id=cadence.id,
                name=cadence.name,
                asked=(),
                waiting=tuple(
                    Known(owner, names[owner].name) for owner in dict.fromkeys(line.owner for line in waiting)
                ),
                said=cadence.id if only is None else f"{cadence.id} @{only}",
                answered=sum(line.given is not None for line in lines),
                zone=zone,
                now=tx.now,
            )
            before = [line.subject.asked_again_at for line in waiting if line.subject.asked_again_at is not None]
            if before and not once_more:
                return replace(
                    result, repeated=True, before_at=max(before), before_by=await _again_by(tx.session, waiting)
                )
            if waiting and not once_more:
                return replace(result, repeated=True)
            asked: list[tuple[Item, str, int]] = []
            not_reached: list[str] = []
            for line in waiting:
                again_at = line.subject.asked_again_at
                # A press that arrives twice must not write to people twice.
                if again_at is not None and tx.now - again_at < _SAME_PRESS:
                    asked += [(Item.AGAIN, str(line.subject.id), line.owner_id)]
                    continue
                found = await _ask_once_more(tx, line)
                if found is None:
                    not_reached.append(line.topic_name)
                    continue
                line.subject.asked_again_at = tx.now
                line.subject.asked_again_by_id = actor.member_id
                asked.append(found)
            await tx.session.flush()
            wheres = await _wheres_of(tx, asked)
            return replace(
                result,
                asked=tuple(one.to for one in wheres if one.goes_at_once),
                elsewhere=tuple(one for one in wheres if not one.goes_at_once),
                not_reached=tuple(not_reached),
            )

    async def close(self, actor: Actor, typed: str) -> CheckinChange:
        """Closes the open round now. Closing a closed one changes nothing and says so."""
        async with self.changing(actor, "checkinrounds.close") as tx:
            cadence = find_with_rounds(tx.record, typed)
            lines = await newest_round(tx, cadence, lock=True)
            if not lines:
                raise UserError(_nothing_open(cadence, lines, zone_of_member(tx.record, actor.key), tx.now))
            open_lines = [line for line in lines if not line.subject.is_over_at(tx.now)]
            closed_at = tx.now if open_lines else max(line.subject.closes_at for line in lines)
            for line in open_lines:
                # The consequences follow at the next beat, in the one place where rounds are closed.
                line.subject.closes_at = tx.now
            await withdraw(tx.session, [line.subject.id for line in open_lines])
            found = _change("closed", tx.record, actor, cadence, lines, tx.now, at=closed_at, already=not open_lines)
            if not lines[0].is_anonymous:
                return found
            took_part = await count_took_part(tx, cadence.id, lines[0].round)
            return replace(found, answered=took_part, asked=max(_count_asked(lines), took_part), is_anonymous=True)

    async def reopen_form(self, actor: Actor, typed: str) -> ReopenForm:
        """Until when the newest closed round may be open again. Raises UserError where it is open, or none was."""
        async with self.reading(actor, "checkinrounds.reopen_form") as tx:
            cadence = find_with_rounds(tx.record, typed)
            lines = await newest_round(tx, cadence)
            zone = zone_of_member(tx.record, actor.key)
            _refuse_mixed(cadence, lines, tx.now)
            _require_closed(cadence, lines, zone, tx.now)
            latest = _latest(tx.record, cadence, tx.now)
            return ReopenForm(
                id=cadence.id,
                name=cadence.name,
                closed_at=max(line.subject.closes_at for line in lines),
                until=_suggested(tx.record, cadence, lines, latest, tx.now),
                latest=latest,
                coalition_zone=tx.record.coalition.timezone,
                zone=zone,
                now=tx.now,
            )

    async def reopen(self, actor: Actor, key: str, until_local: datetime) -> CheckinChange:
        """Opens the newest closed round until a naive wall time of the coalition. Raises UserError for a wrong one."""
        async with self.changing(actor, "checkinrounds.reopen") as tx:
            cadence = find_with_rounds(tx.record, key)
            until = to_utc(until_local, tx.record.coalition.timezone)
            lines = await newest_round(tx, cadence, lock=True)
            zone = zone_of_member(tx.record, actor.key)
            if lines and all(line.subject.closed_at is None and line.subject.closes_at == until for line in lines):
                return _change("reopened", tx.record, actor, cadence, lines, tx.now, until=until, already=True)
            _refuse_mixed(cadence, lines, tx.now)
            _require_closed(cadence, lines, zone, tx.now)
            latest = _latest(tx.record, cadence, tx.now)
            if until <= tx.now:
                raise UserError("That moment has passed. Choose a later one.", field="time")
            if latest is not None and until > latest:
                local, here = (to_local(one, tx.record.coalition.timezone) for one in (latest, tx.now))
                raise UserError(
                    f"The next round opens {near_day(local.date(), here.date())}, {clock(local)}. "
                    "Choose a moment before then.",
                    field="time",
                )
            for line in lines:
                line.subject.closed_at = None
                line.subject.closes_at = until
            await tx.session.flush()
            await queue_updates(tx, [line.subject.id for line in lines])
            return _change("reopened", tx.record, actor, cadence, lines, tx.now, until=until)

    async def hand_over(self, actor: Actor, subject_id: int) -> StandInAsked:
        """Asks the owner's stand-in now. Twice is once. Raises UserError where that can't be."""
        async with self.writing(actor) as tx:
            subject = await find_subject(tx, subject_id, lock=True)
            await require_answerer(tx, subject, "checkinrounds.hand_over")
            tx = await tx.read()
            zone = zone_of_member(tx.record, actor.key)
            if subject.row.is_over_at(tx.now):
                raise UserError(
                    "This round is closed, so there is nothing to hand over. I'll ask again at the next one."
                )
            if await given_answer(tx.session, subject) is not None:
                raise UserError(f"The {subject.update} is already in. Nothing was changed.")
            stand_in = next((member for member in tx.record.members if member.id == subject.delegate), None)
            if stand_in is None:
                raise UserError("Nobody stands in for you yet. Choose somebody in My settings.")
            if is_away(stand_in, to_local(tx.now, zone_of_member(tx.record, stand_in.id)).date()):
                raise UserError(f"{stand_in.name} is away now. A coordinator can help.")
            stand_in_id = await id_of(tx.session, MemberRow, actor.coalition_id, stand_in.id)
            assert stand_in_id is not None
            is_new = await ask_now(tx, subject.row, stand_in_id, Item.DELEGATE, tx.now)
            if subject.row.delegate_at is None or subject.row.delegate_at > tx.now:
                subject.row.delegate_at = tx.now
                subject.row.stand_in_declined_at = None
            await tx.session.flush()
            await queue_updates(tx, [subject.row.id])
            return StandInAsked(
                stand_in_name=stand_in.name,
                priority_name=subject.topic_name,
                is_own=subject.is_own,
                closes_at=subject.row.closes_at,
                already=not is_new,
                zone=zone,
                now=tx.now,
                trouble=(await troubles_of(tx, [stand_in_id])).get(stand_in_id),
            )

    async def decline(self, actor: Actor, subject_id: int) -> None:
        """Not this time, says the stand-in: the owner and the coordinators see it, and an answer is still taken.

        Twice is once. Raises Refused for anybody else, UserError where there is nothing to do any more.
        """
        async with self.writing(actor) as tx:
            subject = await find_subject(tx, subject_id, lock=True)
            if actor.key is None or actor.key != subject.delegate or subject.is_anonymous:
                tx = await tx.read()
                stand_in = next((one.name for one in tx.record.members if one.id == subject.delegate), "A coordinator")
                raise Refused(f"Only who stands in for {subject.owner_name} can say that. {stand_in} can help.")
            if subject.row.is_over_at(tx.now):
                raise UserError("The round is closed. Nothing to do.")
            if await given_answer(tx.session, subject) is not None:
                raise UserError(f"The {subject.update} is already in. Nothing to do.")
            subject.row.stand_in_declined_at = subject.row.stand_in_declined_at or tx.now
            await tx.session.flush()
            await queue_updates(tx, [subject.row.id])


async def _wheres_of(tx: Transaction, asked: Sequence[tuple[Item, str, int]]) -> tuple[Whereabouts, ...]:
    """Where the message is of each of those who were asked, once for each person; of a press that came twice, of
    whoever was asked by the first one."""
    found: dict[int, Whereabouts] = {}
    for item in (Item.AGAIN, Item.DELEGATE):
        subjects = {about for kind, about, _to in asked if kind == item or item is Item.DELEGATE}
        wheres = await where_items_are(tx, item, subjects)
        for kind, about, to in asked:
            if kind == item and (about, to) in wheres:
                found.setdefault(to, wheres[about, to])
            elif item is Item.DELEGATE and kind is Item.AGAIN and to not in found:
                stand_in = next(((who, where) for (what, who), where in wheres.items() if what == about), None)
                if stand_in is not None and stand_in[0] is not None:
                    found.setdefault(stand_in[0], stand_in[1])
    return tuple(found.values())


async def _ask_once_more(tx: OnRecord, line: RoundLine) -> tuple[Item, str, int] | None:
    """Asks the owner once more, or the stand-in of one who is away: what was asked, about what and whom. None where
    nobody can be asked today."""
    members = {member.id: member for member in tx.record.members}
    owner = members[line.owner]
    if not is_away(owner, to_local(tx.now, zone_of_member(tx.record, owner.id)).date()):
        await ask_now(tx, line.subject, line.owner_id, Item.AGAIN, tx.now)
        return Item.AGAIN, str(line.subject.id), line.owner_id
    stand_in = members.get(owner.delegate or "")
    if stand_in is None or is_away(stand_in, to_local(tx.now, zone_of_member(tx.record, stand_in.id)).date()):
        return None
    stand_in_id = await id_of(tx.session, MemberRow, line.subject.coalition_id, stand_in.id)
    assert stand_in_id is not None
    await ask_now(tx, line.subject, stand_in_id, Item.DELEGATE, tx.now)
    return Item.DELEGATE, str(line.subject.id), stand_in_id


async def _again_by(session: AsyncSession, lines: Sequence[RoundLine]) -> str | None:
    again = [line.subject for line in lines if line.subject.asked_again_at is not None]
    newest = max(again, key=lambda subject: subject.asked_again_at or subject.opens_at, default=None)
    if newest is None:
        return None
    found: str | None = await session.scalar(select(MemberRow.name).where(MemberRow.id == newest.asked_again_by_id))
    return found


async def _status(tx: UseCase, cadence: Cadence, lines: Sequence[RoundLine]) -> RoundStatus:
    sent = await sent_items(tx.session, [line.subject.id for line in lines])
    members = {member.id: member for member in tx.record.members}
    keys = await keys_of(tx.session, MemberRow, tx.coalition_id)
    state = "none"
    if lines:
        state = "closed" if all(line.subject.is_over_at(tx.now) for line in lines) else "open"
    again = [line.subject.asked_again_at for line in lines if line.subject.asked_again_at is not None]
    today = tx.today
    return RoundStatus(
        id=cadence.id,
        name=cadence.name,
        state=state,
        closes_at=max((line.subject.closes_at for line in lines), default=None),
        next_at=next_opening(tx.record, cadence, _passed_over_until(cadence, lines, tx.now)),
        lines=tuple(
            replace(
                _line(line, members, sent[line.subject.id], keys),
                said=_said_in_line(tx.record, cadence.id, line, today),
            )
            for line in lines
        ),
        asked_again_at=max(again, default=None),
        asked_again_by=await _again_by(tx.session, lines),
        zone=zone_of_member(tx.record, tx.actor.key),
        now=tx.now,
    )


async def _pulse_status(tx: UseCase, cadence: Cadence, lines: Sequence[RoundLine]) -> RoundStatus:
    found = await _status(tx, cadence, ())
    if not lines:
        return replace(found, took_part=TookPart(0, 0, 0))
    members = {member.id: member for member in tx.record.members}
    answered = await count_took_part(tx, cadence.id, lines[0].round)
    waiting = [line for line in lines if line.subject.asked_at is None]
    not_reached = sum(not is_away(members[line.owner], line.round.day) for line in waiting)
    return replace(
        found,
        state="open" if any(not line.subject.is_over_at(tx.now) for line in lines) else "closed",
        closes_at=max(line.subject.closes_at for line in lines),
        next_at=next_opening(tx.record, cadence, _passed_over_until(cadence, lines, tx.now)),
        took_part=TookPart(answered, max(_count_asked(lines), answered), not_reached),
    )


def _count_asked(lines: Sequence[RoundLine]) -> int:
    return sum(line.subject.asked_at is not None for line in lines)


def _refuse_mixed(cadence: Cadence, lines: Sequence[RoundLine], now: datetime) -> None:
    """A round whose answers are mixed takes no more of them."""
    if any(line.is_anonymous for line in lines) and all(line.subject.is_over_at(now) for line in lines):
        raise UserError(
            f"{cadence.name} is anonymous: its answers were mixed when the round closed, so it can't be opened again."
        )


def _said_in_line(record: Record, cadence: str, line: RoundLine, today: date) -> tuple[Said, ...]:
    """What was answered beyond how a priority stands."""
    words_of = said_for if line.is_own else said_about
    return words_of(record, cadence, line.round.day, line.topic, today)


def _line(line: RoundLine, members: dict[str, Member], sent: list[SentItem], keys: dict[int, str]) -> StatusLine:
    owner = members[line.owner]
    stand_in = members.get(owner.delegate or "")
    arrived = [one for one in sent if one.state == State.SENT]
    to_owner = [one for one in arrived if one.item != Item.DELEGATE and keys.get(one.member_id) == owner.id]
    to_stand_in = [one for one in arrived if one.item == Item.DELEGATE]
    settled = {State.SENT, State.DROPPED}
    stuck = [one for one in sent if one.reason and one.item != Item.DELEGATE and one.state not in settled]
    return StatusLine(
        priority_name=line.topic_name,
        is_own=line.is_own,
        owner_name=owner.name,
        subject_id=line.subject.id,
        answered_by=line.answered_by,
        by_another=line.given is not None and keys.get(line.given.by_id) != owner.id,
        answered_at=(line.given.edited_at or line.given.answered_at) if line.given is not None else None,
        is_no_change=line.given is not None and line.given.no_change,
        asked_at=min((one.sent_at for one in to_owner if one.sent_at), default=None),
        is_away=is_away(owner, line.round.day),
        stand_in_name=stand_in.name if stand_in is not None else None,
        stand_in_asked_at=min((one.sent_at for one in to_stand_in if one.sent_at), default=None),
        stand_in_declined=line.subject.stand_in_declined_at is not None,
        trouble=stuck[-1].reason if stuck and not to_owner else None,
    )


def next_opening(record: Record, cadence: Cadence, now: datetime) -> datetime | None:
    """When the first of those whom it asks is asked next; None while it is paused or where it has ended."""
    if cadence.paused_at is not None:
        return None
    asked = receivers_of(record, cadence)
    zones = {zone_of(cadence, zone_of_member(record, member)) for member in asked} or {cadence.timezone}
    moments = [following[1] for zone in zones if (following := next_occurrence(cadence, now, zone)) is not None]
    return min(moments, default=None)


def run_lines(record: Record, now: datetime) -> tuple[RunLine, ...]:
    """Every check-in, with when it asks next."""
    return tuple(
        RunLine(
            id=cadence.id,
            name=cadence.name,
            rhythm=describe(cadence),
            next_at=next_opening(record, cadence, now),
            paused_at=cadence.paused_at,
        )
        for cadence in checkins_of(record)
    )


def _passed_over_until(cadence: Cadence, lines: Sequence[RoundLine], now: datetime) -> datetime:
    """From when on a new round may open: at once, but for a round that is open for all by a rule that was changed."""
    ends = [
        busy_until(cadence, line.round.slot, line.subject.closes_at) if not line.subject.is_over_at(now) else None
        for line in lines
    ]
    return max(now, min((end or now for end in ends), default=now))


def _latest(record: Record, cadence: Cadence, now: datetime) -> datetime | None:
    """The latest moment for a round to close: when the next one opens."""
    return next_opening(record, cadence, now)


def _suggested(
    record: Record, cadence: Cadence, lines: Sequence[RoundLine], latest: datetime | None, now: datetime
) -> datetime:
    """The end of the round's own window where that is ahead, else a few hours from now."""
    ends = [
        window(cadence, found[0], zone).closes_at
        for line in lines
        if (zone := zone_of(cadence, zone_of_member(record, line.owner)))
        and (found := latest_occurrence(cadence, line.subject.opens_at, zone)) is not None
    ]
    own_end = max(ends, default=now)
    wanted = own_end if own_end > now else now + _ONCE_MORE
    return min(wanted, latest) if latest is not None else wanted


def _require_closed(cadence: Cadence, lines: Sequence[RoundLine], zone: str, now: datetime) -> None:
    if not lines:
        raise UserError(_nothing_open(cadence, lines, zone, now))
    still_open = [line.subject.closes_at for line in lines if not line.subject.is_over_at(now)]
    if still_open:
        raise UserError(f"{cadence.name} is open until {_said(max(still_open), zone, now)}.")


def _nothing_open(cadence: Cadence, lines: Sequence[RoundLine], zone: str, now: datetime) -> str:
    if not lines:
        return f"{cadence.name} hasn't opened a round yet."
    closed_at = max(line.subject.closes_at for line in lines)
    return f"{cadence.name}: the round closed {_said(closed_at, zone, now)}. “checkin reopen” opens it once more."


def _said(moment: datetime, zone: str, now: datetime) -> str:
    local = to_local(moment, zone)
    return f"{near_day(local.date(), to_local(now, zone).date())}, {clock(local)}"


def _change(
    what: str,
    record: Record,
    actor: Actor,
    cadence: Cadence,
    lines: Sequence[RoundLine],
    now: datetime,
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    already: bool = False,
) -> CheckinChange:
    return CheckinChange(
        what=what,
        id=cadence.id,
        name=cadence.name,
        already=already,
        at=at,
        until=until,
        next_at=next_opening(record, cadence, now),
        answered=sum(line.given is not None for line in lines),
        asked=len(lines),
        zone=zone_of_member(record, actor.key),
        now=now,
    )
