"""Where the loop's time of a request goes, by part of the program and by function."""

from __future__ import annotations

import cProfile
import pstats
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
# Own time is added up by these, the first that fits: the profiler names files.
PARTS = (
    ("reading the record (bot/store/record…)", re.compile(re.escape(ROOT) + r"/bot/store/record")),
    ("domain", re.compile(re.escape(ROOT) + r"/bot/domain/")),
    ("services", re.compile(re.escape(ROOT) + r"/bot/services/")),
    ("store", re.compile(re.escape(ROOT) + r"/bot/store/")),
    ("Slack's words and views", re.compile(re.escape(ROOT) + r"/bot/slack/")),
    ("handlers", re.compile(re.escape(ROOT) + r"/handlers/")),
    ("SQLAlchemy", re.compile(r"/sqlalchemy/")),
    ("aiosqlite and SQLite", re.compile(r"aiosqlite|sqlite")),
    ("Bolt and Slack's library", re.compile(r"/slack_(bolt|sdk)/")),
    ("waiting for events, and the loop", re.compile(r"/asyncio/|select\.epoll|selectors\.py")),
)
OURS = re.compile(re.escape(ROOT) + r"/(bot|handlers)/")
WAITS = re.compile(r"select\.epoll|'poll' of")


class Profile:
    """What ran while `running`, added up over requests."""

    def __init__(self) -> None:
        # Only the loop's own thread, and only while it works: others on the machine don't count.
        self._profile = cProfile.Profile(time.thread_time)
        self.requests = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        self.requests += 1
        self._profile.enable()
        try:
            yield
        finally:
            self._profile.disable()

    def lines(self, most: int = 12) -> list[str]:
        """Own time by part, then our functions that take most with what they call, in milliseconds a request."""
        stats = pstats.Stats(self._profile).stats  # type: ignore[attr-defined]
        parts: dict[str, float] = {}
        ours: list[tuple[float, float, str]] = []
        for (path, _line, name), (_primitive, calls, own, whole, _callers) in stats.items():
            place = f"{path} {name}"
            if not WAITS.search(place):
                part = next((part for part, pattern in PARTS if pattern.search(place)), "Python and other libraries")
                parts[part] = parts.get(part, 0.0) + own
            if OURS.search(path):
                ours.append((whole, calls, f"{Path(path).relative_to(ROOT)} {name}"))
        each = 1000 / max(1, self.requests)
        lines = ["where the loop's time of a submit goes, ms each under the profiler (other threads left out)"]
        for part, own in sorted(parts.items(), key=lambda one: -one[1]):
            lines.append(f"  {part:<58} {own * each:8.2f}")
        lines.append("our functions that take most, with what they call                  ms    calls")
        for whole, calls, place in sorted(ours, reverse=True)[:most]:
            lines.append(f"  {place:<58} {whole * each:8.2f} {calls / max(1, self.requests):8.1f}")
        return lines
