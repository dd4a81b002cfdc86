"""What mail servers tell afterwards of mails that they took: that one came back, or takes its time.

Such a report is anybody's word. It counts only where it names a mail of ours, which is known by its delivery's key, and
the address to which that went and still would; what it does, a coordinator sees and undoes.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outbox import State, Transport, mark_of_address
from bot.domain.sending import DELAYED, TOLD_WITHIN, came_back
from bot.services.access import Service, Transaction
from bot.services.alarms import refresh_alarms
from bot.services.sending.deliveries import Deliveries
from bot.services.sending.outcomes import fail
from bot.store.audit import Author
from bot.store.database import read_elapsed
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SettingRow

log = structlog.get_logger(__name__)

_KEY = re.compile(r"([0-9a-f]{32})@")
_NAME = "bounces"
# Elapsed seconds for which a process that reads the mailbox is the only one.
ALONE = 240.0


@dataclass(frozen=True, slots=True)
class CameBack:
    """What a report says of one mail to one receiver."""

    message_ids: Collection[str]
    recipients: Collection[str]
    is_final: bool
    status: str


class Bounces(Service):
    """Use cases around such reports."""

    def __init__(self, deliveries: Deliveries) -> None:
        super().__init__(deliveries.database, deliveries.calendar)
        self._deliveries = deliveries

    async def is_its_turn(self) -> bool:
        """Whether no other process has begun to read a short while ago; from now on this one has."""
        async with self.database.write() as session:
            now = await read_elapsed(session)
            told = await session.scalar(select(SettingRow.value).where(SettingRow.name == _NAME).with_for_update())
            if told is None:
                into = sqlite.insert if self.database.is_sqlite else postgresql.insert
                made = into(SettingRow).values(name=_NAME, value=repr(now)).on_conflict_do_nothing()
                return await session.scalar(made.returning(SettingRow.name)) is not None
            if 0 <= now - float(told) < ALONE:
                return False
            await session.execute(update(SettingRow).where(SettingRow.name == _NAME).values(value=repr(now)))
            return True

    async def note(self, told: CameBack) -> bool:
        """Takes down what a report says, if it is about a mail of ours; whether it is. Said twice it is as once."""
        keys = [found[1] for one in told.message_ids if (found := _KEY.match(one))]
        if not keys:
            return False
        now = self.calendar.now()
        async with self.database.write(Author(at=now, path="schedule")) as session:
            row = await session.scalar(
                select(DeliveryRow)
                .where(
                    DeliveryRow.key.in_(keys),
                    DeliveryRow.transport == Transport.MAIL,
                    DeliveryRow.operation == "post",
                    DeliveryRow.state.in_([State.SENT, State.HELD]),
                )
                .order_by(DeliveryRow.id)
                .limit(1)
                .with_for_update()
            )
            if row is None or not timedelta() <= now - (row.sent_at or row.due_at) <= TOLD_WITHIN:
                return False
            member = await session.get_one(MemberRow, row.member_id, with_for_update=True)
            if member.email is None or member.email.strip().casefold() not in told.recipients:
                # It went to somebody else, or the address was corrected meanwhile.
                return False
            await _note(Transaction(session, row.coalition_id, now), session, row, member, told)
            log.warning("mail_came_back", delivery=row.id, kind=row.kind, status=told.status, final=told.is_final)
        self._deliveries.on_change()
        return True


async def _note(tx: Transaction, session: AsyncSession, row: DeliveryRow, member: MemberRow, told: CameBack) -> None:
    if not told.is_final:
        if row.state == State.SENT:
            row.reason = DELAYED
        return
    trouble, is_address = came_back(told.status)
    if is_address:
        member.mail_refused = mark_of_address(member.email or "")
    was_told = row.told_at is not None
    await fail(session, row, trouble.words, tx.now)
    await session.flush()
    if was_told:
        await refresh_alarms(tx, row=row)
