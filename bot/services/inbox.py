"""Events that Slack has told us: each is taken once, however often it arrives."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.base import Service
from bot.store.slack_accounts import InboxEventRow

# Slack repeats an event for five minutes, with delayed events for a day.
KEEP = timedelta(hours=25)


class Inbox(Service):
    """Remembers event ids."""

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

    async def forget_old(self) -> None:
        """Removes ids that Slack can't repeat any more."""
        async with self.database.write() as session:
            await session.execute(delete(InboxEventRow).where(InboxEventRow.received_at < self.calendar.now() - KEEP))
