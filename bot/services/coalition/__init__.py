"""A coalition as a whole: its setup, its state, its north star. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.coalition.coalitions import Coalitions, CoalitionSummary, ImportResult
from bot.services.coalition.north_stars import NorthStars
from bot.services.coalition.particulars import CoalitionParticulars
from bot.services.coalition.setup import Setup
from bot.services.coalition.setup_pages import open_step
