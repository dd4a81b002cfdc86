"""Looks at what others publish, one series after the other. What is due, and what comes of it, services say.

One that goes wrong keeps no other one from being looked at. A look that a process left behind is taken again once its
lease has ended.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.series import SeriesTrouble
from bot.errors import Unavailable
from bot.series import SeriesReader
from bot.services import Services

log = structlog.get_logger(__name__)

# So many in one pass, with a pause between two, so that no provider is asked in a hurry.
MOST_AT_ONCE = 50
PAUSE = 1.0


class SeriesWatch:
    """Takes the looks that are due. `pause` is elapsed seconds between two."""

    def __init__(self, services: Services, reader: SeriesReader, *, pause: float = PAUSE) -> None:
        self._services = services
        self._reader = reader
        self._pause = pause

    async def run(self) -> int:
        """One pass; returns how many looks were taken."""
        taken = 0
        for coalition_id, metric_id in await self._services.series_looks.due():
            if taken == MOST_AT_ONCE:
                break
            try:
                taken += await self._look(coalition_id, metric_id)
            except Unavailable:
                raise  # it is the same for each of them
            except Exception:
                log.exception("look_at_series_failed", coalition=coalition_id, metric=metric_id)
        return taken

    async def _look(self, coalition_id: int, metric_id: int) -> bool:
        looks = self._services.series_looks
        look = await looks.claim(coalition_id, metric_id)
        if look is None:
            return False
        try:
            found = await self._reader.read(look)
        except SeriesTrouble as trouble:
            outcome = await looks.settle(look, trouble)
        else:
            outcome = await looks.settle(look, found)
        log.info("series_looked_at", coalition=coalition_id, metric=metric_id, outcome=outcome)
        await asyncio.sleep(self._pause)
        return True
