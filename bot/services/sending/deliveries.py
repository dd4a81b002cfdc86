"""Deliveries on their way: claim, record what came of it, settle what is unclear.

What holds at a claim is in `claims`, what follows from an end in `outcomes`, what they say in `content`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, Select, and_, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.clock import Calendar, ElapsedTime
from bot.domain.outbox import BUNDLE_SPAN, SUPERSEDED, TOO_LATE, Kind, Receiver, State
from bot.services.access import Service
from bot.services.alarms import tell_of_post
from bot.services.briefs import compose_brief
from bot.services.digests import compose_once, prepare_claim
from bot.services.outbox import receivers_of
from bot.services.rhythm import plan_due
from bot.services.sending.claims import (
    Reads,
    destination_of,
    gather,
    is_written_to,
    settle,
    still_asks,
    waits_for_an_open_hour,
    with_successors,
)
from bot.services.sending.outcomes import FOLLOWED, fail, give_up_part, miss, record_sent
from bot.store.audit import Author
from bot.store.coalition import CoalitionRow
from bot.store.database import Database
from bot.store.outbox import DeliveryRow
from bot.store.people import SlackAccountRow
from bot.store.rhythm import ScheduleRow

log = structlog.get_logger(__name__)

# How long a delivery that waits for a person to do something rests before it is looked at again, elapsed seconds.
WAITING_REST = 30.0
LONGEST_REST = 300.0
LOOK_BACK = 120.0
# States in which a word from Slack that it has the message still counts.
UNDECIDED = frozenset({State.PLANNED, State.CLAIMED, State.AMBIGUOUS, State.HELD})
# Posts of which the newest covers those before it.
DIGESTS = frozenset({Kind.ROLL_UP, Kind.CHANNEL_EDITION, Kind.DIGEST_COPY})
# So often in a row a delivery may go wrong in a way that nobody foresaw, or get no clear answer from Slack.
TRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Elapsed seconds. A post must be answered well inside its lease, so `post_timeout` is less than half of it."""

    lease: float = 30.0
    post_timeout: float = 10.0
    looks: tuple[float, ...] = (5.0, 20.0, 60.0)  # after the attempt
    retry: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this process may send until its lease ends. `look_from` is Slack's ts, for a later look."""

    id: int
    key: str
    kind: Kind
    operation: str
    attempt: int
    lease_until: float
    team_id: str | None
    user_id: str | None
    channel_id: str | None
    thread_ts: str | None
    ts: str | None  # of the message that an update changes
    version: int


class Tries:
    """How often each delivery went wrong or stayed unclear in a row; a restart gives it as many tries again.

    `retry` is the first pause, in elapsed seconds.
    """

    def __init__(self, retry: float) -> None:
        self._retry = retry
        self.stumbles: Counter[int] = Counter()
        self.unclear: Counter[int] = Counter()

    def pause(self, times: int) -> float:
        """Elapsed seconds before the next try, twice as long each time."""
        return min(self._retry * 2.0 ** (times - 1), LONGEST_REST)

    def forget(self, delivery_id: int) -> None:
        """It came to an end: its tries are counted from nothing."""
        self.stumbles.pop(delivery_id, None)
        self.unclear.pop(delivery_id, None)


def of_process(coalition_id: int | None) -> ColumnElement[bool]:
    """Those that a process may send which speaks to this coalition's workspace; None speaks to all."""
    return true() if coalition_id is None else DeliveryRow.coalition_id == coalition_id


class Deliveries(Service):
    """The life of a delivery after it was planned. `owner` names this process in leases."""

    def __init__(
        self,
        database: Database,
        calendar: Calendar,
        elapsed: ElapsedTime,
        owner: str,
        timing: Timing | None = None,
    ) -> None:
        super().__init__(database, calendar)
        self.elapsed = elapsed
        self.owner = owner
        self.timing = timing or Timing()
        self.on_change: Callable[[], None] = lambda: None
        # The coalition whose workspace this process speaks to; None claims for all of them.
        self.coalition_id: int | None = None
        # Seconds by which Slack's clock is ahead of this machine's; whoever talks with Slack keeps it up to date.
        self.slack_ahead = 0.0
        self.tries = Tries(self.timing.retry)

    async def claim(self, limit: int = 20, *, again: bool = False) -> tuple[Claimed, ...]:
        """Takes what is due and may be sent now; settles what is too late or no longer needed.

        `again`: something was claimed a moment ago, and what follows it is likely to be due.
        One short transaction. On PostgreSQL rows are locked with SKIP LOCKED; SQLite has one writer anyway.
        """
        now, epoch = self.calendar.now(), self.elapsed.epoch()
        due = and_(
            of_process(self.coalition_id),
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= now,
            or_(DeliveryRow.next_attempt_at.is_(None), DeliveryRow.next_attempt_at <= epoch),
        )
        # What rests or is settled on the way must not hide what stands behind it.
        while True:
            if not again:
                # A bot that has nothing to send takes no writer's lock to see it.
                async with self.database.read() as session:
                    if await session.scalar(_claimable(due).limit(1)) is None:
                        return ()
            some = await self._claim_some(due, limit, now, epoch, planned=False)
            found, claimed = some or await self._claim_some(due, limit, now, epoch, planned=True) or (0, ())
            if claimed or not found:
                return claimed

    async def _claim_some(
        self, due: ColumnElement[bool], limit: int, now: datetime, epoch: float, *, planned: bool
    ) -> tuple[int, tuple[Claimed, ...]] | None:
        """How many were looked at, and those of them that were claimed.

        None where company has to be planned first: that locks the coalition, which always comes before its messages.
        """
        async with self.database.write(Author(at=now, path="schedule")) as session:
            if planned:
                await self._plan_company(session, due, now)
            rows = await _due_rows(session, due, limit)
            if not planned and any(row.kind == Kind.PROMPTS and row.operation == "post" for row in rows):
                return None
            posts = [row for row in rows if row.operation == "post" and row.member_id is not None]
            receivers = await receivers_of(session, {row.member_id for row in posts if row.member_id is not None})
            # Held here, so that each row finds its own without asking again.
            parents = await _parents_of(session, rows)
            digests = [row.id for row in rows if row.kind in DIGESTS and row.operation == "post"]
            reads = Reads(await with_successors(session, digests, now))
            claimed = []
            for row in rows:
                if row.state != State.PLANNED:
                    continue  # it travels with an earlier one
                try:
                    one = await self._claim_one(session, row, now, epoch, receivers, reads)
                except Exception as error:
                    # One delivery that can't be put together must not keep all others from being sent.
                    log.exception("claim_failed_unexpectedly", delivery=row.id)
                    for other in (*rows, *parents):
                        await session.refresh(other)
                    row.attempts += 1
                    await self._stumble(session, row, error, now)
                    continue
                if one is not None:
                    claimed.append(one)
            return len(rows), tuple(claimed)

    async def _claim_one(
        self,
        session: AsyncSession,
        row: DeliveryRow,
        now: datetime,
        epoch: float,
        receivers: Mapping[int, Receiver],
        reads: Reads,
    ) -> Claimed | None:
        """Claims a row, or settles it; what breaks undoes nothing of the others."""
        if row.operation == "update" or row.kind == Kind.REPLY:
            # Nothing but the row itself changes, so there is nothing that a savepoint would have to take back.
            one = await self._claim(session, row, now, epoch, receivers, reads)
            await session.flush()
            return one
        async with session.begin_nested():
            one = await self._claim(session, row, now, epoch, receivers, reads)
            await session.flush()
            return one

    async def _plan_company(self, session: AsyncSession, due: ColumnElement[bool], now: datetime) -> None:
        """Plans whatever may travel with the messages that are about to be claimed: who plans when, how often, and
        what happened while nothing ran decides nothing about what is one message."""
        near = select(ScheduleRow.id).where(
            ScheduleRow.coalition_id == DeliveryRow.coalition_id, ScheduleRow.next_run_at <= now + BUNDLE_SPAN
        )
        prompts = and_(due, DeliveryRow.kind == Kind.PROMPTS, DeliveryRow.operation == "post", near.exists())
        waiting = await session.scalars(
            select(DeliveryRow.coalition_id).where(DeliveryRow.id.in_(_claimable(prompts))).distinct()
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
        self,
        session: AsyncSession,
        row: DeliveryRow,
        now: datetime,
        epoch: float,
        receivers: Mapping[int, Receiver],
        reads: Reads,
    ) -> Claimed | None:
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
                    row.next_attempt_at = epoch + max(self.timing.looks[0], 0.01)
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
                        row.next_attempt_at = epoch + max(self.timing.looks[0], 0.01)
                    return None
            elif row.kind in DIGESTS and row.id in reads.superseded:
                await miss(session, row, SUPERSEDED, now)
                return None
        destination = await destination_of(session, row, parent, reads)
        if isinstance(destination, str):
            _rest(row, epoch, destination)
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
        row.lease_owner = self.owner
        row.lease_until = epoch + self.timing.lease
        row.attempted_at = epoch
        # The earliest attempt counts, so that a look also finds a message of an earlier one that showed up late.
        row.attempted_ts = row.attempted_ts or f"{now.timestamp() + self.slack_ahead - LOOK_BACK:.6f}"
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

    async def sent(self, delivery_id: int, attempt: int, channel_id: str, ts: str, version: int) -> None:
        """Slack has the message, under this timestamp."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            if not await _is_recorded(session, delivery_id, attempt, channel_id, ts, version, now):
                await self._record(session, delivery_id, attempt, channel_id, ts, version, now)
        self.tries.forget(delivery_id)
        self.on_change()

    async def _record(
        self,
        session: AsyncSession,
        delivery_id: int,
        attempt: int,
        channel_id: str,
        ts: str,
        version: int,
        now: datetime,
    ) -> None:
        row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
        # Whatever others made of it meanwhile: it is there, and must not be sent again.
        if row is not None and row.attempts == attempt and row.state in UNDECIDED:
            await record_sent(session, row, channel_id, ts, version, now)

    async def unclear(self, delivery_id: int, attempt: int, reason: str) -> None:
        """The post may or may not have arrived: from here on only a look decides."""
        await self._leave_claim(
            delivery_id,
            attempt,
            state=State.AMBIGUOUS,
            reason=reason,
            next_attempt_at=self.elapsed.epoch() + self.timing.looks[0],
            # Slack may have taken it until this moment: from here on the looks are counted.
            attempted_at=self.elapsed.epoch(),
        )

    async def later(self, delivery_id: int, attempt: int, reason: str, seconds: float) -> None:
        """Slack refused for now, and certainly has nothing: try again after so many elapsed seconds."""
        await self._leave_claim(
            delivery_id,
            attempt,
            state=State.PLANNED,
            reason=reason,
            next_attempt_at=self.elapsed.epoch() + seconds,
        )

    async def wait(self, delivery_id: int, attempt: int, reason: str) -> None:
        """Slack certainly has nothing, and takes it once a person has done what the reason says."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.attempts != attempt or row.state != State.CLAIMED:
                return
            row.state, row.lease_owner, row.lease_until = State.PLANNED, None, None
            _rest(row, self.elapsed.epoch(), reason, min(WAITING_REST * attempt, LONGEST_REST))
            await tell_of_post(session, row, now)
        self.on_change()

    async def give_back(self, delivery_id: int, attempt: int) -> None:
        """Nothing was sent, and nothing hinders that it is sent: whoever comes next may claim it."""
        await self._leave_claim(delivery_id, attempt, state=State.PLANNED, reason=None, next_attempt_at=None)

    async def failed(self, delivery_id: int, attempt: int, reason: str) -> None:
        """Slack refuses this for good; the coordinators are told why."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.attempts == attempt and row.state == State.CLAIMED:
                await fail(session, row, reason, now, cause=reason)
        self.tries.forget(delivery_id)
        self.on_change()

    async def dropped(self, delivery_id: int, attempt: int, reason: str) -> None:
        """There is nothing to say any more."""
        await self._leave_claim(delivery_id, attempt, state=State.DROPPED, reason=reason, next_attempt_at=None)

    async def stumbled(self, delivery_id: int, attempt: int, error: Exception) -> None:
        """Something went wrong before anything was sent: tried again with growing pauses, and given up in the end."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.attempts == attempt and row.state == State.CLAIMED:
                await self._stumble(session, row, error, now)
        self.on_change()

    async def _stumble(self, session: AsyncSession, row: DeliveryRow, error: Exception, now: datetime) -> None:
        self.tries.stumbles[row.id] += 1
        reason = "it could not be put together"
        if self.tries.stumbles[row.id] >= TRIES:
            self.tries.forget(row.id)
            await fail(session, row, f"{reason}; the log says more", now, cause=type(error).__name__)
            return
        row.state = State.PLANNED
        row.reason = reason
        row.lease_owner = row.lease_until = None
        row.next_attempt_at = self.elapsed.epoch() + self.tries.pause(self.tries.stumbles[row.id])

    async def _leave_claim(self, delivery_id: int, attempt: int, *, state: State, **values: object) -> None:
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.id == delivery_id,
                    DeliveryRow.attempts == attempt,
                    DeliveryRow.state == State.CLAIMED,
                )
                .values(state=state, lease_owner=None, lease_until=None, **values)
            )

    async def may_post(self, delivery_id: int, attempt: int) -> bool:
        """Whether this process may send now: asked right before the post, since it may have slept or queued meanwhile.

        The lease is renewed with it, so that it outlasts the post. One that ran out is renewed too as long as nobody
        ended it: whoever does changes the state in the same way. A coalition that was paused meanwhile says no.
        """
        epoch = self.elapsed.epoch()
        live = select(CoalitionRow.id).where(CoalitionRow.state == "live")
        async with self.database.write() as session:
            mine = await session.scalar(
                update(DeliveryRow)
                .where(
                    DeliveryRow.id == delivery_id,
                    DeliveryRow.state == State.CLAIMED,
                    DeliveryRow.attempts == attempt,
                    DeliveryRow.lease_owner == self.owner,
                    DeliveryRow.coalition_id.in_(live),
                )
                .values(lease_until=epoch + self.timing.lease, attempted_at=epoch)
                .returning(DeliveryRow.id)
                .execution_options(synchronize_session=False)
            )
            return mine is not None

    async def keep_dm(self, team_id: str, user_id: str, delivery_id: int, channel_id: str) -> None:
        """Stores the conversation before the first post into it, so that a look knows where to look."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            row = await session.get_one(DeliveryRow, delivery_id)
            row.channel_id = channel_id
            # A connected person may take part in several coalitions; each workspace has its own conversation with them.
            accounts = await session.scalars(
                select(SlackAccountRow).where(
                    SlackAccountRow.coalition_id == row.coalition_id,
                    SlackAccountRow.team_id == team_id,
                    SlackAccountRow.user_id == user_id,
                )
            )
            for account in accounts:
                if account.dm_channel_id != channel_id:
                    account.dm_channel_id = channel_id

    async def wake_waiting(self, coalition_id: int) -> None:
        """Lets what waited for a link, a channel or a resumption be looked at again at once."""
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.coalition_id == coalition_id,
                    DeliveryRow.state == State.PLANNED,
                    # Not what Slack asked to wait with.
                    DeliveryRow.waiting.is_(True),
                )
                .values(next_attempt_at=None, waiting=False)
            )
        self.on_change()

    async def is_settled(self) -> bool:
        """Whether nothing that is due can still be done by the program itself."""
        now = self.calendar.now()
        due = and_(
            of_process(self.coalition_id),
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= now,
            DeliveryRow.waiting.is_(False),
        )
        async with self.database.read() as session:
            under_way = select(DeliveryRow.id).where(
                of_process(self.coalition_id), DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS])
            )
            for query in (under_way, _claimable(due)):
                if await session.scalar(query.limit(1)) is not None:
                    return False
        return True


async def _due_rows(session: AsyncSession, due: ColumnElement[bool], limit: int) -> Sequence[DeliveryRow]:
    rows = await session.scalars(
        select(DeliveryRow)
        .where(
            DeliveryRow.id.in_(_claimable(due).order_by(DeliveryRow.due_at, DeliveryRow.id).limit(limit)),
            # Asked once more of the row itself: another process may have claimed it after the inner look.
            due,
        )
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
    return rows.all()


async def _parents_of(session: AsyncSession, rows: Sequence[DeliveryRow]) -> Sequence[DeliveryRow]:
    wanted = {row.parent_id for row in rows if row.parent_id is not None}
    return (await session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(wanted)))).all() if wanted else []


async def _is_recorded(
    session: AsyncSession, delivery_id: int, attempt: int, channel_id: str, ts: str, version: int, now: datetime
) -> bool:
    """Records a message from which nothing follows but that it is there; False for any other."""
    done = await session.scalar(
        update(DeliveryRow)
        .where(
            DeliveryRow.id == delivery_id,
            DeliveryRow.attempts == attempt,
            DeliveryRow.state == State.CLAIMED,
            DeliveryRow.told_at.is_(None),
            or_(
                and_(DeliveryRow.operation == "update", DeliveryRow.version <= version),
                and_(DeliveryRow.operation == "post", DeliveryRow.kind.not_in(FOLLOWED)),
            ),
        )
        .values(
            channel_id=channel_id,
            ts=ts,
            sent_at=now,
            reason=None,
            lease_owner=None,
            lease_until=None,
            next_attempt_at=None,
            state=State.SENT,
        )
        .returning(DeliveryRow.id)
        .execution_options(synchronize_session=False)
    )
    return done is not None


def _sendable() -> Select[int]:
    parent, earlier = aliased(DeliveryRow), aliased(DeliveryRow)
    waits_for_earlier = (
        select(earlier.id)
        .where(
            earlier.parent_id == DeliveryRow.parent_id,
            earlier.operation == "post",
            earlier.part_no < DeliveryRow.part_no,
            earlier.state.in_([State.PLANNED, State.CLAIMED, State.AMBIGUOUS]),
        )
        .exists()
    )
    return (
        select(DeliveryRow.id)
        .join(CoalitionRow, CoalitionRow.id == DeliveryRow.coalition_id)
        .outerjoin(parent, parent.id == DeliveryRow.parent_id)
        .where(
            CoalitionRow.state == "live",
            or_(
                DeliveryRow.parent_id.is_(None),
                parent.state.in_([State.SENT, State.FAILED, State.MISSED, State.DROPPED]),
            ),
            or_(DeliveryRow.operation == "update", ~waits_for_earlier),
        )
    )


# Put together once: it takes ten times as long as to ask it, and a bot asks it every second.
_SENDABLE = _sendable()


def _claimable(due: ColumnElement[bool]) -> Select[int]:
    """Ids of what is due in live coalitions; a part only once its message and the parts before it have gone."""
    return _SENDABLE.where(due)


def _rest(row: DeliveryRow, epoch: float, reason: str, seconds: float = WAITING_REST) -> None:
    row.reason = reason
    row.waiting = True
    row.next_attempt_at = epoch + seconds
