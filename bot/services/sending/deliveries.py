"""Deliveries on their way: claim, record what came of it, settle what is unclear.

The claim's transaction is in `claims`, what follows from an end in `outcomes`, what they say in `contents`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Calendar, ElapsedTime
from bot.domain.outbox import State
from bot.services.access import Service
from bot.services.alarms import tell_of_post
from bot.services.sending.claims import Claimer, claim_some
from bot.services.sending.due import claimable
from bot.services.sending.leases import LONGEST_REST, WAITING_REST, Claimed, Timing, Tries, of_process
from bot.services.sending.outcomes import FOLLOWED, fail, record_sent, rest, stumble
from bot.store.audit import Author
from bot.store.coalition import CoalitionRow
from bot.store.database import Database
from bot.store.outbox import DeliveryRow
from bot.store.people import SlackAccountRow

# States in which a word from Slack that it has the message still counts.
UNDECIDED = frozenset({State.PLANNED, State.CLAIMED, State.AMBIGUOUS, State.HELD})


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
        by = Claimer(
            owner=self.owner, timing=self.timing, tries=self.tries, now=now, epoch=epoch, slack_ahead=self.slack_ahead
        )
        # What rests or is settled on the way must not hide what stands behind it.
        while True:
            if not again:
                # A bot that has nothing to send takes no writer's lock to see it.
                async with self.database.read() as session:
                    if await session.scalar(claimable(due).limit(1)) is None:
                        return ()
            some = await self._claim_some(by, due, limit, planned=False)
            found, claimed = some or await self._claim_some(by, due, limit, planned=True) or (0, ())
            if claimed or not found:
                return claimed

    async def _claim_some(
        self, by: Claimer, due: ColumnElement[bool], limit: int, *, planned: bool
    ) -> tuple[int, tuple[Claimed, ...]] | None:
        async with self.database.write(Author(at=by.now, path="schedule")) as session:
            return await claim_some(session, by, due, limit, planned=planned)

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
            rest(row, self.elapsed.epoch(), reason, min(WAITING_REST * attempt, LONGEST_REST))
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
                await stumble(session, row, error, self.tries, now, self.elapsed.epoch())
        self.on_change()

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
            for query in (under_way, claimable(due)):
                if await session.scalar(query.limit(1)) is not None:
                    return False
        return True


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
