"""Four kills, a restart and faults over two days, three replicas with clocks two minutes apart: all arrives once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.processes import Nursery
from tests.replicas import WITHHELD, run_replicas

WEDNESDAY = datetime.fromisoformat("2026-11-25T09:00:00-06:00")


@pytest.mark.kills
@pytest.mark.postgres
async def test_replicas_send_everything_once_through_kills_and_a_restart_of_the_database(
    postgres_server: str, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    with tempfile.TemporaryDirectory(prefix="bbrep") as folder:
        Path(folder).chmod(0o755)
        outcome = await run_replicas(Path(folder), 4, WEDNESDAY, 1, nursery)
    for line in outcome.lines():
        record_property("figures", line)
    assert sum(outcome.kills.values()) >= 3, outcome.kills
    assert outcome.kills[WITHHELD] >= 1, outcome.kills
    assert outcome.restarts == 1
    assert len(outcome.states) >= 14
    assert not outcome.doubled
    assert not outcome.lost, [(outcome.states[key], outcome.reasons[key]) for key in outcome.lost]
