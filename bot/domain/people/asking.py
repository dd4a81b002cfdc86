"""Who is asked about what, and on which clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.outbox import Item, Receiver
from bot.domain.record import ActionItem, Cadence, Member, Record, every_metric, open_actions
from bot.domain.rhythm import to_local, to_utc
from bot.domain.vocabularies import Audience, CadenceKind, MessageKind


def is_away(member: Member, day: date) -> bool:
    """Whether this member said they are away on that day."""
    return any(away.start <= day <= away.end for away in member.away)


def sends_checkins(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence asks priority owners about their priorities, and is not paused."""
    return cadence.paused_at is None and is_about_priorities(record, cadence)


class Subject(StrEnum):
    """What a check-in is about, which decides who is asked: owners, stewards, or whoever has open actions."""

    PRIORITY = "priority"
    METRIC = "metric"
    ACTION = "action"


def subject_of(record: Record, cadence: Cadence) -> Subject | None:
    """What this cadence asks about, paused or not; None where it asks nothing yet, such as a pulse of all members."""
    questions = next((item for item in record.question_sets if item.id == cadence.question_set), None)
    if cadence.kind == CadenceKind.REMINDER and cadence.audience == Audience.ACTION_OWNERS:
        return Subject.ACTION if questions is None or questions.per_item == "action" else None
    if cadence.kind != CadenceKind.CHECKIN or questions is None:
        return None
    if cadence.audience == Audience.PRIORITY_OWNERS and questions.per_item is None:
        return Subject.PRIORITY
    if cadence.audience == Audience.METRIC_STEWARDS and questions.per_item == "metric":
        return Subject.METRIC
    return None


def is_about_priorities(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence is a check-in that priority owners give on their priorities, paused or not."""
    return subject_of(record, cadence) is Subject.PRIORITY


def receivers_of(record: Record, subject: Subject) -> tuple[str, ...]:
    """The members who may be asked about such a thing: owners of running priorities, stewards of their figures and of
    the north star's, or whoever has open actions."""
    running = [one for one in record.priorities if not one.rests]
    if subject is Subject.PRIORITY:
        return tuple(dict.fromkeys(one.owner for one in running))
    if subject is Subject.METRIC:
        asked = {None, *(one.id for one in running)}
        return tuple(dict.fromkeys(metric.steward for priority, metric in every_metric(record) if priority in asked))
    listed = {action.owner for action in open_actions(record) if is_listed(action, action.owner)}
    return tuple(
        member.id
        for member in record.members
        if member.id in listed and MessageKind.ACTIONS not in member.no_messages_about
    )


def zone_of_member(record: Record, member_id: str | None) -> str:
    """The clock that this member lives by: their own, else the coalition's, as for whoever is no member."""
    if member_id is None:
        return record.coalition.timezone
    member = next(item for item in record.members if item.id == member_id)
    return member.timezone or record.coalition.timezone


def receiver_in(record: Record, member: Member, quiet_from: time, quiet_to: time) -> Receiver:
    """When this member may be written to, with the coalition's quiet hours."""
    organization = next(item for item in record.organizations if item.id == member.organization)
    blocked = set(organization.closed_days)
    for away in member.away:
        span = min((away.end - away.start).days, 366)
        blocked.update(away.start + timedelta(days=n) for n in range(span + 1))
    return Receiver(
        zone=member.timezone or record.coalition.timezone,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        blocked_days=frozenset(blocked),
    )


def lists_actions(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence reminds people of their open actions, and is not paused."""
    return cadence.paused_at is None and subject_of(record, cadence) is Subject.ACTION


def asks_for_figures(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence asks stewards for the figures of their metrics, and is not paused."""
    return cadence.paused_at is None and subject_of(record, cadence) is Subject.METRIC


def is_listed(action: ActionItem, member: str) -> bool:
    """Whether a member's list of open actions names this one."""
    return action.owner == member and action.accepted and action.is_open


def asked_at(member: Member, zone: str, opens_at: datetime, closes_at: datetime) -> datetime:
    """When somebody is asked about a round that opens at `opens_at` (UTC): at their own hour of that day if they chose
    one, never before it opens, and at the opening where the hour would come too late."""
    if member.ask_at is None:
        return opens_at
    local = to_local(opens_at, zone)
    chosen = to_utc(datetime.combine(local.date(), member.ask_at), zone)
    return chosen if opens_at < chosen < closes_at else opens_at


@dataclass(frozen=True, slots=True)
class Step:
    """One message that a round owes about a priority: what it is, to whom (a member's id), and when it is due."""

    item: Item
    member: str
    due_at: datetime


def chain_of(
    owner: Member,
    stand_in: Member | None,
    zone: str,
    day: date,
    *,
    opens_at: datetime,
    reminder_at: datetime | None,
    delegate_at: datetime | None,
    closes_at: datetime,
) -> tuple[Step, ...]:
    """What a round that opens on `day` owes about a priority while nobody answers. The stand-in of an owner who is
    away is asked when it opens; one who is away too is not."""
    helps = stand_in is not None and not is_away(stand_in, day)
    if is_away(owner, day):
        return (Step(Item.DELEGATE, stand_in.id, opens_at),) if helps and stand_in is not None else ()
    ask_at = asked_at(owner, zone, opens_at, closes_at)
    steps = [Step(Item.ASK, owner.id, ask_at)]
    if reminder_at is not None and reminder_at > ask_at:
        steps.append(Step(Item.REMINDER, owner.id, reminder_at))
    if helps and stand_in is not None and delegate_at is not None:
        steps.append(Step(Item.DELEGATE, stand_in.id, delegate_at))
    return tuple(steps)
