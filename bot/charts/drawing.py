"""Draws off the event loop: one thread, one picture at a time, since the drawing library is not made for more."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor

from bot.domain.checkins import RoundsChart
from bot.domain.digests import WeekChart
from bot.domain.metrics import MetricChart, PartsChart
from bot.domain.plan import MoneyChart

Chart = MetricChart | MoneyChart | WeekChart | RoundsChart | PartsChart


class Drawing:
    """Draws pictures of each kind. The library is loaded by the first one, or before by `warm`."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")

    async def draw(self, chart: Chart) -> bytes:
        # A thread of its own knows nothing of the locale in which this task writes figures.
        here = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._thread, here.run, draw_chart, chart)

    def warm(self) -> None:
        """Loads the library in the background: it takes a second or two."""
        self._thread.submit(_load)

    def close(self) -> None:
        """Ends the thread after the picture that is being drawn, without waiting for it."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _load() -> None:
    import bot.charts.money_chart
    import bot.charts.parts_chart
    import bot.charts.rounds_chart
    import bot.charts.week_chart  # noqa: F401


def draw_chart(chart: Chart) -> bytes:
    """The picture as PNG, at once."""
    # Imported here, since the library is slow to load and nothing else of the program needs it.
    from bot.charts.metric_chart import draw_metric
    from bot.charts.money_chart import draw_money
    from bot.charts.parts_chart import draw_parts
    from bot.charts.rounds_chart import draw_rounds
    from bot.charts.week_chart import draw_week

    if isinstance(chart, MoneyChart):
        return draw_money(chart)
    if isinstance(chart, PartsChart):
        return draw_parts(chart)
    if isinstance(chart, RoundsChart):
        return draw_rounds(chart)
    return draw_week(chart) if isinstance(chart, WeekChart) else draw_metric(chart)
