"""When the bot ran on this database, so that one that was brought back from a copy is known by it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.sending import Why
from bot.services.access import Service
from bot.services.sending.deliveries import Deliveries
from bot.store.coalition import CoalitionRow
from bot.store.outbox import RecoveryRow
from bot.store.people import SettingRow

log = structlog.get_logger(__name__)

_NAME = "run"
# A digest may have been moved to a day before its own by so much.
MOVED_BY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a database knows: the number of its last mark, and its calendar's and elapsed moment."""

    number: int
    at: datetime
    epoch: float


class Runs(Service):
    """Marks that are left while the bot runs. On SQLite the last one's number stands beside the file as well."""

    def __init__(self, deliveries: Deliveries) -> None:
        super().__init__(deliveries.database, deliveries.calendar)
        self._elapsed = deliveries.elapsed

    async def begin(self, beside: int | None = None, *, silence: float = 600.0) -> int:
        """The bot begins to run. `beside` is the number that stands beside the database, where there is one.

        A database that is older than that, or that nothing has marked for `silence` elapsed seconds and that isn't
        known to be the one that was here last, may have been brought back from a copy: what was sent since is looked
        for. Returns the number of the new mark.
        """
        now = self.calendar.now()
        async with self.database.write() as session:
            known = await self._last(session)
            number = await self._put(session, max(known.number if known is not None else 0, beside or 0) + 1, now)
            why = self._why(known, beside, silence)
            begun = list(await session.scalars(select(RecoveryRow).where(RecoveryRow.ended_at.is_(None))))
            for row in begun:
                # Nothing was sent from here in between, but perhaps from where the copy came.
                row.noticed_at, row.reaches_until = now, now + MOVED_BY
            if why is not None and known is not None:
                there = {row.coalition_id for row in begun}
                for coalition_id in (await session.scalars(select(CoalitionRow.id).order_by(CoalitionRow.id))).all():
                    if coalition_id not in there:
                        begun.append(_recovery(coalition_id, why, known.at, now))
                        session.add(begun[-1])
        for row in begun:
            log.warning(
                "looking_for_what_was_sent", why=row.why, since=row.since.isoformat(), coalition=row.coalition_id
            )
        return number

    def _why(self, known: Mark | None, beside: int | None, silence: float) -> Why | None:
        if known is None or known.number == beside:
            return None
        if beside is not None and beside > known.number:
            return Why.OLDER
        return Why.AWAY if self._elapsed.epoch() - known.epoch > silence else None

    async def mark(self) -> int:
        """The bot runs still. Returns the number of the new mark."""
        now = self.calendar.now()
        async with self.database.write() as session:
            known = await self._last(session)
            return await self._put(session, (known.number if known is not None else 0) + 1, now)

    async def _last(self, session: AsyncSession) -> Mark | None:
        told = await session.scalar(select(SettingRow.value).where(SettingRow.name == _NAME).with_for_update())
        try:
            value = json.loads(told or "")
            return Mark(int(value["number"]), datetime.fromisoformat(value["at"]), float(value["epoch"]))
        except (ValueError, KeyError, TypeError):
            return None

    async def _put(self, session: AsyncSession, number: int, now: datetime) -> int:
        value = json.dumps({"number": number, "at": now.isoformat(), "epoch": self._elapsed.epoch()})
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        await session.execute(
            insert(SettingRow)
            .values(name=_NAME, value=value)
            .on_conflict_do_update(index_elements=["name"], set_={"value": value})
        )
        return number


def _recovery(coalition_id: int, why: Why, since: datetime, now: datetime) -> RecoveryRow:
    return RecoveryRow(
        coalition_id=coalition_id, why=why, since=since, noticed_at=now, reaches_until=now + MOVED_BY, found=0, held=0
    )
