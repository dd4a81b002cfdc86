"""Requests as Slack makes them: signed, with a body of each kind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.http_delivery import sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

COMMAND = {
    "command": "/action",
    "text": "help",
    "user_id": "U0MARCUS",
    "team_id": "T0DEMO",
    "channel_id": "C1",
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.slack.com/commands/1",
}
PRESS: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U0MARCUS", "team_id": "T0DEMO"},
    "team": {"id": "T0DEMO", "domain": "lb"},
    "trigger_id": "1.2.3",
    "actions": [{"action_id": "open", "block_id": "b", "type": "button", "value": "A-101", "action_ts": "1.0"}],
}
FORM: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "U0MARCUS", "team_id": "T0DEMO"},
    "team": {"id": "T0DEMO"},
    "view": {"id": "V1", "type": "modal", "callback_id": "add", "private_metadata": "", "state": {"values": {}}},
}
EVENT: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T0DEMO",
    "event_id": "Ev1",
    "event": {"type": "message", "channel_type": "im", "user": "U0MARCUS", "channel": "D1", "text": "hi", "ts": "1.0"},
}


@dataclass(frozen=True)
class Request:
    """One request; what is wrong with it is changed by `replace`."""

    body: bytes
    content_type: str
    headers: dict[str, str]

    @property
    def all_headers(self) -> dict[str, str]:
        return {"content-type": self.content_type, **self.headers}


# When it is, in tests whose clock stands still.
AT = 1_796_000_000


def signed(body: str | bytes, content_type: str, *, secret: str = SECRET, at: float = AT) -> Request:
    raw = body.encode() if isinstance(body, str) else body
    timestamp = str(int(at))
    signature = sign(secret, timestamp, raw.decode("utf-8", errors="replace"))
    return Request(raw, content_type, {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature})


def event(payload: object = None, **options: Any) -> Request:
    return signed(json.dumps(EVENT if payload is None else payload), JSON_TYPE, **options)


def interaction(payload: object, **options: Any) -> Request:
    return signed(urlencode({"payload": json.dumps(payload)}), FORM_TYPE, **options)


def command(payload: dict[str, str] | None = None, **options: Any) -> Request:
    return signed(urlencode(COMMAND if payload is None else payload), FORM_TYPE, **options)
