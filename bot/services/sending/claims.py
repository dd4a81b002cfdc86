"""The claim's transaction: takes what is due and may be sent now, and settles what is too late or no longer needed.

What holds of a bundle is in `bundles`, where a delivery goes in `destinations`, what follows from its end in
`outcomes`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.outbox import BUNDLE_SPAN, SUPERSEDED, TOO_LATE, Kind, Receiver, State
from bot.services.alarms import tell_of_post
from bot.services.briefs import compose_brief
from bot.services.digests import compose_once, prepare_claim
from bot.services.outbox import receivers_of
from bot.services.rhythm import plan_due
from bot.services.sending.bundles import still_asks, waits_for_an_open_hour
from bot.services.sending.destinations import Reads, destination_of
from bot.services.sending.due import claimable, due_rows, parents_of
from bot.services.sending.gathering import gather, is_written_to
from bot.services.sending.leases import Claimed, Timing, Tries
from bot.services.sending.outcomes import give_up_part, miss, rest, settle, stumble
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import ScheduleRow

log = structlog.get_logger(__name__)

LOOK_BACK = 120.0
# Posts of which the newest covers those before it.
DIGESTS = frozenset({Kind.ROLL_UP, Kind.CHANNEL_EDITION, Kind.DIGEST_COPY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimer:
    """The process that claims, and when: by the calendar and by elapsed time."""

    owner: str
    timing: Timing
    tries: Tries
    now: datetime
    epoch: float
    slack_ahead: float


async def claim_some(
    session: AsyncSession, by: Claimer, due: ColumnElement[bool], limit: int, *, planned: bool
) -> tuple[int, tuple[Claimed, ...]] | None:
    """How many were looked at, and those of them that were claimed.

    None where company has to be planned first: that locks the coalition, which always comes before its messages.
    """
    if planned:
        await _plan_company(session, due, by.now)
    rows = await due_rows(session, due, limit)
    if not planned and any(row.kind == Kind.PROMPTS and row.operation == "post" for row in rows):
        return None
    posts = [row for row in rows if row.operation == "post" and row.member_id is not None]
    receivers = await receivers_of(session, {row.member_id for row in posts if row.member_id is not None})
    # Held here, so that each row finds its own without asking again.
    parents = await parents_of(session, rows)
    digests = [row.id for row in rows if row.kind in DIGESTS and row.operation == "post"]
    reads = Reads(await _with_successors(session, digests, by.now))
    claimed = []
    for row in rows:
        if row.state != State.PLANNED:
            continue  # it travels with an earlier one
        try:
            one = await _claim_one(session, by, row, receivers, reads)
        except Exception as error:
            # One delivery that can't be put together must not keep all others from being sent.
            log.exception("claim_failed_unexpectedly", delivery=row.id)
            for other in (*rows, *parents):
                await session.refresh(other)
            row.attempts += 1
            await stumble(session, row, error, by.tries, by.now, by.epoch)
            continue
        if one is not None:
            claimed.append(one)
    return len(rows), tuple(claimed)


async def _claim_one(
    session: AsyncSession,
    by: Claimer,
    row: DeliveryRow,
    receivers: Mapping[int, Receiver],
    reads: Reads,
) -> Claimed | None:
    """Claims a row, or settles it; what breaks undoes nothing of the others."""
    if row.operation == "update" or row.kind == Kind.REPLY:
        # Nothing but the row itself changes, so there is nothing that a savepoint would have to take back.
        one = await _claim(session, by, row, receivers, reads)
        await session.flush()
        return one
    async with session.begin_nested():
        one = await _claim(session, by, row, receivers, reads)
        await session.flush()
        return one


async def _plan_company(session: AsyncSession, due: ColumnElement[bool], now: datetime) -> None:
    """Plans whatever may travel with the messages that are about to be claimed: who plans when, how often, and
    what happened while nothing ran decides nothing about what is one message."""
    near = select(ScheduleRow.id).where(
        ScheduleRow.coalition_id == DeliveryRow.coalition_id, ScheduleRow.next_run_at <= now + BUNDLE_SPAN
    )
    prompts = and_(due, DeliveryRow.kind == Kind.PROMPTS, DeliveryRow.operation == "post", near.exists())
    waiting = await session.scalars(
        select(DeliveryRow.coalition_id).where(DeliveryRow.id.in_(claimable(prompts))).distinct()
    )
    for coalition_id in waiting.all():
        try:
            async with session.begin_nested():
                await plan_due(session, coalition_id, now)
                await session.flush()
        except Exception:
            # What can't be planned must not keep what was planned from being sent.
            log.exception("planning_failed_before_a_claim", coalition=coalition_id)


async def _claim(
    session: AsyncSession,
    by: Claimer,
    row: DeliveryRow,
    receivers: Mapping[int, Receiver],
    reads: Reads,
) -> Claimed | None:
    now, epoch = by.now, by.epoch
    parent = await session.get(DeliveryRow, row.parent_id) if row.parent_id is not None else None
    if parent is not None and parent.state != State.SENT:
        settle(row, State.DROPPED, "the message it belongs to was not sent")
        return None
    if parent is not None and parent.ts is None:
        await give_up_part(session, row, now)
        return None
    if row.operation == "post":
        if row.kind == Kind.PROMPTS:
            if await is_written_to(session, row):
                row.next_attempt_at = epoch + max(by.timing.looks[0], 0.01)
                return None
            receiver = receivers.get(row.member_id or 0)
            await gather(session, row, now, receiver)
            if not await still_asks(session, row, now, receiver, reads):
                return None
        elif row.expires_at is not None and row.expires_at <= now:
            await miss(session, row, TOO_LATE, now)
            return None
        elif waits_for_an_open_hour(row, now, receivers.get(row.member_id or 0)):
            return None
        elif row.kind == Kind.OWNER_PREVIEW:
            if not await prepare_claim(session, row, now):
                if row.state == State.PLANNED:
                    row.next_attempt_at = epoch + max(by.timing.looks[0], 0.01)
                return None
        elif row.kind in DIGESTS and row.id in reads.superseded:
            await miss(session, row, SUPERSEDED, now)
            return None
    destination = await destination_of(session, row, parent, reads)
    if isinstance(destination, str):
        rest(row, epoch, destination)
        await tell_of_post(session, row, now)
        return None
    # A reply is planned by what composed the digest.
    if row.digest_id is not None and row.operation == "post" and row.kind != Kind.REPLY:
        await compose_once(session, row, now)
    elif row.kind == Kind.BRIEF and row.operation == "post" and not row.subject:
        await compose_brief(session, row, now)
    row.state = State.CLAIMED
    row.reason = None
    row.waiting = False
    row.attempts += 1
    row.looks = 0
    row.lease_owner = by.owner
    row.lease_until = epoch + by.timing.lease
    row.attempted_at = epoch
    # The earliest attempt counts, so that a look also finds a message of an earlier one that showed up late.
    row.attempted_ts = row.attempted_ts or f"{now.timestamp() + by.slack_ahead - LOOK_BACK:.6f}"
    # Never the conversation of an earlier attempt: the person may have another account since.
    row.channel_id = destination.channel_id
    return Claimed(
        id=row.id,
        key=row.key,
        kind=Kind(row.kind),
        operation=row.operation,
        attempt=row.attempts,
        lease_until=row.lease_until,
        team_id=destination.team_id,
        user_id=destination.user_id,
        channel_id=row.channel_id,
        thread_ts=parent.ts if parent is not None and row.operation == "post" else None,
        ts=parent.ts if parent is not None and row.operation == "update" else None,
        version=row.version,
    )


async def _with_successors(session: AsyncSession, ids: Collection[int], now: datetime) -> set[int]:
    """Those of these digests whose cadence's next one for the same channel is due too: one covers the whole gap."""
    if not ids:
        return set()
    mine, theirs, newer = aliased(DigestRow), aliased(DigestRow), aliased(DeliveryRow)
    found = await session.scalars(
        select(DeliveryRow.id)
        .join(mine, mine.id == DeliveryRow.digest_id)
        .join(theirs, mine.cadence_id == theirs.cadence_id)
        .join(newer, newer.digest_id == theirs.id)
        .where(
            DeliveryRow.id.in_(ids),
            newer.coalition_id == DeliveryRow.coalition_id,
            newer.kind == DeliveryRow.kind,
            newer.operation == "post",
            newer.channel.is_not_distinct_from(DeliveryRow.channel),
            newer.member_id.is_not_distinct_from(DeliveryRow.member_id),
            newer.due_at > DeliveryRow.due_at,
            newer.due_at <= now,
        )
    )
    return set(found)
