"""Digests: composing for a question, and composing once what will be published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.deliveries import Kind, delivery_key
from bot.domain.digest_json import to_published
from bot.domain.digest_parts import Digest
from bot.domain.digests import compose
from bot.domain.packing import pack, unpack
from bot.services.actors import Actor
from bot.services.base import Service
from bot.store.deliveries import DeliveryRow
from bot.store.digests import DigestRow
from bot.store.record_view import read_record


class Digests(Service):
    """Questions about digests."""

    async def compose(self, actor: Actor, moment: datetime | None = None) -> Digest:
        """The leadership edition as of a moment (None: now): what was known then."""
        actor.require("digests.compose")
        at = moment or self.calendar.now()
        async with self.database.read() as session:
            record = await read_record(session, actor.coalition_id, at)
        return compose(record, at)


async def compose_once(session: AsyncSession, row: DeliveryRow, now: datetime) -> DigestRow:
    """Composes the digest of a delivery at its first claim, and plans its thread; later claims find it as it is.

    A step of the claim's transaction.
    """
    digest = await session.get_one(DigestRow, row.digest_id, with_for_update=True)
    if digest.composed_at is None:
        record = await read_record(session, row.coalition_id, now)
        composed = compose(record, now)
        digest.content = {"published": to_published(composed), "digest": pack(composed)}
        digest.composed_at = now
    if row.kind == Kind.ROLL_UP:
        await _plan_thread(session, row, digest, now)
    return digest


async def _plan_thread(session: AsyncSession, row: DeliveryRow, digest: DigestRow, now: datetime) -> None:
    there = await session.scalar(select(DeliveryRow.id).where(DeliveryRow.parent_id == row.id).limit(1))
    if there is not None:
        return
    priorities = [part["id"] for part in content_of(digest)["digest"]["priorities"]]
    for number, priority in enumerate([*priorities, None], start=1):
        session.add(
            DeliveryRow(
                coalition_id=row.coalition_id,
                key=delivery_key(row.key, Kind.REPLY, number),
                kind=Kind.REPLY,
                channel=row.channel,
                parent_id=row.id,
                part_no=number,
                digest_id=digest.id,
                subject={"priority": priority},
                planned_at=now,
                due_at=now,
            )
        )
    await session.flush()


def content_of(digest: DigestRow) -> dict[str, Any]:
    """What was composed. Raises LookupError before the first claim."""
    if digest.content is None:
        raise LookupError(f"digest {digest.id} was not composed")
    content: dict[str, Any] = digest.content
    return content


def composed_digest(digest: DigestRow) -> Digest:
    """The composed digest as the value that renderers take."""
    return unpack(Digest, content_of(digest)["digest"])
