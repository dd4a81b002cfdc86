"""Events that Slack has told us: each is taken once, however often it arrives. When people were last in Home, too."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Calendar
from bot.services.access import Service
from bot.store.database import Database
from bot.store.people import InboxEventRow
from bot.store.record_log import prune_log

# Slack repeats an event for five minutes, with delayed events for a day.
KEEP = timedelta(hours=25)


class Inbox(Service):
    """Remembers event ids, and who was in Home."""

    def __init__(self, database: Database, calendar: Calendar) -> None:
        super().__init__(database, calendar)
        self._asked: set[str] = set()

    async def first_time(self, event_id: str) -> bool:
        """Whether this event is new. The row is committed when this returns, so that an event is acknowledged only
        after it is known."""
        now = self.calendar.now()
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        async with self.database.write() as session:
            added = await session.scalar(
                insert(InboxEventRow)
                .values(event_id=event_id, received_at=now)
                .on_conflict_do_nothing(index_elements=["event_id"])
                .returning(InboxEventRow.event_id)
            )
            return added is not None

    async def note_home(self, team_id: str, user_id: str, at: datetime) -> None:
        """Somebody opened Home or pressed something in it. Kept as an event of which the last one counts."""
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        async with self.database.write() as session:
            await session.execute(
                insert(InboxEventRow)
                .values(event_id=_home_of(team_id, user_id), received_at=at)
                .on_conflict_do_update(index_elements=["event_id"], set_={"received_at": at})
            )

    async def was_home(self, team_id: str, user_id: str, since: datetime) -> bool:
        """Whether somebody was there since then, by what all processes have heard."""
        who = _home_of(team_id, user_id)
        # A SQLite file has one process, which has heard everything itself but for what was before it.
        if self.database.is_sqlite and who in self._asked:
            return False
        self._asked.add(who)
        found = await self.database.ask(_HEARD, {"who": who})
        return any(heard.received_at > since for heard in found)

    async def forget_old(self) -> None:
        """Removes ids that Slack can't repeat any more, and notes of changes that everybody has long followed."""
        async with self.database.write() as session:
            await session.execute(delete(InboxEventRow).where(InboxEventRow.received_at < self.calendar.now() - KEEP))
            await prune_log(session)


_HEARD = select(InboxEventRow.received_at).where(InboxEventRow.event_id == bindparam("who"))


def _home_of(team_id: str, user_id: str) -> str:
    """Slack's own ids begin with Ev."""
    return f"home:{team_id}:{user_id}"
