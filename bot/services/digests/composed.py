"""A digest is composed once, at the first claim of any of its posts, and read back from there ever after.

Steps of other services' transactions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select

from bot.domain.digests import ROLL_UP, Digest, compose, to_published
from bot.domain.known import in_coalition_time
from bot.domain.outbox import Kind, delivery_key
from bot.domain.packing import pack, unpack
from bot.services.access import Transaction
from bot.services.digests.notes import with_notes
from bot.services.digests.reach import with_reach
from bot.store.base import parameter, prepared
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.record import read_record


async def compose_once(
    tx: Transaction, row: DeliveryRow, known: DigestRow | None = None, *, by_mail: bool = False
) -> DigestRow:
    """Composes the digest of a delivery at its first claim, and plans its thread; later claims find it as it is. A mail
    has no thread: it says all itself.

    A step of the claim's transaction; `known` where that has locked the digest already.
    """
    digest = known if known is not None else await tx.session.get_one(DigestRow, row.digest_id, with_for_update=True)
    if digest.composed_at is None:
        record = await read_record(tx.session, row.coalition_id, tx.now)
        composed = compose(record, tx.now)
        told = await with_reach(tx, await with_notes(tx, composed))
        told = replace(told, due_on=in_coalition_time(record, digest.due_at).date())
        digest.content = {"published": to_published(composed), "digest": pack(told)}
        digest.composed_at = tx.now
    is_roll_up = row.kind == Kind.ROLL_UP or row.subject.get("edition") == f"{ROLL_UP}:"
    if is_roll_up and row.kind in (Kind.ROLL_UP, Kind.DIGEST_COPY) and not by_mail:
        await _plan_thread(tx, row, digest)
    return digest


async def _plan_thread(tx: Transaction, row: DeliveryRow, digest: DigestRow) -> None:
    there = await tx.session.scalar(select(DeliveryRow.id).where(DeliveryRow.parent_id == row.id).limit(1))
    if there is not None:
        return
    priorities = [part["id"] for part in content_of(digest)["digest"]["priorities"]]
    parts = [
        {
            "coalition_id": row.coalition_id,
            "key": delivery_key(row.key, Kind.REPLY, number),
            "kind": Kind.REPLY,
            "channel": row.channel,
            "member_id": row.member_id,
            "parent_id": row.id,
            "part_no": number,
            "digest_id": digest.id,
            "subject": {"priority": priority},
            "planned_at": tx.now,
            "due_at": tx.now,
        }
        for number, priority in enumerate([*priorities, None], start=1)
    ]
    # All at once: row by row, each would be a statement.
    await tx.session.execute(insert(DeliveryRow), parts)


def content_of(digest: DigestRow) -> dict[str, Any]:
    """What was composed. Raises LookupError before the first claim."""
    if digest.content is None:
        raise LookupError(f"digest {digest.id} was not composed")
    content: dict[str, Any] = digest.content
    return content


def composed_digest(digest: DigestRow) -> Digest:
    """The composed digest as the value that renderers take."""
    return unpack(Digest, content_of(digest)["digest"])


async def newest_published(tx: Transaction) -> DigestRow | None:
    """The digest that went out last; None before the first."""
    row: DigestRow | None = await tx.session.scalar(_NEWEST, {"of": tx.coalition_id})
    return row


_NEWEST = prepared(
    select(DigestRow)
    .where(DigestRow.coalition_id == parameter("of"), DigestRow.published_at.is_not(None))
    .order_by(DigestRow.published_at.desc(), DigestRow.id.desc())
    .limit(1)
)
