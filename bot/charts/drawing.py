"""Draws off the event loop: one thread, one picture at a time, since the drawing library is not made for more."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot.domain.metrics import MetricChart
from bot.domain.plan import MoneyChart


class Drawing:
    """Draws pictures of metrics and of money. The library is loaded by the first one, or before by `warm`."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")

    async def draw(self, chart: MetricChart | MoneyChart) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _draw, chart)

    def warm(self) -> None:
        """Loads the library in the background: it takes a second or two."""
        self._thread.submit(_load)

    def close(self) -> None:
        """Ends the thread after the picture that is being drawn, without waiting for it."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _load() -> None:
    import bot.charts.money_chart  # noqa: F401


def _draw(chart: MetricChart | MoneyChart) -> bytes:
    # Imported here, since the library is slow to load and nothing else of the program needs it.
    from bot.charts.metric_chart import draw_metric
    from bot.charts.money_chart import draw_money

    return draw_money(chart) if isinstance(chart, MoneyChart) else draw_metric(chart)
