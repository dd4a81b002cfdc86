"""Hears from other processes that there is something to send; ticks find what was missed. What is told is not here."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import structlog

from bot.clock import ElapsedTime
from bot.errors import ConfigurationError
from bot.services import Services

log = structlog.get_logger(__name__)

# Elapsed seconds between the first two tries to hear again, and at most; a connection that has held for as long as the
# longest pause begins anew.
FIRST, MOST = 0.5, 60.0


async def hear_others(services: Services, elapsed: ElapsedTime, on_wake: Callable[[], None]) -> None:
    """Calls `on_wake` for whatever other processes have committed to be sent, until it is cancelled.

    Where nothing can be heard it tries again after longer and longer pauses. What was told meanwhile counts once.
    """
    wakes, pause = services.database.wakes, FIRST
    if wakes is None:
        return
    while True:
        began = elapsed.monotonic()
        try:
            await wakes.hear(on_wake)
        except ConfigurationError as error:
            # That the database is away is said by those who need it.
            log.info("hears_no_other_process", why=str(error))
        if elapsed.monotonic() - began > MOST:
            pause = FIRST
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(MOST, pause * 2)
        on_wake()
