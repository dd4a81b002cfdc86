"""Events are taken down before Slack hears that they arrived, and each is done once. No row, no acknowledgement.

What somebody says to the bot is kept with its row until it is answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.services import Services
from handlers.owed_words import is_again, words_in


def take_once(services: Services) -> Callable[..., Awaitable[BoltResponse | None]]:
    """A middleware. An error here leaves the event without an acknowledgement, so that Slack sends it again."""

    async def take(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        event_id = body.get("event_id")
        if isinstance(event_id, str) and not is_again(context):
            words = words_in(body, context)
            if not await services.inbox.first_time(event_id, words):
                return BoltResponse(status=200, body="")
        await next()
        return None

    return take
