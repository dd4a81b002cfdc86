"""Calendars that programs read again and again, at secret addresses: meetings as they are now, with no word of anything
else."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any

import structlog

from bot.clock import ElapsedTime
from bot.errors import ConfigurationError, UserError
from bot.files.calendar_ics import calendar_as_ics
from bot.services import Services
from bot.services.meetings import CALENDAR_PATH
from handlers.pages.often import Often

log = structlog.get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# How often a minute one address may be read: programs do so a few times a day.
OFTEN = 20
CALENDAR = "text/calendar; charset=utf-8"
_HEADERS = {"x-content-type-options": "nosniff", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}


class CalendarPages:
    """An ASGI application at the addresses of calendars."""

    def __init__(self, services: Services, elapsed: ElapsedTime) -> None:
        self._services = services
        self._often = Often(elapsed, OFTEN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value for name, value in scope.get("headers") or ()}
        token = str(scope["path"]).removeprefix(CALENDAR_PATH).removesuffix(".ics")
        if scope["method"] not in {"GET", "HEAD"}:
            await _send(send, 405, {"allow": "GET, HEAD"}, b"")
        elif self._often.is_too_much(token):
            await _send(send, 429, {"retry-after": "60"}, b"")
        else:
            try:
                await self._serve(token, headers.get(b"if-none-match"), scope["method"] == "HEAD", send)
            except UserError as error:
                # Whoever subscribes is told by their program, which then asks no more.
                await _send(send, 410, {"content-type": "text/plain; charset=utf-8"}, error.message.encode())
            except ConfigurationError as error:
                log.warning("calendar_not_shown", why=str(error))
                await _send(send, 503, {"retry-after": "300"}, b"")

    async def _serve(self, token: str, known: bytes | None, is_head: bool, send: Send) -> None:
        key = self._services.calendar_feeds.read(token)
        link = await self._services.answer_links.mine(key.coalition_id, key.member_id, key.made)
        file = await self._services.calendar_feeds.file(link.actor, key.group)
        # When it was made is no change of it.
        tag = hashlib.sha256(repr(replace(file, made_at=file.made_at.min)).encode()).hexdigest()[:32]
        headers = {"content-type": CALENDAR, "etag": f'"{tag}"', "cache-control": "private, no-cache"}
        if known is not None and known.decode("latin-1") == f'"{tag}"':
            await _send(send, 304, headers, b"")
            return
        body = calendar_as_ics(file, is_read_again=True)
        await _send(send, 200, headers, body, is_head=is_head)


async def _send(send: Send, status: int, about: dict[str, str], body: bytes, *, is_head: bool = False) -> None:
    headers = {**_HEADERS, **about}
    if status != 304:
        headers["content-length"] = str(len(body))
    named = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
