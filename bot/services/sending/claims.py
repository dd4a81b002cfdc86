"""The claim's transaction: takes what is due and may be sent now, and settles what is too late or no longer needed.

What holds of a bundle is in `bundles`, where a delivery goes in `destinations`, what follows from its end in
`outcomes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Boolean, Float, Integer, Select, String, Update, bindparam, case, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeEngine

from bot.domain.outbox import BUNDLE_SPAN, SUPERSEDED, TOO_LATE, Kind, State, Transport
from bot.services.access import Transaction
from bot.services.alarms import tell_of_post
from bot.services.briefs import compose_brief
from bot.services.digests import compose_once, prepare_claim
from bot.services.rhythm import plan_due
from bot.services.sending.bundles import still_asks, waits_for_an_open_hour
from bot.services.sending.destinations import Destination, Reads, destination_of
from bot.services.sending.due import DueRow, Moment, Scope, due_rows, is_due, may_go, of_process
from bot.services.sending.gathering import gather, is_written_to
from bot.services.sending.leases import Claimed, Timing, Tries
from bot.services.sending.outcomes import give_up_part, miss, rest, settle, stumble
from bot.store.database import Each, Value, elapsed_now, parameter
from bot.store.digests import DigestRow
from bot.store.outbox import DeliveryRow
from bot.store.rhythm import ScheduleRow

log = structlog.get_logger(__name__)

# The newest of these posts covers the ones before it.
DIGESTS = frozenset({Kind.ROLL_UP, Kind.CHANNEL_EDITION, Kind.DIGEST_COPY})
# Elapsed seconds for which a mail rests while as many as may go at once are under way.
MAIL_REST = 1.0
# What these say or whether they go is decided by what else is sent; so it is with a digest that is not composed yet.
LOOKING = frozenset({Kind.PROMPTS, Kind.OWNER_PREVIEW, Kind.BRIEF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimer:
    """The process that claims, and when. `is_careful`: one delivery at a time, because claiming them together went
    wrong."""

    owner: str
    timing: Timing
    tries: Tries
    moment: Moment
    began: float  # by this process's elapsed clock
    look_from: float  # Slack's time some while ago
    mails: int  # how many may go by mail
    is_careful: bool = False


async def claim_some(
    session: AsyncSession, by: Claimer, limit: int, *, planned: bool
) -> tuple[int, tuple[Claimed, ...]] | None:
    """How many were looked at, and which were claimed.

    None if what may travel with them has to be planned first: planning locks the coalition, and that lock always comes
    before its messages'.
    """
    if planned:
        await _plan_company(session, by.moment)
    found = await due_rows(session, by.moment, limit)
    if not planned and any(one.row.kind == Kind.PROMPTS and one.row.operation == "post" for one in found):
        return None
    return await _Claim(session, by, found).run()


class _Claim:
    """One claim of what was found due.

    Claims are written together, but always before anything looks at other deliveries.
    """

    def __init__(self, session: AsyncSession, by: Claimer, found: Sequence[DueRow]) -> None:
        self._session, self._by, self._found = session, by, found
        self._epoch = max((one.epoch for one in found), default=0.0)
        self._claimed: list[Claimed] = []
        self._mails = 0
        self._unwritten: list[tuple[DeliveryRow, Claimed]] = []
        self._parts: dict[int, list[int]] = defaultdict(list)  # by their message: those that hold up no later one

    async def run(self) -> tuple[int, tuple[Claimed, ...]]:
        """Claims or settles each, in their order."""
        rows = [one.row for one in self._found]
        digests = [row.id for row in rows if row.kind in DIGESTS and row.operation == "post"]
        self._reads = Reads(rows, await _with_successors(self._session, digests, self._by.moment.now))
        looked_at = 0
        for one in self._found:
            if one.row.state != State.PLANNED:
                continue  # it travels with an earlier one
            before = self._parts[one.row.parent_id or 0]
            if one.waits_for > sum(part_no < one.row.part_no for part_no in before):
                continue  # one before it has to wait, or another process has it
            looked_at += 1
            await self._take(one)
            if one.row.state != State.PLANNED:
                before.append(one.row.part_no)
        await self._write()
        return looked_at, tuple(self._claimed)

    async def _take(self, one: DueRow) -> None:
        """Claims a delivery, or settles it or lets it wait."""
        if not self._by.is_careful:
            await self._take_in_turn(one)
            return
        claimed = len(self._claimed)
        try:
            async with self._session.begin_nested():
                await self._take_in_turn(one)
                await self._write()
        except Exception as error:
            # One delivery whose content can't be put together must not hold up the others.
            log.exception("claim_failed_unexpectedly", delivery=one.row.id)
            self._unwritten.clear()
            del self._claimed[claimed:]
            for other in self._found:
                await self._session.refresh(other.row)
                if other.parent is not None:
                    await self._session.refresh(other.parent)
            one.row.attempts += 1
            await stumble(self._session, one.row, error, self._by.tries, self._by.moment.now, self._epoch)

    async def _take_in_turn(self, one: DueRow) -> None:
        if not self._is_plain(one.row):
            await self._write()
        destination = await self._where_to(one)
        if destination is not None:
            self._note(one, destination)

    def _is_plain(self, row: DeliveryRow) -> bool:
        """Whether this one can be claimed without looking at other deliveries."""
        if row.operation == "update" or row.kind == Kind.REPLY or row.digest_id in self._reads.digests:
            return True
        return row.kind not in LOOKING and row.digest_id is None

    async def _where_to(self, one: DueRow) -> Destination | None:
        """Where it goes now; None where it was settled or put off."""
        session, row, parent, now = self._session, one.row, one.parent, self._by.moment.now
        if parent is not None and parent.state != State.SENT:
            settle(row, State.DROPPED, "the message it belongs to was not sent")
            return None
        if parent is not None and parent.ts is None:
            await self._write()
            await give_up_part(session, row, parent, now)
            return None
        if row.operation == "post" and not await self._may_go(row):
            return None
        destination = await destination_of(Transaction(session, row.coalition_id, now), row, parent, self._reads)
        if isinstance(destination, str):
            await self._write()
            rest(row, self._epoch, destination)
            await tell_of_post(Transaction(session, row.coalition_id, now), row)
            return None
        if destination.notes_in:
            # Kept before the note is left, so that an end of the program in between leaves none rather than two.
            _member, account = await self._reads.person(session, row.member_id or 0)
            if account is not None:
                account.noted_at = now
        if destination.address is not None:
            if self._mails >= self._by.mails:
                row.next_attempt_at = self._epoch + MAIL_REST
                return None
            self._mails += 1
        # A reply is planned by what composed the digest.
        if row.digest_id is not None and row.operation == "post" and row.kind != Kind.REPLY:
            known = self._reads.digests.get(row.digest_id)
            self._reads.digests[row.digest_id] = await compose_once(
                Transaction(session, row.coalition_id, now), row, known, by_mail=destination.address is not None
            )
        elif row.kind == Kind.BRIEF and row.operation == "post" and not row.subject:
            await compose_brief(Transaction(session, row.coalition_id, now), row)
        return destination

    async def _may_go(self, row: DeliveryRow) -> bool:
        """Whether a post is wanted at this hour, settled or put off where it isn't."""
        session, now = self._session, self._by.moment.now
        receiver = None
        # A digest's copy keeps its time, and somebody waits for a link that they asked for.
        if row.member_id is not None and row.kind not in (Kind.DIGEST_COPY, Kind.SIGN_IN):
            receiver = await self._reads.receiver(session, row.member_id)
        soon = self._epoch + max(self._by.timing.looks[0], 0.01)
        if row.kind == Kind.PROMPTS:
            if await is_written_to(session, row):
                row.next_attempt_at = soon
                return False
            await gather(session, row, now, receiver)
            return await still_asks(session, row, now, receiver, self._reads)
        if row.expires_at is not None and row.expires_at <= now:
            await self._write()
            await miss(session, row, TOO_LATE, now)
            return False
        if waits_for_an_open_hour(row, now, receiver):
            return False
        if row.kind == Kind.OWNER_PREVIEW:
            may_go = await prepare_claim(Transaction(session, row.coalition_id, now), row)
            if not may_go and row.state == State.PLANNED:
                row.next_attempt_at = soon
            return may_go
        if row.kind in DIGESTS and row.id in self._reads.superseded:
            await self._write()
            await miss(session, row, SUPERSEDED, now)
            return False
        return True

    def _note(self, one: DueRow, destination: Destination) -> None:
        """Keeps in mind what is claimed until it is written."""
        row, parent, by = one.row, one.parent, self._by
        claimed = Claimed(
            id=row.id,
            coalition_id=row.coalition_id,
            # A message that was changed keeps its key: it is what a look finds it by.
            key=parent.key if parent is not None and row.operation == "update" else row.key,
            kind=Kind(row.kind),
            operation=row.operation,
            attempt=row.attempts + 1,
            claimed_at=by.began,
            team_id=destination.team_id,
            user_id=destination.user_id,
            address=destination.address,
            notes_in=destination.notes_in,
            trouble=destination.trouble,
            # Never the conversation of an earlier attempt: the person may have a new account.
            channel_id=destination.channel_id,
            thread_ts=parent.ts if parent is not None and row.operation == "post" else None,
            ts=parent.ts if parent is not None and row.operation == "update" else None,
            version=row.version,
            has_turn=one.waits_for == 0,
        )
        self._claimed.append(claimed)
        self._unwritten.append((row, claimed))
        set_committed_value(row, "state", State.CLAIMED)

    async def _write(self) -> None:
        """Writes what was claimed since it was written last."""
        await self._session.flush()
        if not self._unwritten:
            return
        by, claimed = self._by, [one for _row, one in self._unwritten]
        self._unwritten.clear()
        mine = {"owner": by.owner, "lease": by.timing.lease, "look_from": f"{by.look_from:.6f}"}
        values = [
            {"of": one.id, "in_channel": one.channel_id, "transport": _by_what(one), **mine}
            # Of a mail nothing can have arrived before the server was told to take it, and that is asked for then; a
            # note is not the message.
            | {"has_begun": one.has_turn and one.address is None and not one.notes_in}
            for one in claimed
        ]
        await _CLAIMING.change(await self._session.connection(), values)


def _by_what(one: Claimed) -> Transport:
    return Transport.SLACK if one.address is None else Transport.MAIL


def _claiming(value: Value) -> Update:
    return update(DeliveryRow).values(
        state=State.CLAIMED,
        reason=None,
        waiting=False,
        attempts=DeliveryRow.attempts + 1,
        looks=0,
        lease_owner=value("owner"),
        lease_until=elapsed_now() + value("lease"),
        # Until its turn comes, nothing of it can have arrived.
        attempted_at=case((value("has_begun"), elapsed_now()), else_=null()),
        # The earliest attempt counts, so that a look also finds an earlier attempt's message that showed up late.
        attempted_ts=func.coalesce(DeliveryRow.attempted_ts, value("look_from")),
        channel_id=value("in_channel"),
        transport=value("transport"),
    )


_CLAIMS: Mapping[str, TypeEngine[Any]] = {
    "of": Integer(),
    "in_channel": String(),
    "transport": String(),
    "has_begun": Boolean(),
    "owner": String(),
    "lease": Float(),
    "look_from": String(),
}
_CLAIMING = Each(DeliveryRow.id, _CLAIMS, _claiming)


async def _plan_company(session: AsyncSession, moment: Moment) -> None:
    """Plans whatever may travel with the messages that are about to be claimed, so that neither the rhythm of ticks nor
    a restart decides what becomes one message."""
    waiting = await session.scalars(_in_company(moment.scope), moment.values(near=moment.now + BUNDLE_SPAN))
    for coalition_id in waiting.all():
        try:
            async with session.begin_nested():
                await plan_due(Transaction(session, coalition_id, moment.now))
                await session.flush()
        except Exception:
            # Trouble with planning must not hold up what is already planned.
            log.exception("planning_failed_before_a_claim", coalition=coalition_id)


@cache
def _in_company(scope: Scope) -> Select[int]:
    """Coalitions that have messages to send now and something to plan soon."""
    near = select(ScheduleRow.id).where(
        ScheduleRow.coalition_id == DeliveryRow.coalition_id, ScheduleRow.next_run_at <= bindparam("near")
    )
    prompts = may_go().where(
        *of_process(scope),
        is_due(),
        DeliveryRow.kind == Kind.PROMPTS,
        DeliveryRow.operation == "post",
        near.exists(),
    )
    return select(DeliveryRow.coalition_id).where(DeliveryRow.id.in_(prompts)).distinct()


async def _with_successors(session: AsyncSession, ids: Collection[int], now: datetime) -> set[int]:
    """Those of these digests that are followed by a newer one for the same channel, also due: one digest covers the
    whole gap."""
    if not ids:
        return set()
    return set(await session.scalars(_followed(), {"of": [*ids], "now": now}))


@cache
def _followed() -> Select[int]:
    mine, theirs, newer = aliased(DigestRow), aliased(DigestRow), aliased(DeliveryRow)
    return (
        select(DeliveryRow.id)
        .join(mine, mine.id == DeliveryRow.digest_id)
        .join(theirs, mine.cadence_id == theirs.cadence_id)
        .join(newer, newer.digest_id == theirs.id)
        .where(
            DeliveryRow.id.in_(parameter("of", expanding=True)),
            newer.coalition_id == DeliveryRow.coalition_id,
            newer.kind == DeliveryRow.kind,
            newer.operation == "post",
            newer.channel.is_not_distinct_from(DeliveryRow.channel),
            newer.member_id.is_not_distinct_from(DeliveryRow.member_id),
            newer.due_at > DeliveryRow.due_at,
            newer.due_at <= parameter("now"),
        )
    )
