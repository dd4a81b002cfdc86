"""The plan on a page, as a value: north star, yearly goals, priorities with what is to come true and when, money.

`plan_of` makes it for one reader from what was known at a moment; whatever is not for them is not in it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain import funding
from bot.domain.coalition import goal_of_year
from bot.domain.digests import Digest, OutcomeLine, PriorityPart
from bot.domain.funding import FundingPart, FundingSight, funding_sight
from bot.domain.metrics import MetricLine
from bot.domain.plan.money import PlanMoney, money_of
from bot.domain.record import DatedValue, Directory, Member, Priority, Record
from bot.domain.rights import Part, Right, Standing, may_read_priority
from bot.domain.vocabularies import Horizon, Lens

# An outcome that is due within so many years is one of the short term, then of the medium one.
YEARS = {Horizon.SHORT: 2, Horizon.MEDIUM: 4}


class Depth(StrEnum):
    """How much of a priority somebody reads."""

    WHOLE = "whole"
    OUTCOMES = "outcomes"  # a funder: how it stands, its headline figure, its outcomes
    SUMMARY = "summary"  # what the roll-up says: how it stands, its headline figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSight:
    """What of the plan somebody reads: priorities by their depth, by id, and money. The north star is everybody's."""

    priorities: dict[str, Depth]
    money: FundingSight
    counts_sources: bool = True  # whether they read how many sources are secured where they see no amounts


@dataclass(frozen=True, slots=True)
class HorizonPart:
    """What is to come true, and what is measured, in the short, the medium or the long term."""

    horizon: Horizon
    outcomes: tuple[OutcomeLine, ...]  # by their day
    metrics: tuple[MetricLine, ...]  # file order


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPriority:
    """One priority as its reader sees it. Of `part` nothing is filled but what `depth` allows."""

    part: PriorityPart
    depth: Depth
    organization: str  # the owner's
    lens: Lens | None
    horizons: tuple[HorizonPart, ...]  # those that have something
    funding: FundingPart | None  # None where not even sources are counted
    amounts: bool

    @property
    def goal(self) -> str | None:
        return self.part.goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan for one reader. `of` is how many priorities there are in all."""

    coalition_name: str
    currency: str
    moment: datetime  # in the coalition's zone
    today: date
    statement: str | None
    star: MetricLine | None
    goals: tuple[DatedValue, ...]  # by day, in the unit of the north star's figure
    goal: DatedValue | None  # this year's: the next one
    priorities: tuple[PlanPriority, ...]  # as in the digest: off track first
    of: int
    money: PlanMoney | None  # None for somebody who sees no amount
    has_sources: bool = False


def sight_of_plan(record: Record, standing: Standing, member: Member | None) -> PlanSight:
    """What of the plan a person reads, by the same rights as everywhere else."""
    is_funder = Part.FUNDER in standing.everywhere
    rest = Depth.OUTCOMES if is_funder else Depth.SUMMARY if standing.may(Right.READ_ROLL_UP) else None
    depths = {one.id: Depth.WHOLE if may_read_priority(standing, one.id) else rest for one in record.priorities}
    return PlanSight(
        priorities={key: depth for key, depth in depths.items() if depth is not None},
        money=funding_sight(record, standing, member),
        counts_sources=not is_funder or standing.may(Right.READ_ROLL_UP),
    )


def plan_of(known: Record, digest: Digest, sight: PlanSight) -> Plan:
    """The plan as somebody reads it; `known` is what was known at the digest's moment."""
    star, directory, today = known.coalition.north_star, Directory.of(known), digest.today
    priorities = {one.id: one for one in known.priorities}
    sources = [one for one in known.funding_sources if not sight.money.is_hidden(one)]
    shares = funding.by_target(sources)
    found = []
    for part in digest.priorities:
        depth, priority = sight.priorities.get(part.id), priorities[part.id]
        if depth is None:
            continue
        amounts = sight.money.of_priority(part.id)
        money = funding.summarize(shares.get(part.id, ()), priority.need)
        found.append(
            PlanPriority(
                part=_as_read(part, depth),
                depth=depth,
                organization=_organization(priority, directory),
                lens=priority.lens,
                horizons=horizons_of(
                    part.outcomes if depth != Depth.SUMMARY else (),
                    part.metrics if depth == Depth.WHOLE else (),
                    today,
                ),
                funding=money if amounts else funding.without_amounts(money) if sight.counts_sources else None,
                amounts=amounts,
            )
        )
    return Plan(
        coalition_name=digest.coalition_name,
        currency=digest.currency,
        moment=digest.moment,
        today=today,
        statement=star.statement if star is not None else None,
        star=digest.north_star,
        goals=tuple(sorted(star.yearly_goals, key=lambda one: one.on)) if star is not None else (),
        goal=goal_of_year(star, today) if star is not None else None,
        priorities=tuple(found),
        of=len(digest.priorities),
        money=money_of(sources, sight.money, today),
        has_sources=bool(known.funding_sources),
    )


def head_of(record: Record, digest: Digest) -> Plan:
    """The plan's head alone, which is everybody's: north star and goals."""
    nothing = PlanSight(priorities={}, money=FundingSight())
    return replace(plan_of(replace(record, funding_sources=()), digest, nothing), of=0)


def horizons_of(outcomes: Sequence[OutcomeLine], metrics: Sequence[MetricLine], today: date) -> tuple[HorizonPart, ...]:
    """Outcomes and metrics by short, medium and long term, without empty ones.

    A metric says its own. An outcome has a day: what is due within two years of today, or is overdue or reached, is
    of the short term, within four of the medium one.
    """
    found = []
    for horizon in Horizon:
        due = sorted((one for one in outcomes if horizon_of(one, today) == horizon), key=lambda one: one.due)
        measured = [one for one in metrics if one.horizon == horizon]
        if due or measured:
            found.append(HorizonPart(horizon, tuple(due), tuple(measured)))
    return tuple(found)


def horizon_of(outcome: OutcomeLine, today: date) -> Horizon:
    """The term to which an outcome belongs today."""
    for horizon, years in YEARS.items():
        if outcome.completed is not None or outcome.due <= _years_later(today, years):
            return horizon
    return Horizon.LONG


def _years_later(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year + years)
    except ValueError:
        return today.replace(year=today.year + years, day=28)


def _organization(priority: Priority, directory: Directory) -> str:
    owner = directory.members.get(priority.owner)
    return directory.name(owner.organization) if owner is not None else ""


def _as_read(part: PriorityPart, depth: Depth) -> PriorityPart:
    """A part without what its reader doesn't read; the plan tells nothing of anybody's answers at all."""
    headline = tuple(one for one in part.metrics if one.headline)
    quiet = replace(
        part,
        moved=None,
        blocker=None,
        ask=None,
        promise=None,
        escalated_issue=None,
        decisions_needed=(),
        context=None,
        funding=funding.summarize((), None),
        actions=replace(part.actions, done=(), open=(), overdue=(), blocked=(), due_soon=(), oldest_overdue=None),
    )
    if depth == Depth.WHOLE:
        return quiet
    if depth == Depth.OUTCOMES:
        return replace(quiet, goal=None, metrics=headline)
    return replace(quiet, goal=None, metrics=headline, outcomes=(), next_outcome=None)
