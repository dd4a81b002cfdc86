"""Events that Slack has told us: each is taken once, however often it arrives, and words to the bot are kept until they
are answered. When people were last in Home, too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Calendar
from bot.services.access import Service
from bot.store.database import Database, elapsed_now
from bot.store.people import InboxEventRow, OwedWordsRow
from bot.store.record_log import prune_log

# Slack repeats an event for five minutes, with delayed events for a day.
KEEP = timedelta(hours=25)
# Elapsed seconds after which nobody waits for an answer any more.
OWED_FOR = 3600.0
# How many processes may begin an answer: what ends each of them would never be done with.
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words to the bot: the body of Slack's event, with no more of it than the answer follows from."""

    event_id: str
    team_id: str
    body: Mapping[str, Any]


class Inbox(Service):
    """Remembers event ids, words that wait for their answer, and who was in Home.

    `owner` names this process, which is thought to be at an answer for `lease` elapsed seconds.
    """

    def __init__(self, database: Database, calendar: Calendar, owner: str, lease: float) -> None:
        super().__init__(database, calendar)
        self._owner, self._lease = owner, lease
        self._asked: set[str] = set()

    async def first_time(self, event_id: str, words: Words | None = None) -> bool:
        """Whether this event is new. The row is committed when this returns, so that an event is acknowledged only
        after it is known. `words` are kept with it until they are `answered`."""
        now = self.calendar.now()
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        async with self.database.write() as session:
            added = await session.scalar(
                insert(InboxEventRow)
                .values(event_id=event_id, received_at=now)
                .on_conflict_do_nothing(index_elements=["event_id"])
                .returning(InboxEventRow.event_id)
            )
            if added is not None and words is not None:
                session.add(
                    OwedWordsRow(
                        event_id=event_id,
                        team_id=words.team_id,
                        body=dict(words.body),
                        heard_at=elapsed_now(),
                        lease_owner=self._owner,
                        lease_until=elapsed_now() + self._lease,
                    )
                )
            return added is not None

    async def answered(self, event_id: str) -> None:
        """Forgets words, whose answer has been given."""
        async with self.database.write() as session:
            await session.execute(delete(OwedWordsRow).where(OwedWordsRow.event_id == event_id))

    async def keep_answering(self, event_ids: Collection[str]) -> None:
        """This process is still at these answers."""
        async with self.database.write() as session:
            await session.execute(
                update(OwedWordsRow)
                .where(OwedWordsRow.event_id.in_(event_ids), OwedWordsRow.lease_owner == self._owner)
                .values(lease_until=elapsed_now() + self._lease)
            )

    async def take_owed(self, team_ids: Collection[str]) -> tuple[Words, ...]:
        """Words in these workspaces whose process ended before it had answered them: from now on they are this one's.

        What nobody waits for any more is forgotten.
        """
        about = {"teams": [*team_ids]} | ({"me": self._owner} if self.database.is_sqlite else {})
        if not await self.database.ask(_ANY_OWED[self.database.is_sqlite], about):
            return ()
        async with self.database.write() as session:
            is_over = or_(OwedWordsRow.heard_at < elapsed_now() - OWED_FOR, OwedWordsRow.tries >= TRIES)
            owed = _is_owed(is_alone=self.database.is_sqlite)
            await session.execute(delete(OwedWordsRow).where(owed, is_over), about)
            rows = await session.scalars(
                select(OwedWordsRow).where(owed).order_by(OwedWordsRow.heard_at).with_for_update(skip_locked=True),
                about,
            )
            found = []
            for row in rows:
                row.lease_owner, row.tries = self._owner, row.tries + 1
                found.append(Words(event_id=row.event_id, team_id=row.team_id, body=row.body))
            await session.flush()
            await session.execute(
                update(OwedWordsRow)
                .where(OwedWordsRow.event_id.in_([one.event_id for one in found]))
                .values(lease_until=elapsed_now() + self._lease)
            )
            return tuple(found)

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


def _is_owed(*, is_alone: bool) -> ColumnElement[bool]:
    """Whose process is at it no more. Where there is only one process, any other one has ended."""
    ended: ColumnElement[bool] = OwedWordsRow.lease_until <= elapsed_now()
    if is_alone:
        ended = or_(ended, OwedWordsRow.lease_owner != bindparam("me"))
    return OwedWordsRow.team_id.in_(bindparam("teams", expanding=True)) & ended


_ANY_OWED = {alone: select(OwedWordsRow.event_id).where(_is_owed(is_alone=alone)).limit(1) for alone in (False, True)}
_HEARD = select(InboxEventRow.received_at).where(InboxEventRow.event_id == bindparam("who"))


def _home_of(team_id: str, user_id: str) -> str:
    """Slack's own ids begin with Ev."""
    return f"home:{team_id}:{user_id}"
