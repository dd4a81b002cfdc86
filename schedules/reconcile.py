"""Settles what is unclear: ends dead leases, looks for posts in the conversation, holds what nobody can know."""

from __future__ import annotations

import structlog

from bot.services import Services
from bot.services.deliveries import Unclear
from bot.slack.gateway import CannotLook, Found, Gateway, Later, NotFound

log = structlog.get_logger(__name__)


class Reconciler:
    """Looks before anything is sent again."""

    def __init__(self, services: Services, gateway: Gateway) -> None:
        self._services = services
        self._gateway = gateway

    async def run(self) -> int:
        """One pass; returns how many deliveries were looked at."""
        deliveries = self._services.deliveries
        await deliveries.expire_leases()
        unclear = await deliveries.unclear_ones()
        for one in unclear:
            try:
                await self._settle(one)
            except Exception:
                log.exception("look_failed_unexpectedly", delivery=one.id)
        return len(unclear)

    async def _settle(self, one: Unclear) -> None:
        deliveries = self._services.deliveries
        if one.operation == "update" or one.channel_id is None:
            # An update may be done again, and without a conversation nothing can have been posted.
            await deliveries.not_sent(one.id)
            return
        look = await self._gateway.find(one.channel_id, key=one.key, oldest=one.look_from, thread_ts=one.thread_ts)
        match look:
            case Found(ts=ts):
                log.info("unclear_delivery_had_arrived", delivery=one.id)
                await deliveries.found(one.id, one.channel_id, ts)
            case NotFound():
                await deliveries.not_found(one.id)
            case CannotLook(reason=reason):
                log.warning("delivery_held", delivery=one.id, reason=reason)
                await deliveries.hold(one.id, reason)
            case Later(seconds=seconds):
                await deliveries.look_later(one.id, seconds)
