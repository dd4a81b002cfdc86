"""Where the loop's time of a request goes, by part of the program and by function."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yappi

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
_MINE, _THEIRS = 1, 2


class Profile:
    """What this thread did while `running`, added up over requests, by the processor time that it took.

    Python's own profiler hears of all threads since 3.12 and takes what they do for each other's.
    """

    def __init__(self) -> None:
        mine = threading.get_ident()
        yappi.clear_stats()
        yappi.set_clock_type("cpu")
        # SQLAlchemy goes on in another greenlet and back.
        yappi.set_context_backend("greenlet")
        yappi.set_tag_callback(lambda: _MINE if threading.get_ident() == mine else _THEIRS)
        self.requests = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        self.requests += 1
        yappi.start(builtins=True)
        try:
            yield
        finally:
            yappi.stop()

    def lines(self, most: int = 12) -> list[str]:
        """Own time by part, then our functions that take most with what they call, in milliseconds a request."""
        parts: dict[str, float] = {}
        ours: list[tuple[float, str]] = []
        for found in yappi.get_func_stats(tag=_MINE):
            place = f"{found.module} {found.name}"
            part = next((part for part, pattern in PARTS if pattern.search(place)), "Python and other libraries")
            parts[part] = parts.get(part, 0.0) + found.tsub
            if OURS.search(found.module):
                ours.append((found.ttot, f"{Path(found.module).relative_to(ROOT)} {found.name}"))
        each = 1000 / max(1, self.requests)
        lines = ["where the loop's time of a submit goes, ms each under the profiler (other threads left out)"]
        for part, own in sorted(parts.items(), key=lambda one: -one[1]):
            lines.append(f"  {part:<58} {own * each:8.2f}")
        lines.append("our functions that take most, with what they call in the same greenlet")
        for whole, place in sorted(ours, reverse=True)[:most]:
            lines.append(f"  {place:<58} {whole * each:8.2f}")
        return lines
