"""What has to be right for the bot to be of use: its database, that one's schema, its token."""

from __future__ import annotations

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigurationError, Unavailable
from bot.monitoring.health import Check
from bot.services import Services
from bot.slack import directory
from bot.store import schema


def checks_of(services: Services, client: AsyncWebClient) -> dict[str, Check]:
    """Each with its name, and asked as often as it can bear."""

    async def database() -> str | None:
        await services.queue.numbers()
        return None

    async def stands() -> str | None:
        try:
            await asyncio.to_thread(schema.require_current, services.database.url)
        except Unavailable:
            raise
        except ConfigurationError:
            return "another version"
        return None

    async def token() -> str | None:
        if client.token is None:
            # Each workspace has one of its own, and one that is refused is no other's trouble.
            return None
        try:
            await directory.check_token(client)
        except Unavailable:
            # Slack is away or asks to wait, which says nothing about a token.
            return None
        except ConfigurationError:
            return "refused"
        return None

    return {
        "database": Check(database, "away", every=2.0),
        "schema": Check(stands, "away", every=30.0),
        # A Slack that doesn't answer in time is away too.
        "token": Check(token, None, every=60.0),
    }
