"""What a delivery says at the moment of sending. Which reader says it is decided in `readers`."""

from __future__ import annotations

from typing import Any

from bot.domain.outbox import Kind
from bot.services.access import Service
from bot.services.sending.readers import CONTENT_READERS
from bot.store.database import keep_to
from bot.store.outbox import DeliveryRow


class Contents(Service):
    """Reads what deliveries say."""

    async def content(self, delivery_id: int) -> Any:
        """The content of a delivery, a frozen value of its kind; None where there is nothing to say any more."""
        now = self.calendar.now()
        async with self.database.read() as session:
            row = await session.get(DeliveryRow, delivery_id)
            if row is None:
                return None
            keep_to(session, row.coalition_id)
            return await CONTENT_READERS[Kind(row.kind)](session, row, now)
