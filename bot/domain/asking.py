"""Who is asked about a priority, and on which clock. Pure."""

from __future__ import annotations

from datetime import date

from bot.domain.record import Cadence, Member, Record


def is_away(member: Member, day: date) -> bool:
    """Whether this member said they are away on that day."""
    return any(away.start <= day <= away.end for away in member.away)


def sends_check_ins(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence asks priority owners about their priorities."""
    if cadence.kind != "checkin" or cadence.audience != "priority_owners":
        return False
    questions = next((item for item in record.question_sets if item.id == cadence.question_set), None)
    return questions is not None and questions.per_item is None


def zone_of_member(record: Record, member_id: str) -> str:
    """The clock that this member lives by: their own, else the coalition's."""
    member = next(item for item in record.members if item.id == member_id)
    return member.timezone or record.coalition.timezone
