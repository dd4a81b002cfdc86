"""What people do in Slack, turned into calls of the services. Listeners only translate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp

from bot.services import Services


def register_handlers(
    app: AsyncApp, services: Services, on_directory_change: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Registers every listener. `on_directory_change` is called when Slack's people or channels changed."""
