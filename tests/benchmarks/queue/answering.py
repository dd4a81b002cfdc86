"""A Slack that only answers, as a process of its own: it takes every message at once, checks nothing, and remembers
which arrived when. The sandbox would be slower than what is measured.

    python -c "import tests.benchmarks.queue.answering as slack; slack.main()"
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

_PROGRAM = "import tests.benchmarks.queue.answering as slack; slack.main()"


class AnsweringSlack:
    """What it was sent: keys of messages, with the moment (`time.monotonic`, one clock for all processes)."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, float]] = []
        self.app = web.Application(client_max_size=2**24)
        self.app.router.add_route("*", "/api/{method}", self._answer)
        self.app.router.add_get("/arrived", self._tell)
        self.app.router.add_post("/forget", self._forget)

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body: Mapping[str, Any] = await request.json() if request.content_type == "application/json" else {}
        if method in ("chat.postMessage", "chat.update"):
            now = time.monotonic()
            payload = (body.get("metadata") or {}).get("event_payload") or {}
            self.arrived.append((str(payload.get("key")), now))
            ts = f"1700000000.{len(self.arrived):06}"
            return web.json_response({"ok": True, "channel": body["channel"], "ts": body.get("ts") or ts})
        if method == "users.info":
            return web.json_response({"ok": True, "user": {"id": "U0", "deleted": False}})
        if method == "conversations.open":
            return web.json_response({"ok": True, "channel": {"id": "D0BENCH"}})
        return web.json_response({"ok": True, "messages": []})

    async def _tell(self, request: web.Request) -> web.Response:
        return web.json_response(self.arrived[int(request.query.get("after", "0")) :])

    async def _forget(self, _request: web.Request) -> web.Response:
        self.arrived.clear()
        return web.json_response({"ok": True})


class Answering:
    """The other process, as this one sees it."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self._address, self._session = address, session

    @property
    def api_url(self) -> str:
        """What the client is given as Slack's address."""
        return f"{self._address}/api/"

    async def arrived(self, after: int = 0) -> list[tuple[str, float]]:
        """Key and moment of each message from this number on, in the order in which they came."""
        async with self._session.get(f"{self._address}/arrived", params={"after": str(after)}) as answer:
            return [(key, moment) for key, moment in await answer.json()]

    async def forget(self) -> None:
        """Begins anew."""
        async with self._session.post(f"{self._address}/forget") as answer:
            answer.raise_for_status()


@asynccontextmanager
async def answering() -> AsyncIterator[Answering]:
    """A process that answers until the context ends."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _PROGRAM, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        port = int(await asyncio.wait_for(process.stdout.readline(), 60))
        async with aiohttp.ClientSession() as session:
            yield Answering(f"http://127.0.0.1:{port}", session)
    finally:
        process.terminate()
        await process.wait()


async def _serve() -> None:
    runner = web.AppRunner(AnsweringSlack().app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Answers until it is ended; prints its port first."""
    asyncio.run(_serve())
