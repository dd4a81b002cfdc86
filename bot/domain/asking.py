"""Who is asked about a priority, and on which clock. Pure."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.cadence import to_local, to_utc
from bot.domain.record import Cadence, Member, Record


def is_away(member: Member, day: date) -> bool:
    """Whether this member said they are away on that day."""
    return any(away.start <= day <= away.end for away in member.away)


def sends_check_ins(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence asks priority owners about their priorities, and is not paused."""
    return cadence.paused_at is None and is_about_priorities(record, cadence)


def is_about_priorities(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence is a check-in that priority owners give on their priorities, paused or not."""
    if cadence.kind != "checkin" or cadence.audience != "priority_owners":
        return False
    questions = next((item for item in record.question_sets if item.id == cadence.question_set), None)
    return questions is not None and questions.per_item is None


def zone_of_member(record: Record, member_id: str) -> str:
    """The clock that this member lives by: their own, else the coalition's."""
    member = next(item for item in record.members if item.id == member_id)
    return member.timezone or record.coalition.timezone


def asked_at(member: Member, zone: str, opens_at: datetime, closes_at: datetime) -> datetime:
    """When somebody is asked about a round that opens at `opens_at` (UTC): at their own hour of that day if they chose
    one, never before it opens, and at the opening where the hour would come too late."""
    if member.ask_at is None:
        return opens_at
    local = to_local(opens_at, zone)
    chosen = to_utc(datetime.combine(local.date(), member.ask_at), zone)
    return chosen if opens_at < chosen < closes_at else opens_at
