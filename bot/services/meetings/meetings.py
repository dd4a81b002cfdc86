"""Meetings as people work with them: mine, a card, saying who comes, skipping and moving one. Plans, agendas and notes
have modules of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.checkins import rounds_of_date
from bot.domain.meetings import (
    ChangeForm,
    ChangeLine,
    MeetingCard,
    MeetingChange,
    MeetingLine,
    MeetingList,
    MeetingRef,
    Sitting,
    UnknownMeeting,
    agenda_at,
    attendees,
    current_sitting,
    find_meetings,
    group_of,
    meetings,
    next_sittings,
    read_moment,
)
from bot.domain.record import Attendance, Cadence, Record
from bot.domain.rhythm import leave_out, place, to_local, to_utc
from bot.domain.typed import read_day
from bot.domain.wording import near_day, plural
from bot.errors import Refused, UserError
from bot.services.access import Actor, Service, UseCase
from bot.services.following import follow_meetings
from bot.services.meetings.agenda_points import carry_points
from bot.services.meetings.news import reachable, refresh_own, stand_ins, tell_declined, tell_of_change, tell_substitute
from bot.services.meetings.planning import plan_ahead, refresh_agenda, refresh_pack
from bot.services.meetings.views import (
    MeetingsView,
    known_cadence,
    known_sitting,
    locked_cadence,
    meetings_now,
    read_view,
    unknown_meeting,
)
from bot.store.base import ids_of
from bot.store.people import MemberRow

_FARTHEST = timedelta(days=366)
_AROUND = timedelta(days=45)  # before a day within which a meeting's nearest date is looked for


class Meetings(Service):
    """Use cases around meetings and their occurrences."""

    async def mine(self, actor: Actor, page: int = 0) -> MeetingList:
        """The next occurrence of each meeting that this person goes to, also in somebody's place."""
        async with self.looking(actor, "meetings.mine") as tx:
            view = await meetings_now(tx)
            return view.page("mine", view.own_lines(), page)

    async def every(self, actor: Actor, page: int = 0) -> MeetingList:
        """The next occurrence of each meeting that this person may see."""
        async with self.looking(actor, "meetings.every") as tx:
            view = await meetings_now(tx)
            return view.page("all", _next_lines(view, meetings(view.record)), page)

    async def find(self, actor: Actor, typed: str) -> MeetingCard | MeetingList | UnknownMeeting:
        """The meeting that was meant, those that could be, or the nearest. Raises Refused for somebody else's."""
        async with self.looking(actor, "meetings.find") as tx:
            view = await meetings_now(tx)
            found = find_meetings(view.record, typed)
            visible = [cadence for cadence in found if view.may_see(cadence)]
            if len(visible) > 1:
                return view.page(typed, _next_lines(view, visible), 0)
            if not found:
                return unknown_meeting(view.record, typed)
            wanted = (visible or found)[0]
            view.require_see(wanted)
            return view.card(wanted)

    async def show(self, actor: Actor, key: str) -> MeetingCard:
        """One meeting by its id. Raises Refused for one that is not theirs to see."""
        async with self.looking(actor, "meetings.show") as tx:
            view = await meetings_now(tx)
            cadence = known_cadence(view.record, key)
            view.require_see(cadence)
            return view.card(cadence)

    async def answer(self, actor: Actor, ref: MeetingRef, answer: str) -> MeetingChange:
        """Whether this person comes: "coming" or "not_coming"; the last word counts."""
        actor.require("meetings.answer")
        if answer not in {"coming", "not_coming"}:
            raise ValueError(answer)
        return await self._attend(actor, ref, answer, None)

    async def send_substitute(self, actor: Actor, ref: MeetingRef, member: str) -> MeetingChange:
        """Somebody goes in this person's place; they are told, and can say that they can't."""
        actor.require("meetings.send_substitute")
        return await self._attend(actor, ref, "substitute", member)

    async def change_form(
        self, actor: Actor, key: str, what: str, ref: MeetingRef | None = None, said: ChangeLine | None = None
    ) -> ChangeForm:
        """The form that moves or skips an occurrence. `what` is move or skip; `said`: which and to when, as typed.

        Raises Refused as `move` does, UserError for typed words that name no day.
        """
        async with self.looking(actor, to_change=True) as tx:
            view = await meetings_now(tx)
            cadence = known_cadence(view.record, key)
            view.require_manage(cadence)
            upcoming = next_sittings(cadence, view.now, 5)
            if not upcoming:
                raise UserError(f"{cadence.name} has no date ahead. Edit it to give it one.")
            chosen = next((one for one in upcoming if ref is not None and one.ref == ref), upcoming[0])
            today = to_local(view.now, cadence.timezone).date()

            def moment_of(one: Sitting, typed: str) -> datetime:
                return read_moment(typed, one.starts_at.astimezone(ZoneInfo(cadence.timezone)), today, one.minutes)

            if said is not None and said.former:
                chosen = _on_day(upcoming, said.former, today)
            elif said is not None and said.to and ref is None:
                upcoming, chosen = _nearest(cadence, upcoming, moment_of(chosen, said.to))
            return ChangeForm(
                what=what,
                name=cadence.name,
                zone=cadence.timezone,
                choices=tuple(view.line(one) for one in upcoming),
                chosen=chosen.ref,
                readers=readers_of_change(view.record, chosen, actor, view.answers_of(chosen.ref).values(), view.now),
                local=chosen.occurrence.local,
                to=moment_of(chosen, said.to) if said is not None and said.to else None,
                now=view.now,
            )

    async def skip(self, actor: Actor, ref: MeetingRef, seen: datetime | None = None) -> MeetingChange:
        """No meeting that time. Attendees are told, and the points of its agenda go to the next one.

        `seen` is when the person believed it to be: moved meanwhile by somebody else, it stays as it is now.
        """
        async with self.writing(actor) as tx:
            row = await locked_cadence(tx, ref.cadence)
            tx = await tx.read()
            view = await read_view(tx)
            cadence = known_cadence(tx.record, ref.cadence)
            view.require_manage(cadence)
            if ref.slot in cadence.exdates:
                return _skipped(view, cadence, ref, already=True)
            found = _ahead(known_sitting(tx.record, ref), tx.now)
            _require_seen(found, seen, "which")
            line = view.line(found)
            await tx.writer().put(leave_out(cadence, ref.slot), cadence, row=row)
            tx = await tx.read()
            view = await read_view(tx)
            cadence = known_cadence(tx.record, ref.cadence)
            following = next(iter(next_sittings(cadence, tx.now, 1)), None)
            carried = 0
            if following is not None:
                carried = await carry_points(tx, ref, following.ref)
            told = await tell_of_change(tx, found, "skipped", until=found.starts_at)
            await refresh_agenda(tx, ref)
            await refresh_pack(tx, ref)
            await follow_meetings(tx)
            tx = await tx.read()
            rounds = rounds_of_date(tx.record, cadence, ref.slot, tx.now)
            return MeetingChange(
                what="skipped",
                line=line,
                told=told,
                next_at=following.starts_at if following is not None else None,
                carried=carried,
                rounds=rounds,
                reader_zone=view.zone,
                now=tx.now,
            )

    async def move(
        self, actor: Actor, ref: MeetingRef, to: datetime, seen: datetime | None = None, *, asks: bool = False
    ) -> MeetingChange:
        """Another time for one occurrence: `to` is a wall time of the meeting's clock. Attendees are told.

        With `asks` nothing is moved to where it overlaps with another meeting of the same people; that is told instead.

        `seen` is when the person believed it to be: moved meanwhile by somebody else, it stays as it is now.
        """
        async with self.writing(actor) as tx:
            row = await locked_cadence(tx, ref.cadence)
            tx = await tx.read()
            view = await read_view(tx)
            cadence = known_cadence(tx.record, ref.cadence)
            view.require_manage(cadence)
            found = _ahead(known_sitting(tx.record, ref), tx.now)
            if to == found.occurrence.local:
                return MeetingChange(
                    what="moved", line=view.line(found), already=True, reader_zone=view.zone, now=tx.now
                )
            _require_seen(found, seen, "day")
            _require_reachable(to, cadence, tx.now)
            clashes = view.clashes(cadence, [_moved_to(found, to)]) if asks else ()
            if clashes:
                return MeetingChange(
                    what="clashes", line=view.line(found), clashes=clashes, reader_zone=view.zone, now=tx.now
                )
            before = found.starts_at
            await tx.writer().put(place(cadence, ref.slot, to), cadence, row=row)
            tx = await tx.read()
            view = await read_view(tx)
            moved = known_sitting(tx.record, ref)
            until = max(before, moved.starts_at)
            told = await tell_of_change(tx, moved, "moved", until=until, soonest=before)
            await refresh_agenda(tx, ref)
            await refresh_pack(tx, ref)
            await plan_ahead(tx, moved.cadence)
            rounds = await follow_meetings(tx)
            return MeetingChange(
                what="moved", line=view.line(moved), told=told, rounds=rounds, reader_zone=view.zone, now=tx.now
            )

    async def _attend(self, actor: Actor, ref: MeetingRef, answer: str, substitute: str | None) -> MeetingChange:
        async with self.writing(actor) as tx:
            await locked_cadence(tx, ref.cadence)
            tx = await tx.read()
            view = await read_view(tx)
            found = known_sitting(tx.record, ref)
            line = view.line(found)
            if not line.is_attendee:
                raise Refused(f"{line.name} is for those who are invited. Ask a coordinator to add you.")
            if found.ends_at <= tx.now:
                raise UserError(f"{line.name} is over, so there is nothing to answer anymore.")
            ids = await ids_of(tx.session, MemberRow, actor.coalition_id)
            if substitute is not None:
                _require_substitute(view, found, actor, substitute)
            said = view.answers_of(ref).get(actor.key or "")
            now_said = Attendance(
                cadence=ref.cadence, slot=ref.slot, member=actor.key or "", answer=answer, substitute=substitute
            )
            if said == now_said:
                return MeetingChange(what=answer, line=line, already=True, reader_zone=view.zone, now=tx.now)
            await tx.writer().put(now_said, said)
            told = 0
            if substitute is not None:
                told = await tell_substitute(tx, found, (substitute, ids[substitute]))
            elif answer == "not_coming":
                asked_by = [(who, ids[who]) for who, one in view.answers_of(ref).items() if one.substitute == actor.key]
                told = await tell_declined(tx, found, asked_by)
            if actor.key is not None:
                await refresh_own(tx, ref, actor.key)
            view = await read_view(tx)
            return MeetingChange(what=answer, line=view.line(found), told=told, reader_zone=view.zone, now=tx.now)


def _moved_to(found: Sitting, to: datetime) -> Sitting:
    local = replace(found.occurrence, local=to)
    return Sitting(found.cadence, local, to_utc(to, found.cadence.timezone))


def _nearest(cadence: Cadence, upcoming: tuple[Sitting, ...], to: datetime) -> tuple[tuple[Sitting, ...], Sitting]:
    """The occurrence that is meant by where it goes: the one nearest to it; also one that is farther ahead."""
    if to.date() > upcoming[-1].occurrence.local.date():
        around = next_sittings(cadence, to_utc(to, cadence.timezone) - _AROUND, 8)
        known = {one.ref for one in upcoming}
        upcoming = (*upcoming, *(one for one in around if one.ref not in known))
    return upcoming, min(upcoming, key=lambda one: abs(one.occurrence.local.date() - to.date()))


def _on_day(upcoming: Sequence[Sitting], typed: str, today: date) -> Sitting:
    """The occurrence of a day that was typed."""
    day = read_day(typed, today)
    found = next((one for one in upcoming if one.occurrence.local.date() == day), None)
    if found is None:
        dates = ", ".join(near_day(one.occurrence.local.date(), today) for one in upcoming)
        raise UserError(f"It isn't held on “{typed}”. Its next dates are {dates}.")
    return found


def readers_of_change(
    record: Record, found: Sitting, actor: Actor, said: Iterable[Attendance], now: datetime
) -> tuple[str, ...]:
    """Who hears of a change, in words: the group's channel where the agenda stands in it, and how many people."""
    group = group_of(record, found.cadence)
    has_agenda = group is not None and group.channel is not None and agenda_at(found) <= now
    people = {*reachable(record, found.cadence), *stand_ins(record, said)} - {actor.key}
    return (
        *([f"#{group.channel}"] if has_agenda and group is not None else []),
        *([plural(len(people), "person", "people")] if people else []),
    )


def _next_lines(view: MeetingsView, cadences: Iterable[Cadence]) -> list[MeetingLine]:
    found = []
    for cadence in cadences:
        current = current_sitting(cadence, view.now) if view.may_see(cadence) else None
        if current is not None:
            found.append(view.line(current))
    return found


def _require_seen(found: Sitting, seen: datetime | None, field: str) -> None:
    if seen is not None and seen != found.occurrence.local:
        raise UserError(
            "Somebody has moved this meeting since you opened the form. Close it and open it again to see when it is "
            "now.",
            field=field,
        )


def _ahead(found: Sitting, now: datetime) -> Sitting:
    if found.starts_at <= now:
        raise UserError(f"{found.cadence.name} has begun, so it can't be moved or skipped anymore.")
    return found


def _skipped(view: MeetingsView, cadence: Cadence, ref: MeetingRef, *, already: bool) -> MeetingChange:
    following = next(iter(next_sittings(cadence, view.now, 1)), None)
    gone = MeetingLine(
        ref=ref,
        name=cadence.name,
        starts_at=to_utc(ref.slot, cadence.timezone),
        minutes=cadence.duration_minutes or 0,
        zone=cadence.timezone,
    )
    return MeetingChange(
        what="skipped",
        line=gone,
        already=already,
        next_at=following.starts_at if following is not None else None,
        reader_zone=view.zone,
        now=view.now,
    )


def _require_reachable(to: datetime, cadence: Cadence, now: datetime) -> None:
    moment = to_utc(to, cadence.timezone)
    if moment <= now:
        raise UserError("That time has passed. Choose a later one.", field="day")
    if moment > now + _FARTHEST:
        raise UserError("That is more than a year ahead. Choose a nearer day.", field="day")


def _require_substitute(view: MeetingsView, found: Sitting, actor: Actor, substitute: str) -> None:
    if substitute not in view.directory.members:
        raise UserError("Choose somebody from the list.", field="substitute")
    if substitute == actor.key:
        raise UserError("That's you. Choose somebody else, or press I'll be there.", field="substitute")
    if substitute in attendees(view.record, found.cadence):
        raise UserError(
            f"{view.directory.name(substitute)} comes to this meeting anyway. Choose somebody else.", field="substitute"
        )


async def home_lines(tx: UseCase) -> tuple[MeetingLine, ...]:
    """The next occurrence of each meeting that this person goes to, by when it begins; for Home."""
    return tuple((await read_view(tx)).own_lines())
