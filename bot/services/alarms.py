"""Tells the coordinators of what can't go out, or may have gone: one message for what comes together, kept up to date.

Steps of the caller's transaction. What such a message says is in `sending.readers`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import Kind, State, delivery_key
from bot.domain.rights import coordinators
from bot.domain.sending import REACHES_BACK, SAME_DAY, TOGETHER, alarm_at
from bot.services.outbox import SHOWN, queue_updates_of, receivers_of, refresh_briefs
from bot.store.outbox import DeliveryRow, posts_of
from bot.store.people import MemberRow
from bot.store.record import read_record

# What a notice speaks of, by its subject's fields: messages to decide about, posts that wait, channels.
DELIVERIES, POSTS, CHANNELS = "deliveries", "posts", "channels"
# Machines whose clock is wrong, and those whose clock was.
CLOCKS, CLOCKS_SET = "clocks", "clocks_set"
# What else a notice keeps: what is to be mended, of which a day has one notice.
CAUSES = "causes"
About = dict[str, list[int] | list[str]]


async def tell_of_message(session: AsyncSession, row: DeliveryRow, now: datetime, cause: str | None = None) -> None:
    """A message that may have arrived, or that was refused. What tells of it is told of to nobody.

    `cause` is what may hit many messages of its kind, else the reason; they are told of once a day.
    """
    if row.kind != Kind.HELD_NOTICE and row.operation == "post":
        row.told_at = now
        # What is held is decided about in the same way, whatever it is.
        mend = State.HELD if row.state == State.HELD else f"{row.kind}: {cause or row.reason}"
        await _tell(session, row.coalition_id, now, {DELIVERIES: [row.id], CAUSES: [mend]})


async def tell_of_post(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """A post that can't go out until somebody does something in its channel; once for each post."""
    if row.channel is not None and row.parent_id is None and row.told_at is None:
        row.told_at = now
        await session.flush()
        # With those that wait there already: each of them ends with this one.
        waiting = await session.scalars(
            select(DeliveryRow.id)
            .where(
                DeliveryRow.coalition_id == row.coalition_id,
                DeliveryRow.channel == row.channel,
                DeliveryRow.parent_id.is_(None),
                DeliveryRow.state == State.PLANNED,
                DeliveryRow.told_at.is_not(None),
            )
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
        )
        await _tell(session, row.coalition_id, now, {POSTS: list(waiting), CHANNELS: [row.channel]})


async def tell_of_channels(session: AsyncSession, coalition_id: int, names: Sequence[str], now: datetime) -> None:
    """Channels that take no posts any more, before anything was due there."""
    if names:
        await _tell(session, coalition_id, now, {CHANNELS: list(names)})


async def tell_of_clock(
    session: AsyncSession, coalition_id: int, machine: str, now: datetime, *, is_right: bool
) -> None:
    """A machine's clock that is wrong, told of once however often the bot starts there; or that it is right again."""
    notices = (await session.scalars(_recent(coalition_id, now))).all()
    known = [notice for notice in notices if machine in told_of(notice, CLOCKS)]
    if not is_right and not known:
        await _tell(session, coalition_id, now, {CLOCKS: [machine]})
    if is_right:
        for notice in known:
            wrong = [one for one in told_of(notice, CLOCKS) if one != machine]
            notice.subject = {**_with(notice, {CLOCKS_SET: [machine]}), CLOCKS: wrong}
        await queue_updates_of(session, [notice for notice in known if notice.state in SHOWN], now)


async def wrong_clocks(session: AsyncSession, coalition_id: int, now: datetime) -> tuple[str, ...]:
    """Machines whose clock is wrong, as far as anybody was told."""
    notices = await session.scalars(_recent(coalition_id, now))
    return tuple(dict.fromkeys(str(one) for notice in notices for one in told_of(notice, CLOCKS)))


def _recent(coalition_id: int, now: datetime) -> Select[DeliveryRow]:
    return (
        select(DeliveryRow)
        .where(
            posts_of(coalition_id, Kind.HELD_NOTICE),
            DeliveryRow.planned_at > now - REACHES_BACK,
            DeliveryRow.state.in_([State.PLANNED, *SHOWN]),
        )
        .order_by(DeliveryRow.id)
    )


async def refresh_alarms(
    session: AsyncSession,
    coalition_id: int,
    now: datetime,
    *,
    row: DeliveryRow | None = None,
    channels: Collection[str] = (),
) -> None:
    """What the coordinators were told about this message, or these channels, changes with it."""
    await refresh_briefs(session, coalition_id, now)
    notices = await session.scalars(
        select(DeliveryRow).where(posts_of(coalition_id, Kind.HELD_NOTICE), DeliveryRow.state.in_(SHOWN))
    )
    names = {*channels, *([row.channel] if row is not None and row.channel is not None else [])}
    touched = [
        notice
        for notice in notices
        if (row is not None and row.id in [*told_of(notice, DELIVERIES), *told_of(notice, POSTS)])
        or names & set(told_of(notice, CHANNELS))
    ]
    await queue_updates_of(session, touched, now)


async def _tell(session: AsyncSession, coalition_id: int, now: datetime, about: About) -> None:
    """Adds to what each coordinator is being told or has just been told of, else plans another message."""
    record = await read_record(session, coalition_id)
    members = (
        await session.scalars(
            select(MemberRow)
            .where(
                MemberRow.coalition_id == coalition_id,
                MemberRow.key.in_([member.id for member in coordinators(record)]),
            )
            .order_by(MemberRow.id)
            # Two processes with something to tell at once would each begin a message.
            .with_for_update(key_share=True)
        )
    ).all()
    newest: dict[int | None, DeliveryRow] = {}
    for notice in await session.scalars(_recent(coalition_id, now).with_for_update()):
        newest[notice.member_id] = notice
    receivers = await receivers_of(session, [member.id for member in members])
    grown = []
    for member in members:
        last = newest.get(member.id)
        if last is not None and _takes_more(last, about, now):
            last.subject = _with(last, about)
            grown.append(last)
            continue
        session.add(
            DeliveryRow(
                coalition_id=coalition_id,
                key=delivery_key(coalition_id, Kind.HELD_NOTICE, member.key, now.isoformat(), sorted(about.items())),
                kind=Kind.HELD_NOTICE,
                member_id=member.id,
                subject=about,
                planned_at=now,
                # Coordinators have evenings and closed days like everybody; Home shows it at once.
                due_at=alarm_at(now, receivers[member.id]),
            )
        )
    await session.flush()
    await queue_updates_of(session, [notice for notice in grown if notice.state in SHOWN], now)


def _takes_more(notice: DeliveryRow, about: About, now: datetime) -> bool:
    """Whether this belongs to a message that has not gone, or has just gone; with the same mend, within a day."""
    if notice.state == State.PLANNED:
        return True
    reasons = [(name, one) for name in (CHANNELS, CAUSES) for one in about.get(name, [])]
    is_same = bool(reasons) and all(one in told_of(notice, name) for name, one in reasons)
    return abs(now - (notice.sent_at or notice.due_at)) < (SAME_DAY if is_same else TOGETHER)


def _with(notice: DeliveryRow, about: About) -> dict[str, object]:
    merged = {name: list(dict.fromkeys([*told_of(notice, name), *more])) for name, more in about.items()}
    return {**notice.subject, **merged}


def told_of(notice: DeliveryRow, name: str) -> list[object]:
    """What a notice speaks of; one of an earlier version names a single message."""
    before = [notice.subject["delivery_id"]] if name == DELIVERIES and "delivery_id" in notice.subject else []
    return [*before, *notice.subject.get(name, [])]
