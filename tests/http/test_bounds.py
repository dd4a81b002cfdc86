"""Connections over a real socket: slow ones are cut off, too many are refused, and what is no HTTP is counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.addresses import LOOPBACK, Address
from bot.connection.traffic import Refusal, Traffic
from bot.http.asgi import Receive, Scope, Send, answer
from bot.http.protocol import Bounds
from bot.http.server import HttpServer

HEAD = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"


class Place:
    """A server with little patience, and what it counted."""

    def __init__(self) -> None:
        self.traffic = Traffic()
        self.size = 5
        self.server = HttpServer(self._serve, Bounds(self.traffic, 0.15, most=3))

    async def _serve(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, 200, "x" * self.size)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        assert self.server.address is not None
        return await asyncio.open_connection(LOOPBACK, self.server.address.port)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    opened = Place()
    await opened.server.start(Address(LOOPBACK, 0))
    yield opened
    await opened.server.finish()


async def ends(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the connection ends."""
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b""


@pytest.mark.parametrize("said", [b"", b"G", HEAD[:-2], HEAD + b"G", HEAD + HEAD + b"GET / HTTP/1.1\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(place: Place, said: bytes) -> None:
    reader, writer = await place.connect()
    writer.write(said)
    assert (await ends(reader)).count(b"200 OK") == said.count(HEAD)
    writer.close()
    assert place.traffic.refused == {Refusal.TOO_SLOW: 1}


async def test_a_head_that_comes_byte_by_byte_is_not_waited_for_either(place: Place) -> None:
    reader, writer = await place.connect()

    async def drip() -> None:
        for byte in HEAD * 20:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    assert await ends(reader) == b""
    dripping.cancel()
    writer.close()
    assert place.traffic.refused == {Refusal.TOO_SLOW: 1}


async def test_a_connection_may_rest_between_two_requests(place: Place) -> None:
    reader, writer = await place.connect()
    for _ in range(2):
        writer.write(HEAD)
        assert b"200 OK" in await reader.readuntil(b"xxxxx")
        await asyncio.sleep(0.25)
    writer.close()
    assert not place.traffic.refused


async def test_whoever_reads_no_answer_is_not_waited_for(place: Place) -> None:
    place.size = 20_000_000
    _reader, writer = await place.connect()
    writer.write(HEAD)
    await asyncio.sleep(0.1)
    assert len(place.server._server.server_state.connections) == 1
    for _ in range(100):
        if not place.server._server.server_state.connections:
            break
        await asyncio.sleep(0.05)
    assert not place.server._server.server_state.connections
    writer.close()


async def test_too_many_connections_at_once(place: Place) -> None:
    resting = [await place.connect() for _ in range(3)]
    reader, writer = await place.connect()
    assert await ends(reader) == b""
    assert place.traffic.refused[Refusal.TOO_MANY] == 1
    for _, one in [*resting, (reader, writer)]:
        one.close()


@pytest.mark.parametrize(
    "said",
    [b"\x16\x03\x01 hello\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", HEAD[:-2] + b"a: " + b"x" * 99_999],
)
async def test_what_is_no_http(place: Place, said: bytes) -> None:
    reader, writer = await place.connect()
    writer.write(said)
    assert (await ends(reader)).startswith(b"HTTP/1.1 400")
    writer.close()
    assert place.traffic.refused == {Refusal.NOT_HTTP: 1}


async def test_what_turns_out_to_be_no_http_behind_its_head_is_ended_quietly(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """uvicorn answers by itself, before the application has begun."""
    reader, writer = await place.connect()
    writer.write(b"POST / HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")
    assert (await ends(reader)).startswith(b"HTTP/1.1 400")
    writer.close()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
