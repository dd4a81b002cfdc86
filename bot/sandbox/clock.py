"""The sandbox's own clock: runs, holds, leaps, and visits due moments in order. It never goes back.
Elapsed time (timeouts, expiry) is not here: that is `time.monotonic`."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

MOMENTS_WITHOUT_PROGRESS_MAX = 1000


class ClockHook(Protocol):
    """How a bot in the same process tells a jump where to stop on the way."""

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        """The first moment in (after, until] at which something is due, or None."""
        ...

    async def settle(self) -> None:
        """Return once everything that is due now has been done."""
        ...


class SandboxClock:
    """`start + rate × (elapsed since the anchor)` while it runs; a fixed moment while it is held."""

    def __init__(
        self,
        start: datetime | None = None,
        *,
        running: bool = True,
        rate: float = 1.0,
        clock_file: Path | None = None,
    ) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("The sandbox's clock needs a start with a time zone.")
        self._base = (start or datetime.now(UTC)).astimezone(UTC)
        self._anchor = time.monotonic()
        self._rate = rate
        self._running = running
        self._last_ts = 0
        self._file = clock_file
        self._jumping = asyncio.Lock()
        self.hook: ClockHook | None = None
        self.on_change: list[Callable[[], None]] = []
        self._publish()

    @property
    def running(self) -> bool:
        """Whether time passes by itself."""
        return self._running

    @property
    def rate(self) -> float:
        """Seconds of the sandbox for each real second while it runs."""
        return self._rate

    @property
    def busy(self) -> bool:
        """Whether a jump is under way."""
        return self._jumping.locked()

    def now(self) -> datetime:
        """The sandbox's moment, aware, in UTC."""
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=self._rate * (time.monotonic() - self._anchor))

    def next_ts(self) -> str:
        """A message timestamp: this clock's microseconds, strictly increasing even while it is held."""
        moment = self.now()
        micros = int(moment.timestamp()) * 1_000_000 + moment.microsecond
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def live(self, rate: float = 1.0) -> None:
        """Let time pass by itself from now on."""
        if rate <= 0:
            raise ValueError("A clock's rate is above zero.")
        self._rebase(self.now(), running=True, rate=rate)

    def hold(self) -> None:
        self._rebase(self.now(), running=False, rate=self._rate)

    def sleep(self, to: datetime) -> None:
        """Leap to a moment as a machine does that slept: nothing on the way happens. Never back."""
        self._rebase(max(to.astimezone(UTC), self.now()), running=self._running, rate=self._rate)

    async def jump(self, to: datetime) -> None:
        """Go to a moment and visit every due moment on the way, in order; without a hook it is a leap."""
        hook = self.hook
        if hook is None:
            self.sleep(to)
            return
        async with self._jumping:
            target = to.astimezone(UTC)
            was_running, rate = self._running, self._rate
            self._rebase(self.now(), running=False, rate=rate)
            standing = 0
            try:
                while (due := await hook.next_due(self.now(), target)) is not None:
                    standing = standing + 1 if due <= self.now() else 0
                    if standing > MOMENTS_WITHOUT_PROGRESS_MAX:
                        raise RuntimeError("The clock hook keeps naming a moment that has already been visited.")
                    self._rebase(max(min(due.astimezone(UTC), target), self.now()), running=False, rate=rate)
                    await hook.settle()
                self._rebase(max(target, self.now()), running=False, rate=rate)
                await hook.settle()
            finally:
                self._rebase(self.now(), running=was_running, rate=rate)
        # The last notice inside the lock still said busy.
        self._tell()

    def state(self, zone: str = "UTC") -> dict[str, Any]:
        """What the page shows of it."""
        now = self.now()
        return {
            "now": now.timestamp(),
            "iso": now.isoformat(),
            "running": self._running,
            "rate": self._rate,
            "zone": zone,
            "hooked": self.hook is not None,
            "busy": self.busy,
        }

    def _rebase(self, base: datetime, *, running: bool, rate: float) -> None:
        self._base, self._anchor = base, time.monotonic()
        self._running, self._rate = running, rate
        self._publish()
        self._tell()

    def _tell(self) -> None:
        for listener in self.on_change:
            listener()

    def _publish(self) -> None:
        """Write the file in one step, so that a reader in another process never sees half of it."""
        if self._file is None:
            return
        words = {
            "now": self._base.isoformat(),
            "running": self._running,
            "rate": self._rate,
            "anchor": time.time(),
        }
        part = self._file.with_name(self._file.name + ".part")
        part.write_text(json.dumps(words), encoding="utf-8")
        os.replace(part, self._file)
