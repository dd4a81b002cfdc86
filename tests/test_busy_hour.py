"""The bot beside the sandbox with ticks in their usual proportion: what arrives is what week one promised."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from tests.busy_hour import run_hour
from tests.processes import Nursery

RATE = 20.0


def around(text: str) -> tuple[datetime, datetime]:
    """The two minutes around a moment of the sample's Monday."""
    hour, minute = (int(one) for one in text.split(":"))
    middle = datetime.fromisoformat("2026-11-23T00:00:00-06:00").replace(hour=hour, minute=minute)
    return middle.replace(hour=hour - (minute == 0), minute=(minute - 1) % 60), middle.replace(minute=minute + 1)


async def test_what_arrives_is_what_week_one_promised(tmp_path: Path, sqlite_template: Path, nursery: Nursery) -> None:
    """Planning runs every fifteen seconds, sending every second: the list of half past eight waits for nine."""
    shutil.copy(sqlite_template, tmp_path / "busy.db")
    outcome = await run_hour(tmp_path, nursery, rate=RATE, stretches=[around("8:30"), around("9:00")])
    assert outcome.is_kept, "\n".join(outcome.lines())
    assert sorted(line.to for line in outcome.arrived if "ask" in line.whats) == [
        "Grant Okafor",
        "Tom Delacroix",
        "Yolanda Briggs",
    ]
