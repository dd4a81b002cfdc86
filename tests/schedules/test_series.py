"""The job that looks at series: one that goes wrong stops no other one, and without a setting there is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.domain.series import Look, Observation
from bot.opening import series_of
from bot.series import SeriesReader
from bot.settings import read_settings
from schedules.series import SeriesWatch
from tests.series.publisher import Publisher, publishing
from tests.services.stage import Stage

FILE = "period,share\n2026-H1,48.5\n"


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as one:
        yield one


async def follow(stage: Stage, metric: str, address: str) -> None:
    said = {"provider": "csv", "address": address, "period_column": "period", "value_column": "share"}
    omar = await stage.actor("omar")
    await stage.services.series_plans.edit(omar, metric, metric, {}, said | {"looks": "weekly"})


async def outcomes(stage: Stage, *metrics: str) -> list[str | None]:
    cards = [await stage.services.metrics.card(await stage.actor("omar"), one) for one in metrics]
    return [one.series.outcome for one in cards if one.series is not None]


async def test_one_that_goes_wrong_stops_no_other_one(stage: Stage, publisher: Publisher) -> None:
    await stage.go_live()
    await follow(stage, "ns-good-jobs", publisher.says("/broken.csv", "<html>"))
    await follow(stage, "sg-investment", publisher.says("/x.csv", FILE))
    await follow(stage, "tp-placed", publisher.says("/placed.csv", FILE))
    reader = publisher.reader()

    class Stumbling(SeriesReader):
        async def read(self, look: Look) -> tuple[Observation, ...]:
            if look.metric == "sg-investment":
                raise RuntimeError("a mistake of the program's own")
            return await super().read(look)

    watch = SeriesWatch(stage.services, Stumbling(reader.fetcher, reader.hosts), pause=0)
    assert await watch.run() == 2
    assert await outcomes(stage, "ns-good-jobs", "sg-investment", "tp-placed") == ["trouble", None, "proposed"]
    assert await watch.run() == 0, "what stumbled is somebody's until its lease ends"


@pytest.mark.at_once
async def test_several_processes_look_once(stage: Stage, publisher: Publisher) -> None:
    await stage.go_live()
    await follow(stage, "tp-placed", publisher.says("/placed.csv", FILE))
    watches = [SeriesWatch(stage.services, publisher.reader(), pause=0) for _ in range(3)]
    taken: Sequence[int] = await asyncio.gather(*(one.run() for one in watches))
    assert sum(taken) == len(publisher.asked) == 1


async def test_nothing_is_fetched_unless_it_is_said_so(publisher: Publisher) -> None:
    assert series_of(read_settings(_env_file=None)) is None
    assert series_of(read_settings(_env_file=None, series_hosts="data.example.org", fred_key="f" * 32)) is None
    reader = series_of(read_settings(_env_file=None, series=True))
    assert reader is not None
    assert reader.hosts.listed == frozenset()
    assert publisher.asked == []
