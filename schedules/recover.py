"""Looks up in Slack what was sent that a database which was brought back doesn't know of, conversation by
conversation."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog

from bot.domain.sending import Later, Sent
from bot.services import Services
from bot.services.sending import Doubt
from bot.slack.gateway import CannotLook
from bot.slack.workspaces import Workspaces

log = structlog.get_logger(__name__)

Place = tuple[int, str | None, str | None, str | None, str | None, str]


class Recoverer:
    """What is in doubt is looked for before it may go. `beat` is called as work goes on."""

    def __init__(self, services: Services, workspaces: Workspaces, *, beat: Callable[[], None] = lambda: None) -> None:
        self._services = services
        self._workspaces = workspaces
        self._beat = beat
        self._running = asyncio.Lock()

    async def run(self) -> int:
        """Looks for everything in doubt; returns how many messages that was. Where Slack can't say anything now they
        stay in doubt until the next time."""
        async with self._running:
            return await self._run()

    async def _run(self) -> int:
        recoveries = self._services.recoveries
        looked_for = 0
        while doubts := await recoveries.doubts():
            answered = 0
            for place, some in _by_place(doubts).items():
                answered += len(some) if await self._look(place, some) else 0
                self._beat()
            looked_for += answered
            if answered < len(doubts):
                return looked_for
            # What was found brings parts to look for below it.
        await recoveries.end()
        return looked_for

    async def _look(self, place: Place, doubts: Sequence[Doubt]) -> bool:
        """Whether it is known now what became of these."""
        recoveries = self._services.recoveries
        coalition_id, _address, user_id, channel_id, thread_ts, oldest = place
        if doubts[0].address is not None:
            await recoveries.hold(doubts, "a mailbox can't be searched")
            return True
        if user_id is None and channel_id is None:
            await recoveries.cleared(doubts)
            return True
        workspace = self._workspaces.of_coalition(coalition_id)
        if workspace is None:
            return False  # it was uninstalled a moment ago: whoever speaks to it again looks
        if channel_id is None:
            opened = await workspace.gateway.open_dm(user_id or "")
            if isinstance(opened, Later):
                return False
            if not isinstance(opened, Sent):
                await recoveries.hold(doubts, f"the conversation can't be searched, since {opened.reason}")
                return True
            channel_id = opened.channel_id
            team_id = doubts[0].team_id or workspace.team_id
            await self._services.deliveries.keep_dm(team_id, user_id or "", doubts[0].id, channel_id)
        arrived = await workspace.gateway.arrived_since(channel_id, oldest=oldest, thread_ts=thread_ts)
        match arrived:
            case Later():
                return False
            case CannotLook(reason=reason, code=code):
                log.warning("conversation_not_searched", code=code, messages=len(doubts))
                await recoveries.hold(doubts, reason)
            case _:
                await recoveries.looked(doubts, channel_id, arrived)
        return True


def _by_place(doubts: Sequence[Doubt]) -> dict[Place, list[Doubt]]:
    """Conversations and threads, those first of which others hang."""
    found: dict[Place, list[Doubt]] = defaultdict(list)
    for one in sorted(doubts, key=lambda one: one.thread_ts is not None):
        found[one.coalition_id, one.address, one.user_id, one.channel_id, one.thread_ts, one.oldest].append(one)
    return found
