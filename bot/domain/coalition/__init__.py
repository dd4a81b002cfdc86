"""A coalition as a whole: its setup, its state, its north star. Values and rules, pure."""

from __future__ import annotations

from bot.domain.coalition.north_star import (
    MOST_STATEMENT,
    NorthStarCard,
    goal_lines,
    goal_of_year,
    goal_words,
    goals_of,
    plan_of,
    read_plan,
    with_plan,
)
from bot.domain.coalition.organizations import (
    MOST_ORGANIZATIONS,
    SECTORS,
    OrganizationChoice,
    mistakes_of,
    organizations_of,
)
from bot.domain.coalition.particulars import (
    MOST_SHORT_NAME,
    CoalitionForm,
    form_of_coalition,
    plan_of_coalition,
    read_coalition,
    with_coalition_plan,
)
from bot.domain.coalition.setup import (
    DONE,
    MOST_NAME,
    MOST_PEOPLE,
    MOST_PRIORITIES,
    STEPS,
    Found,
    PriorityChoice,
    SetupPage,
    Task,
    checklist,
    first_record,
    may_set_up,
    rhythm_is_there,
    with_account,
    with_groups,
    with_missing_rhythm,
    with_priorities,
    with_rhythm,
    with_stand_ins,
)
