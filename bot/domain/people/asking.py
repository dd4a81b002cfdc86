"""Who is asked about what, and on which clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.outbox import Item, Receiver
from bot.domain.record import (
    ActionItem,
    Cadence,
    Member,
    Priority,
    QuestionSet,
    Record,
    every_metric,
    groups_asked,
    open_actions,
)
from bot.domain.rhythm import to_local, to_utc
from bot.domain.vocabularies import Audience, CadenceKind, MessageKind, PerItem, QuestionType

ASSESSMENT = "assessment"  # the question that asks how a priority stands


def is_away(member: Member, day: date) -> bool:
    """Whether this member said they are away on that day."""
    return any(away.start <= day <= away.end for away in member.away)


def sends_checkins(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence asks people for answers that are kept by round, and is not paused."""
    return cadence.paused_at is None and has_rounds(record, cadence)


class Subject(StrEnum):
    """What a check-in is about: priorities, which their owners answer for; figures, of their stewards; everybody's own
    open actions; or, with any other questions, each of those who are asked, by name or (a pulse) without one."""

    PRIORITY = "priority"
    METRIC = "metric"
    ACTION = "action"
    MEMBER = "member"
    PULSE = "pulse"


OF_PEOPLE = frozenset({Subject.MEMBER, Subject.PULSE})
"""What asks people for themselves."""


def subject_of(record: Record, cadence: Cadence) -> Subject | None:
    """What this cadence asks about, paused or not; None where it asks nothing."""
    questions = next((item for item in record.question_sets if item.id == cadence.question_set), None)
    if cadence.kind == CadenceKind.REMINDER and cadence.audience == Audience.ACTION_OWNERS:
        return Subject.ACTION if questions is None or questions.per_item == "action" else None
    if cadence.kind != CadenceKind.CHECKIN or questions is None:
        return None
    if not (cadence.audience or cadence.group or cadence.attendees):
        return None
    return subject_between(questions, cadence.audience or cadence.group)


def subject_between(questions: QuestionSet, audience: str | None) -> Subject | None:
    """What these questions are about where this audience is asked (None: members who were picked); None where nobody is
    asked. Each question for each figure goes to its steward. How a priority stands is its owner's to say; a group that
    works on one may be asked it too, each member for themselves."""
    if questions.per_item == PerItem.METRIC and not questions.anonymous:
        return Subject.METRIC if audience == Audience.METRIC_STEWARDS else None
    if questions.per_item is not None:
        return None
    if questions.anonymous:
        return None if is_of_meeting(questions) or asks_for_standing(questions) else Subject.PULSE
    if audience == Audience.PRIORITY_OWNERS:
        return Subject.PRIORITY
    is_group = audience is not None and audience not in tuple(Audience)
    return None if is_of_meeting(questions) or (asks_for_standing(questions) and not is_group) else Subject.MEMBER


def priority_of_group(record: Record, audience: str | None) -> Priority | None:
    """The one priority that a group (its id) works on; None for any other audience, and for a group with several."""
    group = next((one for one in record.groups if one.id == audience), None)
    if group is None:
        return None
    found = [one for one in record.priorities if one.id == group.priority or one.working_group == group.id]
    return found[0] if len(found) == 1 else None


def asks_group_for_standing(record: Record, cadence: Cadence) -> bool:
    """Whether a check-in asks a group how the priority stands that it works on. What its owner says is what counts."""
    questions = next((one for one in record.question_sets if one.id == cadence.question_set), None)
    is_own = subject_of(record, cadence) is Subject.MEMBER
    return is_own and questions is not None and asks_for_standing(questions)


def priority_told(record: Record, cadence: Cadence) -> Priority | None:
    """The priority of which such a check-in asks; None for any other one."""
    if not asks_group_for_standing(record, cadence):
        return None
    return priority_of_group(record, cadence.audience or cadence.group)


def asks_for_standing(questions: QuestionSet) -> bool:
    """Whether a set asks how a priority stands."""
    return any(question.id == ASSESSMENT for question in questions.questions)


def is_of_meeting(questions: QuestionSet) -> bool:
    """Whether a set is what a meeting's notes ask."""
    return any(one.type == QuestionType.ACTION_LIST for one in questions.questions)


def is_about_priorities(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence is a check-in that priority owners give on their priorities, paused or not."""
    return subject_of(record, cadence) is Subject.PRIORITY


def has_rounds(record: Record, cadence: Cadence) -> bool:
    """Whether who has answered this cadence is kept by round."""
    return subject_of(record, cadence) in {Subject.PRIORITY, *OF_PEOPLE}


def is_pulse(record: Record, cadence: Cadence) -> bool:
    """Whether this cadence asks people for themselves, and keeps nobody's name with an answer."""
    return subject_of(record, cadence) is Subject.PULSE


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a round asks about: a priority, for which its owner answers, or one of those who are asked.

    `id` and `name` are the priority's or the member's; `owner` is the id of whoever answers.
    """

    id: str
    name: str
    owner: str
    is_member: bool = False


def topics_of(record: Record, cadence: Cadence) -> tuple[Topic, ...]:
    """What a round of this cadence that opens now asks about, in file order; nothing where no rounds are kept."""
    subject = subject_of(record, cadence)
    if subject is Subject.PRIORITY:
        return tuple(Topic(one.id, one.name, one.owner) for one in record.priorities if not one.rests)
    if subject not in OF_PEOPLE:
        return ()
    if asks_group_for_standing(record, cadence):
        told = priority_told(record, cadence)
        if told is None or told.rests:
            return ()
    asked = _members_asked(record, cadence)
    return tuple(Topic(one.id, one.name, one.id, is_member=True) for one in record.present if one.id in asked)


def is_asked(record: Record, cadence: str, member: str) -> bool:
    """Whether a check-in (its id) asks a member for themselves, as it and its groups are now."""
    found = next((one for one in record.cadences if one.id == cadence), None)
    takes_part = any(one.id == member for one in record.present)
    return found is not None and takes_part and member in _members_asked(record, found)


def _members_asked(record: Record, cadence: Cadence) -> frozenset[str]:
    """The members who are asked for themselves: a group's or another audience's; those who were picked where there is
    neither."""
    if cadence.audience is None and cadence.group is None:
        return frozenset(cadence.attendees)
    if groups := groups_asked(record, cadence):
        return frozenset(member for one in groups for member in one.members)
    if cadence.audience == Audience.ALL_MEMBERS:
        return frozenset(member.id for member in record.present)
    if cadence.audience == Audience.PRIORITY_OWNERS:
        return frozenset(one.owner for one in record.priorities if not one.rests)
    by_role = {Audience.METRIC_STEWARDS: Subject.METRIC, Audience.ACTION_OWNERS: Subject.ACTION}
    role = next((subject for audience, subject in by_role.items() if audience == cadence.audience), None)
    return frozenset(_by_role(record, role)) if role is not None else frozenset()


def whose_word(record: Record, cadence: Cadence) -> str | None:
    """Of which priority a group is asked how it stands, and whose word counts; None for any other check-in."""
    priority = priority_told(record, cadence)
    if priority is None:
        return None
    owner = next(one.name for one in record.members if one.id == priority.owner)
    return f"About {priority.name}. How it stands in the digest is what its owner says, {owner}."


def receivers_of(record: Record, cadence: Cadence) -> tuple[str, ...]:
    """The members whom this cadence may ask: owners of running priorities, stewards of their figures and of the north
    star's, whoever has open actions, or those who are asked for themselves."""
    subject = subject_of(record, cadence)
    if subject in {Subject.METRIC, Subject.ACTION}:
        return _by_role(record, subject)
    return tuple(dict.fromkeys(topic.owner for topic in topics_of(record, cadence)))


def _by_role(record: Record, subject: Subject) -> tuple[str, ...]:
    if subject is Subject.METRIC:
        asked = {None, *(one.id for one in record.priorities if not one.rests)}
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
    organization = next(item for item in record.everything.organizations if item.id == member.organization)
    blocked = set(organization.closed_days)
    for away in member.away:
        span = min((away.end - away.start).days, 366)
        blocked.update(away.start + timedelta(days=n) for n in range(span + 1))
    return Receiver(
        zone=member.timezone or record.coalition.timezone,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        blocked_days=frozenset(blocked),
        blocked_yearly=organization.closed_yearly,
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
