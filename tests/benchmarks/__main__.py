"""`python -m tests.benchmarks`: prints every figure, measured in one run on this machine; with names only those.

`growth`, `queue` and `chaos` are measured by their names only, with flags of their own.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.log import configure_logging
from tests.benchmarks import ack, chaos, delivery, growth, modals, queue


async def _ack(folder: Path) -> list[str]:
    lines, _ratios = await ack.measure(folder / "ack")
    return lines


MEASURES: dict[str, Callable[[Path], Awaitable[list[str]]]] = {
    "ack": _ack,
    "modals": modals.measure,
    "delivery": delivery.commit_to_message,
    "start": delivery.start_to_ready,
}

# What takes long, or flags of its own.
BY_NAME: dict[str, Callable[[Path, Sequence[str]], Awaitable[list[str]]]] = {
    "growth": growth.measure,
    "queue": queue.measure,
    "chaos": chaos.measure,
}


async def main(names: list[str]) -> None:
    """Measures what is named, or everything, one after the other."""
    configure_logging("CRITICAL")
    if names and names[0] in BY_NAME:
        with tempfile.TemporaryDirectory(prefix="bbbench") as folder:
            # PostgreSQL runs as another user where this is root.
            Path(folder).chmod(0o755)
            print("\n".join(await BY_NAME[names[0]](Path(folder), names[1:])), flush=True)
        return
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        sys.exit(f"There is no “{unknown[0]}”. What can be measured: {', '.join([*MEASURES, *BY_NAME])}.")
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as folder:
        for name in names or MEASURES:
            print("\n".join(await MEASURES[name](Path(folder))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
