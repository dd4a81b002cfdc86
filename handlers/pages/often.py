"""How often a minute something is asked for, by what names it; whatever is asked for too often is let be."""

from __future__ import annotations

from collections import OrderedDict

from bot.clock import ElapsedTime

MINUTE = 60.0
# Names remembered at most; what was not asked for the longest goes first.
MOST = 10_000


class Often:
    """`limit`: how much a minute."""

    def __init__(self, elapsed: ElapsedTime, limit: int) -> None:
        self._elapsed, self._limit = elapsed, limit
        self._asked: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def is_too_much(self, name: str) -> bool:
        """Notes that it was asked for once more; whether that is too often."""
        now = self._elapsed.monotonic()
        since, count = self._asked.pop(name, (now, 0))
        if now - since >= MINUTE:
            since, count = now, 0
        self._asked[name] = since, count + 1
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)
        return count >= self._limit
