"""The coalition file compared with what lives. Values and rules, pure."""

from __future__ import annotations

from bot.domain.files.comparison import Difference, Merge, merge, value_words
