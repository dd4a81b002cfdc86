"""Socket Mode: connects once, and keeps the connection alive. What Slack's own client does by itself is not here."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ElapsedTime, SystemElapsedTime
from bot.connection.dispatching import dispatched
from bot.connection.payloads import Malformed, check
from bot.connection.traffic import Traffic
from bot.errors import Unavailable
from bot.slack import directory
from schedules.watchdog import Watchdog

log = structlog.get_logger(__name__)

RECONNECT_AFTER = 20.0
CONNECTING_TIMEOUT = 10.0


class CheckedHandler(AsyncSocketModeHandler):
    """Bolt's adapter, to which only payloads go that Slack could have sent; any other is taken, counted and left."""

    def __init__(self, bolt: AsyncApp, app_token: str, traffic: Traffic, elapsed: ElapsedTime) -> None:
        super().__init__(bolt, app_token)
        self._traffic = traffic
        self._elapsed = elapsed

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        try:
            payload = check(req.payload)
        except Malformed as error:
            self._traffic.refused[error.why] += 1
            log.warning("payload_left", why=str(error.why))
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        request = AsyncBoltRequest(mode="socket_mode", body=payload, headers=build_headers(req))
        response = await dispatched(self.app, request, self._traffic, self._elapsed)
        await send_async_response(client, req, response, self._elapsed.epoch())


class SocketMode:
    """Slack's web socket."""

    requests_at: str | None = None

    def __init__(self, app_token: str, traffic: Traffic) -> None:
        self._app_token = app_token
        self._traffic = traffic
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Needs nothing: it is this machine that connects."""

    async def open(self, bolt: AsyncApp, client: AsyncWebClient, watchdog: Watchdog) -> None:
        """Connects once. Slack's own client would try one address for ever, and say nothing of a refusal."""
        handler = self._handler
        if handler is None:
            handler = self._handler = CheckedHandler(bolt, self._app_token, self._traffic, SystemElapsedTime())
        handler.client.wss_uri = await directory.socket_address(client, self._app_token)
        try:
            async with asyncio.timeout(CONNECTING_TIMEOUT):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            why = "Slack's socket can't be reached. Check that the network lets it through."
            raise Unavailable(why, of="slack") from error
        self._watch = asyncio.create_task(_watch_socket(handler, watchdog), name="socket")

    async def finish(self) -> None:
        """Connects no more. What the socket brings while the last messages are sent is still answered."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch

    async def close(self) -> None:
        """Ends the connection."""
        await self.finish()
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]


async def _watch_socket(handler: AsyncSocketModeHandler, watchdog: Watchdog) -> None:
    """Beats while the socket is alive; reconnects when it is not, and leaves the rest to the watchdog."""
    loop = asyncio.get_running_loop()
    last_alive = loop.time()
    while True:
        await asyncio.sleep(1.0)
        if await handler.client.is_connected():
            last_alive = loop.time()
            watchdog.beat("socket")
        elif loop.time() - last_alive > RECONNECT_AFTER:
            last_alive = loop.time()
            log.warning("socket_silent")
            try:
                await handler.client.connect_to_new_endpoint(force=True)
            except Exception:
                # Slack may be away for a while; the watchdog ends the process if it stays away.
                log.warning("socket_reconnect_failed")
