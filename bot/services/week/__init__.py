"""The week ahead. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.week.week import Week
