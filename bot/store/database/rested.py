"""Connections that rested are asked whether they still lead anywhere before they are used again.

SQLAlchemy's `pool_pre_ping` asks at each use, which takes as long as most of what is then asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

# Elapsed seconds, more than between two ticks. A server that went away in less is hardly back yet, so that whoever asks
# is told so either way.
RESTED = 1.5
_SINCE = "rests since"


def ask_rested(engine: AsyncEngine, on_lost: Callable[[], None]) -> None:
    """Replaces a connection that was lost while it rested, and with it all that are as old; calls `on_lost` then."""
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def goes(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.pop(_SINCE, None)
        if since is None or time.monotonic() - since < RESTED:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            if not dialect.is_disconnect(error, connection, None):
                raise
            on_lost()
            raise InvalidatePoolError from error
