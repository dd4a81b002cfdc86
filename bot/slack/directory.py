"""Reads who and which channels Slack shows to the bot, and which scopes its token has. It sends nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import SeenAccount, SeenChannel
from bot.errors import ConfigurationError
from bot.slack.gateway import MENDS, date_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What `auth.test` says about the token. `scopes` is empty where Slack names none."""

    team_id: str
    team: str | None
    enterprise_id: str | None
    bot_user_id: str
    scopes: frozenset[str]
    date: datetime | None = None  # Slack's own time when it answered


async def check_token(client: AsyncWebClient) -> Token:
    """Who the bot is. Raises ConfigurationError with the mend for a wrong token or a Slack that can't be reached."""
    try:
        reply = await client.auth_test()
    except SlackApiError as error:
        data = error.response.data if error.response is not None else {}
        code = data.get("error", "unknown") if isinstance(data, dict) else "unknown"
        mend = MENDS.get(code, f"Slack refused the token ({code})")
        raise ConfigurationError(f"SLACK_BOT_TOKEN doesn't work: {mend}.") from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise ConfigurationError(
            f"Slack can't be reached at {client.base_url}. Check the network and SLACK_API_URL, then start again."
        ) from error
    headers = reply.headers or {}
    listed = headers.get("x-oauth-scopes") or headers.get("X-OAuth-Scopes") or ""
    if isinstance(listed, list):
        listed = ",".join(listed)
    return Token(
        team_id=str(reply["team_id"]),
        team=reply.get("team"),
        enterprise_id=reply.get("enterprise_id"),
        bot_user_id=str(reply["user_id"]),
        scopes=frozenset(scope.strip() for scope in str(listed).split(",") if scope.strip()),
        date=date_of(headers),
    )


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Whether Socket Mode can be used. Raises ConfigurationError: Slack's own client would try for ever."""
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise ConfigurationError(
            "SLACK_APP_TOKEN doesn't work. Make an app-level token with connections:write under Basic Information "
            "and set it in .env."
        ) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise ConfigurationError(
            f"Slack can't be reached at {client.base_url}. Check the network and SLACK_API_URL, then start again."
        ) from error


async def accounts(client: AsyncWebClient, team_id: str) -> list[SeenAccount]:
    """Every person that Slack lists, guests and connected ones included, bots left out."""
    return [
        seen_account(user, team_id)
        async for user in _pages(client, "users.list", "members", {"limit": 200})
        if not user.get("is_bot") and user.get("id") != "USLACKBOT"
    ]


async def account(client: AsyncWebClient, team_id: str, user_id: str) -> SeenAccount | None:
    """One person's account as Slack shows it now; None for an app."""
    user = (await client.users_info(user=user_id))["user"]
    return None if user.get("is_bot") or user_id == "USLACKBOT" else seen_account(user, team_id)


def seen_account(user: Mapping[str, Any], team_id: str) -> SeenAccount:
    """What Slack says about a person. `team_id` is the workspace of the token."""
    profile = user.get("profile") or {}
    own_team = str(user.get("team_id") or team_id)
    return SeenAccount(
        team_id=own_team,
        user_id=str(user["id"]),
        name=str(user.get("real_name") or profile.get("real_name") or user.get("name") or user["id"]),
        email=profile.get("email"),
        timezone=user.get("tz"),
        deactivated=bool(user.get("deleted", False)),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=own_team != team_id,
        is_single_channel=bool(user.get("is_ultra_restricted")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        title=profile.get("title") or None,
    )


async def channel_members(client: AsyncWebClient, channel_id: str) -> list[str]:
    """The ids of everybody in a channel that the bot is in, apps included."""
    return [str(one) async for one in _pages(client, "conversations.members", "members", {"channel": channel_id})]


async def joined_channels(client: AsyncWebClient) -> list[SeenChannel]:
    """The channels that the bot is in, archived ones too: it is no member of them for long, but says what is so."""
    parameters = {"types": "public_channel,private_channel", "exclude_archived": False, "limit": 200}
    return [seen_channel(item) async for item in _pages(client, "users.conversations", "channels", parameters)]


async def archived_channels(client: AsyncWebClient, channel_ids: Iterable[str]) -> list[SeenChannel]:
    """Those of these channels, which the bot is not in any more, that Slack shows to be archived."""
    found = []
    for channel_id in channel_ids:
        with contextlib.suppress(SlackApiError):
            # A private channel that the bot is not in is not shown to it at all.
            channel = seen_channel((await client.conversations_info(channel=channel_id))["channel"])
            found += [channel] if channel.is_archived else []
    return found


def seen_channel(item: Mapping[str, Any]) -> SeenChannel:
    """What Slack says about a channel."""
    return SeenChannel(
        channel_id=str(item["id"]),
        name=str(item.get("name") or ""),
        is_private=bool(item.get("is_private")),
        is_external=bool(item.get("is_ext_shared")),
        is_archived=bool(item.get("is_archived")),
    )


async def _pages(client: AsyncWebClient, method: str, field: str, parameters: dict[str, Any]) -> Any:
    cursor = ""
    while True:
        reply = await client.api_call(method, params={**parameters, **({"cursor": cursor} if cursor else {})})
        for item in reply.get(field) or []:
            yield item
        cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
