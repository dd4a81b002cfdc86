"""Priorities and their intermediate outcomes. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.priorities.plans import PriorityPlans
from bot.services.priorities.priorities import Priorities, helpers_of
