"""How often a method may be called: Slack's tiers in a sliding window of real time. Off unless switched on."""

from __future__ import annotations

import math
import time
from collections import deque

from bot.sandbox.errors import ApiError
from bot.sandbox.settings import Settings

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute, for one method in one workspace."""


class Rates:
    """Counts calls and answers 429 by raising `ratelimited`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._calls: dict[str, deque[float]] = {}

    def check(self, method: str, tier: int | None, channel: str | None) -> None:
        """Count this call, or refuse it with the seconds to wait."""
        settings, window = self._settings, self._settings.rate_window_seconds
        if settings.nonmarketplace_history and method in ("conversations.history", "conversations.replies"):
            self._take(method, 1, window)
        elif settings.real_rate_limits and method == "chat.postMessage":
            self._take(method, settings.messages_per_window, window)
        elif settings.real_rate_limits and tier is not None:
            self._take(method, TIERS[tier], window)
        if settings.message_per_second_per_channel and method == "chat.postMessage" and channel:
            self._take(f"{method}:{channel}", 1, window / 60)

    def check_webhook(self, address: str) -> None:
        """A response_url takes about one message a second, as an incoming webhook does."""
        if self._settings.real_rate_limits:
            self._take(f"webhook:{address}", 1, self._settings.rate_window_seconds / 60)

    def _take(self, key: str, most: int, window: float) -> None:
        now = time.monotonic()
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) >= most:
            raise ApiError("ratelimited", retry_after=max(1, math.ceil(calls[0] + window - now)))
        calls.append(now)
