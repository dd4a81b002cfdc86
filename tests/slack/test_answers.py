"""Which answers of Slack are a refusal of the token, and which have only to be waited for."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import ConfigurationError, Unavailable
from bot.slack.answers import answers
from tests.tables import on_each


def told(token: str, status: int, data: dict[str, Any], headers: dict[str, str] | None = None) -> ConfigurationError:
    client = AsyncWebClient(base_url="http://user:hush@slack.example/api/")
    response = AsyncSlackResponse(
        client=client,
        http_verb="POST",
        api_url="http://slack.example/api/auth.test",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    with pytest.raises(ConfigurationError) as caught, answers(client, token):
        raise SlackApiError("an answer", response)  # type: ignore[no-untyped-call]
    return caught.value


@on_each("code", ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope", "something_new"])
@on_each("token", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_code_of_slacks_own_is_a_refusal(token: str, code: str) -> None:
    error = told(token, 200, {"ok": False, "error": code})
    assert not isinstance(error, Unavailable)
    assert str(error).startswith(f"{token} doesn't work: ")


@on_each(
    ("status", "code"),
    [
        (500, ""),
        (503, ""),
        (200, "internal_error"),
        (200, "fatal_error"),
        (200, "service_unavailable"),
        (200, "request_timeout"),
        (429, "ratelimited"),
        (200, "ratelimited"),
        (200, "team_added_to_org"),
        (404, ""),
        (407, ""),
        (200, ""),
    ],
)
@on_each("token", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_everything_else_passes(token: str, status: int, code: str) -> None:
    error = told(token, status, {"ok": False, "error": code} if code else {})
    assert isinstance(error, Unavailable)
    assert "TOKEN" not in str(error)
    assert "hush" not in str(error)


def test_it_waits_as_long_as_slack_asks() -> None:
    error = told("SLACK_APP_TOKEN", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "42"})
    assert isinstance(error, Unavailable)
    assert error.after == 42.0
