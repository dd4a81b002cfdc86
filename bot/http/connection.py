"""Slack's requests, taken over HTTP instead of Socket Mode. What they say is read by Bolt, as with any other."""

from __future__ import annotations

import structlog
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import Address
from bot.http.asgi import Application, Receive, Scope, Send, answer
from bot.http.server import HttpServer
from bot.slack.manifest import EVENTS_PATH
from schedules.watchdog import Watchdog

log = structlog.get_logger(__name__)


class HttpConnection:
    """A server for Slack's requests. Until it is opened, Slack is asked to come again."""

    def __init__(self, address: Address, secret: str, *, trusted_proxies: str | None = None) -> None:
        self._wanted = address
        self._secret = secret
        self._server = HttpServer(self._serve, beat=self._beat, trusted_proxies=trusted_proxies)
        self._routes: dict[str, Application] = {}
        self._watchdog: Watchdog | None = None

    @property
    def requests_at(self) -> str | None:
        """The address for Slack's requests, with the port that was taken."""
        return f"http://{self._server.address or self._wanted}{EVENTS_PATH}"

    async def start(self) -> None:
        """Listens already, so that whoever watches it hears that it is starting."""
        await self._server.start(self._wanted)

    async def open(self, bolt: AsyncApp, client: AsyncWebClient, watchdog: Watchdog) -> None:
        """From now on requests go to Bolt."""
        self._watchdog = watchdog
        self._routes[EVENTS_PATH] = AsyncSlackRequestHandler(bolt, path=EVENTS_PATH)

    async def finish(self) -> None:
        """Listens no more, and returns when what is under way is answered."""
        await self._server.finish()

    async def close(self) -> None:
        """Ends it."""
        await self._server.finish()

    def _beat(self) -> None:
        if self._watchdog is not None:
            self._watchdog.beat("http")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get(scope["path"])
        if route is not None:
            await route(scope, receive, send)
        elif scope["path"] == EVENTS_PATH:
            await answer(send, 503, "Starting.", headers={"retry-after": "5"})
        else:
            await answer(send, 404, "There is nothing here.")
