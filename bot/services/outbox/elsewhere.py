"""Messages of a coalition that was brought from elsewhere: where they stand. A step for other services."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from bot.services.access import Transaction
from bot.store.outbox import DeliveryRow

# Under this name a message that came with a file says in which workspace it stands.
WORKSPACE: Final = "workspace"


async def forget_elsewhere(tx: Transaction, team_id: str) -> None:
    """A coalition that moves into a workspace changes no message that stands in another one, and says nothing below
    it."""
    posts = select(DeliveryRow).where(
        tx.owns(DeliveryRow), DeliveryRow.operation == "post", DeliveryRow.ts.is_not(None)
    )
    for row in await tx.values(posts):
        if row.subject.get(WORKSPACE, team_id) != team_id:
            row.channel_id = row.ts = None
