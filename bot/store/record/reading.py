"""The rows that the record is made of, read by their tables. What is made of them is in `values`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain import record as values
from bot.store.base import HAS_MAIL, parameter, prepared
from bot.store.digests import DigestRow
from bot.store.people import SlackChannelRow
from bot.store.record.looking_up import Rows
from bot.store.record.parts import KEPT_BY_ROW, query_of
from bot.store.record.tree import Loose


async def read_all(session: AsyncSession, coalition_id: int) -> dict[str, Rows]:
    """Every row of a coalition's record by table, in the order of ids."""
    return {name: await _rows(session, query_of(name), of=coalition_id) for name in KEPT_BY_ROW}


async def read_some(session: AsyncSession, coalition_id: int, table: str, ids: Collection[int]) -> Rows:
    """Those of these rows that there are."""
    return await _rows(session, query_of(table, only_some=True), of=coalition_id, ids=sorted(ids))


async def _rows(session: AsyncSession, query: Select[Any], **about: object) -> Rows:
    result = await session.execute(query, about)
    columns = tuple(result.keys())
    rows = (dict(zip(columns, row, strict=True)) for row in result)
    return {row["id"]: row for row in rows}


async def read_loose(session: AsyncSession, coalition_id: int, moment: datetime | None = None) -> Loose:
    """What of the record is not made row by row."""
    return Loose(
        published=await _published(session, coalition_id, moment),
        public_channels=await _public_channels(session, coalition_id),
        has_mail=bool(session.sync_session.info.get(HAS_MAIL)),
    )


async def _public_channels(session: AsyncSession, coalition_id: int) -> frozenset[str]:
    """Channels that are public, by what Slack last said; one that the bot has not seen is not called so."""
    return frozenset(await session.scalars(_PUBLIC_CHANNELS, {"of": coalition_id}))


async def _published(
    session: AsyncSession, coalition_id: int, moment: datetime | None
) -> tuple[values.PublishedDigest, ...]:
    """The newest published digest only: the next one is compared with nothing older."""
    about: dict[str, Any] = {"of": coalition_id}
    query = _PUBLISHED if moment is None else _PUBLISHED_BEFORE
    if moment is not None:
        about["moment"] = moment
    return tuple(
        values.PublishedDigest(published_at=published_at, content=content["published"])
        for published_at, content in await session.execute(query, about)
    )


_PUBLIC_CHANNELS = prepared(
    select(SlackChannelRow.name).where(
        SlackChannelRow.coalition_id == parameter("of"),
        SlackChannelRow.is_member.is_(True),
        SlackChannelRow.is_private.is_(False),
    )
)
_PUBLISHED = prepared(
    select(DigestRow.published_at, DigestRow.content)
    .where(DigestRow.coalition_id == parameter("of"), DigestRow.published_at.is_not(None))
    .order_by(DigestRow.published_at.desc())
    .limit(1)
)
_PUBLISHED_BEFORE = prepared(_PUBLISHED.where(DigestRow.published_at < parameter("moment")))
