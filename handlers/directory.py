"""Slack's people and channels have changed: they are taken over again, in the background and never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from handlers.context import Call

log = structlog.get_logger(__name__)


class DirectoryWatch:
    """Runs `refresh` after a change, once more if something changed meanwhile."""

    def __init__(self, refresh: Callable[[], Awaitable[None]] | None) -> None:
        self._refresh = refresh
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def poke(self) -> None:
        """Something changed; returns at once."""
        if self._refresh is None:
            return
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="directory")

    async def settle(self) -> None:
        """Takes over what there is now, and returns when that is done."""
        self.poke()
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _work(self) -> None:
        while self._again and self._refresh is not None:
            self._again = False
            try:
                await self._refresh()
            except Exception as error:
                # Housekeeping looks again in a while.
                log.warning("directory_not_read", error=type(error).__name__)

    async def person_changed(self, call: Call) -> None:
        """A profile, a zone or an account changed."""
        await call.ack()
        self.poke()

    async def channel_changed(self, call: Call) -> None:
        """The bot came or went, or a channel has another name. Other people's comings and goings are no news."""
        await call.ack()
        event = call.event
        if (
            event.get("type") in {"member_joined_channel", "member_left_channel"}
            and event.get("user") != call.context.bot_user_id
        ):
            return
        self.poke()
