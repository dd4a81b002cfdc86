"""Whether a workspace takes messages with tables, as its own answers say. It sends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# So long it isn't asked again, in elapsed seconds: Slack brings a new kind of block to one workspace after the other.
REFUSED_FOR = 24 * 3600.0


class Tables:
    """What one workspace said of tables. Until it said something of them, one message with a table goes at a time, so
    that a refusal costs one call, however many are due."""

    def __init__(self) -> None:
        self._are_taken = False
        self._refused_at = float("-inf")
        self._asking = asyncio.Lock()

    @asynccontextmanager
    async def believed(self, now: float) -> AsyncIterator[bool]:
        """Whether a table may be tried at this elapsed moment. What came of it is said before this ends."""
        if self._are_taken or self._is_refused(now):
            yield self._are_taken
            return
        async with self._asking:
            yield not self._is_refused(now)

    def taken(self) -> None:
        self._are_taken = True

    def refused(self, now: float) -> None:
        """The workspace took the message without its table, and not with it."""
        self._are_taken, self._refused_at = False, now

    def _is_refused(self, now: float) -> bool:
        return now - self._refused_at < REFUSED_FOR
