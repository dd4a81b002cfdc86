"""The plan on a page: north star, yearly goals, priorities, outcomes and metrics by term, money. Values, pure."""

from __future__ import annotations

from bot.domain.plan.money import PlanMoney, YearRow, money_of, spread
from bot.domain.plan.picture import MoneyChart, chart_of_money
from bot.domain.plan.plan import (
    Depth,
    Plan,
    PlanPriority,
    PlanSight,
    head_of,
    horizons_of,
    plan_of,
    sight_of_plan,
)
from bot.domain.plan.public import WITH_YEAR, PublicPlan, public_plan
from bot.domain.plan.wording import (
    HORIZONS,
    NO_AMOUNTS,
    NO_STAR,
    TITLE,
    WHEN_PAID,
    figure_words,
    funding_words,
    goal_of,
    ledger_words,
    metric_line,
    money_in_short,
    money_page,
    outcome_words,
    plan_pages,
    pool_words,
    readable_words,
    rounded,
    says_words,
    stands_words,
    star_lines,
)
