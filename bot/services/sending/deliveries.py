"""Deliveries on their way: claims them, records what came of them, settles what is unclear.

The claim's transaction is in `claims`, leave to post in `turns`, what follows from an end in `arrivals` and `outcomes`,
what they say in `contents`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Calendar, ElapsedTime
from bot.domain.outbox import NOT_INSTALLED, Kind, State
from bot.errors import ConfigurationError
from bot.services.access import Service, Transaction
from bot.services.alarms import clock_sign, tell_of_clock, tell_of_post
from bot.services.sending.arrivals import Arrivals, Arrived, record_arrival
from bot.services.sending.claims import Claimer, claim_some
from bot.services.sending.due import Moment, due_coalitions, is_anything_due, is_anything_under_way
from bot.services.sending.leases import LONGEST_REST, WAITING_REST, Claimed, Timing, Tries
from bot.services.sending.outcomes import FOLLOWED, fail, rest, stumble
from bot.services.sending.turns import Turns
from bot.store.audit import Author
from bot.store.coalition import CoalitionRow
from bot.store.database import Database, elapsed_now, read_elapsed
from bot.store.installations import InstallationRow
from bot.store.outbox import DeliveryRow
from bot.store.people import SettingRow, SlackAccountRow, WorkspaceRow

log = structlog.get_logger(__name__)

# Elapsed seconds before a claim, from which on a look reads the conversation.
LOOK_BACK = 120.0


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
        self.elapsed = database.elapsed = elapsed
        self.owner = owner
        self.timing = timing or Timing()
        self.on_change: Callable[[], None] = lambda: None
        # The coalitions whose workspaces this process speaks to; None claims for all of them.
        self.coalitions: frozenset[int] | None = None
        self.tries = Tries(self.timing.retry)
        self._is_more_due = False
        # How many messages and changes of messages Slack took since the start.
        self.arrived = 0
        self.turns = Turns(database, elapsed, owner, self.timing)
        self._arrivals = Arrivals(database)

    @property
    def is_more_due(self) -> bool:
        """Whether anything done since the last claim may have made something due. What the calendar makes due is not
        told here."""
        return self._is_more_due or self.database.has_something_to_send

    def _moment(self, of: int | None = None, *, alarms_only: bool = False) -> Moment:
        """Now, for this process, or for one coalition of those that it sends for."""
        coalitions = self.coalitions if of is None else frozenset({of})
        return Moment(self.calendar.now(), coalitions, alarms_only)

    async def count_processes(self) -> int:
        """How many processes send on this database, or might."""
        return await self.database.count_processes()

    async def due_coalitions(self, *, alarms_only: bool = False) -> Sequence[int]:
        """The coalitions that this process sends for and of which anything may be claimed now."""
        async with self.database.read() as session:
            return await due_coalitions(session, self._moment(alarms_only=alarms_only))

    async def claim(
        self,
        limit: int = 20,
        *,
        of: int | None = None,
        again: bool = False,
        alarms_only: bool = False,
        mails: int = 0,
        slack_now: float | None = None,
    ) -> tuple[Claimed, ...]:
        """Takes what is due and may be sent now; settles what is too late or no longer needed.

        `of`: of this coalition only. `again`: something of it is likely to be due, as after what was claimed a moment
        ago. `alarms_only`: nothing else may go, since the machine's clock is wrong. `mails`: so many at most go by
        mail. `slack_now`: what time it is at Slack, in epoch seconds; None: what the calendar says. One short
        transaction. On PostgreSQL rows are locked with SKIP LOCKED; SQLite has one writer anyway.
        """
        moment = self._moment(of, alarms_only=alarms_only)
        by = Claimer(
            owner=self.owner,
            timing=self.timing,
            tries=self.tries,
            moment=moment,
            began=self.elapsed.epoch(),
            mails=mails,
            # A calendar may have leapt since Slack told its time.
            look_from=(moment.now.timestamp() if slack_now is None else slack_now) - LOOK_BACK,
        )
        if of is None:
            again = again or self.database.has_something_to_send
            self.database.has_something_to_send = self._is_more_due = False
        # What rests or is settled here must not hide what comes after it.
        while moment.coalitions != frozenset():
            # A bot with nothing to send should find that out without the writer's lock.
            if not again and not await is_anything_due(self.database, moment):
                return ()
            found, claimed = await self._claim_some(by, limit)
            if claimed or not found:
                self._is_more_due = self._is_more_due or found >= limit
                return claimed
        return ()

    async def _claim_some(self, by: Claimer, limit: int) -> tuple[int, tuple[Claimed, ...]]:
        """Claims all of them together. If that goes wrong, claims again one by one, and leaves behind what can't be put
        together."""
        try:
            return await self._claim_together(by, limit)
        except ConfigurationError:
            raise  # the database is out of reach
        except Exception as error:
            log.warning("claim_failed_together", error=repr(error))
            return await self._claim_together(replace(by, is_careful=True), limit)

    async def _claim_together(self, by: Claimer, limit: int) -> tuple[int, tuple[Claimed, ...]]:
        for planned in (False, True):
            async with self.database.write(Author(at=by.moment.now, path="schedule")) as session:
                some = await claim_some(session, by, limit, planned=planned)
            if some is not None:
                return some
        return 0, ()

    async def sent(
        self,
        delivery_id: int,
        attempt: int,
        channel_id: str | None,
        ts: str | None,
        version: int,
        *,
        kind: Kind | None = None,
        is_update: bool = False,
    ) -> None:
        """Slack has the message, under this timestamp; of a mail, which is not found again by either, they are None.

        What only has to be recorded is so together with others: an update (`is_update`), and a post of a `kind` from
        whose arrival nothing follows, unless it was overtaken or the coordinators were told of it.
        """
        self.arrived += 1
        now = self.calendar.now()
        arrived = Arrived(delivery_id, attempt, channel_id, ts, version, now)
        has_no_sequel = is_update or (kind is not None and kind not in FOLLOWED)
        if has_no_sequel and await self._arrivals.record_together(arrived):
            may_follow = not is_update
        else:
            async with self.database.write(Author(at=now, path="schedule")) as session:
                may_follow = await record_arrival(session, arrived)
        # Nothing waits for an update.
        self._ended(delivery_id, may_follow=may_follow)

    def _ended(self, delivery_id: int, *, may_follow: bool = True) -> None:
        self.tries.forget(delivery_id)
        self._is_more_due = self._is_more_due or may_follow
        self.on_change()

    async def unclear(self, delivery_id: int, attempt: int, reason: str) -> None:
        """The post may or may not have arrived; from here on only a look decides."""
        await self._leave_claim(
            delivery_id,
            attempt,
            state=State.AMBIGUOUS,
            reason=reason,
            next_attempt_at=elapsed_now() + self.timing.looks[0],
            # Slack may have taken it until this moment: from here on the looks are counted.
            attempted_at=elapsed_now(),
        )

    async def later(self, delivery_id: int, attempt: int, reason: str, seconds: float) -> None:
        """Slack refused for now, and certainly has nothing: try again after so many elapsed seconds."""
        await self._leave_claim(
            delivery_id,
            attempt,
            state=State.PLANNED,
            reason=reason,
            next_attempt_at=elapsed_now() + seconds,
        )

    async def wait(self, delivery_id: int, attempt: int, reason: str) -> None:
        """Slack certainly has nothing, and will take it once somebody has done what the reason says."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.attempts != attempt or row.state != State.CLAIMED:
                return
            row.state, row.lease_owner, row.lease_until = State.PLANNED, None, None
            rest(row, await read_elapsed(session), reason, min(WAITING_REST * attempt, LONGEST_REST))
            await tell_of_post(Transaction(session, row.coalition_id, now), row)
        self._is_more_due = True
        self.on_change()

    async def not_taken(self, claimed: Claimed, code: str) -> None:
        """Slack takes no direct message to this person, and certainly has nothing: whoever claims it next sends it by
        another path, or lets it wait with the reason."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            row = await session.get(DeliveryRow, claimed.id, with_for_update=True)
            if row is None or row.attempts != claimed.attempt or row.state != State.CLAIMED:
                return
            row.state, row.lease_owner, row.lease_until, row.next_attempt_at = State.PLANNED, None, None, None
            # Nothing is known to stand in a conversation that takes nothing.
            row.channel_id = None
            account = await session.scalar(
                select(SlackAccountRow).filter_by(
                    coalition_id=row.coalition_id, team_id=claimed.team_id, user_id=claimed.user_id
                )
            )
            if account is not None:
                # Opened anew the next time, and then it is known again that it takes some.
                account.dm_channel_id = None
                account.dm_refusal, account.dm_refused_at = code, now
        self._is_more_due = True
        self.on_change()

    async def give_back(self, delivery_id: int, attempt: int) -> None:
        """Nothing was sent, and nothing stands in its way: whoever comes next may claim it."""
        await self._leave_claim(delivery_id, attempt, state=State.PLANNED, reason=None, next_attempt_at=None)

    async def failed(self, delivery_id: int, attempt: int, reason: str) -> None:
        """Slack refuses this for good; the coordinators are told why."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.attempts == attempt and row.state == State.CLAIMED:
                await fail(session, row, reason, now)
        self._ended(delivery_id)

    async def dropped(self, delivery_id: int, attempt: int, reason: str) -> None:
        """There is nothing to say any more."""
        await self._leave_claim(delivery_id, attempt, state=State.DROPPED, reason=reason, next_attempt_at=None)

    async def stumbled(self, delivery_id: int, attempt: int, error: Exception) -> None:
        """Something went wrong before anything was sent: it is tried again after longer and longer pauses, then given
        up."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.attempts == attempt and row.state == State.CLAIMED:
                await stumble(session, row, error, self.tries, now, await read_elapsed(session))
        self._is_more_due = True
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
        self._is_more_due = True

    async def may_post(
        self,
        delivery_id: int,
        attempt: int,
        *,
        claimed_at: float | None = None,
        ahead: Iterable[tuple[int, int]] = (),
        along: Collection[int] = (),
    ) -> bool:
        """Whether this process may send now. Ask right before the post, since it may have slept or waited in a queue.

        The lease is renewed with it, so that it outlasts the post. One that ran out is renewed too as long as nobody
        ended it: whoever does changes the state in the same way. A coalition that was paused meanwhile says no.
        A claim is an answer too: `claimed_at` is when this process began to make it, for one that had its turn at once.
        For deliveries (id, attempt) that have their turn soon after it is asked `ahead`: where they do, they have an
        answer at once. Those that go `along` after it keep their leases with it, however long it takes until they have
        their turn.
        """
        return await self.turns.may_post(delivery_id, attempt, claimed_at=claimed_at, ahead=ahead, along=along)

    async def keep_dm(self, team_id: str, user_id: str, delivery_id: int, channel_id: str) -> None:
        """Stores the conversation before the first post into it, so that a look knows where to look."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            coalition_id = await session.scalar(
                update(DeliveryRow)
                .where(DeliveryRow.id == delivery_id)
                .values(channel_id=channel_id)
                .returning(DeliveryRow.coalition_id)
                .execution_options(synchronize_session=False)
            )
            # A person from a connected workspace may be in several coalitions; each workspace has its own conversation
            # with them.
            accounts = await session.scalars(
                select(SlackAccountRow).filter_by(coalition_id=coalition_id, team_id=team_id, user_id=user_id)
            )
            for account in accounts:
                if account.dm_channel_id != channel_id:
                    account.dm_channel_id = channel_id
                if account.dm_refusal is not None:
                    account.dm_refusal = account.dm_refused_at = account.noted_at = None

    async def wake_waiting(self, coalition_id: int) -> None:
        """Has whatever waited for a link, a channel or a resumption looked at again at once."""
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

    async def rest_where_not_installed(self) -> None:
        """Lets what is due wait, with the reason, where the app was removed from the workspace. Installing it again
        wakes it."""
        removed = (
            select(WorkspaceRow.coalition_id)
            .join(InstallationRow, InstallationRow.team_id == WorkspaceRow.team_id)
            .where(InstallationRow.token.is_(None))
        )
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.coalition_id.in_(removed),
                    DeliveryRow.state == State.PLANNED,
                    DeliveryRow.due_at <= self.calendar.now(),
                    DeliveryRow.waiting.is_(False),
                )
                .values(reason=NOT_INSTALLED.words, waiting=True)
            )

    async def tell_of_clock(self, machine: str, *, is_right: bool) -> None:
        """The coordinators hear that a machine's clock is wrong, and then that it is right again.

        It is told again now and then while it is wrong: a machine that is gone is wrong no more.
        """
        now = self.calendar.now()
        live = select(CoalitionRow.id).where(CoalitionRow.is_live)
        if self.coalitions is not None:
            live = live.where(CoalitionRow.id.in_(self.coalitions))
        async with self.database.write(Author(at=now, path="schedule")) as session:
            sign = {"name": clock_sign(machine), "value": now.isoformat()}
            insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
            kept = insert(SettingRow).values(sign).on_conflict_do_update(index_elements=["name"], set_=sign)
            forgotten = delete(SettingRow).where(SettingRow.name == sign["name"])
            await session.execute(forgotten if is_right else kept)
            for coalition_id in (await session.scalars(live)).all():
                await tell_of_clock(Transaction(session, coalition_id, now), machine, is_right=is_right)
        self.on_change()

    async def is_settled(self) -> bool:
        """Whether the program itself can do nothing more about what is due."""
        moment = self._moment()
        async with self.database.read() as session:
            return not await is_anything_under_way(session, moment)
