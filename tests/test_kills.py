"""Six kills between Monday 7:00 AM and Wednesday 9:00 AM: every planned delivery arrives exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.kills import WITHHELD, run_kills
from tests.processes import Nursery

WEDNESDAY = datetime.fromisoformat("2026-11-25T09:00:00-06:00")


@pytest.mark.kills
async def test_every_delivery_arrives_exactly_once_through_six_kills(
    tmp_path: Path, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    outcome = await run_kills(tmp_path, 6, WEDNESDAY, nursery, each=1)
    for line in outcome.lines():
        record_property("figures", line)
    assert sum(outcome.kills.values()) == 6, outcome.kills
    assert outcome.kills[WITHHELD] >= 3, outcome.kills
    assert len([window for window, count in outcome.kills.items() if count]) >= 3, outcome.kills
    assert outcome.states
    assert not outcome.doubled
    assert not outcome.lost, [outcome.reasons[key] for key in outcome.lost]
    assert not outcome.unsettled, {outcome.reasons[key] for key in outcome.unsettled}
