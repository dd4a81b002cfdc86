"""One answer of one host, within bounds: of time, of size as it is sent and as it unfolds, of redirects.

Nothing here logs or repeats an address: it may hold a key.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.domain.series import SeriesTrouble
from bot.series.hosts import Hosts, NotAllowed, PublicResolver

MOST_BYTES = 2_000_000
MOST_REDIRECTS = 3
PATIENCE = 20.0  # elapsed seconds for all of it
AGAIN = "I look again tomorrow."
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASKS = {"Accept-Encoding": "gzip, identity", "User-Agent": "Backbeat"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its status, its headers, and all that it holds."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how large an answer may be."""

    seconds: float = PATIENCE
    most_bytes: int = MOST_BYTES
    most_redirects: int = MOST_REDIRECTS


# Tells what is about to be asked, by scheme, host and port.
Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Asks hosts. `watch` hears of each request before it is made; `resolver` looks names up."""

    bounds: Bounds = field(default_factory=Bounds)
    watch: Watch = lambda _origin: None
    resolver: AbstractResolver | None = None

    async def fetch(
        self, url: str, hosts: Hosts, *, whom: str, post: Mapping[str, Any] | None = None, accept: str = "*/*"
    ) -> Fetched:
        """The answer of an address, or to what is posted there; `whom` is how a sentence calls who is asked.

        Raises SeriesTrouble for a host that may not be asked, for one that doesn't answer in time, and for more than
        fits.
        """
        try:
            async with asyncio.timeout(self.bounds.seconds):
                return await self._follow(url, hosts, whom, post, accept)
        except TimeoutError:
            seconds = f"{self.bounds.seconds:g} seconds"
            raise SeriesTrouble(f"{whom} took longer than {seconds} to answer. {AGAIN}", passes=True) from None
        except NotAllowed as error:
            raise SeriesTrouble(_refusal(error, whom)) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refused = _not_allowed_in(error)
            if refused is not None:
                raise SeriesTrouble(_refusal(refused, whom)) from None
            raise SeriesTrouble(f"{whom} couldn't be reached. {AGAIN}", passes=True) from None

    async def _follow(self, url: str, hosts: Hosts, whom: str, post: Mapping[str, Any] | None, accept: str) -> Fetched:
        # Read once: what is checked is what is asked.
        at, before = URL(url, encoded=True), None
        async with self._session(hosts) as session:
            for _ in range(self.bounds.most_redirects + 1):
                hosts.require(at, before)
                self.watch(str(at.origin()))
                method = "GET" if post is None else "POST"
                async with session.request(
                    method, at, json=post, headers={"Accept": accept}, allow_redirects=False
                ) as answer:
                    to = answer.headers.get("Location")
                    if answer.status in _REDIRECTS and to is not None:
                        if post is not None:
                            raise SeriesTrouble(f"{whom} sends the question elsewhere, and I don't follow. {AGAIN}")
                        at, before = at.join(URL(to, encoded=True)), at
                        continue
                    content = await self._read(answer, whom)
                    return Fetched(answer.status, dict(answer.headers), content)
        raise SeriesTrouble(f"{whom} redirects more than {self.bounds.most_redirects} times. Give the final address.")

    @asynccontextmanager
    async def _session(self, hosts: Hosts) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(hosts.names, self.resolver), use_dns_cache=False, force_close=True, limit=1
        )
        async with aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=self.bounds.seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            # What it unfolds to is bounded here, step by step.
            auto_decompress=False,
            headers=_ASKS,
            trust_env=False,
        ) as session:
            yield session

    async def _read(self, answer: aiohttp.ClientResponse, whom: str) -> bytes:
        encoding = answer.headers.get("Content-Encoding", "identity").strip().casefold()
        if encoding not in {"gzip", "x-gzip", "identity", ""}:
            raise SeriesTrouble(f"{whom} answered in a form that I can't unpack. {AGAIN}")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in encoding else None
        most, sent, found = self.bounds.most_bytes, 0, bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            sent += len(chunk)
            try:
                found += chunk if unpack is None else unpack.decompress(chunk, most + 1 - len(found))
            except zlib.error:
                raise SeriesTrouble(f"{whom} sent something that can't be unpacked. {AGAIN}", passes=True) from None
            if max(sent, len(found)) > most:
                raise SeriesTrouble(
                    f"{whom} sent more than {most / 1_000_000:g} MB. Give the address of a smaller file, with the "
                    "figure and its periods alone."
                )
        if unpack is not None and not unpack.eof:
            raise SeriesTrouble(f"{whom} broke off in the middle of its answer. {AGAIN}", passes=True)
        return bytes(found)


def _not_allowed_in(error: BaseException | None) -> NotAllowed | None:
    """What a resolver refused, which comes wrapped."""
    while error is not None:
        if isinstance(error, NotAllowed):
            return error
        error = error.__cause__ or error.__context__
    return None


def _refusal(error: NotAllowed, whom: str) -> str:
    return (
        f"I didn't ask {whom}: {error}. Whoever runs Backbeat lists the hosts that may be asked in "
        "BACKBEAT_SERIES_HOSTS."
    )
