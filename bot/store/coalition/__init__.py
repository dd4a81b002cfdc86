"""A coalition as a whole: its setup, its state, its north star. Tables and rows."""

from __future__ import annotations

from bot.store.coalition.coalitions import CoalitionRow, SetupRow
