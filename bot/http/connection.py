"""Slack's requests, taken over HTTP instead of Socket Mode. What they say is read by Bolt, as with any other."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import Address
from bot.clock import SystemElapsedTime
from bot.connection.traffic import Traffic
from bot.http.asgi import Application
from bot.http.guard import Guard
from bot.http.protocol import Bounds
from bot.http.routes import Routes
from bot.http.server import HttpServer
from bot.slack.manifest import EVENTS_PATH
from schedules.watchdog import Watchdog


class HttpConnection:
    """A server for Slack's requests, and for whatever else has a route there.

    `patience` is how many elapsed seconds a request may take to arrive.
    """

    def __init__(
        self, address: Address, secret: str, traffic: Traffic, *, patience: float, trusted_proxies: str | None = None
    ) -> None:
        self._wanted = address
        self._guard = Guard(secret, traffic, SystemElapsedTime(), patience=patience)
        self._routes = Routes(traffic, {EVENTS_PATH: self._guard})
        self._server = HttpServer(
            self._routes, Bounds(traffic, patience), beat=self._beat, trusted_proxies=trusted_proxies
        )
        self._watchdog: Watchdog | None = None

    @property
    def requests_at(self) -> str | None:
        """The address for Slack's requests, with the port that was taken."""
        return f"http://{self._server.address or self._wanted}{EVENTS_PATH}"

    def add_route(self, path: str, application: Application) -> None:
        """Serves something else at a path of its own, or at all below one that ends with a slash. It has to look after
        itself: nothing guards it but the bounds on connections."""
        self._routes.add(path, application)

    async def start(self) -> None:
        """Listens already, so that whoever watches it hears that it is starting."""
        await self._server.start(self._wanted)

    async def open(self, bolt: AsyncApp, client: AsyncWebClient, watchdog: Watchdog) -> None:
        """From now on requests go to Bolt."""
        self._watchdog = watchdog
        self._guard.open(bolt)

    async def finish(self) -> None:
        """Listens no more, and returns when what is under way is answered."""
        await self._server.finish()

    async def close(self) -> None:
        """Ends it."""
        await self._server.finish()

    def _beat(self) -> None:
        if self._watchdog is not None:
            self._watchdog.beat("http")
