"""How payloads of Slack's reach the bot, and how what it answers goes back. An app uses one way: Socket Mode, or HTTP.

What is in a payload is not read here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, runtime_checkable

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from schedules.watchdog import Watchdog


@runtime_checkable
class TakesRoutes(Protocol):
    """A connection that serves other pages too."""

    def add_route(self, path: str, application: Callable[[Any, Any, Any], Awaitable[None]]) -> None:
        """Serves an ASGI application at a path of its own."""


class Connection(Protocol):
    """One way for payloads to come in."""

    @property
    def requests_at(self) -> str | None:
        """The address for Slack's requests on this machine, once started; None where there is none."""

    async def start(self) -> None:
        """Takes what it needs of this machine, before Slack is asked for anything. Raises ConfigurationError."""

    async def open(self, bolt: AsyncApp, client: AsyncWebClient, watchdog: Watchdog) -> None:
        """From now on payloads come in. Raises Unavailable where Slack has to be waited for, to be tried again then."""

    async def finish(self) -> None:
        """Takes nothing new, and answers what is under way."""

    async def close(self) -> None:
        """Ends it, whatever is under way."""
