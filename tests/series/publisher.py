"""Somebody who publishes figures, on this machine: a real server that answers well, or badly in every way."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from aiohttp import web

from bot.domain.record import Series
from bot.domain.series import Look
from bot.series import Bounds, Endpoints, Fetcher, SeriesKeys, SeriesReader, read_hosts

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
TODAY = date(2026, 11, 20)
SOON = Bounds(seconds=1.0, most_bytes=200_000)


@dataclass
class Publisher:
    """What is published by path, and every request that came."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)  # what the fetcher was about to ask

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.bodies.append(await request.read())
        found = self.answers.get(request.path)
        return await found(request) if found is not None else web.Response(status=404, text="not here")

    def says(self, path: str, content: str | bytes, *, kind: str = "text/csv", **more: Any) -> str:
        """Publishes something; its address."""
        body = content.encode() if isinstance(content, str) else content

        async def say(_request: web.Request) -> web.Response:
            headers = {"Content-Type": kind, **more.get("headers", {})}
            return web.Response(status=more.get("status", 200), body=body, headers=headers)

        self.answers[path] = say
        return f"{self.here}{path}"

    def says_json(self, path: str, content: object, *, status: int = 200) -> str:
        return self.says(path, json.dumps(content), kind="application/json", status=status)

    def sends_to(self, path: str, elsewhere: str, status: int = 302) -> str:
        """Redirects."""
        return self.says(path, "", headers={"Location": elsewhere}, status=status)

    def drips(self, path: str) -> str:
        """A byte now and then, without an end."""

        async def drip(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "text/csv"})
            await response.prepare(request)
            while True:
                await response.write(b"a")
                await asyncio.sleep(0.05)

        self.answers[path] = drip
        return f"{self.here}{path}"

    def floods(self, path: str) -> str:
        """Bytes without an end, as fast as they go."""

        async def flood(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "text/csv"})
            await response.prepare(request)
            while True:
                await response.write(b"2026-09,4.1\n" * 1000)

        self.answers[path] = flood
        return f"{self.here}{path}"

    def bursts(self, path: str) -> str:
        """A small answer that unfolds to 50 MB."""
        return self.says(path, gzip.compress(b"\n" * 50_000_000), headers={"Content-Encoding": "gzip"})

    def reader(
        self, hosts: str | None = None, *, keys: SeriesKeys | None = None, bounds: Bounds = SOON
    ) -> SeriesReader:
        """Who reads it; of the providers' own hosts this server stands in the place."""
        listed = [f"127.0.0.1:{self.port}"] if hosts is None else [one for one in hosts.split(",") if one]
        return SeriesReader(
            Fetcher(bounds, watch=self.origins.append),
            read_hosts(listed),
            keys or SeriesKeys(fred="f" * 32, bls="b" * 32, census="c" * 40),
            Endpoints(fred=f"{self.here}/fred", bls=f"{self.here}/bls", census=f"{self.here}/census"),
        )


@asynccontextmanager
async def publishing() -> AsyncIterator[Publisher]:
    """A publisher while the block runs."""
    publisher = Publisher()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", publisher.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    publisher.port = runner.addresses[0][1]
    try:
        yield publisher
    finally:
        await runner.cleanup()


def look_at(address: str, provider: str = "csv", **fields: Any) -> Look:
    """One look; of a CSV file at its columns month and rate."""
    columns: dict[str, Any] = {"period_column": "month", "value_column": "rate"} if provider == "csv" else {}
    given: dict[str, Any] = {name: fields.pop(name) for name in ("period_column", "value_column") if name in fields}
    usual = Look(
        coalition_id=1,
        metric_id=1,
        metric="rate",
        series=Series(provider=provider, address=address, **{**columns, **given}),
        unit="percent",
        frequency="monthly",
        since=date(2024, 1, 1),
        today=TODAY,
        locale="en-US",
    )
    return replace(usual, **fields)
