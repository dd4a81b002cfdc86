"""The week ahead. Values and rules, pure."""

from __future__ import annotations

from bot.domain.week.week import OF_ITEMS, OF_KINDS, Along, NotSent, WeekEntry, WeekPreview, What
from bot.domain.week.week_wording import BESIDE, condition, phrase, phrase_along
