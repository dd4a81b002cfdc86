"""The sandbox is for this machine's own pages and programs; what is too deep to read is said to be."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.sandbox import Sandbox


async def asked(sandbox: Sandbox, path: str, data: str | None = None, **headers: str) -> tuple[int, str]:
    method = "GET" if data is None else "POST"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{sandbox.url}{path}", data=data, headers=headers) as reply,
    ):
        return reply.status, await reply.text()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_this_machine_s_own_names(sandbox: Sandbox, name: str) -> None:
    host = f"{name}:{urlsplit(sandbox.url).port}"
    assert (await asked(sandbox, "/page/state", Host=host))[0] == 200
    posted = await asked(sandbox, "/page/clock", '{"mode": "hold"}', Host=host, Origin=f"http://{host}")
    assert posted[0] == 200


@pytest.mark.parametrize(
    "host", ["rebound.example.org", "rebound.example.org:80", "192.0.2.1", "127.0.0.1.example.org", ""]
)
async def test_another_name_for_this_machine(sandbox: Sandbox, host: str) -> None:
    for path in ("/", "/page/state", "/api/api.test", "/page/stream?as=U1"):
        status, said = await asked(sandbox, path, Host=host)
        assert status == 403, path
        assert "answers to localhost and 127.0.0.1 only" in said


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://127.0.0.1", "http://localhost:1"])
async def test_another_page(sandbox: Sandbox, origin: str) -> None:
    before = sandbox.clock.now()
    for path, data in (
        ("/page/clock", '{"mode": "sleep", "to": 4000000000}'),
        ("/page/message", '{"as": "U1", "channel": "C1", "text": "Not me"}'),
        ("/api/api.test", ""),
        ("/page/state", None),
    ):
        status, said = await asked(sandbox, path, data, Origin=origin)
        assert status == 403, path
        assert "takes nothing from other pages" in said
    assert (sandbox.clock.now() - before).total_seconds() < 3600
    assert not list(sandbox.channel("C1").top_level())


@pytest.mark.parametrize("path", ["/page/message", "/api/chat.postMessage", "/response/x"])
async def test_what_is_too_deep(sandbox: Sandbox, path: str) -> None:
    assert await asked_deep(sandbox, path, 100_000) == (400, '{"error": "That is too deep."}')
    # How deep Python itself reads differs between its versions; what it reads is no payload, and refused as that.
    status, said = await asked_deep(sandbox, path, 5_000)
    assert status < 500
    assert "error" in said
    assert not list(sandbox.channel("C1").top_level())


async def asked_deep(sandbox: Sandbox, path: str, levels: int) -> tuple[int, str]:
    return await asked(sandbox, path, "[" * levels + "]" * levels, **{"Content-Type": "application/json"})
