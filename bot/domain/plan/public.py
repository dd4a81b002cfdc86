"""The public page, as a value: of the plan only what the coalition has marked public, thing by thing. Pure.

It is made of what is marked and of nothing else, instead of leaving out what isn't: what has no field here can't be on
the page. There are no amounts of funding, no people, no answers and no standings, since those are people's words. A
metric's values are its own, in whatever unit, with their days; what is withheld for few reporters stays withheld.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.coalition import goal_words, goals_of
from bot.domain.digests import Digest, OutcomeLine
from bot.domain.metrics import MetricLine
from bot.domain.plan.wording import figure_words
from bot.domain.record import NorthStar, Priority, Record
from bot.domain.vocabularies import Lens
from bot.domain.wording import day

# A page that is printed is read in another year too, so every day has its year.
WITH_YEAR = date.min


@dataclass(frozen=True, slots=True)
class PublicOutcome:
    name: str
    words: str  # "reached Oct 19, 2026"


@dataclass(frozen=True, slots=True)
class PublicFigure:
    name: str
    words: str  # "60 (Jun 30, 2025) → 134 (Sep 30, 2026) → target 220 by Dec 31, 2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPriority:
    name: str
    goal: str | None
    lens: Lens | None
    outcomes: tuple[PublicOutcome, ...]
    figures: tuple[PublicFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlan:
    """What everybody may read. `others` is what is marked of priorities that are not, without their names."""

    coalition_name: str
    moment: datetime  # in the coalition's zone
    ended: str | None  # when the coalition ended, in words
    statement: str | None
    star: PublicFigure | None
    goals: tuple[str, ...]
    priorities: tuple[PublicPriority, ...]  # file order
    other_outcomes: tuple[PublicOutcome, ...]
    other_figures: tuple[PublicFigure, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is marked."""
        return not (self.statement or self.star or self.priorities or self.other_outcomes or self.other_figures)


def public_plan(known: Record, digest: Digest) -> PublicPlan:
    """What is marked of what was known at the digest's moment."""
    lines = {metric.id: metric for _priority, metric in digest.metrics()}
    outcomes = {one.id: one for part in digest.priorities for one in part.outcomes}
    star = known.coalition.north_star
    shown = [one for one in known.priorities if one.public]
    hidden = [one for one in known.priorities if not one.public]
    return PublicPlan(
        coalition_name=digest.coalition_name,
        moment=digest.moment,
        ended=_ended(known, digest),
        statement=star.statement if star is not None and star.public else None,
        star=_star_figure(star, lines),
        goals=_goals(star),
        priorities=tuple(
            PublicPriority(
                name=one.name,
                goal=one.goal,
                lens=one.lens,
                outcomes=_outcomes([one], outcomes),
                figures=_figures([one], lines),
            )
            for one in shown
        ),
        other_outcomes=_outcomes(hidden, outcomes),
        other_figures=_figures(hidden, lines),
    )


def _ended(known: Record, digest: Digest) -> str | None:
    last = known.coalition.ended
    return f"Ended {day(last, WITH_YEAR)}." if last is not None and last < digest.today else None


def _star_figure(star: NorthStar | None, lines: dict[str, MetricLine]) -> PublicFigure | None:
    metric = star.metric if star is not None else None
    return _figure(lines[metric.id]) if metric is not None and metric.public else None


def _goals(star: NorthStar | None) -> tuple[str, ...]:
    """Goals say what the figure is to be: they go with the north star where that and its figure are marked."""
    if star is None or not star.public or (star.metric is not None and not star.metric.public):
        return ()
    unit = star.metric.unit if star.metric is not None else ""
    return tuple(goal_words(one, unit) for one in goals_of(star))


def _outcomes(priorities: Sequence[Priority], lines: dict[str, OutcomeLine]) -> tuple[PublicOutcome, ...]:
    found = [lines[one.id] for priority in priorities for one in priority.outcomes if one.public and one.id in lines]
    return tuple(PublicOutcome(one.name, _outcome(one)) for one in sorted(found, key=lambda one: one.due))


def _outcome(one: OutcomeLine) -> str:
    if one.completed is not None:
        return f"reached {day(one.completed, WITH_YEAR)}"
    return f"{'was due' if one.days_overdue else 'due'} {day(one.due, WITH_YEAR)}"


def _figures(priorities: Sequence[Priority], lines: dict[str, MetricLine]) -> tuple[PublicFigure, ...]:
    marked = [one for priority in priorities for one in priority.metrics if one.public]
    return tuple(_figure(lines[one.id]) for one in marked)


def _figure(metric: MetricLine) -> PublicFigure:
    return PublicFigure(metric.name, figure_words(metric, WITH_YEAR))
