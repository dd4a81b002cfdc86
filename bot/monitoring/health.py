"""Two questions: does the process live, and may work be sent to it. Each thing that has to be right is asked at most so
often, and never for long: whoever asks often must not make it slow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.clock import ElapsedTime

# Elapsed seconds that an answer may take.
PATIENCE = 3.0
FINE = "ok"


@dataclass(slots=True)
class Check:
    """One thing that has to be right. `ask` says what is wrong, None where nothing is; what it raises is `otherwise`.

    `every`: for how many elapsed seconds an answer is good.
    """

    ask: Callable[[], Awaitable[str | None]]
    otherwise: str | None
    every: float
    _at: float | None = None
    _said: str | None = None
    _asking: asyncio.Task[str | None] | None = None

    async def said(self, elapsed: ElapsedTime) -> str | None:
        """What is wrong; those who ask at the same time hear the same."""
        if self._at is None or elapsed.monotonic() - self._at >= self.every:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._asked(), name="check")
            self._said = await asyncio.shield(self._asking)
            self._at = elapsed.monotonic()
        return self._said

    async def _asked(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.ask()
        except Exception:
            # Whatever it is, the log of who needs it says so; here it is only told that it isn't there.
            return self.otherwise


class Health:
    """What `/healthz` and `/readyz` say. `silent` names the part of the program that has stopped beating, if any."""

    def __init__(self, elapsed: ElapsedTime) -> None:
        self._elapsed = elapsed
        self._checks: Mapping[str, Check] = {}
        self._silent: Callable[[], str | None] = lambda: None
        self._state = "starting"

    def watch(self, checks: Mapping[str, Check], silent: Callable[[], str | None]) -> None:
        """From now on these decide."""
        self._checks = checks
        self._silent = silent

    def is_up(self) -> None:
        """It has started, and works."""
        self._state = FINE

    def drain(self) -> None:
        """It ends: nothing new is to be sent to it."""
        self._state = "draining"

    def alive(self) -> tuple[bool, str]:
        """Whether the process is to be left alone, and why not."""
        silent = self._silent()
        return silent is None, FINE if silent is None else f"silent: {silent}"

    async def ready(self) -> dict[str, str]:
        """Each thing that has to be right with what is wrong, or `ok`."""
        names = list(self._checks)
        said = await asyncio.gather(*(self._checks[name].said(self._elapsed) for name in names))
        return {"program": self._state, **{name: why or FINE for name, why in zip(names, said, strict=True)}}
