"""Four kills from Monday 7:00 AM on: the mail server has every mail once, or it is held. Until Tuesday in the suite,
until Wednesday in a whole run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.examples import part
from tests.mail_kills import BEFORE, WITHHELD, run_mail_kills
from tests.processes import Nursery

UNTIL = datetime.fromisoformat(part("2026-11-24T10:00:00-06:00", "2026-11-25T09:00:00-06:00"))


@pytest.mark.in_part
@pytest.mark.kills
async def test_every_mail_goes_once_or_is_held_through_four_kills(
    tmp_path: Path, sqlite_template: Path, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    shutil.copy(sqlite_template, tmp_path / "kills.db")
    outcome = await run_mail_kills(tmp_path, 4, UNTIL, nursery)
    for line in outcome.lines():
        record_property("figures", line)
    assert sum(outcome.kills.values()) == 4, outcome.kills
    assert {BEFORE, WITHHELD} <= outcome.kills.keys(), outcome.kills
    assert 0 < len(outcome.held) < len(outcome.states), outcome.states
    assert outcome.is_right, outcome.lines()
