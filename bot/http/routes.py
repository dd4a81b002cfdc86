"""Which application answers at which path, and a server that has nothing but such paths."""

from __future__ import annotations

from collections.abc import Mapping

from bot.addresses import Address
from bot.connection.traffic import Refusal, Traffic
from bot.errors import ConfigurationError
from bot.http.asgi import Application, Receive, Scope, Send, answer
from bot.http.protocol import Bounds
from bot.http.server import HttpServer


class Routes:
    """Applications by path. One at a path that ends with a slash answers at all below it."""

    def __init__(self, traffic: Traffic, routes: Mapping[str, Application]) -> None:
        self._traffic = traffic
        self._routes = dict(routes)

    def add(self, path: str, application: Application) -> None:
        self._routes[path] = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        route = self._routes.get(path) or self._routes.get(path[: path.rfind("/") + 1])
        if route is not None:
            await route(scope, receive, send)
            return
        self._traffic.refused[Refusal.PATH] += 1
        await answer(send, 404, "There is nothing here.", headers={"connection": "close"})


class PagesServer:
    """Serves pages where Slack's requests come another way. `patience` is how many elapsed seconds a request's head may
    take to arrive."""

    def __init__(
        self, traffic: Traffic, routes: Mapping[str, Application], *, patience: float, trusted_proxies: str | None
    ) -> None:
        self._server = HttpServer(Routes(traffic, routes), Bounds(traffic, patience), trusted_proxies=trusted_proxies)

    @property
    def address(self) -> Address | None:
        """Where it listens, with the port that was taken."""
        return self._server.address

    async def start(self, address: Address) -> None:
        """Listens. Raises ConfigurationError where the address can't be had."""
        try:
            await self._server.start(address)
        except ConfigurationError as error:
            raise ConfigurationError(
                f"The pages that mails lead to can't be served at BACKBEAT_HTTP_ADDRESS={address}. {error} Where "
                "several processes of Backbeat run on one machine, each needs an address of its own, and the proxy "
                "leads to any of them."
            ) from error

    async def finish(self) -> None:
        """Listens no more, and returns when what is under way is answered."""
        await self._server.finish()
