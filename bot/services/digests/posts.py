"""What a post of a digest says: a channel's, a reply under one, or a copy by direct message. Steps for services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.domain.digests import (
    EVERYTHING,
    FUNDER,
    NOTHING,
    ROLL_UP,
    Digest,
    DigestPost,
    as_seen,
    editions_of,
    sight_of,
)
from bot.domain.outbox import LATE_AFTER, Kind, State
from bot.domain.record import Record
from bot.domain.rights import narrowing, standing_of
from bot.services.access import OnRecord, Transaction
from bot.services.digests.composed import composed_digest, newest_published
from bot.services.outbox import queue_updates_of
from bot.store.database import parameter, prepared
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.record import read_rows


async def digest_post(tx: Transaction, row: DeliveryRow) -> DigestPost | None:
    """The content of a digest's post; None where it is not composed, or its one reader may not read it any more."""
    digest = await tx.session.get(DigestRow, row.digest_id)
    if digest is None or digest.content is None:
        return None
    tx = await tx.read()
    composed = composed_digest(digest)
    sight, copy = EVERYTHING if _may_see_amounts(tx.record, row.channel or "") else NOTHING, None
    due_at = digest.due_at
    if row.member_id is not None:
        key = (await read_rows(tx.session, row.coalition_id, "members"))[row.member_id]["key"]
        member = next(item for item in tx.record.members if item.id == key)
        standing = standing_of(tx.record, member)
        wanted = row.subject.get("edition") if row.kind == Kind.DIGEST_COPY else f"{ROLL_UP}:"
        copy = next((one for one in editions_of(tx.record, standing, member) if one.key == wanted), None)
        if copy is None or (copy.kind == FUNDER and copy.about != member.organization):
            return None
        sight = sight_of(tx.record, standing, member)
        composed = as_seen(composed, sight)
        # A copy keeps to its reader's hours, and is late only if it misses them.
        due_at = row.due_at
    posted_at = tx.now
    if row.operation == "update":
        # Published words stay as they are; only the buttons follow what has become of things.
        posted_at = (await tx.session.get_one(DeliveryRow, row.parent_id)).sent_at or tx.now
    moved_from = row.subject.get("moved_from")
    return DigestPost(
        digest=composed,
        priority=row.subject.get("priority"),
        channel=row.channel or "",
        sight=sight,
        posted_at=posted_at,
        late_since=due_at if posted_at - due_at > LATE_AFTER else None,
        moved_from=datetime.fromisoformat(moved_from) if moved_from else None,
        copy=copy if row.kind == Kind.DIGEST_COPY else None,
        decided=decided_since(tx.record, composed),
    )


def decided_since(record: Record, digest: Digest) -> frozenset[str]:
    """The decisions that a digest asks for and that are not needed any more."""
    needed = {one.id for one in digest.decisions_needed}
    return frozenset(one.id for one in record.decisions if one.id in needed and not one.is_needed)


async def refresh_buttons(tx: OnRecord) -> None:
    """The newest digest's posts are shown anew once a decision that they ask for is not needed any more."""
    newest = await newest_published(tx)
    if newest is None:
        return
    decided = sorted(decided_since(tx.record, composed_digest(newest)))
    posts = await tx.session.scalars(_POSTED, {"of": newest.id})
    changed = [row for row in posts if row.subject.get("decided", []) != decided]
    for row in changed:
        row.subject = {**row.subject, "decided": decided}
    await queue_updates_of(tx, changed)


_POSTED = prepared(
    select(DeliveryRow)
    .where(
        DeliveryRow.digest_id == parameter("of"),
        DeliveryRow.kind.in_([Kind.ROLL_UP, Kind.DIGEST_COPY]),
        DeliveryRow.operation == "post",
        DeliveryRow.state == State.SENT,
    )
    .order_by(DeliveryRow.id)
)


def _may_see_amounts(record: Record, channel: str) -> bool:
    """Amounts show only where every reader may see them: all who sit in the groups of this channel."""
    return any(group.channel == channel for group in record.groups) and not narrowing(record, channel)
