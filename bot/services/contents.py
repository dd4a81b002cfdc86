"""What a delivery says at the moment of sending. Which reader says it is decided in `readers`."""

from __future__ import annotations

from typing import Any

from bot.domain.deliveries import Kind
from bot.services.base import Service
from bot.services.readers import CONTENT_READERS
from bot.store.deliveries import DeliveryRow
from bot.store.scope import keep_to


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
