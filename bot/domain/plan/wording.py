"""The plan in words: a first page that fits on a screen, a page a priority, and one for the money.

The same pages go to Slack and to Markdown; the page in the browser takes single sentences from here. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.domain.coalition import goal_words
from bot.domain.digests import (
    Line,
    OutcomeLine,
    Page,
    Part,
    Span,
    bold,
    latest_words,
    line,
    named,
    not_reported,
    own,
    owner_says,
    priority_line,
)
from bot.domain.funding import PIPELINE, SECURED, money_words
from bot.domain.metrics import MetricLine
from bot.domain.plan.money import LedgerLine, PlanMoney, YearRow
from bot.domain.plan.plan import Depth, Plan, PlanPriority
from bot.domain.record import DatedValue
from bot.domain.vocabularies import Horizon, MetricStatus
from bot.domain.wording import (
    amount,
    day,
    days_overdue,
    entered,
    near_day,
    one_line,
    plural,
    sentence,
    status,
)

MOST_GOALS = 8
MOST_OUTCOMES = 25
MOST_METRICS = 25
MOST_SOURCES = 40
HORIZONS = {Horizon.SHORT: "Short term", Horizon.MEDIUM: "Medium term", Horizon.LONG: "Long term"}
WHEN_PAID = "A source's money is spread evenly over the days of its period. Years are rounded."
NO_AMOUNTS = "Amounts are read by steering, the coordinators, the owners of priorities and each funder for its own."
NO_STAR = "There is no north star yet. It says in a sentence what the coalition is for."
TITLE = "The plan"

Spans = list[Span | str]


def plan_pages(plan: Plan) -> tuple[Page, ...]:
    """The plan, page by page: all of it in short, then each priority, then the money."""
    pages = [first_page(plan), *(priority_page(plan, one) for one in plan.priorities if _has_page(one))]
    money = money_page(plan)
    return (*pages, *([money] if money is not None else ()))


def first_page(plan: Plan) -> Page:
    """What fits on a screen: north star, this year's goal and those after it, a line a priority, the money in short."""
    star = Part("section", star_lines(plan))
    parts = [Part("header", (line(f"{TITLE}: {one_line(plan.coalition_name)}"),)), star]
    parts += [Part("section", (priority_line(one.part, plan.today),)) for one in plan.priorities]
    some = readable_words(plan)
    parts += [Part("context", (line(some),))] if some else []
    short = money_in_short(plan)
    if short:
        parts.append(Part("section", (line(bold("Money:"), f" {short}"),)))
    return Page(tuple(parts))


def readable_words(plan: Plan) -> str:
    """How many of the priorities its reader reads, where that is not all; "" where it is."""
    if not plan.of:
        return "There is no priority yet."
    if plan.of == len(plan.priorities):
        return ""
    return f"You read {len(plan.priorities)} of {plural(plan.of, 'priority', 'priorities')}; the coordinators read all."


def star_lines(plan: Plan, *, later: bool = True) -> tuple[Line, ...]:
    """The north star: its sentence, its figure, this year's goal and, if `later`, the goals after it."""
    if plan.statement is None:
        return (line(NO_STAR),)
    lines = [line(bold(plan.statement))]
    if plan.star is not None:
        lines.append(metric_line(plan.star, plan.today))
    if plan.goal is not None:
        lines.append(line(bold(f"Goal for {plan.goal.on.year}:"), f" {goal_of(plan, plan.goal)}"))
    after = [one for one in plan.goals if plan.goal is not None and one.on > plan.goal.on]
    if after and later:
        more = f" ({MOST_GOALS} of {len(after)})" if len(after) > MOST_GOALS else ""
        said = " · ".join(goal_of(plan, one) for one in after[:MOST_GOALS])
        lines.append(line(bold("Then:"), f" {said}{more}"))
    return tuple(lines)


def goal_of(plan: Plan, goal: DatedValue) -> str:
    """A yearly goal in the unit of the north star's figure: "60,500 by Dec 31, 2027"."""
    return goal_words((goal.value, goal.on), plan.star.unit if plan.star is not None else "")


def priority_page(plan: Plan, one: PlanPriority) -> Page:
    """One priority: who carries it, its goal, what is to come true and is measured by term, and its money."""
    today = plan.today
    first = [line(*named(one.part), " · ", *owner_says(one.part, today))]
    if one.goal:
        first.append(line(bold("Goal:"), " ", own(one.goal)))
    first.append(line(about_words(one)))
    parts = [Part("section", tuple(first))]
    if one.depth == Depth.OUTCOMES and one.part.headline is not None:
        parts.append(Part("section", (metric_line(one.part.headline, today),)))
    for each in one.horizons:
        rows = [line(bold(HORIZONS[each.horizon]))]
        rows += _listed([_outcome_line(outcome, today) for outcome in each.outcomes], MOST_OUTCOMES)
        rows += _listed([metric_line(metric, today, bullet=True) for metric in each.metrics], MOST_METRICS)
        parts.append(Part("section", tuple(rows)))
    if one.depth == Depth.WHOLE and not one.horizons:
        parts.append(Part("context", (line("It has no outcome and no figure yet."),)))
    money = funding_words(plan, one)
    if money:
        parts.append(Part("section", (line(bold("Money:"), f" {money}"),)))
    return Page(tuple(parts))


def _has_page(one: PlanPriority) -> bool:
    """Of a priority of which somebody reads the roll-up's line, the first page says all."""
    return one.depth != Depth.SUMMARY


def about_words(one: PlanPriority) -> str:
    """Who carries a priority, and its lens: "Carried by Crossroads Neighborhood Alliance · Lens: infrastructure"."""
    lens = f" · Lens: {one.lens}" if one.lens else ""
    return f"Carried by {one_line(one.organization) or 'nobody'}{lens}"


def metric_line(metric: MetricLine, today: date, *, bullet: bool = False) -> Line:
    """A figure: "Seats open: 60 (Jun 30, 2025) → 134 (Sep 30) → target 220 by Dec 31. Numbers say off track."."""
    words = f"{figure_words(metric, today)}. {says_words(metric, today)}".strip()
    return line(bold(f"{one_line(metric.name)}:", may_cut=True), f" {words}", bullet=bullet)


def figure_words(metric: MetricLine, today: date) -> str:
    """The same without its name; every value has its day, and what is withheld stays so."""
    if metric.latest is None or metric.baseline is None or metric.target is None:
        return not_reported(metric, today)
    steps = [f"{entered(metric.baseline.value, metric.unit)} ({day(metric.baseline.on, today)})"]
    steps.append(latest_words(metric, today))
    target = entered(metric.target.value, metric.unit)
    keeps = metric.direction == "maintain"
    steps.append(
        f"{'keep at' if keeps else 'target'} {target} {'until' if keeps else 'by'} {day(metric.target.on, today)}"
    )
    return " → ".join(steps)


def says_words(metric: MetricLine, today: date) -> str:
    """What numbers say: "Numbers say off track.", "No new figure since Sep 30."; "" where nothing is known yet."""
    if metric.latest is None or metric.baseline is None or metric.target is None:
        return ""
    if metric.status == MetricStatus.STALE:
        return f"{sentence(not_reported(metric, today))}."
    return f"Numbers say {status(metric.status)}."


def outcome_words(outcome: OutcomeLine, today: date) -> str:
    """How an outcome stands: "reached Oct 19", "due Dec 31", "due Sep 30, 54 days overdue"."""
    if outcome.completed is not None:
        return f"reached {day(outcome.completed, today)}"
    if outcome.days_overdue:
        return f"due {day(outcome.due, today)}, {days_overdue(outcome.days_overdue)}"
    return f"due {near_day(outcome.due, today)}"


def stands_words(plan: Plan, one: PlanPriority) -> str:
    """How a priority stands, without a mark: "Owner says off track (1 week)"."""
    return "".join(span if isinstance(span, str) else span.words for span in owner_says(one.part, plan.today))


def _outcome_line(outcome: OutcomeLine, today: date) -> Line:
    return line(own(outcome.name), f", {outcome_words(outcome, today)}", bullet=True)


def funding_words(plan: Plan, one: PlanPriority) -> str:
    """A priority's money in one line, by right: amounts, or how many sources are secured."""
    if one.funding is None or not (plan.has_sources or one.funding.need):
        return ""
    return money_words(one.funding, plan.currency, plan.today, amounts=one.amounts, details=False)


def money_in_short(plan: Plan) -> str:
    """All the money that somebody sees, in one line; "" where there is nothing to tell."""
    money = plan.money
    if money is None or not (money.ledgers or money.pool):
        return ""
    pieces = [f"{amount(money.secured, plan.currency)} secured"]
    kinds = (
        list(money.by_type)
        if len(money.by_type) == 1
        else [f"{kind} {amount(value, plan.currency)}" for kind, value in money.by_type.items()]
    )
    pieces += [f"({' · '.join(kinds)})"] if kinds else []
    coming = f", {amount(money.pipeline, plan.currency)} applied for or in talks" if money.pipeline else ""
    scope = "" if money.everything else ", as far as you see it"
    return f"{' '.join(pieces)}{coming}{scope}"


def money_page(plan: Plan) -> Page | None:
    """The money: by year and capital type, need and gap, braided sources by themselves, the pool."""
    money = plan.money
    if money is None:
        if not plan.has_sources:
            return None
        return Page((Part("section", (line(bold("Money")),)), Part("context", (line(NO_AMOUNTS),))))
    if not (money.years or money.ledgers or money.pool or any(one.amounts for one in plan.priorities)):
        return None
    parts = [Part("section", (line(bold("Money")), line(f"{sentence(money_in_short(plan))}.")))]
    if money.years:
        rows = [line(f"{row.words}: {year_words(row, plan.currency)}", bullet=True) for row in money.years]
        parts.append(Part("section", (line(bold("Secured, by year and capital type")), *rows)))
        parts.append(Part("context", (line(WHEN_PAID),)))
    needs = [one for one in plan.priorities if one.amounts and one.funding is not None]
    if needs:
        said = [line(own(one.part.name), f": {need_words(plan, one)}", bullet=True) for one in needs]
        parts.append(Part("section", (line(bold("Need and gap")), *_listed(said, MOST_SOURCES))))
    parts += list(_source_parts(money, plan.currency, plan.today))
    return Page(tuple(parts))


def need_words(plan: Plan, one: PlanPriority) -> str:
    """What a priority needs, and what is missing: "$600,000 secured of $1,100,000 through Dec 31; gap $500,000"."""
    assert one.funding is not None
    return money_words(one.funding, plan.currency, plan.today, amounts=True, details=False)


def year_words(row: YearRow, currency: str) -> str:
    """A year's money: "$2,345,679 (public $1,700,000, philanthropic $645,679)", "$332,573 (philanthropic)"."""
    if len(row.by_type) == 1:
        return f"{rounded(row.total, currency)} ({next(iter(row.by_type))})"
    kinds = ", ".join(f"{kind} {rounded(value, currency)}" for kind, value in row.by_type.items())
    return f"{rounded(row.total, currency)} ({kinds})"


def rounded(value: Fraction | Decimal, currency: str) -> str:
    """An amount for the eye, in whole units of its currency."""
    return amount(int(Fraction(value) + Fraction(1, 2)), currency)


def _source_parts(money: PlanMoney, currency: str, today: date) -> Iterator[Part]:
    if money.ledgers:
        rows = [line(own(one.name), f": {ledger_words(one, currency, today)}", bullet=True) for one in money.ledgers]
        heading = "Braided: each keeps its own books and rules"
        yield Part("section", (line(bold(heading)), *_listed(rows, MOST_SOURCES)))
    if money.pool is not None:
        rows = [
            line(own(one.name), f": {ledger_words(one, currency, today)}", bullet=True) for one in money.pool.shares
        ]
        yield Part(
            "section",
            (line(bold("Blended: one pool"), f" · {pool_words(money, currency)}"), *_listed(rows, MOST_SOURCES)),
        )


def pool_words(money: PlanMoney, currency: str) -> str:
    """What the pool holds: "$1,430,000 secured, $2,000,000 applied for or in talks"."""
    assert money.pool is not None
    coming = f", {amount(money.pool.pipeline, currency)} applied for or in talks" if money.pool.pipeline else ""
    return f"{amount(money.pool.secured, currency)} secured{coming}"


def ledger_words(one: LedgerLine, currency: str, today: date) -> str:
    """A source by itself: "$4,800,000, active, public, restricted, Jan 1 to Dec 31; received $1,650,000"."""
    pieces = [amount(one.amount, currency), str(one.status), one.capital_type]
    if one.restricted is not None:
        pieces.append("restricted" if one.restricted else "unrestricted")
    if one.arrangement is None:
        pieces.append("braided or blended not said")
    if one.period_start is not None and one.period_end is not None:
        pieces.append(f"{day(one.period_start, today)} to {day(one.period_end, today)}")
    elif one.period_end is not None:
        pieces.append(f"until {day(one.period_end, today)}")
    words = ", ".join(pieces)
    if one.received is not None and one.status in SECURED:
        words += f"; received {amount(one.received, currency)}"
    if one.decision_expected is not None and one.status in PIPELINE:
        words += f"; decision expected {day(one.decision_expected, today)}"
    return words


def _listed(rows: Sequence[Line], most: int) -> Iterable[Line]:
    return [*rows[:most], *([line(f"{most} of {len(rows)}")] if len(rows) > most else [])]
