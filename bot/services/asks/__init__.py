"""Asks: what an organization is asked for, and what became of it. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.asks.asks import AskChange, Asks
from bot.services.asks.rows import cards_of, close_asks, home_lines, read_ask_news, read_help_wanted
