"""Deliveries on their way: claim, record what came of it, settle what is unclear. What they say is in `content`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.clock import Calendar, ElapsedTime
from bot.domain.deliveries import Item, Kind, State, delivery_key, late_rule
from bot.domain.rights import coordinators
from bot.errors import UserError
from bot.services.actors import Actor
from bot.services.base import Service
from bot.services.digests import compose_once
from bot.services.updates import queue_updates_of
from bot.store.audit_trail import Author
from bot.store.checkins import ResponseRow, RoundRow, RoundSubjectRow
from bot.store.coalitions import CoalitionRow
from bot.store.database import Database
from bot.store.deliveries import DeliveryItemRow, DeliveryRow
from bot.store.digests import DigestRow
from bot.store.members import MemberRow
from bot.store.record_view import read_record
from bot.store.slack_accounts import SlackAccountRow, SlackChannelRow

# How long a delivery that waits for a person to do something rests before it is looked at again, elapsed seconds.
WAITING_REST = 30.0
LOOK_BACK = 120.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A post that may have arrived: where to look for its key."""

    id: int
    key: str
    channel_id: str | None
    thread_ts: str | None
    look_from: str
    last_look: bool
    operation: str


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
        self._elapsed = elapsed
        self._owner = owner
        self.timing = timing or Timing()
        self.on_change: Callable[[], None] = lambda: None
        # The coalition whose workspace this process speaks to; None claims for all of them.
        self.coalition_id: int | None = None

    async def claim(self, limit: int = 20) -> tuple[Claimed, ...]:
        """Takes what is due and may be sent now; settles what is too late or no longer needed.

        One short transaction. On PostgreSQL rows are locked with SKIP LOCKED; SQLite has one writer anyway.
        """
        now, epoch = self.calendar.now(), self._elapsed.epoch()
        due = and_(
            self._is_mine(),
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= now,
            or_(DeliveryRow.next_attempt_at.is_(None), DeliveryRow.next_attempt_at <= epoch),
        )
        async with self.database.read() as session:
            if await session.scalar(_claimable(due).limit(1)) is None:
                return ()
        async with self.database.write(Author(at=now, path="schedule")) as session:
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
            claimed = []
            for row in rows.all():
                one = await self._claim(session, row, now, epoch)
                if one is not None:
                    claimed.append(one)
            return tuple(claimed)

    def _is_mine(self) -> ColumnElement[bool]:
        return true() if self.coalition_id is None else DeliveryRow.coalition_id == self.coalition_id

    async def _claim(self, session: AsyncSession, row: DeliveryRow, now: datetime, epoch: float) -> Claimed | None:
        parent = await session.get(DeliveryRow, row.parent_id) if row.parent_id is not None else None
        if parent is not None and parent.state != State.SENT:
            _settle(row, State.DROPPED, "the message it belongs to was not sent")
            return None
        if row.operation == "post" and row.kind == Kind.PROMPTS and not await self._still_needed(session, row, now):
            return None
        destination = await _destination(session, row, parent)
        if isinstance(destination, str):
            _rest(row, epoch, destination)
            return None
        team_id, user_id, channel_id = destination
        if row.digest_id is not None and row.operation == "post":
            await compose_once(session, row, now)
        row.state = State.CLAIMED
        row.reason = None
        row.waiting = False
        row.attempts += 1
        row.looks = 0
        row.lease_owner = self._owner
        row.lease_until = epoch + self.timing.lease
        row.attempted_at = epoch
        row.attempted_ts = f"{now.timestamp() - LOOK_BACK:.6f}"
        row.channel_id = channel_id or row.channel_id
        return Claimed(
            id=row.id,
            key=row.key,
            kind=Kind(row.kind),
            operation=row.operation,
            attempt=row.attempts,
            lease_until=row.lease_until,
            team_id=team_id,
            user_id=user_id,
            channel_id=row.channel_id,
            thread_ts=parent.ts if parent is not None and row.operation == "post" else None,
            ts=parent.ts if parent is not None and row.operation == "update" else None,
            version=row.version,
        )

    async def _still_needed(self, session: AsyncSession, row: DeliveryRow, now: datetime) -> bool:
        """Takes out of a bundle what was answered or is too late; false when nothing is left of it."""
        items = (
            await session.execute(
                select(DeliveryItemRow, RoundSubjectRow, ResponseRow)
                .join(RoundSubjectRow, RoundSubjectRow.id == DeliveryItemRow.round_subject_id)
                .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
                .outerjoin(
                    ResponseRow,
                    and_(
                        ResponseRow.cadence_id == RoundRow.cadence_id,
                        ResponseRow.round == RoundRow.day,
                        ResponseRow.priority_id == RoundSubjectRow.priority_id,
                    ),
                )
                .where(DeliveryItemRow.delivery_id == row.id)
                .order_by(DeliveryItemRow.position)
            )
        ).all()
        answered = [item for item, _subject, response in items if response is not None]
        late = [
            late_rule(Kind(row.kind), Item(item.kind), now, subject.closes_at)
            for item, subject, response in items
            if response is None
        ]
        if any(rule.send for rule in late):
            return True
        if late:
            _settle(row, State.MISSED, f"{late[0].reason}{f' ({row.reason})' if row.reason else ''}")
        elif answered:
            _settle(row, State.DROPPED, "already answered")
        else:
            _settle(row, State.DROPPED, "nothing left to ask")
        return False

    async def sent(self, delivery_id: int, attempt: int, channel_id: str, ts: str, version: int) -> None:
        """Slack has the message, under this timestamp."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.attempts != attempt or row.state not in {State.CLAIMED, State.AMBIGUOUS}:
                return
            await _record_sent(session, row, channel_id, ts, version, now)
        self.on_change()

    async def unclear(self, delivery_id: int, attempt: int, reason: str) -> None:
        """The post may or may not have arrived: from here on only a look decides."""
        await self._leave_claim(
            delivery_id,
            attempt,
            state=State.AMBIGUOUS,
            reason=reason,
            next_attempt_at=self._elapsed.epoch() + self.timing.looks[0],
        )

    async def later(self, delivery_id: int, attempt: int, reason: str, seconds: float) -> None:
        """Slack refused for now, and certainly has nothing: try again after so many elapsed seconds."""
        await self._leave_claim(
            delivery_id,
            attempt,
            state=State.PLANNED,
            reason=reason,
            next_attempt_at=self._elapsed.epoch() + seconds,
        )

    async def failed(self, delivery_id: int, attempt: int, reason: str) -> None:
        """Slack refuses this for good; the reason names the mend where there is one."""
        await self._leave_claim(delivery_id, attempt, state=State.FAILED, reason=reason, next_attempt_at=None)

    async def dropped(self, delivery_id: int, attempt: int, reason: str) -> None:
        """There is nothing to say any more."""
        await self._leave_claim(delivery_id, attempt, state=State.DROPPED, reason=reason, next_attempt_at=None)

    async def _leave_claim(
        self, delivery_id: int, attempt: int, *, state: State, reason: str, next_attempt_at: float | None
    ) -> None:
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.id == delivery_id,
                    DeliveryRow.attempts == attempt,
                    DeliveryRow.state == State.CLAIMED,
                )
                .values(
                    state=state,
                    reason=reason,
                    next_attempt_at=next_attempt_at,
                    lease_owner=None,
                    lease_until=None,
                )
            )

    async def holds_lease(self, delivery_id: int, attempt: int) -> bool:
        """Whether this process may still send: asked right before the post, since it may have slept meanwhile."""
        async with self.database.read() as session:
            row = await session.get(DeliveryRow, delivery_id)
            return (
                row is not None
                and row.state == State.CLAIMED
                and row.attempts == attempt
                and row.lease_owner == self._owner
                and (row.lease_until or 0) - self.timing.post_timeout > self._elapsed.epoch()
            )

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

    async def expire_leases(self, *, mine: bool = False) -> int:
        """A lease that ended without a word makes its delivery unclear; returns how many. `mine`: after a restart,
        leases under this process's name are dead at once."""
        epoch = self._elapsed.epoch()
        ended = DeliveryRow.lease_until <= epoch
        if mine:
            ended = or_(ended, DeliveryRow.lease_owner == self._owner)
        async with self.database.read() as session:
            found = await session.scalar(
                select(DeliveryRow.id).where(DeliveryRow.state == State.CLAIMED, ended).limit(1)
            )
        if found is None:
            return 0
        async with self.database.write() as session:
            rows = (
                await session.scalars(
                    select(DeliveryRow)
                    .where(DeliveryRow.state == State.CLAIMED, ended)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            for row in rows:
                row.state = State.AMBIGUOUS
                row.reason = "the program ended while this was being sent"
                row.lease_owner = row.lease_until = None
                row.next_attempt_at = (row.attempted_at or epoch) + self.timing.looks[0]
            return len(rows)

    async def unclear_ones(self, limit: int = 20) -> tuple[Unclear, ...]:
        """Those whose next look is due."""
        epoch = self._elapsed.epoch()
        async with self.database.read() as session:
            rows = await session.scalars(
                select(DeliveryRow)
                .where(
                    self._is_mine(),
                    DeliveryRow.state == State.AMBIGUOUS,
                    or_(DeliveryRow.next_attempt_at.is_(None), DeliveryRow.next_attempt_at <= epoch),
                )
                .order_by(DeliveryRow.next_attempt_at)
                .limit(limit)
            )
            found = []
            for row in rows:
                parent = await session.get(DeliveryRow, row.parent_id) if row.parent_id is not None else None
                found.append(
                    Unclear(
                        id=row.id,
                        key=row.key,
                        channel_id=row.channel_id,
                        thread_ts=parent.ts if parent is not None else None,
                        look_from=row.attempted_ts or "0",
                        last_look=row.looks + 1 >= len(self.timing.looks),
                        operation=row.operation,
                    )
                )
            return tuple(found)

    async def found(self, delivery_id: int, channel_id: str, ts: str) -> None:
        """A look found the message: it had arrived."""
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.state == State.AMBIGUOUS:
                await _record_sent(session, row, channel_id, ts, row.version, now)
        self.on_change()

    async def not_found(self, delivery_id: int) -> None:
        """A look found nothing: look again later, or after the last look send again."""
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.state != State.AMBIGUOUS:
                return
            row.looks += 1
            if row.looks >= len(self.timing.looks):
                row.state = State.PLANNED
                row.next_attempt_at = None
                row.reason = None
            else:
                row.next_attempt_at = (row.attempted_at or self._elapsed.epoch()) + self.timing.looks[row.looks]
        self.on_change()

    async def not_sent(self, delivery_id: int) -> None:
        """It certainly did not arrive, or doing it again does no harm: it is planned anew."""
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id == delivery_id, DeliveryRow.state == State.AMBIGUOUS)
                .values(state=State.PLANNED, next_attempt_at=None, reason=None)
            )
        self.on_change()

    async def look_later(self, delivery_id: int, seconds: float) -> None:
        """Slack could not be asked; the look is due again after so many elapsed seconds and counts for nothing."""
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id == delivery_id, DeliveryRow.state == State.AMBIGUOUS)
                .values(next_attempt_at=self._elapsed.epoch() + seconds)
            )

    async def hold(self, delivery_id: int, reason: str) -> None:
        """Nobody can know whether it arrived: the coordinators decide, and are told so."""
        now = self.calendar.now()
        async with self.database.write() as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.state != State.AMBIGUOUS:
                return
            row.state = State.HELD
            row.reason = reason
            row.next_attempt_at = None
            if row.kind != Kind.HELD_NOTICE:
                await _tell_coordinators(session, row, now)
        self.on_change()

    async def resolve_held(self, actor: Actor, delivery_id: int, *, arrived: bool) -> str:
        """A coordinator's word on a held message; returns what it is now. Raises UserError if it isn't held."""
        actor.require("deliveries.resolve_held")
        now = self.calendar.now()
        async with self.database.write(actor.author(now)) as session:
            row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None or row.coalition_id != actor.coalition_id:
                raise UserError("This message is not known any more.")
            if row.state != State.HELD:
                raise UserError("Somebody has decided about this message already.")
            row.resolved_by_id = actor.member_id
            if arrived:
                row.state = State.SENT
                row.sent_at = now
                row.reason = "marked as arrived"
                await _after_sent(session, row, now)
            else:
                row.state = State.PLANNED
                row.reason = None
                row.looks = 0
            notices = await session.scalars(
                select(DeliveryRow).where(
                    DeliveryRow.coalition_id == actor.coalition_id,
                    DeliveryRow.kind == Kind.HELD_NOTICE,
                    DeliveryRow.operation == "post",
                    DeliveryRow.state == State.SENT,
                )
            )
            await queue_updates_of(
                session, [notice for notice in notices if notice.subject.get("delivery_id") == delivery_id], now
            )
        self.on_change()
        return "arrived" if arrived else "again"

    async def wake_waiting(self, coalition_id: int) -> None:
        """Lets what waited for a link, a channel or a resumption be looked at again at once."""
        async with self.database.write() as session:
            await session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.coalition_id == coalition_id, DeliveryRow.state == State.PLANNED)
                .values(next_attempt_at=None, waiting=False)
            )
        self.on_change()

    async def is_settled(self) -> bool:
        """Whether nothing that is due can still be done by the program itself."""
        now = self.calendar.now()
        due = and_(
            self._is_mine(),
            DeliveryRow.state == State.PLANNED,
            DeliveryRow.due_at <= now,
            DeliveryRow.waiting.is_(False),
        )
        async with self.database.read() as session:
            under_way = select(DeliveryRow.id).where(
                self._is_mine(), DeliveryRow.state.in_([State.CLAIMED, State.AMBIGUOUS])
            )
            for query in (under_way, _claimable(due)):
                if await session.scalar(query.limit(1)) is not None:
                    return False
        return True


def _claimable(due: ColumnElement[bool]) -> Select[int]:
    """Ids of what is due in live coalitions; a part only once its message and the parts before it have gone."""
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
            due,
            CoalitionRow.state == "live",
            or_(
                DeliveryRow.parent_id.is_(None),
                parent.state.in_([State.SENT, State.FAILED, State.MISSED, State.DROPPED]),
            ),
            or_(DeliveryRow.operation == "update", ~waits_for_earlier),
        )
    )


def _settle(row: DeliveryRow, state: State, reason: str) -> None:
    row.state = state
    row.reason = reason
    row.next_attempt_at = None


def _rest(row: DeliveryRow, epoch: float, reason: str) -> None:
    row.reason = reason
    row.waiting = True
    row.next_attempt_at = epoch + WAITING_REST


async def _destination(
    session: AsyncSession, row: DeliveryRow, parent: DeliveryRow | None
) -> tuple[str | None, str | None, str | None] | str:
    """(team, user, channel) to send to, or the sentence that says what is missing."""
    if parent is not None:
        return (None, None, parent.channel_id)
    if row.member_id is not None:
        member = await session.get_one(MemberRow, row.member_id)
        if member.access == "email_only":
            return "e-mail isn't set up, so this person can't be reached"
        account = await session.scalar(
            select(SlackAccountRow).where(
                SlackAccountRow.coalition_id == row.coalition_id, SlackAccountRow.member_id == row.member_id
            )
        )
        if account is None:
            return "not linked to a Slack account: pick it in Home, or run `backbeat link`"
        if account.deactivated:
            return "the Slack account is deactivated: link another one"
        return (account.team_id, account.user_id, account.dm_channel_id)
    channel = await session.scalar(
        select(SlackChannelRow).where(
            SlackChannelRow.coalition_id == row.coalition_id, SlackChannelRow.name == row.channel
        )
    )
    if channel is None or channel.channel_id is None or not channel.is_member:
        return f"not in #{row.channel}: invite the bot there with /invite"
    return (None, None, channel.channel_id)


async def _record_sent(
    session: AsyncSession, row: DeliveryRow, channel_id: str, ts: str, version: int, now: datetime
) -> None:
    row.channel_id = channel_id
    row.ts = ts
    row.sent_at = now
    row.reason = None
    row.lease_owner = row.lease_until = row.next_attempt_at = None
    if row.operation == "update" and row.version > version:
        # Something changed while this was under way: the newest content is still to be shown.
        row.state = State.PLANNED
        return
    row.state = State.SENT
    if row.operation == "post":
        await _after_sent(session, row, now)


async def _after_sent(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """What follows from a message having arrived: somebody was asked, a digest is out."""
    if row.kind == Kind.PROMPTS:
        subjects = await session.scalars(
            select(RoundSubjectRow)
            .join(DeliveryItemRow, DeliveryItemRow.round_subject_id == RoundSubjectRow.id)
            .where(DeliveryItemRow.delivery_id == row.id)
        )
        for subject in subjects:
            if subject.asked_at is None:
                subject.asked_at = now
        member = await session.get_one(MemberRow, row.member_id)
        if member.first_contact_at is None:
            member.first_contact_at = now
            row.subject = {**row.subject, "first_contact": True}
    elif row.kind == Kind.ROLL_UP and row.digest_id is not None:
        digest = await session.get_one(DigestRow, row.digest_id)
        if digest.published_at is None:
            digest.published_at = now


async def _tell_coordinators(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    record = await read_record(session, row.coalition_id)
    wanted = [member.id for member in coordinators(record)]
    members = await session.scalars(
        select(MemberRow).where(MemberRow.coalition_id == row.coalition_id, MemberRow.key.in_(wanted))
    )
    for member in members:
        key = delivery_key(row.key, Kind.HELD_NOTICE, member.key, row.attempts)
        if await session.scalar(select(DeliveryRow.id).where(DeliveryRow.key == key)) is None:
            session.add(
                DeliveryRow(
                    coalition_id=row.coalition_id,
                    key=key,
                    kind=Kind.HELD_NOTICE,
                    member_id=member.id,
                    subject={"delivery_id": row.id},
                    planned_at=now,
                    due_at=now,
                )
            )
