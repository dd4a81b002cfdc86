"""Stands in front of Bolt: what is not Slack's, or not of a shape that Slack sends, gets a plain word and no further.

Refused as early as it can be told: by the head, while the body comes, by its signature, by what it says. Of what was
refused only a count is kept.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import structlog
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.asgi.http_request import AsgiHttpRequest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.clock import ElapsedTime
from bot.connection.dispatching import dispatched
from bot.connection.payloads import Malformed, check
from bot.connection.traffic import Refusal, Traffic
from bot.http.asgi import Message, Receive, Scope, Send, answer
from bot.http.signatures import Signatures
from bot.slack.manifest import EVENTS_PATH

log = structlog.get_logger(__name__)

# Bytes. A whole form of ours, filled to the brim, is a third of it.
LARGEST = 1024 * 1024
# Bytes of bodies that may be under way at once, whoever sends them.
LARGEST_TOGETHER = 64 * LARGEST

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_SAID: dict[Refusal, tuple[int, str]] = {
    Refusal.METHOD: (405, "POST only."),
    Refusal.CONTENT_TYPE: (415, "JSON or a form only."),
    Refusal.TOO_LARGE: (413, "Too large."),
    Refusal.TOO_SLOW: (408, "Too slow."),
    Refusal.TOO_MANY: (429, "Too much at once."),
    Refusal.UNSIGNED: (401, "Not signed."),
    Refusal.SIGNATURE: (401, "The signature is wrong."),
    Refusal.STALE: (401, "Too old."),
    Refusal.REPLAYED: (409, "It came before."),
    Refusal.UNREADABLE: (400, "Not readable."),
    Refusal.TOO_DEEP: (400, "Too deep."),
    Refusal.SHAPE: (400, "Not understood."),
    Refusal.STARTING: (503, "Starting."),
}
# Of a request's headers Bolt gets these; some others would change what it does.
_PASSED_ON = frozenset(
    {b"content-type", b"x-slack-request-timestamp", b"x-slack-signature", b"x-slack-retry-num", b"x-slack-retry-reason"}
)


class Turned(Exception):
    """A request that goes no further."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(str(why))
        self.why = why


class Gone(Exception):
    """Whoever sent it is not there any more."""


@dataclass(slots=True)
class _Head:
    """What the head says, each at most once."""

    content_type: str
    timestamp: str
    signature: str


class _CheckedAdapter(AsyncSlackRequestHandler):
    """Bolt's adapter, with our way of asking Bolt."""

    def __init__(self, bolt: AsyncApp, traffic: Traffic, elapsed: ElapsedTime) -> None:
        super().__init__(bolt, path=EVENTS_PATH)
        self._traffic = traffic
        self._elapsed = elapsed

    async def dispatch(self, request: AsgiHttpRequest) -> BoltResponse:
        # The guard has read all of it and knows that it is text.
        bolt_request = AsyncBoltRequest(body=await request.get_raw_body(), headers=request.get_headers())
        return await dispatched(self.app, bolt_request, self._traffic, self._elapsed)


class Guard:
    """The application at the address for Slack's requests. Until it is opened, Slack is asked to come again.

    `patience` is how many elapsed seconds a body may take to arrive.
    """

    def __init__(self, secret: str, traffic: Traffic, elapsed: ElapsedTime, *, patience: float) -> None:
        self._signatures = Signatures(secret, elapsed)
        self._traffic = traffic
        self._elapsed = elapsed
        self._patience = patience
        self._under_way = 0
        self._bolt: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    def open(self, bolt: AsyncApp) -> None:
        """From now on requests go to Bolt."""
        self._bolt = _CheckedAdapter(bolt, self._traffic, self._elapsed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and parse_qs(scope["query_string"].decode("latin-1")).get("ssl_check") == ["1"]:
            # Slack looks whether the certificate is right.
            await answer(send, 200)
            return
        try:
            await self._serve(scope, receive, send)
        except Turned as turned:
            self._traffic.refused[turned.why] += 1
            status, words = _SAID[turned.why]
            # What has not been read yet is not waited for.
            headers = {"connection": "close"}
            if turned.why is Refusal.METHOD:
                headers["allow"] = "POST"
            if status >= 429:
                headers["retry-after"] = "5"
            await answer(send, status, words, headers=headers)
        except Gone:
            self._traffic.refused[Refusal.BROKEN_OFF] += 1

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = self._read_head(scope)
        if self._bolt is None:
            raise Turned(Refusal.STARTING)
        body = bytearray()
        try:
            await self._read_body(body, receive)
            try:
                payload = self._read(bytes(body), head)
            except Malformed as malformed:
                raise Turned(malformed.why) from malformed
            if payload.get("type") == "url_verification":
                await answer(send, 200, json.dumps({"challenge": payload["challenge"]}), kind=JSON)
                return
            await self._pass_on(self._bolt, bytes(body), payload, head, scope, send)
        finally:
            self._under_way -= len(body)

    def _read_head(self, scope: Scope) -> _Head:
        if scope["method"] != "POST":
            raise Turned(Refusal.METHOD)
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in headers and name in _PASSED_ON:
                raise Turned(Refusal.UNREADABLE)
            headers[name] = value
        content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        if content_type not in (JSON, FORM) or b"content-encoding" in headers:
            raise Turned(Refusal.CONTENT_TYPE)
        if (length := headers.get(b"content-length")) is not None and (len(length) > 9 or int(length) > LARGEST):
            raise Turned(Refusal.TOO_LARGE)
        timestamp, signature = (
            None if value is None else value.decode("latin-1")
            for value in (headers.get(b"x-slack-request-timestamp"), headers.get(b"x-slack-signature"))
        )
        if (doubt := self._signatures.doubt(timestamp, signature)) is not None:
            raise Turned(doubt)
        return _Head(content_type, timestamp or "", signature or "")

    async def _read_body(self, body: bytearray, receive: Receive) -> None:
        """Adds to the body as it comes, and to what is under way with it."""
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise Gone
                    piece = message.get("body", b"")
                    if len(body) + len(piece) > LARGEST:
                        raise Turned(Refusal.TOO_LARGE)
                    if self._under_way + len(piece) > LARGEST_TOGETHER:
                        raise Turned(Refusal.TOO_MANY)
                    body += piece
                    self._under_way += len(piece)
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            raise Turned(Refusal.TOO_SLOW) from None

    def _read(self, body: bytes, head: _Head) -> dict[str, Any]:
        """What the body says. Raises Turned and Malformed."""
        try:
            if not self._signatures.fits(body, head.timestamp, head.signature):
                raise Turned(Refusal.SIGNATURE)
            text = body.decode()
        except UnicodeDecodeError:
            raise Turned(Refusal.UNREADABLE) from None
        payload = check(_said(text, head.content_type))
        # An event that comes twice is known by its id, in the database, since Slack does send it twice.
        if payload.get("type") not in ("event_callback", "url_verification") and not self._signatures.take(
            head.timestamp, head.signature
        ):
            raise Turned(Refusal.REPLAYED)
        return payload

    async def _pass_on(
        self,
        bolt: Callable[[Scope, Receive, Send], Awaitable[None]],
        body: bytes,
        payload: dict[str, Any],
        head: _Head,
        scope: Scope,
        send: Send,
    ) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name in _PASSED_ON]

        async def received() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 500:
                self._signatures.give_back(head.signature)
            await send(message)

        await bolt({**scope, "headers": headers, "query_string": b""}, received, sent)


def _said(text: str, content_type: str) -> object:
    """The payload in a body. Raises Turned where it can't be read."""
    try:
        if content_type == JSON:
            return _json(text)
        fields = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=100)
        form = dict(fields)
        if len(form) != len(fields):
            raise Turned(Refusal.UNREADABLE)
        return _json(form["payload"]) if "payload" in form else form
    except RecursionError:
        raise Turned(Refusal.TOO_DEEP) from None
    except ValueError:
        raise Turned(Refusal.UNREADABLE) from None


def _json(text: str) -> object:
    return json.loads(text, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
