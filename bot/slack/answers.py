"""What Slack's answer to a question of the program itself means: it refuses, or it has to be waited for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigurationError, Unavailable
from bot.slack.gateway import AMBIGUOUS_CODES, LATER_CODES, MENDS, asked_wait, code_of

APP_TOKEN = "SLACK_APP_TOKEN"
# What mends a refused app-level token, by Slack's code; without one, another token does.
APP_MENDS: Mapping[str, str] = {
    "missing_scope": "it lacks connections:write",
    "not_allowed_token_type": "it is no app-level token",
    "invalid_auth": "it is not valid",
    "token_revoked": "it was revoked",
    "account_inactive": "the app was deactivated",
}


@contextmanager
def answers(client: AsyncWebClient, token: str) -> Iterator[None]:
    """Turns what goes wrong with a question into Unavailable, or into ConfigurationError where Slack refuses.

    `token`: the setting whose token goes along. Only what Slack itself says, by a code, is a refusal.
    """
    try:
        yield
    except SlackApiError as error:
        raise _trouble_of(error, token, client.base_url) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unavailable(
            f"Slack can't be reached at {_place(client.base_url)}. Check the network and SLACK_API_URL.", of="slack"
        ) from error


def _trouble_of(error: SlackApiError, token: str, address: str) -> ConfigurationError:
    # slack_sdk hands over aiohttp's own response where nobody could read the answer.
    status: int = getattr(error.response, "status_code", getattr(error.response, "status", 200))
    code = code_of(error)
    if status == 429 or code in LATER_CODES:
        return Unavailable("Slack asks to wait before it is asked again.", of="slack", after=asked_wait(error))
    if status >= 500 or code in AMBIGUOUS_CODES:
        return Unavailable(f"Slack has trouble of its own at {_place(address)} ({code or status}).", of="slack")
    if not code:
        why = f"What answers at {_place(address)} is not Slack ({status}). Check SLACK_API_URL."
        return Unavailable(why, of="slack")
    if token == APP_TOKEN:
        why = APP_MENDS.get(code, f"Slack refused it ({code})")
        return ConfigurationError(
            f"SLACK_APP_TOKEN doesn't work: {why}. Make an app-level token with connections:write under Basic "
            "Information and set it in .env."
        )
    return ConfigurationError(f"{token} doesn't work: {MENDS.get(code, f'Slack refused the token ({code})')}.")


def _place(address: str) -> str:
    """The address without a user and password, which somebody may have put there."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
