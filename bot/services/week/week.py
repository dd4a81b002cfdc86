"""The week to come, before anything is sent: who gets what, when, and who cannot be reached.

What is sent is found by rehearsing it (`rehearsals`): no rule of who gets what is written here a second time.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Calendar
from bot.domain.checkins import read_summary_about
from bot.domain.meetings import (
    AGENDA,
    PACK,
    TODAY,
    MeetingRef,
    attendees,
    is_meeting,
    next_sittings,
    read_about,
    sitting,
)
from bot.domain.metrics import read_figure_about
from bot.domain.outbox import WAITS_IN_HOME, HeldAccount, Item, Kind, State, rank
from bot.domain.people import asks_for_figures, find_outside_slack, lists_actions, sends_checkins, zone_of_member
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import to_local
from bot.domain.vocabularies import CadenceKind
from bot.domain.week import OF_ITEMS, OF_KINDS, Along, NotSent, WeekEntry, WeekPreview, What
from bot.domain.wording import day, one_line
from bot.services.access import Actor, Service
from bot.services.outbox import NO_HOUR_LEFT
from bot.services.people import channels_of
from bot.services.sending import SENT_TOGETHER
from bot.services.week.rehearsals import Rehearsal, rehearse
from bot.store.copies import read_rows
from bot.store.database import Database
from bot.store.outbox import DeliveryItemRow, DeliveryRow

AHEAD = timedelta(days=7)
_MOST_SITTINGS = 40


class Week(Service):
    """Answers what is about to happen."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        super().__init__(database, calendar)
        # One at a time: what several ask for at once would only take each of them longer.
        self._rehearsing = asyncio.Lock()

    async def preview(self, actor: Actor) -> WeekPreview:
        """The seven days from now. Nothing is sent by asking."""
        actor.require("week.preview")
        begin = self.calendar.now()
        async with self.looking(actor) as tx:
            rows = await read_rows(tx.session, actor.coalition_id, begin)
        [coalition] = rows["coalitions"]
        state, keys = coalition["state"], {row["id"]: row["key"] for row in rows["members"]}
        accounts = {
            keys[row["member_id"]]: HeldAccount(
                deactivated=bool(row["deactivated"]), refusal=row["dm_refusal"], refused_at=row["dm_refused_at"]
            )
            for row in rows["slack_accounts"]
            if row["member_id"] is not None
        }
        joined = {row["name"] for row in rows["slack_channels"] if row["is_member"]}
        async with self._rehearsing:
            found = await rehearse(rows, begin, begin + AHEAD, has_mail=self.database.has_mail)
        record = found.record
        return WeekPreview(
            coalition_name=record.coalition.name,
            zone=record.coalition.timezone,
            state=state,
            start=begin,
            entries=_entries(record, found, begin),
            minutes=_minutes(record, found),
            outside_slack=find_outside_slack(record, accounts, {}),
            missing_channels=tuple(name for name in channels_of(record) if name not in joined),
            not_sent_yet=tuple(
                cadence.name
                for cadence in record.cadences
                if cadence.paused_at is None and not _is_sent(record, cadence)
            ),
            not_sent=_not_sent(record, found, begin),
        )


def _is_sent(record: Record, cadence: Cadence) -> bool:
    """Whether this version sends what comes of a cadence at all."""
    return (
        cadence.kind == CadenceKind.DIGEST
        or is_meeting(cadence)
        or sends_checkins(record, cadence)
        or asks_for_figures(record, cadence)
        or lists_actions(record, cadence)
    )


@dataclass
class _Group:
    """What happens at one hour to several people or in several channels."""

    at: datetime
    people: list[str] = field(default_factory=list)  # member ids: two people may have one name
    channels: list[str] = field(default_factory=list)
    along: dict[tuple[What, str], list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing that a message says, and what it comes from."""

    what: What
    name: str
    moved: bool = False


def _entries(record: Record, found: Rehearsal, begin: datetime) -> tuple[WeekEntry, ...]:
    names = {member.id: member.name for member in record.members}
    zones = {member.id: member.timezone or record.coalition.timezone for member in record.members}
    groups: dict[tuple[datetime, _Thing], _Group] = {}

    def at(moment: datetime, zone: str, thing: _Thing) -> _Group:
        group = groups.setdefault((to_local(moment, zone), thing), _Group(moment))
        group.at = min(group.at, moment)
        return group

    for row, items in found.deliveries:
        if row.state != State.SENT or row.sent_at is None:
            continue
        things = _things(record, found, row, items)
        if not things:
            continue
        first, *others = things
        key = found.keys["members"].get(row.member_id or 0)
        group = at(row.sent_at, zones[key] if key is not None else record.coalition.timezone, first)
        if key is None:
            group.channels.append(row.channel or "")
            continue
        group.people.append(key)
        for one in others:
            group.along[one.what, one.name].append(key)
    for closes_at, zone, thing in _closings(record, found, begin):
        at(closes_at, zone, thing)
    for cadence in record.cadences:
        if is_meeting(cadence) and cadence.paused_at is None:
            for met in next_sittings(cadence, begin, _MOST_SITTINGS):
                if met.starts_at <= begin + AHEAD:
                    thing = _Thing(What.MEETING, cadence.name, met.occurrence.moved)
                    people = at(met.starts_at, record.coalition.timezone, thing).people
                    people += attendees(record, cadence)
    entries = [
        WeekEntry(
            what=thing.what,
            cadence=thing.name,
            at=group.at,
            local=local,
            people=_in_order(group.people, names),
            channels=tuple(dict.fromkeys(group.channels)),
            moved=thing.moved,
            along=tuple(
                Along(what=what, cadence=name, people=_in_order(people, names))
                for (what, name), people in group.along.items()
            ),
        )
        for (local, thing), group in groups.items()
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.local, entry.at, entry.what)))


def _in_order(people: list[str], names: dict[str, str]) -> tuple[str, ...]:
    """Names of these members, each once, in the order in which `names` has them."""
    return tuple(names[key] for key in names if key in people)


def _things(
    record: Record, found: Rehearsal, row: DeliveryRow, items: tuple[DeliveryItemRow, ...]
) -> tuple[_Thing, ...]:
    """What a message says, in its order, each once."""
    if row.kind != Kind.PROMPTS:
        return (_of_kind(record, row),)
    said = sorted((one for one in items if one.left_out is None), key=lambda one: (rank(Item(one.kind)), one.position))
    return tuple(dict.fromkeys(_of_item(record, found, one) for one in said))


def _of_kind(record: Record, row: DeliveryRow) -> _Thing:
    what = OF_KINDS.get(Kind(row.kind), What.POST)
    if what is What.DIGEST:
        name = next((one.name for one in record.cadences if one.kind == CadenceKind.DIGEST), "")
        return _Thing(what, name, row.subject.get("moved_from") is not None)
    if what is What.PREVIEW and not row.subject.get("parts"):
        return _Thing(What.NAMED, "")
    if what is What.SUMMARY:
        return _Thing(what, _name_of(record, read_summary_about(row.about)[0]))
    ref = MeetingRef.read(row.about) if what in {What.AGENDA, What.PACK} else None
    return _Thing(what, _name_of(record, ref.cadence) if ref is not None else "")


def _of_item(record: Record, found: Rehearsal, item: DeliveryItemRow) -> _Thing:
    kind = Item(item.kind)
    what = OF_ITEMS.get(kind, What.NEWS)
    subject = found.subjects.get(item.round_subject_id or 0)
    if subject is not None:
        round_row = found.rounds[subject.round_id]
        cadence = next(
            one for one in record.everything.cadences if one.id == found.keys["cadences"][round_row.cadence_id]
        )
        is_moved = any(move.original == round_row.slot for move in cadence.moves)
        # Of somebody who is away the stand-in is asked instead, when the round opens.
        is_asked = kind is Item.DELEGATE and item.due_at == subject.opens_at
        return _Thing(What.ASK if is_asked else what, cadence.name, is_moved)
    if kind in {Item.MEETING, Item.MEETING_NEWS}:
        named = read_about(item.about)
        if named is None:
            return _Thing(What.NEWS, "")
        ref, said = named
        told = {AGENDA: What.AGENDA, PACK: What.PACK, TODAY: What.REMIND}.get(said, What.NEWS)
        return _Thing(told, _name_of(record, ref.cadence), _is_moved(record, ref))
    if kind is Item.FIGURE and read_figure_about(item.about).closes_at is not None:
        return _Thing(What.REFRESH, next((one.name for one in record.cadences if asks_for_figures(record, one)), ""))
    if what is What.SUMMARY:
        return _Thing(what, _name_of(record, read_summary_about(item.about)[0]))
    if what in {What.DECISION, What.READY, What.PASSED}:
        return _Thing(what, next((one.title for one in record.decisions if one.id == item.about), ""))
    return _Thing(what, "")


def _name_of(record: Record, cadence: str) -> str:
    return next((one.name for one in record.everything.cadences if one.id == cadence), "")


def _is_moved(record: Record, ref: MeetingRef) -> bool:
    cadence = next((one for one in record.cadences if one.id == ref.cadence), None)
    found = sitting(cadence, ref.slot) if cadence is not None else None
    return found is not None and found.occurrence.moved


def _closings(record: Record, found: Rehearsal, begin: datetime) -> Iterator[tuple[datetime, str, _Thing]]:
    """When rounds close, each on the clock on which it runs."""
    owners = {member.id: member.timezone or record.coalition.timezone for member in record.members}
    for subject in found.subjects.values():
        if begin < subject.closes_at <= begin + AHEAD:
            cadence = next(
                one
                for one in record.cadences
                if one.id == found.keys["cadences"][found.rounds[subject.round_id].cadence_id]
            )
            owner = found.keys["members"][subject.owner_id]
            zone = owners[owner] if cadence.time_basis == "member_local" else cadence.timezone
            yield subject.closes_at, zone, _Thing(What.CLOSE, cadence.name)
    for row, items in found.deliveries:
        key = found.keys["members"].get(row.member_id or 0)
        for item in items:
            closes_at = read_figure_about(item.about).closes_at if item.kind == Item.FIGURE else None
            if closes_at is not None and key is not None and begin < closes_at <= begin + AHEAD:
                name = next((one.name for one in record.cadences if asks_for_figures(record, one)), "")
                yield closes_at, owners[key], _Thing(What.CLOSE, name)


def _minutes(record: Record, found: Rehearsal) -> tuple[tuple[str, int], ...]:
    """What everybody's messages of the week take to answer, by the question sets behind them."""
    sets = {one.id: one.minutes for one in record.question_sets}
    of_cadence = {one.name: sets.get(one.question_set or "", 0) for one in record.cadences}
    listed = next((sets.get(one.question_set or "", 0) for one in record.cadences if lists_actions(record, one)), 0)
    minutes: dict[str, int] = defaultdict(int)
    for row, items in found.deliveries:
        key = found.keys["members"].get(row.member_id or 0)
        if row.state != State.SENT or row.kind != Kind.PROMPTS or key is None:
            continue
        things = _things(record, found, row, items)
        asked = [_of_item(record, found, one) for one in items if one.left_out is None and one.round_subject_id]
        takes = sum(of_cadence[one.name] for one in asked if one.what is What.ASK)
        takes += sum(of_cadence[one.name] for one in things if one.what is What.REFRESH)
        takes += listed if any(one.what is What.ACTIONS for one in things) else 0
        if takes:
            minutes[key] += takes
    return tuple((member.name, minutes[member.id]) for member in record.members if member.id in minutes)


def _not_sent(record: Record, found: Rehearsal, begin: datetime) -> tuple[NotSent, ...]:
    """What is due to somebody and does not come, with its reason."""
    names = {member.id: member.name for member in record.members}
    told: dict[tuple[str, NotSent], None] = {}
    gets = {
        (found.keys["members"].get(row.member_id or 0), one)
        for row, items in found.deliveries
        if row.state == State.SENT
        for one in _things(record, found, row, items)
    }
    for row, items in found.deliveries:
        key = found.keys["members"].get(row.member_id or 0)
        if key is None or row.reason == SENT_TOGETHER:
            continue
        reasons = [(_of_item(record, found, one), one.left_out or row.reason) for one in items]
        if row.kind != Kind.PROMPTS:
            reasons = [(_of_kind(record, row), row.reason)]
        for thing, reason in reasons:
            if reason is not None and reason.startswith(NO_HOUR_LEFT):
                reason = _away_words(record, key, row.due_at, begin, thing, gets) or reason
            if reason is not None:
                missing = NotSent(what=thing.what, cadence=thing.name, name=names[key], reason=reason)
                told[key, missing] = None
    for row, items in found.resting:
        for one in items:
            # Where others answer and leave room it comes all the same.
            thing, member = _of_item(record, found, one), found.keys["members"][row.member_id or 0]
            resting = NotSent(what=thing.what, cadence=thing.name, name=names[member], reason=WAITS_IN_HOME)
            told[member, resting] = None
    return tuple(one for _member, one in told)


def _away_words(
    record: Record, key: str, at: datetime, begin: datetime, thing: _Thing, gets: Collection[tuple[str | None, _Thing]]
) -> str:
    """That somebody has no open hour because they are away, until when, and who gets it instead; "" if they aren't."""
    member = next(one for one in record.members if one.id == key)
    zone = zone_of_member(record, key)
    on = to_local(at, zone).date()
    ends = [away.end for away in member.away if away.start <= on <= away.end]
    if not ends:
        return ""
    stand_in = next((one for one in record.members if one.id == member.delegate), None)
    instead = f"; {one_line(stand_in.name)} stands in and gets it" if stand_in and (stand_in.id, thing) in gets else ""
    return f"away until {day(max(ends), to_local(begin, zone).date())}{instead}"
