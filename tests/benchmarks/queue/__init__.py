"""The delivery queue, each figure beside another one of the same run: what is planned among a million schedules, how
fast deliveries drain, how few of their calls Slack refuses by its limits, how long a commit takes to its call of Slack,
what rest and many check-ins cost, and jobs a second beside procrastinate.

    python -m tests.benchmarks queue --part drain --part jobs --database sqlite
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tests.benchmarks.queue import draining, jobs, pacing, planning, resting
from tests.benchmarks.queue.stages import DATABASES

PARTS: dict[str, Callable[[Path, argparse.Namespace], Awaitable[list[str]]]] = {
    "plan": planning.measure,
    "drain": draining.measure,
    "pace": pacing.measure,
    "commit": draining.measure_commit,
    "idle": resting.measure_idle,
    "memory": resting.measure_memory,
    "jobs": jobs.measure,
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What is to be measured, and how much of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks queue", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this; all of them where none is named")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--schedules", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000, help="schedules of these that are due")
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=16, help="posts under way at once (BACKBEAT_POSTS_AT_ONCE)")
    parser.add_argument("--pace-minute", type=float, default=6.0, help="seconds of the minute of Slack's limits")
    parser.add_argument("--letters", type=int, default=100, help="commits that are followed to their call of Slack")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long a process rests")
    parser.add_argument("--checkins", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=2_000)
    asked = parser.parse_args(arguments)
    asked.part = asked.part or list(PARTS)
    asked.database = asked.database or list(DATABASES)
    return asked


async def measure(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """Lines for a person, printed as soon as each part is measured."""
    asked = parse(arguments)
    for name in asked.part:
        place = folder / name
        place.mkdir()
        print("\n".join(await PARTS[name](place, asked)), flush=True)
    return []
