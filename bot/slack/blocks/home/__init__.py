"""Home: what a person owes and what needs a hand. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.home.page import former_view, home_view, stranger_view
