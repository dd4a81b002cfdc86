"""The sample with everything that a plan shows: yearly goals, lenses, and marks of what is public."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from bot.domain.digests import Digest, compose
from bot.domain.known import in_coalition_time, known_at
from bot.domain.plan import Plan, PlanSight, plan_of, sight_of_plan
from bot.domain.record import Priority, Record
from bot.domain.rights import OPERATOR, standing_of
from bot.domain.vocabularies import Lens
from tests import builders
from tests.sample import sample_record

MOMENT = datetime.fromisoformat("2026-11-23T09:00-06:00")
LENSES = (Lens.TALENT, Lens.INNOVATION, Lens.INFRASTRUCTURE, None)


@cache
def planned() -> Record:
    """The sample with yearly goals and lenses, and with Pat, who is in a working group and nothing else."""
    record = sample_record()
    pat = builders.member("pat", name="Pat Quinn", organization="crossroads")
    groups = tuple(
        replace(one, members=(*one.members, "pat")) if one.priority == "family-access" else one for one in record.groups
    )
    record = replace(record, members=(*record.members, pat), groups=groups)
    star = record.coalition.north_star
    assert star is not None
    goals = tuple(
        builders.dated(value, f"{year}-12-31") for year, value in ((2026, 59700), (2027, 60500), (2028, 62000))
    )
    return replace(
        record,
        coalition=replace(record.coalition, north_star=replace(star, yearly_goals=goals)),
        priorities=tuple(replace(one, lens=lens) for one, lens in zip(record.priorities, LENSES, strict=True)),
    )


@cache
def marked() -> Record:
    """The same with marks: the north star and its figure, two priorities whole, a figure and an outcome of a third."""
    record = planned()
    star = record.coalition.north_star
    assert star is not None
    assert star.metric is not None
    first, second, third, fourth = record.priorities
    part = replace(
        third,
        outcomes=(replace(third.outcomes[0], public=True), *third.outcomes[1:]),
        metrics=(replace(third.metrics[0], public=True), *third.metrics[1:]),
    )
    shown = replace(star, public=True, metric=replace(star.metric, public=True))
    return replace(
        record,
        coalition=replace(record.coalition, north_star=shown),
        priorities=(_whole(first), _whole(second), part, fourth),
    )


def _whole(one: Priority) -> Priority:
    return replace(
        one,
        public=True,
        outcomes=tuple(replace(each, public=True) for each in one.outcomes),
        metrics=tuple(replace(each, public=True) for each in one.metrics),
    )


def known_and_digest(record: Record, moment: datetime = MOMENT) -> tuple[Record, Digest]:
    """What was known at a moment, and the digest of then."""
    return known_at(record, in_coalition_time(record, moment)), compose(record, moment)


def plan(record: Record | None = None, sight: PlanSight | None = None, moment: datetime = MOMENT) -> Plan:
    """The plan of a record (the sample's), as somebody sees it (whole)."""
    record = record if record is not None else planned()
    known, digest = known_and_digest(record, moment)
    return plan_of(known, digest, sight or sight_of_plan(known, OPERATOR, None))


def seen_by(member: str, record: Record | None = None) -> Plan:
    """The plan as a member of the sample reads it."""
    record = record if record is not None else planned()
    who = next(one for one in record.members if one.id == member)
    return plan(record, sight_of_plan(record, standing_of(record, who), who))
