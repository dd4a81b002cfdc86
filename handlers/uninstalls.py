"""Slack says that the app was taken away, or its token. Nothing can be answered any more; whoever runs it reads why."""

from __future__ import annotations

import structlog

from handlers.context import Call

log = structlog.get_logger(__name__)


async def taken_away(call: Call) -> None:
    """Says it in the log. A token of somebody's own was revoked often enough; the bot goes by its own alone."""
    kind = str(call.event.get("type"))
    if kind == "tokens_revoked" and not (call.event.get("tokens") or {}).get("bot"):
        return
    log.error("app_taken_away", how=kind, team=call.team_id)
