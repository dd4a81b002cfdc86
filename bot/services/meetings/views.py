"""How meetings are read for one person: lines, cards, who may see them, and rows to change. Steps for services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.endings import end_of
from bot.domain.meetings import (
    PAGE,
    MeetingCard,
    MeetingClash,
    MeetingLine,
    MeetingList,
    MeetingRef,
    Sitting,
    UnknownMeeting,
    agenda_at,
    attendees,
    current_sitting,
    find_clashes,
    group_of,
    has_pack,
    last_sitting,
    may_manage,
    may_manage_group,
    may_see,
    may_write_notes,
    meetings,
    next_sittings,
    sitting,
)
from bot.domain.people import zone_of_member
from bot.domain.record import Attendance, Cadence, Directory, Noun, Record
from bot.domain.rhythm import describe, to_local
from bot.domain.rights import coordinators, seen_by
from bot.domain.typed import Known, likeliest
from bot.domain.wording import one_line, with_article
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, OnRecord, UseCase, locked_row
from bot.store.meetings import AttendanceRow
from bot.store.record import read_beside
from bot.store.rhythm import CadenceRow

# Notes can be written from shortly before a meeting until the next one is near enough to be meant.
NOTES_BEFORE = timedelta(hours=1)
_KEPT = timedelta(days=60)  # answers that are older are read by nobody


Answers = Mapping[tuple[str, datetime], Mapping[str, Attendance]]


class MeetingsView:
    """One record's meetings as one person may see them."""

    def __init__(self, actor: Actor, record: Record, now: datetime, answers: Answers) -> None:
        self.unrestricted = record
        self.record = seen_by(record, actor.standing, actor.key)
        self.now = now
        self.directory = Directory.of(record)
        self.zone = zone_of_member(record, actor.key)
        self._actor = actor
        self._answers = answers

    def works_elsewhere(self, member: str) -> bool:
        """Whether somebody works for another organization than whoever looks."""
        names, own = self.directory, self._actor.key
        return own is not None and names.organization_of(member) != names.organization_of(own)

    def answers_of(self, ref: MeetingRef) -> Mapping[str, Attendance]:
        return self._answers.get((ref.cadence, ref.slot), {})

    def may_see(self, cadence: Cadence) -> bool:
        """Also whoever goes in somebody's place."""
        return may_see(self._actor.standing, self._actor.key, self.record, cadence) or self._stands_in(cadence.id)

    def require_see(self, cadence: Cadence) -> None:
        if self.may_see(cadence):
            return
        group = group_of(self.record, cadence)
        whose = f"{with_article(group.name)} and those who are invited" if group is not None else "those invited"
        raise Refused(f"{cadence.name} is for {whose}. {self._can_help(cadence)}")

    def require_manage(self, cadence: Cadence) -> None:
        """Raises Refused, with who can help, for somebody who may not move, skip or edit this meeting."""
        if not may_manage(self._actor.standing, self.record, cadence):
            raise Refused(f"{cadence.name} is planned by its group's chair or a coordinator. {self._can_help(cadence)}")

    def require_notes(self, cadence: Cadence) -> None:
        if not may_write_notes(self._actor.standing, self.record, cadence):
            raise Refused(f"Notes of {cadence.name} are written by its group. {self._can_help(cadence)}")

    def line(self, one: Sitting) -> MeetingLine:
        key = self._actor.key
        answers = self.answers_of(one.ref)
        own = answers.get(key) if key is not None else None
        principals = [who for who, said in answers.items() if key is not None and said.substitute == key]
        return MeetingLine(
            ref=one.ref,
            name=one.cadence.name,
            starts_at=one.starts_at,
            minutes=one.minutes,
            zone=one.cadence.timezone,
            moved_from=one.occurrence.slot if one.occurrence.moved else None,
            is_attendee=key in attendees(self.record, one.cadence) or bool(principals),
            answer=own.answer if own is not None else None,
            substitute_name=self.directory.name(own.substitute) if own is not None and own.substitute else None,
            stands_in_for=tuple(self.directory.name(who) for who in principals),
            has_begun=one.starts_at <= self.now,
        )

    def clashes(self, cadence: Cadence, sittings: Iterable[Sitting]) -> tuple[MeetingClash, ...]:
        """What these occurrences would overlap with; a meeting out of this person's sight has no name."""
        return tuple(
            MeetingClash(
                starts_at=one.mine.starts_at,
                name=one.other.cadence.name if self.may_see(one.other.cadence) else "another meeting",
                other_starts_at=one.other.starts_at,
                names=tuple(self.directory.name(key) for key in one.members),
            )
            for one in find_clashes(self.record, cadence, sittings)
        )

    def card(self, cadence: Cadence) -> MeetingCard:
        current = current_sitting(cadence, self.now)
        upcoming = next_sittings(cadence, self.now, 5)
        group = group_of(self.record, cadence)
        answers = self.answers_of(current.ref).values() if current is not None else ()
        may_write = may_write_notes(self._actor.standing, self.record, cadence)
        noted = self.notes_sitting(cadence) if may_write else None
        return MeetingCard(
            meeting=cadence,
            rhythm=describe(cadence),
            group_name=group.name if group is not None else None,
            channel=group.channel if group is not None else None,
            attendees=tuple(self.directory.name(key) for key in attendees(self.record, cadence)),
            line=self.line(current) if current is not None else None,
            upcoming=tuple(self.line(one) for one in upcoming),
            coming=sum(said.answer == "coming" for said in answers),
            not_coming=sum(said.answer == "not_coming" for said in answers),
            agenda_at=agenda_at(current) if current is not None else None,
            has_pack=has_pack(self.record, cadence),
            notes_of=noted.ref if noted is not None else None,
            may_manage=may_manage(self._actor.standing, self.record, cadence),
            may_write_notes=may_write,
            reader_zone=self.zone,
            now=self.now,
            end=end_of(self._actor.standing, self.record, Noun.CADENCE, cadence),
        )

    def own_lines(self) -> list[MeetingLine]:
        """The next occurrence of each meeting that this person goes to, by when it begins."""
        key = self._actor.key
        found = []
        for cadence in meetings(self.record):
            goes = key is not None and key in attendees(self.record, cadence)
            current = current_sitting(cadence, self.now)
            if current is None:
                continue
            line = self.line(current)
            if goes or line.stands_in_for:
                found.append(line)
        return sorted(found, key=_by_start)

    def page(self, scope: str, lines: Iterable[MeetingLine], page: int) -> MeetingList:
        every = sorted(lines, key=_by_start)
        start = min(page, max(0, (len(every) - 1) // PAGE)) * PAGE
        return MeetingList(
            scope=scope,
            lines=tuple(every[start : start + PAGE]),
            start=start,
            total=len(every),
            page=start // PAGE,
            may_add=self.may_add(),
            reader_zone=self.zone,
            now=self.now,
        )

    def may_add(self) -> bool:
        """Whether there is any group, or everybody, that this person may call together."""
        standing = self._actor.standing
        return any(may_manage_group(standing, self.record, group) for group in (None, *self.record.groups))

    def notes_sitting(self, cadence: Cadence) -> Sitting | None:
        """The occurrence whose notes are meant now: the newest that has begun, or is about to."""
        return last_sitting(cadence, self.now + NOTES_BEFORE)

    def _stands_in(self, cadence: str) -> bool:
        key = self._actor.key
        return key is not None and any(
            said.substitute == key
            for (own, _slot), answers in self._answers.items()
            if own == cadence
            for said in answers.values()
        )

    def _can_help(self, cadence: Cadence) -> str:
        group = group_of(self.record, cadence)
        helpers = [group.chair] if group is not None and group.chair else []
        helpers += [member.id for member in coordinators(self.record)[:1]]
        names = list(dict.fromkeys(self.directory.name(one) for one in helpers))
        return f"{' or '.join(names)} can help." if names else "A coordinator can help."


async def meetings_now(tx: ByActor) -> MeetingsView:
    """The meetings as this person may see them at this moment."""
    return await read_view(await tx.read())


async def read_view(tx: UseCase) -> MeetingsView:
    return MeetingsView(tx.actor, tx.unrestricted, tx.now, await read_answers(tx))


async def read_answers(tx: OnRecord) -> Answers:
    """What people said about coming to meetings that are not long past, by occurrence and member id."""
    recent = AttendanceRow.slot >= to_local(tx.now, tx.record.coalition.timezone) - _KEPT
    found: dict[tuple[str, datetime], dict[str, Attendance]] = {}
    for one in await read_beside(tx.session, tx.coalition_id, Attendance, recent):
        found.setdefault((one.cadence, one.slot), {})[one.member] = one
    return found


def unknown_meeting(record: Record, typed: str) -> UnknownMeeting:
    """What was probably meant, by the look of its name, its id, or the first word of its name."""
    said = one_line(typed)
    known = [Known(cadence.id, cadence.name) for cadence in meetings(record)]
    by_word = {word: one for one in reversed(known) for word in (one.name.casefold().split()[0], one.name.casefold())}
    by_word |= {one.id: one for one in known}
    return UnknownMeeting(said=said, nearest=likeliest(said, by_word))


def known_cadence(record: Record, key: str) -> Cadence:
    """A meeting by its id. Raises UserError for one that is not in the plan any more."""
    found = next((cadence for cadence in meetings(record) if cadence.id == key), None)
    if found is None:
        raise UserError("This meeting is not in the plan anymore. Type “meetings” to see yours.")
    return found


def known_sitting(record: Record, ref: MeetingRef) -> Sitting:
    """An occurrence that will be or was. Raises UserError for one that was skipped or that the rule lost."""
    cadence = known_cadence(record, ref.cadence)
    found = sitting(cadence, ref.slot)
    if found is None:
        raise UserError(f"{cadence.name} is not held on that day anymore. Type “meeting {cadence.id}” to see when.")
    return found


async def locked_cadence(tx: ByActor, key: str) -> CadenceRow:
    """The meeting's row, held until the end of the transaction: two people's changes come one after the other."""
    otherwise = "This meeting is not in the plan anymore. Type “meetings” to see yours."
    return await locked_row(tx, CadenceRow, key, otherwise)


def _by_start(line: MeetingLine) -> tuple[datetime, str]:
    return (line.starts_at, line.name)
