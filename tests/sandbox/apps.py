"""Bots for the sandbox's tests that have nothing of this project: raw sockets, raw HTTP, and Bolt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

JSON = dict[str, Any]
Reply = Callable[[JSON], Any]


@dataclass
class RawSocket:
    """A Socket Mode connection driven by hand. `reply` decides the ack's payload; NO_ACK leaves it out."""

    socket: aiohttp.ClientWebSocketResponse
    reply: Reply
    envelopes: list[JSON] = field(default_factory=list)
    others: list[JSON] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    async def read(self) -> None:
        """Take frames and acknowledge them until the connection ends."""
        async for frame in self.socket:
            if frame.type != aiohttp.WSMsgType.TEXT:
                continue
            words = json.loads(frame.data)
            if "envelope_id" not in words:
                self.others.append(words)
                continue
            self.envelopes.append(words)
            answer = self.reply(words)
            if answer is NO_ACK:
                continue
            ack: JSON = {"envelope_id": words["envelope_id"]}
            if answer is not None:
                ack["payload"] = answer
            await self.socket.send_json(ack)

    @property
    def payloads(self) -> list[JSON]:
        """What the envelopes held."""
        return [envelope["payload"] for envelope in self.envelopes]


NO_ACK = object()


async def open_socket(sandbox: Sandbox, session: aiohttp.ClientSession, reply: Reply) -> RawSocket:
    """One connection, hello taken."""
    client = AsyncWebClient(base_url=sandbox.api_url, retry_handlers=[])
    opened = await client.apps_connections_open(app_token=sandbox.app_token)
    raw = RawSocket(await session.ws_connect(opened["url"]), reply)
    raw.others.append(await raw.socket.receive_json())
    raw.task = asyncio.create_task(raw.read())
    return raw


@asynccontextmanager
async def connected(sandbox: Sandbox, reply: Reply = lambda envelope: None) -> AsyncIterator[RawSocket]:
    """A bot with one connection that acknowledges everything unless told otherwise."""
    async with aiohttp.ClientSession() as session:
        raw = await open_socket(sandbox, session, reply)
        yield raw
        await raw.socket.close()
        if raw.task is not None:
            await raw.task


@dataclass
class HttpBot:
    """A bot behind a request URL."""

    url: str
    requests: list[tuple[dict[str, str], JSON]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)


@asynccontextmanager
async def http_bot(answer: Callable[[JSON, int], Awaitable[web.StreamResponse]]) -> AsyncIterator[HttpBot]:
    """A bot that answers each request with `answer(payload, how many came before)`."""
    bot = HttpBot("")

    async def take(request: web.Request) -> web.StreamResponse:
        text = await request.text()
        if request.content_type == "application/json":
            payload = json.loads(text)
        else:
            form = {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}
            payload = json.loads(form["payload"]) if "payload" in form else form
        bot.requests.append(({k.lower(): v for k, v in request.headers.items()}, payload))
        bot.bodies.append(text)
        return await answer(payload, len(bot.requests) - 1)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield bot
    finally:
        await runner.cleanup()
