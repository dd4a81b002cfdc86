"""Slack's client as all of the program uses it. It never retries: a post that is retried arrives twice."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

# Elapsed seconds after which a connection is not used again. Of a post that goes out just as the other side closes it
# nobody knows whether it arrived; no server closes one so soon.
IDLE_AT_MOST = 5.0


def kept_connections(timeout: float) -> aiohttp.ClientSession:
    """Connections to Slack that stay open for the next call, for all clients of an event loop; the caller closes it.
    `timeout`: elapsed seconds within which Slack answers.

    Left to itself the client opens a connection for each call: two more ways to Slack and a handshake before the call
    can begin. No cookie is kept, since the workspaces that share them are to know nothing of each other.
    """
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=timeout),
        connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_AT_MOST),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def client_of(token: str | None, address: str, connections: aiohttp.ClientSession) -> AsyncWebClient:
    """A client for the Slack at this address. It waits as long as its connections do."""
    return AsyncWebClient(token=token, base_url=address, session=connections, retry_handlers=[])
