"""`python -m tests.benchmarks`: prints every figure, measured in one run on this machine."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.log import configure_logging
from tests.benchmarks import modals
from tests.benchmarks.ack import measure
from tests.benchmarks.delivery import commit_to_message, start_to_ready


async def main() -> None:
    """Measures everything, one after the other."""
    configure_logging("CRITICAL")
    with tempfile.TemporaryDirectory(prefix="backbeat-bench-") as name:
        folder = Path(name)
        lines, _ratios = await measure(folder / "ack")
        lines += await modals.measure(folder)
        lines += await commit_to_message(folder)
        lines += await start_to_ready(folder)
    print("\n".join(lines))


if __name__ == "__main__":
    asyncio.run(main())
