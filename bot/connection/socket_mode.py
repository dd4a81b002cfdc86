"""Socket Mode: connects once, and keeps the connection alive. What Slack's own client does by itself is not here."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import aiohttp
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

# Elapsed seconds between two looks at a socket that has not ended, and its beats. That it ended is told at once, where
# Slack's own client looks every ten seconds.
LOOK = 1.0
# How long after its end Slack's own client has to connect anew, as it does where Slack asked for it; and between two
# looks while there is no connection.
GRACE = 0.1
# Between the first two tries to connect again, and at most, where Slack can't be reached or has no connection to spare.
FIRST, MOST = 0.5, 30.0
RECONNECT_AFTER = 20.0
CONNECTING_TIMEOUT = 10.0
PING_INTERVAL = 10.0


class HeardSocket(aiohttp.ClientWebSocketResponse):
    """A web socket that tells of its end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ended = asyncio.Event()

    async def receive(self, *arguments: Any, **options: Any) -> aiohttp.WSMessage:
        """The next message. Whoever ended the socket, and however, it is seen here: somebody always waits for one."""
        try:
            return await super().receive(*arguments, **options)
        finally:
            if self.closed:
                self.ended.set()


class PatientClient(SocketModeClient):
    """Slack's own client, which waits where Slack has no connection to spare: ten are open for the app already."""

    is_refused = False
    _pause = FIRST

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        plain = self.aiohttp_client_session
        self.aiohttp_client_session = aiohttp.ClientSession(
            connector=plain.connector,
            ws_response_class=HeardSocket,
        )
        plain.detach()

    async def until_it_ends(self, limit: float) -> None:
        """Returns when the socket has ended, or after so many elapsed seconds. One that has ended already is waited for
        no longer than a moment."""
        socket = self.current_session
        if not isinstance(socket, HeardSocket) or socket.ended.is_set():
            await asyncio.sleep(min(GRACE, limit))
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await socket.ended.wait()
                await asyncio.sleep(GRACE)

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Asks for another address and connects there; after growing pauses where it was refused."""
        if self.is_refused:
            pause, self._pause = self._pause, min(MOST, self._pause * 2)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        await super().connect_to_new_endpoint(force)

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Hears first whether it was let in."""
        kind = message.get("type")
        if kind == "hello":
            if self.is_refused:
                log.warning("socket_let_in")
            self.is_refused, self._pause = False, FIRST
        elif kind == "disconnect" and message.get("reason") == "too_many_websockets":
            if not self.is_refused:
                log.warning("socket_refused", why="Slack lets an app have ten connections, and all are in use.")
            self.is_refused = True
        await super().run_message_listeners(message, raw_message)


class CheckedHandler(AsyncSocketModeHandler):
    """Bolt's adapter, to which only payloads go that Slack could have sent; any other is taken, counted and left."""

    def __init__(self, bolt: AsyncApp, app_token: str, traffic: Traffic, elapsed: ElapsedTime) -> None:
        # As Bolt's own does, with another client.
        self.app, self.app_token = bolt, app_token
        self.client: PatientClient = PatientClient(
            app_token=app_token, logger=bolt.logger, web_client=bolt.client, ping_interval=PING_INTERVAL
        )
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]
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
        self._handler: CheckedHandler | None = None
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


async def _watch_socket(handler: CheckedHandler, watchdog: Watchdog) -> None:
    """Beats while the socket is alive, and connects again at once when it has ended. The rest is the watchdog's."""
    client, loop, pause = handler.client, asyncio.get_running_loop(), FIRST
    last_alive = beaten_at = loop.time()
    while True:
        await client.until_it_ends(LOOK)
        now = loop.time()
        is_alive = await client.is_connected()
        if is_alive:
            last_alive, pause = now, FIRST
        if (is_alive or client.is_refused) and now - beaten_at >= LOOK / 2:
            beaten_at = now
            watchdog.beat("socket")
        if is_alive or client.is_refused:
            continue  # where Slack has no connection to spare the client asks again by itself
        has_ended = client.current_session is None or client.current_session.closed
        if not has_ended and now - last_alive <= RECONNECT_AFTER:
            continue  # a silent one may only be slow
        log.warning("socket_ended" if has_ended else "socket_silent")
        try:
            await client.connect_to_new_endpoint(force=not has_ended)
        except Exception:
            # Slack may be away for a while; the watchdog ends the process if it stays away.
            log.warning("socket_reconnect_failed")
        last_alive = loop.time()
        if not await client.is_connected():
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(MOST, pause * 2)
