"""Reads who and which channels Slack shows to the bot, and which scopes its token has. It sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.people import SeenAccount, SeenChannel
from bot.errors import ConfigurationError, Unavailable
from bot.slack.answers import answers
from bot.slack.gateway import date_of


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
    """Who the bot is. Raises Unavailable where Slack has to be waited for, ConfigurationError where it refuses."""
    with answers(client, "SLACK_BOT_TOKEN"):
        reply = await client.auth_test()
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


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Where Socket Mode is to be connected, for a while and once. Raises as `check_token` does.

    It is asked for once a start, since Slack gives one a minute: what the token is worth and the address come together.
    """
    with answers(client, "SLACK_APP_TOKEN"):
        reply = await client.apps_connections_open(app_token=app_token)
    return str(reply["url"])


async def accounts(client: AsyncWebClient, team_id: str) -> list[SeenAccount]:
    """Every person that Slack lists, guests and connected ones included, bots left out. Raises like `check_token`."""
    with answers(client, "SLACK_BOT_TOKEN"):
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
    """The channels that the bot is in, archived ones too: it is no member of them for long, but says what is so.

    Raises as `check_token` does.
    """
    parameters = {"types": "public_channel,private_channel", "exclude_archived": False, "limit": 200}
    with answers(client, "SLACK_BOT_TOKEN"):
        return [seen_channel(item) async for item in _pages(client, "users.conversations", "channels", parameters)]


async def archived_channels(client: AsyncWebClient, channel_ids: Iterable[str]) -> list[SeenChannel]:
    """Those of these channels, which the bot is not in any more, that Slack shows to be archived."""
    found = []
    for channel_id in channel_ids:
        try:
            with answers(client, "SLACK_BOT_TOKEN"):
                channel = seen_channel((await client.conversations_info(channel=channel_id))["channel"])
        except Unavailable:
            raise
        except ConfigurationError:
            # A private channel that the bot is not in is not shown to it at all.
            continue
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
