"""Two coalitions in one process under random acts: nothing of one reaches the other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.domain.record import Record
from tests.examples import examples, part
from tests.handlers.installing.crossing import crossing_of
from tests.handlers.installing.stage import DEMO, RIVER

SEED = int(os.environ.get("BACKBEAT_TEST_SEED", "11"))


@pytest.mark.in_part
async def test_whatever_people_do_in_one_workspace_the_other_one_is_as_before(sqlite_url: str, sample: Record) -> None:
    """Its rows byte for byte, nothing said there, no word of it told here, and each token where it belongs."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    async with crossing_of(file, sample, SEED) as crossing:
        acts = examples(part(16, 700))
        for number in range(acts):
            await crossing.act((DEMO, RIVER)[crossing.chance.random() < 0.5])
            if number == acts // 2:
                await crossing.go_away_and_come_back(crossing.chance.choice((DEMO, RIVER)))
        assert crossing.faults == []
        # It looked at something.
        happened = crossing.happened
        assert happened["a press of theirs"] + happened["a form of theirs"] > acts / 4
        assert happened["changed something of one's own"] > acts / 20
        assert happened["answers read"] > acts
        assert happened["uninstalled and installed again"] == 1
