"""How often each method of Slack's may be called by what is sent by itself, so that Slack needn't ask to wait.

The limits are Slack's own, a minute for each method and workspace (docs.slack.dev/apis/web-api/rate-limits). A tenth of
each is left to what people wait for: answers and forms are not paced.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.clock import ElapsedTime

LIMITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "conversations.open": 50,
        "users.info": 100,
        "chat.update": 50,
        "chat.postEphemeral": 100,
        "conversations.canvases.create": 20,
        "canvases.edit": 50,
        "canvases.access.set": 50,
        "conversations.info": 50,
        "files.info": 100,
        # "Several hundred a minute", says Slack.
        "chat.postMessage": 300,
    }
)
OURS: Final = 0.9


class Pace:
    """Counts the calls of the last `window` elapsed seconds. Several processes that send on one database share what
    there is: `processes` says among how many."""

    def __init__(self, elapsed: ElapsedTime, window: float = 60.0, limits: Mapping[str, int] = LIMITS) -> None:
        self._elapsed = elapsed
        self._window = window
        self._limits = limits
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self.processes = 1

    def wait(self, method: str) -> float:
        """For how many elapsed seconds this method may not be called; 0 where it may, and then this counts as a
        call."""
        most = self.most(method)
        if most is None:
            return 0.0
        now, calls = self._elapsed.monotonic(), self._calls[method]
        while calls and calls[0] <= now - self._window:
            calls.popleft()
        if len(calls) >= most:
            return calls[len(calls) - most] + self._window - now
        calls.append(now)
        return 0.0

    def give_back(self, method: str) -> None:
        """The call that was counted last was not made."""
        if self._calls[method]:
            self._calls[method].pop()

    def most(self, method: str) -> int | None:
        """How many calls of it a window takes; None where nothing bounds them."""
        limit = self._limits.get(method)
        return None if limit is None else max(1, int(limit * OURS / self.processes))
