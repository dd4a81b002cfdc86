"""Sending: what is held, what did not arrive, and alarms. How it looks in Slack."""

from __future__ import annotations

from bot.slack.blocks.sending.held import alarm_message, clock_words, cut_off_words, held_blocks, held_message
from bot.slack.blocks.sending.recoveries import recovery_words
from bot.slack.blocks.sending.sending import pause_message, resume_message
from bot.slack.blocks.sending.undelivered import TITLE, undelivered_line, undelivered_message
