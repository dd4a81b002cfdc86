"""Faults on demand, by method and count: what a network and a busy Slack do to a bot. Nothing is random."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "drop_before_accept",
    "drop_after_accept",
    "error_500",
    "error_500_after_accept",
    "internal_error",
    "delay",
    "rate_limited",
    "withhold",
    "in_pieces",
    "cut",
)
# The name under which the bytes of a file are asked for; these two faults are theirs only.
DOWNLOAD = "download"
OF_DOWNLOADS = frozenset({"in_pieces", "cut"})


@dataclass
class Fault:
    """One fault that waits for its method. `seconds` is the delay, the Retry-After or the longest withholding."""

    method: str
    kind: str
    times: int
    seconds: float | None
    where: Callable[[dict[str, Any]], bool] | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hit: int = 0


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._withheld: list[Fault] = []

    def add(
        self,
        method: str,
        kind: str,
        times: int = 1,
        seconds: float | None = None,
        where: Callable[[dict[str, Any]], bool] | None = None,
    ) -> Fault:
        """The next `times` calls of `method` ("*" for any) whose arguments pass `where` go wrong in this way."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is no kind of fault; there are {', '.join(KINDS)}.")
        if (kind in OF_DOWNLOADS) != (method == DOWNLOAD):
            raise ValueError(f"{', '.join(sorted(OF_DOWNLOADS))} are the faults of “{DOWNLOAD}”, and it has no others.")
        if times < 1:
            raise ValueError("A fault happens at least once.")
        fault = Fault(method, kind, times, seconds, where)
        self._waiting.append(fault)
        return fault

    def take(self, method: str, args: dict[str, Any]) -> Fault | None:
        """The fault that this call runs into, counted as used."""
        for fault in self._waiting:
            is_for_it = fault.method == method or (fault.method == "*" and method != DOWNLOAD)
            if is_for_it and (fault.where is None or fault.where(args)):
                fault.hit += 1
                if fault.hit >= fault.times:
                    self._waiting.remove(fault)
                return fault
        return None

    async def withhold(self, fault: Fault) -> None:
        """Return when the answer is released or its longest time is over."""
        self._withheld.append(fault)
        try:
            await asyncio.wait_for(fault.released.wait(), fault.seconds)
        except TimeoutError:
            pass
        finally:
            self._withheld.remove(fault)

    def release(self) -> None:
        """Let every withheld answer go."""
        for fault in list(self._withheld):
            fault.released.set()

    def clear(self) -> None:
        """Forget the faults that have not happened yet and release what is withheld."""
        self._waiting.clear()
        self.release()
