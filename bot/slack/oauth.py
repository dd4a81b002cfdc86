"""Installing by OAuth v2: the address at Slack, and the exchange of a code or a refresh token for tokens.

Nothing is kept here, and no request of a browser is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.installations import Installation, Tokens
from bot.domain.people import Workspace
from bot.errors import Unavailable
from bot.slack.gateway import AMBIGUOUS_CODES, LATER_CODES, asked_wait, code_of
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES


class NotGranted(Exception):
    """Slack gives no token for it. `code` is Slack's own, or one of ours in its style."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """What an app proves itself by where it is installed. `redirect_uri`: where Slack sends the browser back to."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


def authorize_url(api_url: str, app: AppCredentials, state: str) -> str:
    """Where somebody is asked whether the app may be installed, with the scopes of the manifest and no others."""
    parts = urlsplit(api_url)
    scope = ",".join([*SCOPES, *OPTIONAL_SCOPES])
    asked = {"client_id": app.client_id, "scope": scope, "redirect_uri": app.redirect_uri, "state": state}
    return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize?{urlencode(asked)}"


async def redeem(client: AsyncWebClient, app: AppCredentials, code: str, now: float) -> Installation:
    """What the code of a browser that came back stands for. `now` is in epoch seconds.

    Raises NotGranted, and Unavailable where Slack has to be asked again.
    """
    granted = await _access(
        client,
        client_id=app.client_id,
        client_secret=app.client_secret,
        code=code,
        redirect_uri=app.redirect_uri,
    )
    team = granted.get("team") or {}
    if granted.get("is_enterprise_install") or not team.get("id"):
        # The manifest doesn't ask for it: every coalition lives in a workspace.
        raise NotGranted("installed_for_organization")
    scopes = frozenset(filter(None, str(granted.get("scope") or "").split(",")))
    if missing := set(SCOPES) - scopes:
        raise NotGranted(f"lacks {', '.join(sorted(missing))}")
    return Installation(
        workspace=Workspace(
            team_id=str(team["id"]),
            name=team.get("name"),
            enterprise_id=(granted.get("enterprise") or {}).get("id"),
            bot_user_id=granted.get("bot_user_id"),
        ),
        app_id=str(granted.get("app_id") or ""),
        scopes=scopes,
        tokens=_tokens(granted, now),
        installed_by=(granted.get("authed_user") or {}).get("id"),
    )


async def renew(client: AsyncWebClient, app: AppCredentials, refresh: str, now: float) -> Tokens:
    """Newer tokens for a refresh token, which is worth nothing afterwards. Raises as `redeem` does."""
    granted = await _access(
        client,
        client_id=app.client_id,
        client_secret=app.client_secret,
        grant_type="refresh_token",
        refresh_token=refresh,
    )
    return _tokens(granted, now)


async def _access(client: AsyncWebClient, **asked: str) -> Mapping[str, Any]:
    try:
        # Not by the client's own method, which goes by what aiohttp is about to take out.
        reply = await client.api_call("oauth.v2.access", data=asked)
    except SlackApiError as error:
        code, status = code_of(error), getattr(error.response, "status_code", 200)
        if status == 429 or code in LATER_CODES:
            after = asked_wait(error)
            raise Unavailable("Slack asks to wait before it is asked again.", of="slack", after=after) from None
        if status >= 500 or code in AMBIGUOUS_CODES or not code:
            raise Unavailable("Slack has trouble of its own.", of="slack") from None
        raise NotGranted(code) from None
    except (TimeoutError, aiohttp.ClientError, OSError):
        raise Unavailable("Slack can't be reached.", of="slack") from None
    found = reply.data
    if not isinstance(found, Mapping) or not str(found.get("access_token") or ""):
        raise NotGranted("no_bot_token")
    return found


def _tokens(granted: Mapping[str, Any], now: float) -> Tokens:
    refresh, seconds = granted.get("refresh_token"), granted.get("expires_in")
    return Tokens(
        bot=str(granted["access_token"]),
        refresh=str(refresh) if refresh else None,
        expires_at=now + float(seconds) if refresh and seconds else None,
    )
