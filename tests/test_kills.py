"""Kills from Monday 7:00 AM on: every planned delivery arrives exactly once. Five at the first check-ins in the suite,
six until Wednesday in a whole run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.examples import part
from tests.kills import WITHHELD, run_kills
from tests.processes import Nursery

UNTIL = datetime.fromisoformat(part("2026-11-23T10:00:00-06:00", "2026-11-25T09:00:00-06:00"))
KILLS = part(5, 6)


@pytest.mark.in_part
@pytest.mark.kills
async def test_every_delivery_arrives_exactly_once_through_kills(
    tmp_path: Path, sqlite_template: Path, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    shutil.copy(sqlite_template, tmp_path / "kills.db")
    outcome = await run_kills(tmp_path, KILLS, UNTIL, nursery, each=part(None, 1))
    for line in outcome.lines():
        record_property("figures", line)
    assert sum(outcome.kills.values()) == KILLS, outcome.kills
    assert outcome.kills[WITHHELD] >= 3, outcome.kills
    assert len([window for window, count in outcome.kills.items() if count]) >= 3, outcome.kills
    assert len(outcome.states) >= part(4, 14)
    assert not outcome.doubled
    assert not outcome.lost, [outcome.reasons[key] for key in outcome.lost]
    assert not outcome.unsettled, {outcome.reasons[key] for key in outcome.unsettled}
