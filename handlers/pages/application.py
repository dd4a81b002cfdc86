"""The pages of links over HTTP: what a browser sends, read within bounds, and what it gets, with strict headers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from bot.clock import ElapsedTime
from bot.pages import Posted, words_page
from bot.services.people import ANSWER_PATH, STOP
from handlers.installing import cookies_of
from handlers.pages.answering import Answering
from handlers.pages.often import Often
from handlers.pages.showing import OWN_PAGES, Answer
from handlers.pages.stopping import MULTIPART, Stopping, posted_in_parts

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Bytes: a page's own state comes back with what was entered in it.
LARGEST = 512 * 1024
MOST_FIELDS = 1000
# How often a minute one link may be opened or pressed: scanners open one a few times.
OFTEN = 60
FORM = b"application/x-www-form-urlencoded"
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    # Where a page leads, nobody hears where it was; to the page itself a browser says where it comes from.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
}


class AnswerPages:
    """An ASGI application. `patience` is how many elapsed seconds a request may take to arrive."""

    def __init__(self, answering: Answering, stopping: Stopping, elapsed: ElapsedTime, *, patience: float) -> None:
        self._answering, self._stopping, self._patience = answering, stopping, patience
        self._often = Often(elapsed, OFTEN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _send(send, await self._serve(scope, receive))

    async def _serve(self, scope: Scope, receive: Receive) -> Answer:
        token = str(scope["path"]).removeprefix(ANSWER_PATH)
        headers = {name.lower(): value for name, value in scope.get("headers") or ()}
        if scope["method"] == "HEAD":
            return Answer(200)
        if scope["method"] not in {"GET", "POST"}:
            return Answer(405, words_page("Not that way", "A browser opens this page."))
        # A page that everybody may open is counted by who opens it.
        if self._often.is_too_much(token if token not in OWN_PAGES else f"{token} {(scope.get('client') or ('',))[0]}"):
            return Answer(
                429, words_page("Too much at once", "This page was opened very often. Try again in a minute.")
            )
        try:
            query = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=5)
        except ValueError:
            query = {}
        once = query.get("once", [""])[0]
        stops = token.startswith(STOP)
        if scope["method"] == "GET" and stops:
            return await self._stopping.look(token)
        if scope["method"] == "GET":
            return await self._answering.look(token, cookies_of(scope), said=query.get("said", [""])[0], once=once)
        if headers.get(b"sec-fetch-site", b"same-origin") not in {b"same-origin", b"none"}:
            return Answer(403, words_page("Not from there", "Another page sent this. Open the link in your e-mail."))
        kind = headers.get(b"content-type", b"")
        form = kind.partition(b";")[0].strip().lower()
        if form != FORM and not (stops and form == MULTIPART):
            return Answer(415, words_page("Not that way", "This page takes its own form only."))
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(receive)
        except TimeoutError:
            return Answer(408, words_page("Too slow", "That took too long to arrive. Go back and send it again."))
        try:
            posted = None if body is None else _posted(form, kind, body)
        except ValueError:
            posted = None
        if posted is None:
            return Answer(413, words_page("Too large", "That is more than this page takes. Go back and shorten it."))
        if stops:
            return await self._stopping.press(token, posted)
        return await self._answering.press(token, cookies_of(scope), posted, once=once)


def _posted(form: bytes, kind: bytes, body: bytes) -> Posted:
    if form == MULTIPART:
        return posted_in_parts(kind, body)
    return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)


async def _body(receive: Receive) -> bytes | None:
    """What was sent; None where it is too much."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def _send(send: Send, answer: Answer) -> None:
    body = answer.body.encode()
    headers = {**_HEADERS, "content-length": str(len(body))}
    if answer.location is not None:
        headers["location"] = answer.location
    if answer.cookie is not None:
        headers["set-cookie"] = answer.cookie
    if answer.status == 405:
        headers["allow"] = "GET, HEAD, POST"
    if answer.status == 429:
        headers["retry-after"] = "60"
    named = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": named})
    await send({"type": "http.response.body", "body": body})
