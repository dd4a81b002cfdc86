"""Replies to one person while Slack has trouble: waits where it asks to, and says where an answer was not taken."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.gateway import wait_in

log = structlog.get_logger(__name__)

# Nobody looks for an answer much longer, in seconds.
LONGEST = 30.0


class WaitsWhenAsked(AsyncRetryHandler):
    """Slack has nothing of what it answers with 429, so that it may be said again. Slack's own handler reads the first
    digit of how long to wait."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        return response is not None and response.status_code == 429 and wait_in(response.headers) <= LONGEST

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        state.next_attempt_requested = True
        await asyncio.sleep(wait_in(response.headers if response is not None else {}))
        state.increment_current_attempt()


PATIENT = WaitsWhenAsked(max_retry_count=2)


async def respond(url: str, answer: Mapping[str, Any]) -> bool:
    """Answers by a response URL; whether Slack took it."""
    try:
        status = (await AsyncWebhookClient(url, retry_handlers=[PATIENT]).send_dict(dict(answer))).status_code
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        log.warning("answer_not_taken", error=type(error).__name__)
        return False
    if status != 200:
        log.warning("answer_not_taken", status=status)
    return status == 200
