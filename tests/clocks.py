"""A process's clock that a test moves."""

from __future__ import annotations

from bot.clock import SystemElapsedTime


class MovedClock(SystemElapsedTime):
    """Elapsed time by a clock that is so many seconds ahead of the machine's; `ahead` may change as it goes."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def epoch(self) -> float:
        return super().epoch() + self.ahead
