"""Kills, a restart and faults, three replicas with clocks two minutes apart: all arrives once. On Monday in the suite,
over two days in a whole run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.examples import part
from tests.processes import Nursery
from tests.replicas import WITHHELD, run_replicas

UNTIL = datetime.fromisoformat(part("2026-11-23T10:00:00-06:00", "2026-11-25T09:00:00-06:00"))


@pytest.mark.in_part
@pytest.mark.kills
@pytest.mark.postgres
async def test_replicas_send_everything_once_through_kills_and_a_restart_of_the_database(
    postgres_server: str, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    with tempfile.TemporaryDirectory(prefix="bbrep") as folder:
        Path(folder).chmod(0o755)
        outcome = await run_replicas(Path(folder), part(2, 4), UNTIL, 1, nursery)
    for line in outcome.lines():
        record_property("figures", line)
    assert sum(outcome.kills.values()) >= part(2, 3), outcome.kills
    assert outcome.kills[WITHHELD] >= 1, outcome.kills
    assert outcome.restarts == 1
    assert len(outcome.states) >= part(4, 14)
    assert not outcome.doubled
    assert not outcome.lost, [(outcome.states[key], outcome.reasons[key]) for key in outcome.lost]
