"""What happened to one thing, in words. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.histories.audit import audit_message
from bot.slack.blocks.histories.history import TITLE, history_message, history_view
