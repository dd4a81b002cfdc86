"""What a delivery says when it is sent. `readers` decides which reader says it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from bot.domain.wording import write_in
from bot.errors import UserError
from bot.services.access import Actor, Service, Transaction
from bot.services.sending.readers import TOGETHER_READERS, read_content
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.database import keep_to
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow


class Contents(Service):
    """Reads what deliveries say."""

    async def content(self, delivery_id: int) -> Any:
        """What one delivery says; None where there is nothing to say any more."""
        return (await self.read([delivery_id])).get(delivery_id)

    async def as_now(self, actor: Actor, delivery_id: int) -> Any:
        """What a message to this person says now, as if it were shown anew; None where there is nothing to say of it
        any more. Raises UserError for somebody else's."""
        async with self.looking(actor, "contents.as_now") as tx:
            row = await tx.session.get(DeliveryRow, delivery_id)
            if row is None or row.member_id is None or row.member_id != actor.member_id:
                raise UserError("I can't find this message anymore.")
            items = await tx.values(
                select(DeliveryItemRow)
                .where(DeliveryItemRow.delivery_id == row.id, DeliveryItemRow.left_out.is_(None))
                .order_by(DeliveryItemRow.id)
            )
            if row.digest_id is not None:
                await tx.session.get(DigestRow, row.digest_id)
            # What an update of it would say; it is no part of the session, and is never stored.
            shown = DeliveryRow(
                coalition_id=row.coalition_id,
                key=row.key,
                kind=row.kind,
                operation="update",
                member_id=row.member_id,
                channel=row.channel,
                parent_id=row.id,
                about=row.about,
                digest_id=row.digest_id,
                subject=row.subject,
                planned_at=row.planned_at,
                due_at=row.due_at,
                sent_at=row.sent_at,
            )
            return await read_content(tx.session, shown, items, tx.now)

    async def read(self, delivery_ids: Collection[int]) -> Mapping[int, Any]:
        """The content of each of these, a frozen value of its kind; None where there is nothing to say any more.

        All deliveries of a coalition are read from one state of it.
        """
        now, left = self.calendar.now(), set(delivery_ids)
        found: dict[int, Any] = {}
        while left:
            async with self.database.read() as session:
                held = (await session.execute(_WITH_THEIRS, {"ids": sorted(left)})).all()
                # Holding these keeps them in the session, where readers look them up by key.
                items: dict[DeliveryRow, list[DeliveryItemRow]] = defaultdict(list)
                for one in held:
                    items[one.DeliveryRow] += [one.DeliveryItemRow] if one.DeliveryItemRow is not None else []
                coalition_id = held[0].DeliveryRow.coalition_id if held else 0
                keep_to(session, coalition_id)
                if held:
                    # Also where no record is read for what is said.
                    write_in(held[0].locale)
                mine = [row for row in items if row.coalition_id == coalition_id]
                for kind, read_together in TOGETHER_READERS.items():
                    if some := [row for row in mine if row.kind == kind]:
                        found |= await read_together(Transaction(session, coalition_id, now), some)
                for row in mine:
                    if row.kind not in TOGETHER_READERS:
                        found[row.id] = await read_content(session, row, items[row], now)
                        # Between two of them, whoever waits for an acknowledgement gets a turn.
                        await asyncio.sleep(0)
                left = {row.id for row in items if row.coalition_id != coalition_id}
        return found


_Parent = aliased(DeliveryRow)
# Each delivery with its parent, its digest, and the items of its bundle with their rounds.
_WITH_THEIRS = (
    select(DeliveryRow, _Parent, DigestRow, DeliveryItemRow, RoundSubjectRow, RoundRow, CoalitionRow.locale)
    .join(CoalitionRow, CoalitionRow.id == DeliveryRow.coalition_id)
    .outerjoin(_Parent, _Parent.id == DeliveryRow.parent_id)
    .outerjoin(DigestRow, DigestRow.id == DeliveryRow.digest_id)
    .outerjoin(
        DeliveryItemRow,
        and_(
            DeliveryItemRow.delivery_id == func.coalesce(DeliveryRow.parent_id, DeliveryRow.id),
            DeliveryItemRow.left_out.is_(None),
        ),
    )
    .outerjoin(RoundSubjectRow, RoundSubjectRow.id == DeliveryItemRow.round_subject_id)
    .outerjoin(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
    .where(DeliveryRow.id.in_(bindparam("ids", expanding=True)))
    .order_by(DeliveryRow.id, DeliveryItemRow.id)
)
