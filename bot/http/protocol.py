"""uvicorn's connections, bounded: how many there are, and how long each may take to say what it wants.

uvicorn waits for ever for the first line of a request, and for whoever doesn't read its answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.connection.traffic import Refusal, Traffic

# Connections at once. Each takes one of the files that the process may have open, of which the database needs some too.
MOST = 512


@dataclass(frozen=True, slots=True)
class Bounds:
    """`patience`: elapsed seconds for a request's head to arrive, and for an answer to be read."""

    traffic: Traffic
    patience: float
    most: int = MOST


class BoundedProtocol(H11Protocol):
    """One connection."""

    def __init__(self, bounds: Bounds, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self._bounds = bounds
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._bounds.most:
            self._count(Refusal.TOO_MANY)
            transport.abort()
            return
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting_for_head()
        self._stop_waiting_for_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(self._bounds.patience, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_waiting_for_reader()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        self._count(Refusal.NOT_HTTP)
        if self.cycle is not None and not self.cycle.response_complete:
            # Whoever still reads the request has nobody to answer any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            # It came behind a request that is not answered yet.
            self.transport.abort()

    def _watch_head(self) -> None:
        """While no request is under way, its head is waited for. What an idle connection may take is uvicorn's."""
        is_waiting = self.cycle is None or self.cycle.response_complete
        is_idle = self.cycle is not None and not self.conn.trailing_data[0]
        if not is_waiting or is_idle or self.transport.is_closing():
            self._stop_waiting_for_head()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self._bounds.patience, self._too_slow)

    def _too_slow(self) -> None:
        self._head_timer = None
        self._count(Refusal.TOO_SLOW)
        self.transport.abort()

    def _count(self, why: Refusal) -> None:
        self._bounds.traffic.refused[why] += 1

    def _stop_waiting_for_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_waiting_for_reader(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None
