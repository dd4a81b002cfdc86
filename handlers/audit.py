"""What was changed, by whom: everything, one item's, one person's, or since a day."""

from __future__ import annotations

from bot.domain.histories import AuditQuery
from bot.domain.rights import Right
from bot.slack.blocks.histories import audit_message
from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.listeners import Line, Listeners


async def show(call: Call, typed: str = "") -> None:
    await call.reply(audit_message(await call.services.audit.page(await call.actor(), typed)))


async def turn(call: Call) -> None:
    query = call.pressed(AuditQuery)
    await call.reply(audit_message(await call.services.audit.page(await call.actor(), query)), replace=True)


LISTENERS = Listeners(
    noun="coalition",
    actions={Action.TURN_AUDIT: turn},
    lines=(
        Line(
            "audit",
            "what was changed, by whom and how",
            show,
            Right.EXPORT,
            takes=show,
            usage="[ITEM | NAME | since DATE]",
        ),
    ),
)
