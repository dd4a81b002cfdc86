"""Slack says that the app was taken away, or its token. Nothing can be answered any more; whoever runs it reads why."""

from __future__ import annotations

import structlog

from bot.domain.installations import Ended
from handlers.context import Call

log = structlog.get_logger(__name__)


async def taken_away(call: Call) -> None:
    """Ends what was installed, and says it in the log. A token of somebody's own was revoked often enough; the bot goes
    by its own alone."""
    await call.ack()
    kind = str(call.event.get("type"))
    if kind == "tokens_revoked" and not (call.event.get("tokens") or {}).get("bot"):
        return
    log.error("app_taken_away", how=kind, team=call.team_id)
    if call.edge.on_taken_away is not None:
        at = call.body.get("event_time")
        why = Ended.UNINSTALLED if kind == "app_uninstalled" else Ended.REVOKED
        enterprise_id = call.context.enterprise_id
        # A workspace that was installed again since is not the one that Slack speaks of.
        await call.edge.on_taken_away(call.team_id, enterprise_id, why, float(at) if isinstance(at, int) else None)
