"""Part 7 of the product as a table of calls: every service method that a person can reach, and who of the cast may.

Written by hand from the product's own table, never from `bot.domain.rights.rights`: the two must agree.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from bot.domain.checkins import NextKey
from bot.domain.meetings import MeetingPlan, MeetingRef, NotesInput
from bot.domain.people import MemberEdit
from bot.domain.rights import OPERATOR
from bot.services.access import Actor
from tests.services.edits import local
from tests.services.rights_stage import CAST, OWN, Scene

Call = Callable[[Scene, Actor], Awaitable[Any]]
Who = frozenset[str]


def those(*names: str) -> Who:
    assert set(names) <= set(CAST)
    return frozenset(names)


# The columns of part 7, by what everybody of the cast is. Rights add up.
EVERYBODY, NOBODY = frozenset(CAST), those()
LEAD, STAFF, CHAIR = those("dana"), those("priya"), those("lorna")
STEERING = those("lorna", "sage", "charlotte")
OWNERS, OTHER_OWNER = those("imani", "luis"), those("renata")
STEWARD, SEAT, ROLELESS, STAND_IN = those("stella"), those("seth"), those("otto"), those("delia")
FUNDERS = those("charlotte", "ben")
COORDINATORS = LEAD | STAFF

# The rows of part 7, about the priority OWN unless a name says otherwise.
MAY_WORK = EVERYBODY - those("ben")  # create an action, raise an issue: all but those who are funders only
READS_ROLL_UP = COORDINATORS | STEERING | OWNERS | OTHER_OWNER
READS_PRIORITY = COORDINATORS | STEERING | OWNERS | STEWARD | SEAT
READS_ANOTHER = COORDINATORS | STEERING  # priority, in which nobody else of the cast has a part
CHANGES_PRIORITY = COORDINATORS
PROPOSES_CHANGE = COORDINATORS | OWNERS | STEWARD
ANSWERS_CHECKIN = COORDINATORS | OWNERS | STAND_IN
RECORDS_FIGURE = COORDINATORS | OWNERS
ENDS_ACTION = COORDINATORS | OWNERS
PROPOSES_DECISION = COORDINATORS | STEERING | OWNERS | OTHER_OWNER  # and escalates issues
RECORDS_DECISION = COORDINATORS | CHAIR | OWNERS
PLANS_MEETING = COORDINATORS | OWNERS
WRITES_NOTES = COORDINATORS | OWNERS | SEAT
SEES_AMOUNTS = COORDINATORS | STEERING | OWNERS
SEES_ALL_AMOUNTS = COORDINATORS | STEERING


@dataclass(frozen=True)
class Act:
    """One plausible call of a method, and who may make it."""

    call: Call
    who: Who
    what: str = ""


Acts = dict[str, tuple[Act, ...]]


def act(who: Who, call: Call, what: str = "") -> Act:
    return Act(call, who, what)


def drafting(actor: Actor) -> Actor:
    """The same person at a moment when they might: what they drafted then must not count once they may not."""
    return replace(actor, standing=OPERATOR)


def lead(scene: Scene) -> Actor:
    return scene.actors["dana"]


NEXT_SLOT = local("2026-12-08T09:00")
AHEAD = NextKey("weekly-checkin", OWN, local("2026-12-01T09:00"))
ANSWER = {"assessment": "on_track", "confidence": "7", "moved": "Moved.", "next": "Next."}
SOON = date(2026, 12, 11)
OUR_MEETING = MeetingRef("wg-access-monthly", local("2026-12-15T11:00"))
OUR_LAST_MEETING = MeetingRef("wg-access-monthly", local("2026-11-17T11:00"))
STEERINGS = MeetingRef("steering-quarterly", local("2027-02-03T09:00"))
NOTES = NotesInput(present=("imani",), decided="Go on.", actions="Call the county @imani by Dec 14")
FIGURE = {"metric": "fa-seats", "value": "140", "period_end": "2026-10-31", "quality": "final"}
QUALITY = {**FIGURE, "metric": "fa-quality", "value": "84", "period_end": "2026-11-20"}
TARGET = {"target_value": "230", "target_on": "2027-03-31", "milestones": "", "reason": "More money."}
PRIORITY = {"name": "Broadband", "owner": "marcus"}
CHANGED_PRIORITY = {"name": "Care and commute", "owner": "imani", "channel": "lb-access", "reason": "Shorter."}
OUTCOME = {"name": "A third park is served", "due": "2027-09-30", "reason": "Residents asked."}
METRIC = {
    "name": "Rides a day",
    "unit": "rides",
    "direction": "increase",
    "aggregation": "point_in_time",
    "level": "contributing",
    "horizon": "short",
    "frequency": "quarterly",
    "steward": "stella",
    "priority": OWN,
}
SOURCE = {"name": "Bus money", "funder": "A bank", "capital_type": "commercial", "status": "applied", "amount": "1000"}
GROUP = {"name": "Riders", "kind": "working_group", "decision_rule": "consensus", "voices": "organization"}
PERSON = MemberEdit(name="Ana Ruiz", organization="lbp", email=None, access="member", timezone=None)
PLAN = MeetingPlan(
    cadence=None,
    name="Riders",
    audience="wg-access",
    first=SOON,
    at=time(10),
    repeats="monthly",
    zone="America/Chicago",
    minutes=60,
)


def everybody(call: Call) -> tuple[Act, ...]:
    """What is one's own, or says nothing that part 7 keeps from anybody."""
    return (act(EVERYBODY, call),)


def coordinators(call: Call) -> tuple[Act, ...]:
    return (act(COORDINATORS, call),)


def leads(call: Call) -> tuple[Act, ...]:
    return (act(LEAD, call),)


async def _kept(drafted: Awaitable[Any]) -> str:
    return str((await drafted).token)
