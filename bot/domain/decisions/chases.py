"""What is sent because a decision waits: who is reminded and when, who hears that its day has passed, who may record
it. Pure; sending is in the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.decisions.deciding import TALK, Count, count, may_record, seats_of
from bot.domain.decisions.pages import DecisionCard
from bot.domain.outbox import SATURDAY, Item
from bot.domain.people import is_away, zone_of_member
from bot.domain.record import Decision, Group, Member, Record
from bot.domain.rhythm import to_utc
from bot.domain.rights import coordinators, standing_of
from bot.domain.vocabularies import Access

DAYS_BEFORE = timedelta(days=2)
A_DAY = timedelta(days=1)
# What falls on a weekend or closed days comes before them, so it is planned well ahead, as what is due of actions is.
PLANNED_AHEAD = timedelta(days=8)
WEEK = timedelta(days=7)
MORNING = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One thing that one member gets because a decision waits, if nothing happens before. Moments are UTC."""

    item: Item
    decision: str
    member: str
    due_at: datetime
    until: datetime | None  # from then on it is of no use
    urgent: bool  # the daily limit never holds it back


@dataclass(frozen=True, slots=True)
class WaitingDecision:
    """A decision in the message of somebody who brings it to an end: its day has passed, or its rule is met."""

    card: DecisionCard
    minutes: int = 1

    @property
    def is_settled(self) -> bool:
        return not self.card.waits_for_an_end


def is_near(decision: Decision, today: date) -> bool:
    """Whether a decision owes anything to anybody within the days that are planned."""
    return (
        decision.is_needed
        and decision.needed_by is not None
        and decision.needed_by - DAYS_BEFORE <= today + PLANNED_AHEAD
    )


def reminders(record: Record, decision: Decision) -> tuple[Reminder, ...]:
    """Everything that is sent of itself because this decision waits, in the order of time, by the answers of now.

    Those without an answer hear of it two days before and on the day; once it has passed, whoever may go on with it.
    """
    if not decision.is_needed or decision.needed_by is None:
        return ()
    day, until = decision.needed_by, end_of(record, decision.needed_by)
    found: list[Reminder] = []
    for member in voters(record, decision, missing=True):
        found += [_told(record, decision, member, item, on, until) for item, on in _mornings(day)]
    if comes_to_it_on_the_day(record, decision):
        found += [_told(record, decision, one, Item.DECISION_READY, day) for one in recorders(record, decision, day)]
    after = working_day(day + A_DAY)
    found += [_told(record, decision, one, Item.DECISION_PASSED, after) for one in chasers(record, decision)]
    return tuple(sorted(found, key=lambda one: one.due_at))


def _mornings(day: date) -> tuple[tuple[Item, date], ...]:
    """On which days those without an answer are reminded: on the Friday before, where it would be a weekend."""
    before, last = _not_after(day - DAYS_BEFORE), _not_after(day)
    return ((Item.DECISION, before), (Item.DECISION_DUE, last)) if before < last else ((Item.DECISION_DUE, last),)


def _not_after(day: date) -> date:
    return day - A_DAY * max(0, day.weekday() - SATURDAY + 1)


def _told(
    record: Record, decision: Decision, member: Member, item: Item, on: date, until: datetime | None = None
) -> Reminder:
    return Reminder(
        item=item,
        decision=decision.id,
        member=member.id,
        due_at=morning_of(on, zone_of_member(record, member.id)),
        until=until,
        urgent=item is Item.DECISION_DUE,
    )


def voters(
    record: Record, decision: Decision, *, voice: str | None = None, missing: bool = False
) -> tuple[Member, ...]:
    """Those who can answer for each voice, or for one: its members, or the stand-in of one who can't be written to or
    is away on the day. `missing`: only for voices without an answer."""
    members = {member.id: member for member in record.members}
    given = {one.voice for one in decision.answers if one.choice != TALK} if missing else set()
    found: dict[str, Member] = {}
    for seat in seats_of(record, group_of(record, decision)):
        if seat.voice in given or voice not in {None, seat.voice}:
            continue
        for key in seat.members:
            reached = _reached(record, members, key, decision.needed_by)
            if reached is not None:
                found[reached.id] = reached
    return tuple(found.values())


def chasers(record: Record, decision: Decision) -> tuple[Member, ...]:
    """Who goes on with a decision whose day has passed: whoever proposed it, the group's chair, and coordinators."""
    found = (*its_own(record, decision), *(one for one in coordinators(record) if record.reaches(one)))
    return tuple({one.id: one for one in found}.values())


def its_own(record: Record, decision: Decision) -> tuple[Member, ...]:
    """Whoever proposed a decision and the chair of its group, or who stands in for one who can't be written to or is
    away when its day has passed."""
    members = {member.id: member for member in record.members}
    day = decision.needed_by + A_DAY if decision.needed_by is not None else None
    keys = (decision.accountable, group_of(record, decision).chair)
    reached = [_reached(record, members, key, day) for key in keys if key is not None]
    return tuple(one for one in reached if one is not None)


def recorders(record: Record, decision: Decision, day: date) -> tuple[Member, ...]:
    """Who may record what was decided on a day, in file order."""
    group = group_of(record, decision)
    return tuple(
        one
        for one in record.members
        if one.access != Access.EMAIL_ONLY
        and may_record(standing_of(record, one), group, decision, record.members, one.id, day)
    )


def count_of(record: Record, decision: Decision, *, is_due: bool) -> Count:
    """What the group's rule makes of the answers."""
    group = group_of(record, decision)
    return count(group, seats_of(record, group), decision.options, decision.answers, is_due=is_due)


def decisions_of_the_week(record: Record, today: date) -> tuple[Decision, ...]:
    """The needed decisions that are due within seven days, past their day, or decided by the answers, by date."""
    found = []
    for one in record.decisions:
        if not one.is_needed:
            continue
        is_near = one.needed_by is not None and one.needed_by <= today + WEEK
        is_due = one.needed_by is not None and one.needed_by <= today
        if is_near or count_of(record, one, is_due=is_due).result is not None:
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.needed_by or date.max))


def comes_to_it_on_the_day(record: Record, decision: Decision) -> bool:
    """Whether the answers decide it once its day has come, and not before: two thirds are enough then."""
    return (
        count_of(record, decision, is_due=True).result is not None
        and count_of(record, decision, is_due=False).result is None
    )


def group_of(record: Record, decision: Decision) -> Group:
    return next(group for group in record.everything.groups if group.id == decision.decider)


def working_day(day: date) -> date:
    """This day, or the Monday after it: what is known on a Saturday is told then, and can't be told before."""
    return day + A_DAY * max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else day


def morning_of(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, MORNING), zone)


def end_of(record: Record, day: date) -> datetime:
    """When a day is over on the coalition's clock."""
    return to_utc(datetime.combine(day + A_DAY, time()), record.coalition.timezone)


def _reached(record: Record, members: dict[str, Member], key: str, day: date | None) -> Member | None:
    """Whoever can be written to for this member: themselves, or their stand-in."""
    member = members.get(key)
    if member is None:
        return None
    is_out = not record.reaches(member) or (day is not None and is_away(member, day))
    found = members.get(member.delegate or "") if is_out else member
    return found if found is not None and record.reaches(found) else None
