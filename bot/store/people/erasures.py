"""That a person was erased, and the rewriting of every row that named them: the one rewrite of the trail that is
allowed.

The triggers that keep the audit trail append-only let an erasing through that is under way, which no other transaction
can see: its row gets its end before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from bot.store.base import Base, InCoalition, Json, refers
from bot.store.people.owed_words import OwedWordsRow
from bot.store.people.slack_accounts import InboxEventRow

# What one column of a row holds → what it is to hold. Called with the table's name, the column's and the whole row.
Rewrite = Callable[[str, str, Mapping[str, Any]], Any]


class ErasureRow(Base, InCoalition):
    """One person erased. Who it was stands nowhere; the member's row is a pseudonym by then. Who did it is in the
    trail."""

    __tablename__ = "erasures"
    __table_args__ = (refers("members", "member_id"),)

    member_id: Mapped[int]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # empty only inside the transaction that does it


async def rewrite_rows(
    session: AsyncSession, metadata: MetaData, coalition_id: int, words: Collection[str], rewrite: Rewrite
) -> Mapping[str, int]:
    """Rewrites each text of the coalition's rows in which one of these words stands; how many rows, by table.

    By reflection over all tables, so that none is forgotten. The audit trail lets it through while an `ErasureRow`
    without an end is there.
    """
    changed: dict[str, int] = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, Text | Json)]
        if "coalition_id" not in table.columns or not columns:
            continue
        count = 0
        holds = or_(*(_holds(column, word) for column in columns for word in words))
        rows = await (await session.connection()).execute(
            select(table).where(table.c.coalition_id == coalition_id, holds)
        )
        for found in rows.mappings().all():
            row = dict(found)
            new = {column.name: rewrite(table.name, column.name, row) for column in columns if row[column.name]}
            different = {name: value for name, value in new.items() if value != row[name]}
            if different:
                await (await session.connection()).execute(update(table).where(_is(table, row)).values(different))
                count += 1
        if count:
            changed[table.name] = count
    return changed


async def take_away_rows(session: AsyncSession, table: Table, *where: Any) -> int:
    """Deletes rows that are the person's own; how many."""
    gone = await (await session.connection()).execute(delete(table).where(*where))
    return int(gone.rowcount)


async def forget_accounts(session: AsyncSession, metadata: MetaData, users: Collection[str], pseudonym: str) -> None:
    """What is kept of Slack accounts for the whole deployment: words that wait to be answered, who looked at Home, who
    installed the app and who began to set it up."""
    for user in users:
        for table, column in (("installations", "installed_by"), ("setups", "user_id")):
            held = metadata.tables[table].c[column]
            await (await session.connection()).execute(
                update(metadata.tables[table]).where(held == user).values({column: pseudonym})
            )
        await session.execute(delete(OwedWordsRow).where(cast(OwedWordsRow.body, Text).contains(user, autoescape=True)))
        await session.execute(delete(InboxEventRow).where(InboxEventRow.event_id.contains(user, autoescape=True)))


def _holds(column: Column[Any], word: str) -> Any:
    """Whether a column's text, as it is stored, holds a word; capitals are no matter."""
    return cast(column, Text).icontains(word, autoescape=True)


def _is(table: Table, row: Mapping[str, Any]) -> Any:
    [key] = table.primary_key.columns
    return key == row[key.name]
