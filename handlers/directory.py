"""Slack's people and channels have changed: they are taken over again, in the background and never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from handlers.context import Call

log = structlog.get_logger(__name__)


class DirectoryWatch:
    """Runs `refresh` for a workspace after a change there, once more if something changed meanwhile."""

    def __init__(self, refresh: Callable[[str], Awaitable[None]] | None) -> None:
        self._refresh = refresh
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def poke(self, team_id: str) -> None:
        """Something changed; returns at once."""
        if self._refresh is None:
            return
        self._again.add(team_id)
        task = self._tasks.get(team_id)
        if task is None or task.done():
            self._tasks[team_id] = asyncio.create_task(self._work(team_id), name="directory")

    async def settle(self, team_id: str) -> None:
        """Takes over what there is now, and returns when that is done."""
        self.poke(team_id)
        task = self._tasks.get(team_id)
        if task is not None:
            await asyncio.shield(task)

    async def _work(self, team_id: str) -> None:
        while team_id in self._again and self._refresh is not None:
            self._again.discard(team_id)
            try:
                await self._refresh(team_id)
            except Exception as error:
                # Housekeeping looks again in a while.
                log.warning("directory_not_read", error=type(error).__name__)

    async def person_changed(self, call: Call) -> None:
        """A profile, a zone or an account changed."""
        await call.ack()
        self.poke(call.team_id)

    async def channel_changed(self, call: Call) -> None:
        """The bot came or went, or a channel has another name. Other people's comings and goings are no news."""
        await call.ack()
        event = call.event
        if (
            event.get("type") in {"member_joined_channel", "member_left_channel"}
            and event.get("user") != call.context.bot_user_id
        ):
            return
        self.poke(call.team_id)
