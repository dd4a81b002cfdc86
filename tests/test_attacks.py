"""A short attack on `backbeat run --http`; `python -m tests.attacks` is the long one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.attacks import run_attack
from tests.processes import Nursery

# Megabytes that a process takes or gives back as it likes; what is kept of each request would come to more.
BREATHING = 24


async def test_nothing_comes_of_an_attack(
    tmp_path: Path, sqlite_sample_template: Path, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    database = tmp_path / "attacked.db"
    shutil.copy(sqlite_sample_template, database)
    outcome = await run_attack(tmp_path, 300, seconds_alone=0.3, database=database, nursery=nursery)
    record_property("figures", "\n".join(outcome.lines()))
    assert outcome.failures == []
    assert outcome.is_unchanged
    assert outcome.grown < BREATHING
    assert outcome.among, "Slack's own requests are answered meanwhile"
    assert sum(outcome.refused.values()) >= 0.8 * sum(outcome.sent.values())
    assert (outcome.ended, "Traceback" in outcome.said) == (0, False)
