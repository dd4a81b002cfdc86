"""The server: where it listens, how it says that it can't, and how it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.addresses import LOOPBACK, Address
from bot.connection.traffic import Traffic
from bot.errors import ConfigurationError
from bot.http.asgi import Application, Receive, Scope, Send, answer
from bot.http.protocol import Bounds
from bot.http.routes import PagesServer
from bot.http.server import HttpServer

ANYWHERE = Address(LOOPBACK, 0)


def server_of(application: Application, **options: Any) -> HttpServer:
    return HttpServer(application, Bounds(Traffic(), 5.0), **options)


async def greet(_scope: Scope, _receive: Receive, send: Send) -> None:
    await answer(send, 200, "Hello.")


async def test_it_finishes_what_is_under_way_and_takes_nothing_new() -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.set()
        await go_on.wait()
        await greet(scope, receive, send)

    server = server_of(wait)
    await server.start(ANYWHERE)
    async with aiohttp.ClientSession() as session:
        under_way = asyncio.create_task(session.get(f"http://{server.address}/"))
        await arrived.wait()
        finishing = asyncio.create_task(server.finish())
        while True:
            try:
                (await asyncio.open_connection(LOOPBACK, server.address.port if server.address else 0))[1].close()
            except OSError:
                break
            await asyncio.sleep(0.01)
        assert not finishing.done()
        go_on.set()
        reply = await under_way
        assert (reply.status, await reply.text()) == (200, "Hello.")
        await finishing


async def test_a_port_that_somebody_else_has() -> None:
    first, second = server_of(greet), server_of(greet)
    await first.start(ANYWHERE)
    assert first.address is not None
    with pytest.raises(ConfigurationError, match=rf"Port {first.address.port} of 127.0.0.1 is taken. Choose another"):
        await second.start(first.address)
    await first.finish()
    await second.finish()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_an_address_that_this_machine_has_not(host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"This machine has no address {host}. Try 127.0.0.1"):
        await server_of(greet).start(Address(host, 0))


async def test_it_beats_while_it_lives() -> None:
    beats: list[None] = []
    server = server_of(greet, beat=lambda: beats.append(None))
    await server.start(ANYWHERE)
    await server.finish()
    assert beats


@pytest.mark.parametrize(("trusted", "seen"), [(None, "127.0.0.1"), ("127.0.0.1", "203.0.113.9")])
async def test_forwarding_headers_are_believed_of_trusted_proxies_only(trusted: str | None, seen: str) -> None:
    async def whence(scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, 200, scope["client"][0])

    server = server_of(whence, trusted_proxies=trusted)
    await server.start(ANYWHERE)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{server.address}/", headers={"X-Forwarded-For": "203.0.113.9"}) as reply,
    ):
        assert await reply.text() == seen
    await server.finish()


async def test_two_processes_on_one_machine_are_told_to_serve_pages_at_addresses_of_their_own() -> None:
    first, second = (PagesServer(Traffic(), {}, patience=5.0, trusted_proxies=None) for _ in range(2))
    await first.start(Address("127.0.0.1", 0))
    assert first.address is not None
    with pytest.raises(ConfigurationError) as refused:
        await second.start(first.address)
    at = f"BACKBEAT_HTTP_ADDRESS=127.0.0.1:{first.address.port}"
    assert str(refused.value) == (
        f"The pages that mails lead to can't be served at {at}. Port {first.address.port} of 127.0.0.1 is taken. "
        f"Choose another one, such as 127.0.0.1:{first.address.port + 1}. Where several processes of Backbeat run on "
        "one machine, each needs an address of its own, and the proxy leads to any of them."
    )
    await first.finish()
