"""Three weeks of the year with its endings, one in the suite: whatever people said reached its readers, and every
number was counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.a_season import live
from tests.examples import part
from tests.season.year import SHORT, SHORTEST


@pytest.mark.in_part
@pytest.mark.usefixtures("one_after_the_other")
async def test_weeks_keep_what_screens_promise(sqlite_sample_url: str, tmp_path: Path) -> None:
    season = await live(sqlite_sample_url, part(SHORTEST, SHORT))
    assert season.faults == []
    # A season in which nothing is said and nothing is promised would prove nothing.
    assert len(season.heard) > part(30, 100)
    assert len(season.said) >= part(8, 15)
