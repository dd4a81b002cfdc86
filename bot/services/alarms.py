"""Tells the coordinators of what can't go out, or may have gone: one message for what comes together, kept up to date.

Steps of the caller's transaction. What such a message says is in `sending.readers`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from bot.domain.outbox import Kind, State, delivery_key
from bot.domain.rights import coordinators
from bot.domain.sending import REACHES_BACK, SAME_DAY, TOGETHER, TOLD_FOR, Recovery, Why, alarm_at
from bot.services.access import Transaction
from bot.services.outbox import SHOWN, queue_updates_of, receivers_of, refresh_briefs
from bot.store.outbox import DeliveryRow, RecoveryRow, posts_of
from bot.store.people import MemberRow, SettingRow

# What a notice speaks of, by its subject's fields: messages to decide about, posts that wait, channels.
DELIVERIES, POSTS, CHANNELS = "deliveries", "posts", "channels"
# Machines whose clock is wrong, and those whose clock was.
CLOCKS, CLOCKS_SET = "clocks", "clocks_set"
# Databases that were brought back.
RECOVERIES = "recoveries"
# Canvases that wait for a coordinator's word.
CANVASES = "canvases"
# What else a notice keeps: what is to be mended, of which a day has one notice.
CAUSES = "causes"
# A machine from which nobody has looked for so long is gone, or switched off.
LOOKED_WITHIN = timedelta(minutes=15)
About = dict[str, list[int] | list[str]]


async def tell_of_message(tx: Transaction, row: DeliveryRow, cause: str | None = None) -> None:
    """A message that may have arrived, or that was refused. What tells of it is told of to nobody.

    `cause` is what may hit many messages of its kind, else the reason; they are told of once a day.
    """
    if row.kind != Kind.HELD_NOTICE and row.operation == "post":
        row.told_at = tx.now
        # What is held is decided about in the same way, whatever it is.
        mend = State.HELD if row.state == State.HELD else f"{row.kind}: {cause or row.reason}"
        await _tell(tx, {DELIVERIES: [row.id], CAUSES: [mend]})


async def tell_of_post(tx: Transaction, row: DeliveryRow) -> None:
    """A post that can't go out until somebody does something in its channel; once for each post."""
    if row.channel is not None and row.parent_id is None and row.told_at is None:
        row.told_at = tx.now
        await tx.session.flush()
        # With those that wait there already: each of them ends with this one.
        waiting = await tx.session.scalars(
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
        await _tell(tx, {POSTS: list(waiting), CHANNELS: [row.channel]})


async def tell_of_channels(tx: Transaction, names: Sequence[str]) -> None:
    """Channels that take no posts any more, before anything was due there."""
    if names:
        await _tell(tx, {CHANNELS: list(names)})


async def tell_of_clock(tx: Transaction, machine: str, *, is_right: bool) -> None:
    """A machine's clock that is wrong, told of once however often the bot starts there; or that it is right again."""
    notices = await tx.values(_recent(tx.coalition_id, tx.now))
    known = [notice for notice in notices if machine in told_of(notice, CLOCKS)]
    if not is_right and not known:
        await _tell(tx, {CLOCKS: [machine]})
    if is_right:
        for notice in known:
            wrong = [one for one in told_of(notice, CLOCKS) if one != machine]
            notice.subject = {**_with(notice, {CLOCKS_SET: [machine]}), CLOCKS: wrong}
        await queue_updates_of(tx, [notice for notice in known if notice.state in SHOWN])


async def tell_of_recovery(tx: Transaction, recovery_id: int) -> None:
    """A database that was brought back, and what came of it."""
    await _tell(tx, {RECOVERIES: [recovery_id]})


async def tell_of_canvas(tx: Transaction, row_id: int) -> None:
    """A canvas that is not made, or not kept up, until somebody says so."""
    await _tell(tx, {CANVASES: [row_id]})


async def read_recovery(tx: Transaction) -> Recovery | None:
    """The newest one, while it lasts and as long as coordinators see what came of it."""
    row = await tx.session.scalar(
        select(RecoveryRow).where(tx.owns(RecoveryRow)).order_by(RecoveryRow.id.desc()).limit(1)
    )
    found = recovery_of(row) if row is not None else None
    if found is None or found.ended_at is None:
        return found
    return found if found.is_news and tx.now < found.ended_at + TOLD_FOR else None


def recovery_of(row: RecoveryRow) -> Recovery:
    """A row as the value that screens tell."""
    return Recovery(
        why=Why(row.why),
        since=row.since,
        noticed_at=row.noticed_at,
        ended_at=row.ended_at,
        found=row.found,
        held=row.held,
    )


async def wrong_clocks(tx: Transaction) -> tuple[str, ...]:
    """Machines whose clock is wrong, as far as anybody was told; none of those on which nothing runs any more."""
    notices = await tx.session.scalars(_recent(tx.coalition_id, tx.now))
    told = dict.fromkeys(str(one) for notice in notices for one in told_of(notice, CLOCKS))
    if not told:
        return ()
    looked = await tx.session.execute(
        select(SettingRow.name, SettingRow.value).where(SettingRow.name.in_([clock_sign(one) for one in told]))
    )
    signs = {row.name: datetime.fromisoformat(row.value) for row in looked}
    # An earlier version left no sign.
    return tuple(one for one in told if tx.now - signs.get(clock_sign(one), tx.now) <= LOOKED_WITHIN)


def clock_sign(machine: str) -> str:
    """Under which name it is kept when a machine was last seen with a wrong clock."""
    return f"clock:{machine}"


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
    tx: Transaction,
    *,
    row: DeliveryRow | None = None,
    channels: Collection[str] = (),
    canvases: Collection[int] = (),
) -> None:
    """What the coordinators were told about this message, or these channels or canvases, changes with it."""
    await refresh_briefs(tx)
    notices = await tx.session.scalars(
        select(DeliveryRow).where(posts_of(tx.coalition_id, Kind.HELD_NOTICE), DeliveryRow.state.in_(SHOWN))
    )
    names = {*channels, *([row.channel] if row is not None and row.channel is not None else [])}
    touched = [
        notice
        for notice in notices
        if (row is not None and row.id in [*told_of(notice, DELIVERIES), *told_of(notice, POSTS)])
        or names & set(told_of(notice, CHANNELS))
        or set(canvases) & set(told_of(notice, CANVASES))
    ]
    await queue_updates_of(tx, touched)


async def _tell(tx: Transaction, about: About) -> None:
    """Adds to what each coordinator is being told or has just been told of, else plans another message."""
    tx = await tx.read()
    members = await tx.values(
        select(MemberRow)
        .where(tx.owns(MemberRow), MemberRow.key.in_([member.id for member in coordinators(tx.record)]))
        .order_by(MemberRow.id)
        # Two processes with something to tell at once would each begin a message.
        .with_for_update(key_share=True)
    )
    newest: dict[int | None, DeliveryRow] = {}
    for notice in await tx.session.scalars(_recent(tx.coalition_id, tx.now).with_for_update()):
        newest[notice.member_id] = notice
    receivers = await receivers_of(tx.session, [member.id for member in members])
    grown = []
    for member in members:
        last = newest.get(member.id)
        if last is not None and _takes_more(last, about, tx.now):
            last.subject = _with(last, about)
            grown.append(last)
            continue
        tx.session.add(
            DeliveryRow(
                coalition_id=tx.coalition_id,
                key=delivery_key(
                    tx.coalition_id, Kind.HELD_NOTICE, member.key, tx.now.isoformat(), sorted(about.items())
                ),
                kind=Kind.HELD_NOTICE,
                member_id=member.id,
                subject=about,
                planned_at=tx.now,
                # Coordinators have evenings and closed days like everybody; Home shows it at once.
                due_at=alarm_at(tx.now, receivers[member.id]),
            )
        )
    await tx.session.flush()
    await queue_updates_of(tx, [notice for notice in grown if notice.state in SHOWN])


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
