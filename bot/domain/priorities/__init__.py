"""Priorities and their intermediate outcomes. Values and rules, pure."""

from __future__ import annotations

from bot.domain.priorities.changes import (
    hand_over,
    new_outcome,
    new_priority,
    restore_plan,
    with_outcome_plan,
    with_plan,
)
from bot.domain.priorities.pages import PriorityCard, PriorityList, UnknownPriority, find_priority
from bot.domain.priorities.plans import (
    CANVAS_WORDS,
    CHANNEL_NAME,
    MOST_CHANNEL,
    MOST_GOAL,
    MOST_NAME,
    MOST_REASON,
    Choices,
    OutcomeForm,
    OutcomeList,
    OutcomePlan,
    PriorityForm,
    PrioritySaved,
    change_lines,
    choices_of,
    outcome_lines,
    outcome_plan,
    plan_of,
    read_outcome,
    read_plan,
    value_words,
)
