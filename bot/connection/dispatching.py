"""From a payload to Bolt and back: measured, and nothing left without an answer that no listener takes."""

from __future__ import annotations

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.clock import ElapsedTime
from bot.connection.payloads import kind_of
from bot.connection.traffic import Refusal, Traffic
from handlers.acknowledging import LATE

log = structlog.get_logger(__name__)


async def dispatched(bolt: AsyncApp, request: AsyncBoltRequest, traffic: Traffic, elapsed: ElapsedTime) -> BoltResponse:
    """What the bot answers. What nothing here listens to is taken, so that Slack doesn't send it again."""
    began = elapsed.monotonic()
    response = await bolt.async_dispatch(request)
    kind = kind_of(request.body)
    if response.status == 404 and not request.context.get(LATE):
        traffic.refused[Refusal.NO_LISTENER] += 1
        log.info("nothing_listens", kind=kind)
        return BoltResponse(status=200, body="")
    if response.status == 200:
        traffic.on_ack(kind, elapsed.monotonic() - began)
    return response
