"""The guard: what Slack sends goes on to Bolt as it came; anything else gets a plain word, and goes no further."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.clock import SystemElapsedTime
from bot.connection.traffic import Refusal, Traffic
from bot.http.asgi import Message
from bot.http.guard import LARGEST, Guard
from tests.http.slack import (
    AT,
    COMMAND,
    EVENT,
    FORM,
    FORM_TYPE,
    JSON_TYPE,
    PRESS,
    SECRET,
    Request,
    command,
    event,
    interaction,
    signed,
)
from tests.tables import on_each


class Behind(AsyncApp):
    """What stands behind the guard: it notes what reaches it."""

    def __init__(self) -> None:
        super().__init__(name="behind", token="xoxb-1", signing_secret=SECRET)
        self.reached: list[AsyncBoltRequest] = []
        self.answers = BoltResponse(status=200, body="")

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        self.reached.append(req)
        return self.answers


class Standing(SystemElapsedTime):
    """A machine's clock that stands still until it is set."""

    now = float(AT)

    def epoch(self) -> float:
        return self.now


@dataclass
class Gate:
    """The guard, asked without a network."""

    guard: Guard
    bolt: Behind
    traffic: Traffic

    async def ask(
        self,
        request: Request,
        *,
        method: str = "POST",
        query: bytes = b"",
        pieces: list[Message] | None = None,
        extra: list[tuple[bytes, bytes]] | None = None,
    ) -> tuple[int, str]:
        """The status and the words of the answer; 0 where there is none."""
        coming = pieces if pieces is not None else [{"type": "http.request", "body": request.body, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            if not coming:
                await asyncio.Event().wait()
            return coming.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.all_headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": "/slack/events",
            "query_string": query,
            "headers": headers + (extra or []),
        }
        await self.guard(scope, receive, send)
        if not sent:
            return 0, ""
        return sent[0]["status"], sent[1]["body"].decode()


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    traffic, bolt = Traffic(), Behind()
    guard = Guard(SECRET, traffic, Standing(), patience=0.1)
    guard.open(bolt)
    opened = Gate(guard, bolt, traffic)
    yield opened
    assert guard._under_way == 0, "bytes are given back"


@pytest.mark.parametrize("sent", [event(), interaction(PRESS), interaction(FORM), command()])
async def test_what_slack_sends_goes_on(gate: Gate, sent: Request) -> None:
    assert (await gate.ask(sent))[0] == 200
    assert len(gate.bolt.reached) == 1
    assert gate.bolt.reached[0].raw_body == sent.body.decode()
    assert not gate.traffic.refused


async def test_retry_headers_go_on_and_others_do_not(gate: Gate) -> None:
    retried = [(b"x-slack-retry-num", b"1"), (b"x-slack-retry-reason", b"http_timeout")]
    await gate.ask(event(), extra=[*retried, (b"x-slack-bolt-lazy-only", b"1")], query=b"a=1")
    (reached,) = gate.bolt.reached
    assert reached.headers["x-slack-retry-num"] == ["1"]
    assert "x-slack-bolt-lazy-only" not in reached.headers
    assert not reached.lazy_only
    assert reached.query == {}


async def test_the_address_is_verified_without_bolt(gate: Gate) -> None:
    status, said = await gate.ask(event({"type": "url_verification", "challenge": "abc", "token": "t"}))
    assert (status, json.loads(said)) == (200, {"challenge": "abc"})
    assert (await gate.ask(event(), method="GET", query=b"ssl_check=1"))[0] == 200
    assert gate.bolt.reached == []


def deep(levels: int) -> dict[str, Any]:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return {**EVENT, "more": value}


def unsigned(request: Request, **headers: str) -> Request:
    return replace(request, headers={**request.headers, **headers})


def without(payload: dict[str, Any], *path: str) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(payload))
    at = copied
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return copied


REFUSED: dict[str, tuple[Request, Refusal, int]] = {
    "no signature": (replace(event(), headers={}), Refusal.UNSIGNED, 401),
    "no timestamp": (replace(event(), headers={"x-slack-signature": "v0=" + "0" * 64}), Refusal.UNSIGNED, 401),
    "another secret": (event(secret="another"), Refusal.SIGNATURE, 401),
    "a changed body": (replace(event(), body=event().body + b" "), Refusal.SIGNATURE, 401),
    "a signature that is none": (unsigned(event(), **{"x-slack-signature": "v0=é"}), Refusal.SIGNATURE, 401),
    "a timestamp that is none": (unsigned(event(), **{"x-slack-request-timestamp": "now"}), Refusal.SIGNATURE, 401),
    "digits of elsewhere": (unsigned(event(), **{"x-slack-request-timestamp": "²"}), Refusal.SIGNATURE, 401),
    "a negative timestamp": (unsigned(event(), **{"x-slack-request-timestamp": "-1"}), Refusal.SIGNATURE, 401),
    "a very long timestamp": (unsigned(event(), **{"x-slack-request-timestamp": "9" * 5000}), Refusal.SIGNATURE, 401),
    "six minutes old": (event(at=AT - 360), Refusal.STALE, 401),
    "six minutes ahead": (event(at=AT + 360), Refusal.STALE, 401),
    "text": (replace(event(), content_type="text/plain"), Refusal.CONTENT_TYPE, 415),
    "a file": (replace(event(), content_type="multipart/form-data; boundary=x"), Refusal.CONTENT_TYPE, 415),
    "no type": (replace(event(), content_type=""), Refusal.CONTENT_TYPE, 415),
    "no JSON": (signed("{", JSON_TYPE), Refusal.UNREADABLE, 400),
    "an empty body": (signed("", JSON_TYPE), Refusal.UNREADABLE, 400),
    "cut off": (signed(event().body[:-5], JSON_TYPE), Refusal.UNREADABLE, 400),
    "no number": (signed('{"type": NaN}', JSON_TYPE), Refusal.UNREADABLE, 400),
    "a number of 5,000 digits": (signed('{"type": ' + "9" * 5000 + "}", JSON_TYPE), Refusal.UNREADABLE, 400),
    "no form": (signed("a&b", FORM_TYPE), Refusal.UNREADABLE, 400),
    "a form with a bad character": (signed("payload=%ff", FORM_TYPE), Refusal.UNREADABLE, 400),
    "a field twice": (signed("payload={}&payload={}", FORM_TYPE), Refusal.UNREADABLE, 400),
    "many fields": (signed("&".join(f"a{n}=1" for n in range(200)), FORM_TYPE), Refusal.UNREADABLE, 400),
    "a payload that is no JSON": (signed("payload=x", FORM_TYPE), Refusal.UNREADABLE, 400),
    "too deep for us": (event(deep(100)), Refusal.TOO_DEEP, 400),
    "too deep for Python": (signed("[" * 50_000 + "]" * 50_000, JSON_TYPE), Refusal.TOO_DEEP, 400),
    "a list": (event([EVENT]), Refusal.SHAPE, 400),
    "a string": (event("hello"), Refusal.SHAPE, 400),
    "nothing": (event({}), Refusal.SHAPE, 400),
    "another type": (event({**EVENT, "type": "other"}), Refusal.SHAPE, 400),
    "a type that is a list": (event({**EVENT, "type": []}), Refusal.SHAPE, 400),
    "an event without its id": (event(without(EVENT, "event_id")), Refusal.SHAPE, 400),
    "an event that is text": (event({**EVENT, "event": "message"}), Refusal.SHAPE, 400),
    "an event without a type": (event(without(EVENT, "event", "type")), Refusal.SHAPE, 400),
    "a NUL": (event({**EVENT, "more": "a\0b"}), Refusal.SHAPE, 400),
    "half a character": (event({**EVENT, "more": "\ud800"}), Refusal.SHAPE, 400),
    "half a character as a key": (event({**EVENT, "\udc00": 1}), Refusal.SHAPE, 400),
    "a press of nothing": (interaction({**PRESS, "actions": []}), Refusal.SHAPE, 400),
    "a press by nobody": (interaction(without(PRESS, "user")), Refusal.SHAPE, 400),
    "a press of a number": (interaction({**PRESS, "actions": [1]}), Refusal.SHAPE, 400),
    "a press without a name": (interaction(without(PRESS, "actions") | {"actions": [{}]}), Refusal.SHAPE, 400),
    "a form without a view": (interaction(without(FORM, "view")), Refusal.SHAPE, 400),
    "a form with values of text": (
        interaction({**FORM, "view": {**FORM["view"], "state": {"values": {"a": "b"}}}}),
        Refusal.SHAPE,
        400,
    ),
    "a command by nobody": (command(without(COMMAND, "user_id")), Refusal.SHAPE, 400),
    "a command without a slash": (command({**COMMAND, "command": "action"}), Refusal.SHAPE, 400),
    "neither command nor payload": (signed(urlencode({"a": "b"}), FORM_TYPE), Refusal.SHAPE, 400),
}


@on_each("name", REFUSED)
async def test_what_slack_never_sends_goes_no_further(gate: Gate, name: str) -> None:
    request, why, status = REFUSED[name]
    gate.traffic.refused.clear()
    given, words = await gate.ask(request)
    assert gate.traffic.refused == {why: 1}
    assert given == status
    assert 0 < len(words) < 40
    assert gate.bolt.reached == []


async def test_bytes_that_are_no_text(gate: Gate) -> None:
    headers = signed("x", JSON_TYPE).headers
    assert (await gate.ask(Request(b"\xff\xfe", JSON_TYPE, headers)))[0] == 400
    assert gate.traffic.refused == {Refusal.UNREADABLE: 1}


@on_each("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "BREW"])
async def test_other_methods(gate: Gate, method: str) -> None:
    assert await gate.ask(event(), method=method) == (405, "POST only.")


async def test_headers_that_come_twice(gate: Gate) -> None:
    request = event()
    extra = [(b"x-slack-signature", request.headers["x-slack-signature"].encode())]
    assert (await gate.ask(request, extra=extra))[0] == 400
    assert gate.bolt.reached == []


@pytest.mark.parametrize("length", ["1048577", "99999999999999999999"])
async def test_what_is_said_to_be_huge_is_not_read(gate: Gate, length: str) -> None:
    pieces: list[Message] = []
    assert (await gate.ask(unsigned(event(), **{"content-length": length}), pieces=pieces))[0] == 413
    assert gate.traffic.refused == {Refusal.TOO_LARGE: 1}


async def test_a_huge_body_is_cut_off_early(gate: Gate) -> None:
    pieces: list[Message] = [
        {"type": "http.request", "body": b"x" * (LARGEST // 2), "more_body": True} for _ in range(9)
    ]
    assert (await gate.ask(event(), pieces=pieces))[0] == 413
    assert len(pieces) == 6, "the third one was too much"


async def test_a_slow_body_times_out(gate: Gate) -> None:
    pieces: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]
    assert await gate.ask(event(), pieces=pieces) == (408, "Too slow.")


async def test_a_body_that_breaks_off_has_no_answer(gate: Gate) -> None:
    pieces: list[Message] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    assert await gate.ask(event(), pieces=pieces) == (0, "")
    assert gate.traffic.refused == {Refusal.BROKEN_OFF: 1}


async def test_what_came_before_is_not_done_twice(gate: Gate) -> None:
    for request in (command(), interaction(PRESS), interaction(FORM)):
        assert (await gate.ask(request))[0] == 200
        assert (await gate.ask(request))[0] == 409
    assert len(gate.bolt.reached) == 3
    assert gate.traffic.refused == {Refusal.REPLAYED: 3}


async def test_an_event_may_come_again_since_slack_does_send_it_twice(gate: Gate) -> None:
    request = event()
    assert [(await gate.ask(request))[0] for _ in range(2)] == [200, 200]


async def test_what_came_to_nothing_may_be_sent_again(gate: Gate) -> None:
    gate.bolt.answers = BoltResponse(status=500, body="")
    request = command()
    assert (await gate.ask(request))[0] == 500
    gate.bolt.answers = BoltResponse(status=200, body="")
    assert (await gate.ask(request))[0] == 200


async def test_signatures_are_forgotten_with_their_age() -> None:
    elapsed = Standing()
    guard = Guard(SECRET, Traffic(), elapsed, patience=1.0)
    guard.open(Behind())
    gate = Gate(guard, Behind(), Traffic())
    for minute in range(30):
        elapsed.now = AT + minute * 60
        for number in range(10):
            request = command({**COMMAND, "text": str(number)}, at=elapsed.now)
            assert (await gate.ask(request))[0] == 200
    assert len(guard._signatures._seen) <= 70


async def test_what_nothing_listens_to_is_taken_and_counted(gate: Gate) -> None:
    gate.bolt.answers = BoltResponse(status=404, body={"error": "unhandled request"})
    assert await gate.ask(event()) == (200, "")
    assert gate.traffic.refused == {Refusal.NO_LISTENER: 1}


async def test_before_it_is_open_slack_is_asked_to_come_again() -> None:
    traffic = Traffic()
    gate = Gate(Guard(SECRET, traffic, Standing(), patience=1.0), Behind(), traffic)
    assert await gate.ask(event()) == (503, "Starting.")
    assert (await gate.ask(replace(event(), headers={})))[0] == 401, "others hear nothing of it"


async def test_acknowledgements_are_measured_by_kind(gate: Gate) -> None:
    heard: list[str] = []
    gate.traffic.on_ack = lambda kind, seconds: heard.append(kind)
    for request in (event(), command(), interaction(PRESS), interaction(FORM)):
        await gate.ask(request)
    assert heard == ["event", "command", "press", "form"]
