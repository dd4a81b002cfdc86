"""The rhythm: cadences, their occurrences, and what comes due. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.rhythm.planning import plan_due
from bot.services.rhythm.rhythm import Rhythm
