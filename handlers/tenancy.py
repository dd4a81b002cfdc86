"""Lets payloads through only where the app is installed, and only as that workspace's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.slack.workspaces import ServedWorkspace, Workspaces

log = structlog.get_logger(__name__)

Find = Callable[[str | None, str | None], Awaitable[ServedWorkspace | None]]
Next = Callable[[], Awaitable[BoltResponse]]


def only_installed(find: Find, refuse: Callable[[], None]) -> Callable[..., Awaitable[BoltResponse]]:
    """What Bolt calls before it authorizes. A payload of another workspace gets no answer: `refuse` counts it."""

    async def middleware(body: dict[str, Any], context: AsyncBoltContext, next: Next) -> BoltResponse:
        if body.get("type") == "url_verification" or "ssl_check" in body or is_about_removal(body):
            return await next()
        enterprise_id, team_id = workspace_in(body, context)
        found = await find(enterprise_id, team_id)
        if found is None:
            refuse()
            log.warning("not_installed_there", team=team_id, kind=str(body.get("type") or "command"))
            return BoltResponse(status=200, body="")
        # Of a shared channel Bolt may have read the workspace of whoever is connected.
        context["team_id"], context["enterprise_id"] = found.team_id, found.token.enterprise_id
        return await next()

    return middleware


def by_what_is_known(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult]]:
    """How Bolt authorizes a payload: as the workspace that it is for, or not at all. Left to itself it would ask Slack
    who it is before the first acknowledgement; that was asked at the start."""

    async def authorize(enterprise_id: str | None, team_id: str | None, **_: object) -> AuthorizeResult:
        found = workspaces.of_workspace(enterprise_id, team_id)
        if found is None:
            return None  # type: ignore[return-value]  # Bolt takes it for "not installed", but doesn't say so
        token = found.token
        return AuthorizeResult(
            enterprise_id=token.enterprise_id,
            team_id=token.team_id,
            bot_token=found.client.token,
            bot_user_id=token.bot_user_id,
        )

    return authorize


def is_about_removal(body: Mapping[str, Any]) -> bool:
    """Whether Slack tells that the app, or its token, was taken away: also of a workspace of which that is known."""
    return _part(body, "event").get("type") in {"app_uninstalled", "tokens_revoked"}


def workspace_in(body: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """(organization, workspace) in which the app is installed that the payload is for: where Slack says so, by that.

    `team` alone may be the workspace of somebody who is connected.
    """
    said, organization = context.get("team_id"), context.get("enterprise_id")
    for team_id in _told(body):
        return organization if team_id == said else None, team_id
    return organization, said if isinstance(said, str) else None


def _told(body: Mapping[str, Any]) -> Iterator[str]:
    view, message = _part(body, "view"), _part(body, "message")
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else None
    found = [
        view.get("app_installed_team_id"),
        first.get("team_id") if isinstance(first, dict) else None,
        # A button stands in a message of the app's own, which was posted with the token of the workspace.
        _part(message, "bot_profile").get("team_id") if message.get("app_id") == body.get("api_app_id") else None,
    ]
    for one in found:
        if isinstance(one, str) and one:
            yield one


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
