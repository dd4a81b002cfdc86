"""Settles what is unclear: ends dead leases, looks for posts in the conversation, holds what nobody can know."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

import structlog

from bot.domain.sending import Later
from bot.errors import Unavailable
from bot.services import Services
from bot.services.sending import Unclear
from bot.slack.gateway import CannotLook, Found, Gateway, NotFound
from bot.slack.workspaces import Workspaces

log = structlog.get_logger(__name__)

# So often in a row Slack may be unable to say anything; at up to a minute each that is more than twenty minutes.
ASKED_IN_VAIN = 30
LONGEST_PAUSE = 60.0
# Of a mail nobody can look where it is.
NOT_SEEN = "the mail server didn't say whether it took it"


class Reconciler:
    """Looks before anything is sent again, in each workspace at its own pace. `beat` is called as work goes on."""

    def __init__(self, services: Services, workspaces: Workspaces, *, beat: Callable[[], None] = lambda: None) -> None:
        self._services = services
        self._workspaces = workspaces
        self._beat = beat
        self._in_vain: Counter[int] = Counter()

    async def run(self) -> int:
        """One pass; returns how many deliveries were looked at."""
        unclear_posts = self._services.unclear_posts
        await unclear_posts.expire_leases()
        unclear = await unclear_posts.due()
        by_coalition = sorted(unclear, key=lambda one: one.coalition_id)
        works = [self._settle_some(list(some)) for _, some in groupby(by_coalition, lambda one: one.coalition_id)]
        ends = await asyncio.gather(*works, return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return len(unclear)

    async def _settle_some(self, unclear: Sequence[Unclear]) -> None:
        """One workspace's, one after the other."""
        workspace = self._workspaces.of_coalition(unclear[0].coalition_id)
        if workspace is None:
            return  # it was uninstalled a moment ago: whoever speaks to it again looks
        for one in unclear:
            try:
                await self._settle(one, workspace.gateway)
            except Unavailable:
                raise  # it is the same for each of them
            except Exception:
                log.exception("look_failed_unexpectedly", delivery=one.id)
            self._beat()

    async def _settle(self, one: Unclear, gateway: Gateway) -> None:
        unclear_posts = self._services.unclear_posts
        if one.by_mail:
            log.warning("delivery_held", delivery=one.id, reason=NOT_SEEN)
            await unclear_posts.hold(one.id, one.attempt, NOT_SEEN)
            return
        if one.operation == "update" or one.channel_id is None:
            # An update may be done again, and without a conversation nothing can have been posted.
            await unclear_posts.not_sent(one.id, one.attempt)
            return
        look = await gateway.find(one.channel_id, key=one.key, oldest=one.look_from, thread_ts=one.thread_ts)
        if not isinstance(look, Later):
            self._in_vain.pop(one.id, None)
        match look:
            case Found(ts=ts):
                log.info("unclear_delivery_had_arrived", delivery=one.id)
                await unclear_posts.found(one.id, one.channel_id, ts)
            case NotFound():
                await unclear_posts.not_found(one)
            case CannotLook(reason=reason, code=code):
                log.warning("delivery_held", delivery=one.id, code=code)
                await unclear_posts.hold(one.id, one.attempt, reason)
            case Later(seconds=seconds, reason=reason):
                self._in_vain[one.id] += 1
                times = self._in_vain[one.id]
                if times >= ASKED_IN_VAIN:
                    log.warning("delivery_held", delivery=one.id, reason=reason)
                    del self._in_vain[one.id]
                    why = f"Slack couldn't be asked {times} times: {reason}"
                    await unclear_posts.hold(one.id, one.attempt, why)
                else:
                    pause = max(seconds, min(seconds * times, LONGEST_PAUSE))
                    await unclear_posts.look_later(one, pause)
