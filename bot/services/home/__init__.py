"""Home: what a person owes and what needs a hand. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.home.overview import Home
