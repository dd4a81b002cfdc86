"""Connections that stay open between calls, against a server that counts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.slack.client import client_of, kept_connections


@dataclass
class Counting:
    """A Slack that sets a cookie, and remembers of each call its connection, its token and its cookies."""

    address: str = ""
    calls: list[tuple[int, str, str | None]] = field(default_factory=list)
    connections: dict[int, asyncio.Transport] = field(default_factory=dict)
    silent: bool = False

    async def answer(self, request: web.Request) -> web.Response:
        if self.silent:
            await asyncio.sleep(60)
        assert isinstance(request.transport, asyncio.Transport)
        number = next((one for one, known in self.connections.items() if known is request.transport), None)
        if number is None:
            number = len(self.connections)
            self.connections[number] = request.transport
        self.calls.append((number, request.headers["Authorization"], request.headers.get("Cookie")))
        answer = web.json_response({"ok": True, "channel": "C1", "ts": "1.0"})
        answer.set_cookie("b", request.headers["Authorization"].removeprefix("Bearer "))
        return answer


@pytest.fixture
async def slack() -> AsyncIterator[Counting]:
    counting = Counting()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", counting.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    counting.address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield counting
    await runner.cleanup()


async def _post(client: Any) -> None:
    await client.chat_postMessage(channel="C1", text="Hello")


async def test_one_call_after_another_goes_over_one_connection(slack: Counting) -> None:
    async with kept_connections(5.0) as connections:
        for token in ("xoxb-1", "xoxb-2", "xoxb-1"):
            await _post(client_of(token, slack.address, connections))
    assert [number for number, _token, _cookie in slack.calls] == [0, 0, 0]
    assert [token for _number, token, _cookie in slack.calls] == ["Bearer xoxb-1", "Bearer xoxb-2", "Bearer xoxb-1"]


async def test_no_cookie_of_one_workspace_goes_along_to_another(slack: Counting) -> None:
    async with kept_connections(5.0) as connections:
        for token in ("xoxb-1", "xoxb-2"):
            await _post(client_of(token, slack.address, connections))
    assert [cookie for _number, _token, cookie in slack.calls] == [None, None]


async def test_one_that_slack_closed_meanwhile_is_not_used_again(slack: Counting) -> None:
    async with kept_connections(5.0) as connections:
        client = client_of("xoxb-1", slack.address, connections)
        await _post(client)
        slack.connections[0].close()
        await asyncio.sleep(0.05)
        await _post(client)
    assert [number for number, _token, _cookie in slack.calls] == [0, 1]


async def test_one_that_rested_for_long_is_not_used_again(slack: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.client.IDLE_AT_MOST", 0.05)
    async with kept_connections(5.0) as connections:
        client = client_of("xoxb-1", slack.address, connections)
        await _post(client)
        await asyncio.sleep(0.2)
        await _post(client)
    assert [number for number, _token, _cookie in slack.calls] == [0, 1]


async def test_an_answer_is_not_waited_for_longer_than_said(slack: Counting) -> None:
    slack.silent = True
    async with kept_connections(0.1) as connections:
        with pytest.raises(TimeoutError):
            await _post(client_of("xoxb-1", slack.address, connections))
