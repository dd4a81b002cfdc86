"""uvicorn inside this program: listens at one address, and ends when it is told to. What is answered is not here."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from functools import partial

import uvicorn

from bot.addresses import Address
from bot.errors import ConfigurationError
from bot.http.asgi import Application
from bot.http.protocol import BoundedProtocol, Bounds

# Elapsed seconds that requests under way may still take once it is told to end. Slack waits for three.
GRACE = 5
# Elapsed seconds that a connection may stay open without a request. Proxies keep theirs for longer than they use them.
KEEP_ALIVE = 15


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves signals to the program and says when it listens."""

    def __init__(self, config: uvicorn.Config, beat: Callable[[], None]) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()
        self._beat = beat

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    async def on_tick(self, counter: int) -> bool:
        # Ten times a second; a server that has ended beats no more.
        if counter % 10 == 0:
            self._beat()
        return await super().on_tick(counter)


class HttpServer:
    """Serves one application at one address. `beat` is called each second in which it lives.

    `trusted_proxies` lists the addresses whose forwarding headers are believed, as uvicorn reads them.
    """

    def __init__(
        self,
        application: Application,
        bounds: Bounds,
        *,
        beat: Callable[[], None] = lambda: None,
        trusted_proxies: str | None = None,
    ) -> None:
        config = uvicorn.Config(
            application,
            http=partial(BoundedProtocol, bounds),  # type: ignore[arg-type]
            ws="none",
            lifespan="off",
            interface="asgi3",
            # The program's own logging is set up already; who asked for what is a proxy's to write down.
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=trusted_proxies is not None,
            forwarded_allow_ips=trusted_proxies or "",
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=GRACE,
        )
        self._server = _Server(config, beat)
        self._serving: asyncio.Task[None] | None = None
        self.address: Address | None = None  # with the port that was taken

    async def start(self, address: Address) -> None:
        """Listens. Raises ConfigurationError where the address can't be had."""
        bound = await _bind(address)
        self.address = Address(address.host, bound.getsockname()[1])
        self._serving = asyncio.create_task(self._server.serve([bound]), name="http")
        listens = asyncio.create_task(self._server.listens.wait())
        await asyncio.wait({self._serving, listens}, return_when=asyncio.FIRST_COMPLETED)
        listens.cancel()
        if self._serving.done():
            self._serving.result()

    async def finish(self) -> None:
        """Listens no more, and returns when what is under way is answered, or after GRACE."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait({self._serving})


async def _bind(address: Address) -> socket.socket:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, where = found[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(where)
            # Whoever else has it is noticed here only, where the other one listens too.
            bound.listen()
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise ConfigurationError(_why(address, error)) from error
    return bound


def _why(address: Address, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {address.port} of {address.host} is taken. Choose another one, such as {_next(address)}."
        case errno.EACCES:
            return f"Port {address.port} is kept for the system. Choose one above 1023, such as {address.host}:3000."
    return f"This machine has no address {address.host}. Try 127.0.0.1, or 0.0.0.0 for all that it has."


def _next(address: Address) -> Address:
    return Address(address.host, address.port + 1 if address.port < 65_535 else 3000)
