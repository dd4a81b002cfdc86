"""The week to come, before anything is sent: who gets what, when, and who cannot be reached."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.asking import asked_at, is_away, sends_check_ins, zone_of_member
from bot.domain.cadence import occurrences_between, to_local, window, zone_of
from bot.domain.record import Cadence, Record
from bot.domain.week import WeekEntry, WeekPreview
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.people import channels_of, unreachable_members
from bot.store.coalitions import CoalitionRow
from bot.store.record_view import read_record
from bot.store.slack_accounts import SlackChannelRow

AHEAD = timedelta(days=7)
# Longer than any round of a week lasts.
EARLIER = timedelta(days=14)


class Week(Service):
    """Answers what is about to happen."""

    async def preview(self, actor: Actor, start: datetime | None = None) -> WeekPreview:
        """The seven days from `start` (None: now). Nothing is sent by asking."""
        actor.require("week.preview")
        begin = start or self.calendar.now()
        async with self.database.read() as session:
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
        entries: list[WeekEntry] = []
        minutes: dict[str, int] = defaultdict(int)
        sending: set[str] = set()
        for cadence in record.cadences:
            if sends_check_ins(record, cadence):
                sending.add(cadence.id)
                entries += _check_in_entries(record, cadence, begin, minutes)
            elif cadence.kind == "digest":
                sending.add(cadence.id)
                entries += _digest_entries(record, cadence, begin)
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


def _check_in_entries(record: Record, cadence: Cadence, begin: datetime, minutes: dict[str, int]) -> list[WeekEntry]:
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
            for what, at, member in parts:
                if not begin < at <= begin + AHEAD:
                    continue
                local = to_local(at, zone)
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
