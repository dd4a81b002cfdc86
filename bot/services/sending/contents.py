"""What a delivery says at the moment of sending. Which reader says it is decided in `readers`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from bot.domain.outbox import Kind
from bot.services.access import Service
from bot.services.sending.readers import CONTENT_READERS
from bot.store.database import keep_to
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow


class Contents(Service):
    """Reads what deliveries say."""

    async def content(self, delivery_id: int) -> Any:
        """What one delivery says; None where there is nothing to say any more."""
        return (await self.read([delivery_id])).get(delivery_id)

    async def read(self, delivery_ids: Collection[int]) -> Mapping[int, Any]:
        """The content of each of these, a frozen value of its kind; None where there is nothing to say any more.

        All of a coalition are read of one state of it.
        """
        now, left, found = self.calendar.now(), set(delivery_ids), {}
        while left:
            async with self.database.read() as session:
                # Whatever readers ask for by its key is held here meanwhile.
                held = (await session.execute(_WITH_THEIRS, {"ids": sorted(left)})).all()
                coalition_id = held[0][0].coalition_id if held else 0
                keep_to(session, coalition_id)
                for row, _parent, _digest in held:
                    if row.coalition_id == coalition_id:
                        found[row.id] = await CONTENT_READERS[Kind(row.kind)](session, row, now)
                left = {row.id for row, *_ in held if row.coalition_id != coalition_id}
        return found


_Parent = aliased(DeliveryRow)
_WITH_THEIRS = (
    select(DeliveryRow, _Parent, DigestRow)
    .outerjoin(_Parent, _Parent.id == DeliveryRow.parent_id)
    .outerjoin(DigestRow, DigestRow.id == DeliveryRow.digest_id)
    .where(DeliveryRow.id.in_(bindparam("ids", expanding=True)))
)
