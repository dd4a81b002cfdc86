"""How a decision ended, told to every channel that was told it waits. Steps for services, in their transaction."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.decisions import DecisionOutcome, group_of
from bot.domain.outbox import Kind
from bot.domain.record import Decision
from bot.domain.rights import narrowing
from bot.domain.vocabularies import CadenceKind
from bot.services.access import OnRecord, Transaction
from bot.services.decisions.views import read_decisions
from bot.services.digests import content_of, newest_published
from bot.services.outbox import SHOWN, post
from bot.store.outbox import DeliveryRow, posts_of

_BETWEEN = "|"


async def tell_channels(tx: OnRecord, decision: Decision) -> None:
    """Posts how a decision ended where a digest said that it waits, and below its own post where it has one.

    Where the decision was never posted its first post says how it ended, and nothing else is needed there.
    """
    group = group_of(tx.record, decision)
    own = await _own_post(tx, decision, group.channel)
    channels = dict.fromkeys(await _told_by_a_digest(tx, decision))
    channels.pop(group.channel or "", None)
    for channel in channels:
        await _tell(tx, decision, channel, None)
    if own is not None and group.channel is not None:
        await _tell(tx, decision, group.channel, own if own.ts is not None else None)


async def is_told(tx: OnRecord, decision: Decision) -> bool:
    """Whether a channel was told that a decision waits, by a digest or by its own post."""
    own = await _own_post(tx, decision, group_of(tx.record, decision).channel)
    return own is not None or bool(await _told_by_a_digest(tx, decision))


async def _own_post(tx: Transaction, decision: Decision, channel: str | None) -> DeliveryRow | None:
    """The post of a decision in its group's channel, where it has arrived."""
    found: DeliveryRow | None = await tx.session.scalar(
        select(DeliveryRow)
        .where(
            posts_of(tx.coalition_id, Kind.DECISION),
            DeliveryRow.about == decision.id,
            DeliveryRow.channel == channel,
            DeliveryRow.state.in_(SHOWN),
        )
        .limit(1)
    )
    return found


async def _tell(tx: Transaction, decision: Decision, channel: str, below: DeliveryRow | None) -> None:
    # What was put off may end another time.
    about = f"{decision.id}{_BETWEEN}{tx.now.isoformat()}"
    await post(tx, Kind.DECISION_OUTCOME, about, channel=channel, thread_of=below)


async def _told_by_a_digest(tx: Transaction, decision: Decision) -> list[str]:
    """The channels in which the newest digest says that this decision is needed."""
    newest = await newest_published(tx)
    if newest is None:
        return []
    needed = {one["id"] for one in content_of(newest)["published"]["decisions_needed"]}
    if decision.id not in needed:
        return []
    posts = await tx.session.scalars(
        select(DeliveryRow)
        .where(
            DeliveryRow.digest_id == newest.id,
            DeliveryRow.kind.in_([Kind.ROLL_UP, Kind.CHANNEL_EDITION]),
            DeliveryRow.operation == "post",
            DeliveryRow.state.in_(SHOWN),
            DeliveryRow.channel.is_not(None),
        )
        .order_by(DeliveryRow.id)
    )
    told = [one for one in posts if one.kind == Kind.ROLL_UP or one.subject.get("priority") == decision.priority]
    return [one.channel for one in told if one.channel is not None]


async def read_outcome(tx: Transaction, row: DeliveryRow) -> DecisionOutcome | None:
    """How a decision ended, for one channel; None where it is needed again by the time it would be said."""
    tx = await tx.read()
    key = row.about.partition(_BETWEEN)[0]
    decision = next((one for one in tx.record.decisions if one.id == key), None)
    if decision is None or decision.is_needed:
        return None
    view = await read_decisions(tx, None)
    channel = row.channel or ""
    digests = [one for one in tx.record.cadences if one.kind == CadenceKind.DIGEST]
    return DecisionOutcome(
        card=view.card(decision),
        to_deciders=group_of(tx.record, decision).channel == channel,
        in_roll_up=any(channel in one.channels for one in digests),
        amounts=any(one.channel == channel for one in tx.record.groups) and not narrowing(tx.record, channel),
    )
