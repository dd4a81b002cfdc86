"""What a form says of a meeting that is to be: how one that is there reads as such a plan, and what a plan makes of it.
Pure. Who may make it is not here; what people see before it is saved is in `pages`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.meetings.planned import USUAL_MINUTES, current_sitting, group_of
from bot.domain.meetings.rules import KEEP, REPEATS, repeats_of, rule_of
from bot.domain.record import Cadence, Record
from bot.domain.rhythm import RuleError, check_rule, is_slot, to_local
from bot.domain.typed import mark_of, too_long
from bot.errors import UserError

EVERYBODY = "all_members"
MOST_NAME = 80
MOST_MINUTES = 600
_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlan:
    """What a form says of a meeting that is to be. `repeats` is one of `REPEATS`, or "keep" for the rule as it is.

    `seen` is a mark of the meeting as it was when the form was opened; "" where nothing is compared.
    """

    cadence: str | None  # None: a new one
    name: str
    audience: str  # a group's id, or all_members
    first: date
    at: time
    repeats: str
    zone: str
    minutes: int
    seen: str = ""


def plan_as_it_is(record: Record, cadence: Cadence, now: datetime) -> MeetingPlan:
    """The plan that changes nothing: the next occurrence's slot stands for the first one."""
    current = current_sitting(cadence, now)
    group = group_of(record, cadence)
    return MeetingPlan(
        cadence=cadence.id,
        name=cadence.name,
        audience=group.id if group is not None else cadence.audience or EVERYBODY,
        first=(current.occurrence.slot if current is not None else cadence.dtstart).date(),
        at=cadence.dtstart.time(),
        repeats=KEEP,
        zone=cadence.timezone,
        minutes=cadence.duration_minutes or USUAL_MINUTES,
        seen=mark_of_plan(cadence),
    )


def mark_of_plan(cadence: Cadence) -> str:
    """What of a meeting a plan changes, as one mark."""
    return mark_of(
        cadence.name,
        cadence.group,
        cadence.audience,
        cadence.dtstart,
        cadence.rrule,
        cadence.timezone,
        cadence.duration_minutes,
    )


def require_sound(plan: MeetingPlan) -> None:
    """Raises UserError, with its field, for a name or a length that doesn't fit."""
    if not plan.name:
        raise UserError("Give the meeting a name, such as “Talent working group”.", field="name")
    if problem := too_long(plan.name, MOST_NAME, "name"):
        raise problem
    if not 5 <= plan.minutes <= MOST_MINUTES:
        raise UserError(f"Choose between 5 and {MOST_MINUTES} minutes.", field="minutes")


def with_plan(known: Cadence | None, plan: MeetingPlan, now: datetime) -> Cadence:
    """The meeting with the plan's days: as they are where nothing about them was changed, else from the first day."""
    start = datetime.combine(plan.first, plan.at)
    base = known or Cadence(
        id="new", kind="meeting", name=plan.name, timezone=plan.zone, dtstart=start, rrule="FREQ=DAILY;COUNT=1"
    )
    base = replace(base, name=plan.name, duration_minutes=plan.minutes)
    if known is not None and _is_same_rhythm(known, plan, now):
        return base
    repeats = plan.repeats
    if repeats == KEEP and known is not None:
        repeats = repeats_of(known)
    if repeats not in REPEATS:
        raise UserError("Choose how often it repeats, so that the new day or time fits.", field="repeats")
    if start <= to_local(now, plan.zone):
        raise UserError("The first time has passed. Choose a later day.", field="first")
    if start > to_local(now, plan.zone) + _AHEAD:
        raise UserError("That is more than a year ahead. Choose a nearer day.", field="first")
    rule = rule_of(repeats, plan.first)
    try:
        check_rule(rule, start, plan.zone)
    except RuleError as error:
        raise UserError(str(error), field="first") from error
    return _fitting(replace(base, timezone=plan.zone, dtstart=start, rrule=rule))


def _is_same_rhythm(known: Cadence, plan: MeetingPlan, now: datetime) -> bool:
    repeats = plan.repeats in {KEEP, repeats_of(known)}
    current = current_sitting(known, now)
    first = (current.occurrence.slot if current is not None else known.dtstart).date()
    return repeats and plan.first == first and plan.at == known.dtstart.time() and plan.zone == known.timezone


def _fitting(made: Cadence) -> Cadence:
    """The meeting with those moves and skips that its rule has a day for."""
    bare = replace(made, moves=(), exdates=())
    return replace(
        made,
        moves=tuple(move for move in made.moves if is_slot(bare, move.original)),
        exdates=tuple(slot for slot in made.exdates if is_slot(bare, slot)),
    )
