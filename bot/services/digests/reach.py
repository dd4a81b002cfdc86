"""Which of the asks in a digest have not reached whom they ask. A step for services, in their session."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bot.domain.digests import AskLine, Digest
from bot.domain.outbox import Item
from bot.services.access import Transaction
from bot.services.outbox import where_items_are
from bot.store.asks import AskRow


async def with_reach(tx: Transaction, digest: Digest) -> Digest:
    """The digest where an ask that was let out and has not arrived is called so; nobody owes it an answer."""
    lines = [*digest.asks, *(part.ask for part in digest.priorities if part.ask is not None)]
    ids = {one.row_id for one in lines if one.row_id is not None and one.answer is None and one.outcome is None}
    if not ids:
        return digest
    rows = await tx.session.execute(select(AskRow.id, AskRow.receiver_id).where(tx.owns(AskRow), AskRow.id.in_(ids)))
    receivers = {row.id: row.receiver_id for row in rows}
    wheres = await where_items_are(tx, Item.HELP_WANTED, [str(one) for one in sorted(ids)])
    late = {
        ask_id
        for ask_id, receiver in receivers.items()
        if (where := wheres.get((str(ask_id), receiver))) is not None and not where.goes_at_once
    }
    if not late:
        return digest

    def told(ask: AskLine) -> AskLine:
        return replace(ask, is_there=False) if ask.row_id in late else ask

    return replace(
        digest,
        asks=tuple(told(ask) for ask in digest.asks),
        priorities=tuple(
            replace(part, ask=told(part.ask)) if part.ask is not None else part for part in digest.priorities
        ),
    )
