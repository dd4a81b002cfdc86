"""The week to come, before anything is sent: who gets what, when, and who cannot be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bot.domain.asking import (
    asked_at,
    asks_for_figures,
    is_away,
    is_listed,
    lists_actions,
    receiver_in,
    sends_check_ins,
    zone_of_member,
)
from bot.domain.cadence import occurrences_between, to_local, window, zone_of
from bot.domain.deliveries import BUNDLE_SPAN, Receiver, sendable_at
from bot.domain.meeting_duties import agenda_at
from bot.domain.meetings import attendees, group_of, is_meeting, next_sittings
from bot.domain.message_kinds import MessageKind
from bot.domain.record import Cadence, Record
from bot.domain.week import WeekEntry, WeekPreview
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.channels import channels_of
from bot.services.figure_asks import wanted_figures
from bot.services.people import unreachable_members
from bot.store.coalitions import CoalitionRow
from bot.store.record_view import read_record
from bot.store.slack_accounts import SlackChannelRow

AHEAD = timedelta(days=7)
_MOST_SITTINGS = 40
# Longer than any round of a week lasts.
EARLIER = timedelta(days=14)


class Week(Service):
    """Answers what is about to happen."""

    async def preview(self, actor: Actor, start: datetime | None = None) -> WeekPreview:
        """The seven days from `start` (None: now). Nothing is sent by asking."""
        actor.require("week.preview")
        begin = start or self.calendar.now()
        async with self.database.read(actor.coalition_id) as session:
            record = await read_record(session, actor.coalition_id)
            row = await session.get_one(CoalitionRow, actor.coalition_id)
            unreachable = await unreachable_members(session, actor.coalition_id, record)
            joined = set(
                await session.scalars(
                    select(SlackChannelRow.name).where(
                        SlackChannelRow.coalition_id == actor.coalition_id, SlackChannelRow.is_member.is_(True)
                    )
                )
            )
        quiet_from, quiet_to = time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_to)
        receivers = {member.id: receiver_in(record, member, quiet_from, quiet_to) for member in record.members}
        entries: list[WeekEntry] = []
        minutes: dict[str, int] = defaultdict(int)
        sending: set[str] = set()
        for cadence in record.cadences:
            if sends_check_ins(record, cadence):
                sending.add(cadence.id)
                entries += _check_in_entries(record, cadence, begin, minutes, receivers)
            elif cadence.kind == "digest":
                sending.add(cadence.id)
                entries += _digest_entries(record, cadence, begin)
            elif asks_for_figures(record, cadence):
                sending.add(cadence.id)
                entries += _figure_entries(record, cadence, begin, minutes, receivers, in_round=True)
        for cadence in record.cadences:
            if lists_actions(record, cadence):
                sending.add(cadence.id)
                entries = _with_action_lists(record, cadence, begin, minutes, receivers, entries)
                entries += _figure_entries(record, cadence, begin, minutes, receivers, in_round=False)
            elif is_meeting(cadence) and cadence.paused_at is None:
                sending.add(cadence.id)
                entries += _meeting_entries(record, cadence, begin)
        return WeekPreview(
            coalition_name=record.coalition.name,
            zone=record.coalition.timezone,
            state=row.state,
            start=begin,
            entries=tuple(sorted(entries, key=lambda entry: (entry.local, entry.at, entry.what))),
            minutes=tuple(minutes.items()),
            unreachable=unreachable,
            missing_channels=tuple(name for name in channels_of(record) if name not in joined),
            not_sent_yet=tuple(
                cadence.name for cadence in record.cadences if cadence.id not in sending and cadence.paused_at is None
            ),
        )


def _with_action_lists(
    record: Record,
    cadence: Cadence,
    begin: datetime,
    minutes: dict[str, int],
    receivers: Mapping[str, Receiver],
    entries: list[WeekEntry],
) -> list[WeekEntry]:
    """The entries with the lists of actions: in one message with the check-in where both are near, else alone."""
    questions = next((item for item in record.question_sets if item.id == cadence.question_set), None)
    alone: dict[tuple[datetime, bool], list[tuple[datetime, str]]] = defaultdict(list)
    joined: dict[int, list[str]] = defaultdict(list)
    for member in record.members:
        if MessageKind.ACTIONS in member.no_messages_about:
            continue
        if not any(is_listed(action, member.id) for action in record.actions):
            continue
        zone = zone_of(cadence, zone_of_member(record, member.id))
        for occurrence, moment in occurrences_between(cadence, begin, begin + AHEAD, zone):
            when = sendable_at(moment, receivers[member.id], not_before=moment, until=None)
            if when is None or is_away(member, occurrence.local.date()):
                continue
            minutes[member.name] += questions.minutes if questions is not None else 0
            near = (
                number
                for number, entry in enumerate(entries)
                if entry.what == "ask" and member.name in entry.people and abs(entry.at - when) <= BUNDLE_SPAN
            )
            together = next(near, None)
            if together is not None:
                joined[together].append(member.name)
            else:
                local = to_local(when, receivers[member.id].zone)
                alone[local, occurrence.moved].append((when, member.name))
    found = [
        replace(entry, with_actions=tuple(joined[number])) if number in joined else entry
        for number, entry in enumerate(entries)
    ]
    return found + [
        WeekEntry(
            what="actions",
            cadence=cadence.name,
            at=min(at for at, _name in group),
            local=local,
            people=tuple(name for _at, name in group),
            moved=moved,
        )
        for (local, moved), group in alone.items()
    ]


def _check_in_entries(
    record: Record,
    cadence: Cadence,
    begin: datetime,
    minutes: dict[str, int],
    receivers: Mapping[str, Receiver],
) -> list[WeekEntry]:
    questions = next(item for item in record.question_sets if item.id == cadence.question_set)
    grouped: dict[tuple[str, datetime, bool], list[tuple[datetime, str]]] = defaultdict(list)
    members = {member.id: member for member in record.members}
    for priority in record.priorities:
        owner = members[priority.owner]
        zone = zone_of(cadence, zone_of_member(record, owner.id))
        # A round that opened before still has its reminder, stand-ins and close ahead.
        for occurrence, moment in occurrences_between(cadence, begin - EARLIER, begin + AHEAD, zone):
            times = window(cadence, occurrence, zone)
            away = is_away(owner, occurrence.local.date())
            stand_in = members.get(owner.delegate or "")
            asked = stand_in if away else owner
            # A stand-in is asked when the round opens; an owner at the hour of their own.
            ask_at = moment if away else asked_at(owner, zone_of_member(record, owner.id), moment, times.closes_at)
            parts = [("ask", ask_at, asked), ("close", times.closes_at, None)]
            if not away:
                parts.append(("reminder", times.reminder_at or times.closes_at, owner))
                if stand_in is not None and times.delegate_at is not None:
                    parts.append(("delegate", times.delegate_at, stand_in))
            if asked is not None and moment > begin:
                minutes[asked.name] += questions.minutes
            for what, due, member in parts:
                at: datetime | None = due
                if member is not None:
                    at = sendable_at(due, receivers[member.id], not_before=moment, until=times.closes_at)
                if at is None or not begin < at <= begin + AHEAD:
                    continue
                # Everybody is asked on a clock of their own; a round closes on its owner's.
                local = to_local(at, receivers[member.id].zone if member is not None else zone)
                grouped[what, local, occurrence.moved].append((at, member.name if member is not None else ""))
    return [
        WeekEntry(
            what=what,
            cadence=cadence.name,
            at=min(at for at, _name in found),
            local=local,
            people=tuple(dict.fromkeys(name for _at, name in found if name)),
            moved=moved,
        )
        for (what, local, moved), found in grouped.items()
    ]


def _meeting_entries(record: Record, cadence: Cadence, begin: datetime) -> list[WeekEntry]:
    """The agenda and the meeting itself; whoever comes is reminded that morning."""
    names = {member.id: member.name for member in record.members}
    people = tuple(names[key] for key in attendees(record, cadence))
    group = group_of(record, cadence)
    channel = (group.channel,) if group is not None and group.channel else ()
    entries = []
    for sitting in next_sittings(cadence, begin, _MOST_SITTINGS):
        posted = agenda_at(sitting)
        if posted > begin + AHEAD:
            break
        for what, at, to, where in (
            ("agenda", posted, () if channel else people, channel),
            ("meeting", sitting.starts_at, people, ()),
        ):
            if begin < at <= begin + AHEAD:
                entries.append(
                    WeekEntry(
                        what=what,
                        cadence=cadence.name,
                        at=at,
                        local=to_local(at, record.coalition.timezone),
                        people=to,
                        channels=where,
                        moved=sitting.occurrence.moved and what == "meeting",
                    )
                )
    return entries


def _figure_entries(
    record: Record,
    cadence: Cadence,
    begin: datetime,
    minutes: dict[str, int],
    receivers: Mapping[str, Receiver],
    *,
    in_round: bool,
) -> list[WeekEntry]:
    """Stewards who are asked for figures: for what is due with the week's list, or in a refresh round, which closes."""
    questions = next((item for item in record.question_sets if item.id == cadence.question_set), None)
    asked: dict[tuple[datetime, bool], list[tuple[datetime, str]]] = defaultdict(list)
    closing: dict[tuple[datetime, bool], datetime] = {}
    for member in record.members:
        if not in_round and MessageKind.FIGURES in member.no_messages_about:
            continue
        zone = zone_of(cadence, zone_of_member(record, member.id))
        for occurrence, opens_at in occurrences_between(cadence, begin - EARLIER, begin + AHEAD, zone):
            day = occurrence.local.date()
            if is_away(member, day) or not wanted_figures(record, member.id, day, in_round=in_round):
                continue
            moment, until = opens_at, None
            if in_round:
                until = window(cadence, occurrence, zone).closes_at
                moment = asked_at(member, zone_of_member(record, member.id), opens_at, until)
                if begin < until <= begin + AHEAD:
                    closing[to_local(until, zone), occurrence.moved] = until
            at = sendable_at(moment, receivers[member.id], not_before=moment, until=until)
            if at is None or not begin < at <= begin + AHEAD:
                continue
            if in_round and questions is not None:
                minutes[member.name] += questions.minutes
            asked[to_local(at, receivers[member.id].zone), occurrence.moved].append((at, member.name))
    entries = [
        WeekEntry(
            what="refresh" if in_round else "figures",
            cadence=cadence.name,
            at=min(at for at, _name in group),
            local=local,
            people=tuple(name for _at, name in group),
            moved=moved,
        )
        for (local, moved), group in asked.items()
    ]
    return entries + [
        WeekEntry(what="close", cadence=cadence.name, at=at, local=local, moved=moved)
        for (local, moved), at in closing.items()
    ]


def _digest_entries(record: Record, cadence: Cadence, begin: datetime) -> list[WeekEntry]:
    priority_channels = [item.channel for item in record.priorities if item.channel]
    return [
        WeekEntry(
            what="digest",
            cadence=cadence.name,
            at=moment,
            local=occurrence.local,
            channels=tuple(dict.fromkeys([*cadence.channels, *priority_channels])),
            moved=occurrence.moved,
        )
        for occurrence, moment in occurrences_between(cadence, begin, begin + AHEAD)
    ]
