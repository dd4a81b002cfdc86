"""Socket Mode: connections, envelopes, acks. What is in an envelope and whether it is sent again is not here."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.core import Core
from bot.sandbox.workspace import JSON


@dataclass
class Connection:
    """One web socket of the bot's."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    draining: bool = False
    pending: dict[str, asyncio.Future[Any]] = field(default_factory=dict)


class ConnectionLost(Exception):
    """The connection went away before it acknowledged an envelope."""


class SocketMode:
    """The bot's connections; each envelope goes to exactly one of them, in turn."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._turn = 0
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> int:
        """How many connections take envelopes now."""
        return sum(not c.draining and not c.ws.closed for c in self._connections)

    def new_url(self, host: str) -> str:
        """A web socket address, good once, on the host the bot already talks to."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"ws://{host}/link/?ticket={ticket}&app_id={self._core.app.app_id}"

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from hello to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="Unknown or used ticket.")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=True, heartbeat=None)
        await ws.prepare(request)
        if len(self._connections) >= self._core.settings.socket_connections_max:
            await self._say(ws, {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await ws.close()
            return ws
        connection = Connection(ws, request.transport)
        self._connections.append(connection)
        self._core.wire.add("out", "envelope", "hello")
        await self._say(
            ws,
            {
                "type": "hello",
                "num_connections": len(self._connections),
                "debug_info": {
                    "host": "sandbox",
                    "build_number": 1,
                    "approximate_connection_time": 18060,
                },
                "connection_info": {"app_id": self._core.app.app_id},
            },
        )
        self._arrived.set()
        self._core.feed.send("state")
        try:
            async for frame in ws:
                if frame.type == WSMsgType.TEXT:
                    self._take_ack(connection, frame.data)
        finally:
            self._forget(connection)
        return ws

    async def wait_connected(self, timeout: float | None = None) -> bool:
        """Wait until the bot has a connection; False if it has none in time."""

        async def connected() -> None:
            while not self.count:
                self._arrived.clear()
                await self._arrived.wait()

        try:
            await asyncio.wait_for(connected(), timeout)
        except TimeoutError:
            return False
        return True

    async def send(
        self,
        kind: str,
        payload: JSON,
        *,
        accepts_response: bool,
        timeout: float,
        retry: tuple[int, str] | None,
    ) -> Any:
        """Send one envelope and return the ack's payload. Raises ConnectionLost or TimeoutError."""
        connection = self._next()
        if connection is None:
            raise ConnectionLost
        envelope_id = str(uuid.uuid4())
        envelope: JSON = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": accepts_response,
        }
        if retry is not None:
            envelope |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.pending[envelope_id] = answer
        started = time.monotonic()
        name = payload.get("command") or payload.get("event", {}).get("type") or payload.get("type", kind)
        error: str | None = None
        response: Any = None
        try:
            if not await self._say(connection.ws, envelope):
                raise ConnectionLost
            response = await asyncio.wait_for(answer, timeout)
            return response
        except TimeoutError:
            error = "operation_timeout"
            raise
        except ConnectionLost:
            error = "connection_lost"
            raise
        finally:
            connection.pending.pop(envelope_id, None)
            self._core.wire.add(
                "out", "envelope", name, request=envelope, response=response, started=started, error=error
            )

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to go: `warning` some seconds ahead, `refresh_requested` or `link_disabled` now."""
        for connection in list(self._connections):
            notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            self._core.wire.add("out", "envelope", f"disconnect ({reason})", request=notice)
            connection.draining = reason != "warning"
            await self._say(connection.ws, notice)
            wait = self._core.settings.socket_close_seconds
            if reason == "warning":
                wait = self._core.settings.socket_warning_seconds
            task = asyncio.create_task(self._close_later(connection, wait))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def cut(self) -> None:
        """End every connection without a word, as a network does."""
        for connection in list(self._connections):
            # Whoever still holds the socket sees it end at once; the reading loop then forgets it.
            connection.draining = True
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)

    async def close(self) -> None:
        """End everything when the sandbox stops."""
        for task in list(self._tasks):
            task.cancel()
        for connection in list(self._connections):
            await connection.ws.close()

    def _next(self) -> Connection | None:
        open_ones = [c for c in self._connections if not c.draining and not c.ws.closed]
        if not open_ones:
            return None
        self._turn += 1
        return open_ones[self._turn % len(open_ones)]

    async def _close_later(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if not connection.ws.closed:
            await connection.ws.close()

    def _take_ack(self, connection: Connection, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            return
        waiting = connection.pending.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        late = None if waiting is not None and not waiting.done() else "Nobody waits for this ack any more."
        self._core.wire.add(
            "in", "ack", ack.get("envelope_id", "") if isinstance(ack, dict) else "?", request=ack, error=late
        )
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for waiting in connection.pending.values():
            if not waiting.done():
                waiting.set_exception(ConnectionLost())
        self._core.feed.send("state")

    @staticmethod
    async def _say(ws: web.WebSocketResponse, words: JSON) -> bool:
        try:
            await ws.send_str(json.dumps(words))
        except (ConnectionError, RuntimeError):
            return False
        return True
