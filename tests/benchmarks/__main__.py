"""`python -m tests.benchmarks`: prints every figure, measured in one run on this machine; with names only those.

`growth` is measured by its name only, with flags of its own.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.log import configure_logging
from tests.benchmarks import ack, delivery, growth, modals


async def _ack(folder: Path) -> list[str]:
    lines, _ratios = await ack.measure(folder / "ack")
    return lines


MEASURES: dict[str, Callable[[Path], Awaitable[list[str]]]] = {
    "ack": _ack,
    "modals": modals.measure,
    "delivery": delivery.commit_to_message,
    "start": delivery.start_to_ready,
}


async def main(names: list[str]) -> None:
    """Measures what is named, or everything, one after the other."""
    configure_logging("CRITICAL")
    if names[:1] == ["growth"]:
        with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as folder:
            print("\n".join(await growth.measure(Path(folder), names[1:])), flush=True)
        return
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        sys.exit(f"There is no “{unknown[0]}”. What can be measured: {', '.join(MEASURES)}.")
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as folder:
        for name in names or MEASURES:
            print("\n".join(await MEASURES[name](Path(folder))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
