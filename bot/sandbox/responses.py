"""Answers of the app to an interaction: in the acknowledgement of a command, or later by response_url."""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from bot.sandbox.calls import Backend
from bot.sandbox.core import BOT_USER_ID
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import check_attachments, check_message_blocks
from bot.sandbox.triggers import ResponseUrl
from bot.sandbox.web_api import error_body
from bot.sandbox.workspace import JSON, Message


class Responses:
    """Turns such answers into messages."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._core = backend.core

    def address(self, url: ResponseUrl) -> str:
        """The response_url of an interaction."""
        key = self._core.triggers.new_response_url(url)
        return f"{self._core.base_url}/response/{key}"

    def take_ack(self, url: ResponseUrl, body: Any) -> bool:
        """Show what came with a command's acknowledgement; False where Slack could not show it."""
        try:
            self._show(url, {"text": body} if isinstance(body, str) else body)
        except (ApiError, AttributeError):
            return False
        return True

    async def serve(self, request: web.Request) -> web.Response:
        """One request to a response_url."""
        started = time.monotonic()
        body: JSON = {}
        try:
            body = await _read(request)
            self._core.rates.check_webhook(request.match_info["key"])
            url = self._core.triggers.use_response_url(request.match_info["key"])
            self._show(url, body)
        except ApiError as problem:
            answer = error_body(problem)
            self._log(body, answer, started, problem.code)
            if problem.retry_after is not None:
                return web.json_response(answer, status=429, headers={"Retry-After": str(problem.retry_after)})
            gone = problem.code in ("no_service", "expired_url", "used_url")
            return web.json_response(answer, status=404 if gone else 400)
        self._log(body, "ok", started, None)
        return web.Response(text="ok")

    def _show(self, url: ResponseUrl, body: JSON) -> None:
        original = self._original(url)
        if body.get("delete_original"):
            if original is not None:
                self._backend.posting.delete(original)
            return
        text, blocks, attachments = body.get("text"), body.get("blocks"), body.get("attachments")
        if not text and not blocks and not attachments:
            raise ApiError("no_text")
        if blocks is not None:
            check_message_blocks(blocks, self._backend.file_usable, self._core.settings.unknown_blocks)
        if attachments is not None:
            check_attachments(attachments)
        posting = self._backend.posting
        channel = self._core.workspace.channels[url.channel]
        if body.get("replace_original") and original is not None:
            posting.update(original, text=text or "", blocks=blocks or [], attachments=attachments or [])
            return
        thread_ts = body.get("thread_ts") or url.thread_ts
        if body.get("response_type") == "in_channel":
            # A response_url reaches channels in which the app could not post.
            posting.post(
                channel, text or "", author=BOT_USER_ID, blocks=blocks, attachments=attachments, thread_ts=thread_ts
            )
            return
        shown = posting.ephemeral(
            channel, url.user, text or "", blocks=blocks, attachments=attachments, thread_ts=thread_ts
        )
        if url.message_ts is None:
            # What a command's response_url first said is what it can replace later.
            url.message_ts, url.ephemeral = shown.ts, True

    def _original(self, url: ResponseUrl) -> Message | None:
        if url.message_ts is None:
            return None
        channel = self._core.workspace.channels[url.channel]
        if url.ephemeral:
            return next((m for m in channel.ephemerals if m.ts == url.message_ts and m.ephemeral_to == url.user), None)
        return channel.messages.get(url.message_ts)

    def _log(self, body: JSON, answer: Any, started: float, error: str | None) -> None:
        self._core.wire.add(
            "in", "response_url", "response_url", request=body, response=answer, started=started, error=error
        )


async def _read(request: web.Request) -> JSON:
    text = await request.text()
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            body = json.loads(str((await request.post()).get("payload", "")))
        else:
            body = json.loads(text)
    except ValueError:
        raise ApiError("invalid_payload") from None
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    return body
