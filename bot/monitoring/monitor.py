"""The three pages, and where they are served: with all that they tell at an address of their own, and beside Slack's
requests, where anybody may ask, with no word more than whether it works."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import Address
from bot.clock import ElapsedTime
from bot.connection.traffic import Refusal, Traffic
from bot.http.asgi import Application, Receive, Scope, Send, answer
from bot.http.protocol import Bounds
from bot.http.server import HttpServer
from bot.monitoring.checks import checks_of
from bot.monitoring.health import FINE, Health
from bot.monitoring.meters import Meters
from bot.services import Services
from bot.slack.manifest import EVENTS_PATH
from schedules.watchdog import Watchdog

# Whoever watches is near; elapsed seconds for a request to arrive.
PATIENCE = 5.0


class Monitor:
    """Health and numbers of one process. Until it watches something, it says that the program is starting."""

    def __init__(self, traffic: Traffic, elapsed: ElapsedTime) -> None:
        self.health = Health(elapsed)
        self.meters = Meters(traffic, elapsed)
        self._traffic = traffic
        self._server: HttpServer | None = None

    @property
    def routes(self) -> Mapping[str, Application]:
        """The pages by their paths."""
        pages = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}
        return {path: _reading(page, self._traffic) for path, page in pages.items()}

    @property
    def routes_for_anybody(self) -> Mapping[str, Application]:
        """What a proxy or a balancer needs to know, and no number, no name of a part."""
        pages = {"/healthz": self._is_alive, "/readyz": self._is_ready}
        return {path: _reading(page, self._traffic) for path, page in pages.items()}

    def served_at(self, requests_at: str | None) -> str | None:
        """The address before the paths: one of its own, else that of Slack's requests, if there is one."""
        if self._server is not None:
            return f"http://{self._server.address}"
        return requests_at.removesuffix(EVENTS_PATH) if requests_at is not None else None

    async def start(self, address: Address) -> None:
        """Serves the pages at an address of their own. Raises ConfigurationError where it can't be had."""
        self._server = HttpServer(self._serve, Bounds(self._traffic, PATIENCE))
        await self._server.start(address)

    async def close(self) -> None:
        """Ends what `start` began."""
        if self._server is not None:
            await self._server.finish()

    def watch(self, services: Services, watchdog: Watchdog, client: AsyncWebClient) -> None:
        """From now on this is what it tells of."""
        self.health.watch(checks_of(services, client), watchdog.silent)
        self.meters.watch(services, watchdog)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self.routes.get(scope["path"])
        if route is None:
            self._traffic.refused[Refusal.PATH] += 1
            await answer(send, 404, "There is nothing here.", headers={"connection": "close"})
        else:
            await route(scope, receive, send)

    async def _is_alive(self, send: Send) -> None:
        lives, _ = self.health.alive()
        await answer(send, 200 if lives else 503, FINE if lives else "silent")

    async def _is_ready(self, send: Send) -> None:
        is_ready = all(word == FINE for word in (await self.health.ready()).values())
        await answer(send, 200 if is_ready else 503, FINE if is_ready else "not ready")

    async def _healthz(self, send: Send) -> None:
        lives, words = self.health.alive()
        await answer(send, 200 if lives else 503, words)

    async def _readyz(self, send: Send) -> None:
        said = await self.health.ready()
        is_ready = all(word == FINE for word in said.values())
        await answer(send, 200 if is_ready else 503, json.dumps(said), kind="application/json")

    async def _metrics(self, send: Send) -> None:
        await answer(send, 200, await self.meters.page(), kind=CONTENT_TYPE_PLAIN_0_0_4)


def _reading(page: Callable[[Send], Awaitable[None]], traffic: Traffic) -> Application:
    """A page that can be read, and nothing else."""

    async def serve(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            traffic.refused[Refusal.METHOD] += 1
            await answer(send, 405, "GET only.", headers={"allow": "GET, HEAD", "connection": "close"})
            return
        await page(send)

    return serve
