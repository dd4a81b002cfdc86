"""Three weeks of the year with its endings: whatever people said reached its readers, and every number was counted
twice."""

from __future__ import annotations

from pathlib import Path

from tests.a_season import live
from tests.season.year import SHORT


async def test_three_weeks_keep_what_screens_promise(sqlite_sample_url: str, tmp_path: Path) -> None:
    season = await live(sqlite_sample_url, SHORT)
    assert season.faults == []
    # A season in which nothing is said and nothing is promised would prove nothing.
    assert len(season.heard) > 100
    assert len(season.said) >= 15
