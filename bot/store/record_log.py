"""Which rows of the record were changed by which transaction, so that whoever read them before reads those again.

Triggers of the database write it (`record.triggers`), so that no path of writing can forget it; values are never in it.
What is kept in memory by it is in `record.snapshots`. It is no history: that is the audit trail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base

# In place of a table's name: what was noted before is gone, or can't be told row by row.
EVERYTHING = "*"
# Row and table of every coalition at once.
OF_ALL = 0
# So many changes a coalition are kept; whoever has read nothing for longer reads everything again.
KEPT = 20_000

_BIG = BigInteger().with_variant(Integer, "sqlite")


class RecordChangeRow(Base):
    """That a transaction touched a row of the record. `xid` is PostgreSQL's number of that transaction.

    It refers to nothing: rows that it names may be gone.
    """

    __tablename__ = "record_changes"
    __table_args__ = (
        Index("ix_record_changes_coalition_id_xid", "coalition_id", "xid"),
        # An id is never given twice, so that what was read up to one stays told by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BIG, primary_key=True, autoincrement=True)
    coalition_id: Mapped[int]
    xid: Mapped[int | None] = mapped_column(BigInteger)
    table_name: Mapped[str]
    row_id: Mapped[int]


@dataclass(frozen=True, slots=True)
class Mark:
    """Which transactions' changes somebody has seen, as PostgreSQL tells it: all below `least`, none from `most` on,
    and between them all but the `running`. On SQLite each change counts as a transaction, and none runs beside it."""

    least: int
    most: int
    running: frozenset[int] = frozenset()

    def holds(self, xid: int) -> bool:
        """Whether the changes of this transaction were seen."""
        return xid < self.least or (xid < self.most and xid not in self.running)

    def __str__(self) -> str:
        """As PostgreSQL writes it."""
        return f"{self.least}:{self.most}:{','.join(map(str, sorted(self.running)))}"

    def is_part_of(self, other: Mark) -> bool:
        """Whether all that was seen here was seen there."""
        return self.most <= other.most and not any(self.holds(xid) for xid in other.running)


_NOBODY = 2**62


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry of the log. `is_own`: by the transaction that reads it, which may yet be rolled back."""

    id: int
    xid: int
    table: str
    row_id: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What a transaction sees: its mark, the changes since another one, and the newest that is its own (0: none)."""

    mark: Mark
    noted: tuple[Noted, ...]
    own: int = 0


# One statement, so that mark and entries are of one moment also where each statement sees a newer state.
_ON_POSTGRESQL = text(
    "SELECT now.seen, now.own, (SELECT max(id) FROM record_changes WHERE coalition_id IN (:of, 0) AND xid = now.own),"
    " c.id, c.xid, c.table_name, c.row_id FROM (SELECT CAST(pg_current_snapshot() AS text) AS seen,"
    " CAST(CAST(pg_current_xact_id_if_assigned() AS text) AS bigint) AS own) AS now"
    " LEFT JOIN record_changes c ON c.coalition_id IN (:of, 0) AND c.xid >= :least"
    " AND NOT pg_visible_in_snapshot(CAST(CAST(c.xid AS text) AS xid8), CAST(CAST(:since AS text) AS pg_snapshot))"
    " ORDER BY c.id LIMIT :most"
)
# There is no truncating here, which is of all coalitions at once. That no transaction is named lets the index find ids.
_ON_SQLITE = text(
    "SELECT now.seen, NULL, NULL, c.id, c.id, c.table_name, c.row_id FROM ("
    "SELECT (SELECT id FROM record_changes WHERE coalition_id = :of AND xid IS NULL ORDER BY id DESC LIMIT 1) AS seen"
    ") AS now LEFT JOIN record_changes c ON c.coalition_id = :of AND c.xid IS NULL AND c.id >= :least"
    " ORDER BY c.id LIMIT :most"
)


async def look_at_log(session: AsyncSession, coalition_id: int, since: Mark | None, most: int) -> Look:
    """What this transaction sees now, and up to `most` changes that `since` (None: nobody) lacks."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    about: dict[str, Any] = {"of": coalition_id, "least": since.least if since else _NOBODY, "most": most}
    query = _ON_SQLITE if sqlite else _ON_POSTGRESQL
    rows = (await session.execute(query, about if sqlite else {**about, "since": str(since or Mark(1, 1))})).all()
    seen, own, newest = rows[0][:3]
    noted = tuple(
        Noted(id=number, xid=xid, table=table, row_id=row_id, is_own=own is not None and xid == own)
        for _seen, _own, _newest, number, xid, table, row_id in rows
        if number is not None
    )
    if sqlite:
        return Look(Mark((seen or 0) + 1, (seen or 0) + 1), noted)
    least_running, most_known, running = str(seen).split(":")
    others = {int(xid) for xid in running.split(",") if xid}
    if own is not None and own < int(most_known):
        # PostgreSQL leaves the transaction that asks out of those that run; to all others it is one.
        others.add(own)
    return Look(Mark(int(least_running), int(most_known), frozenset(others)), noted, newest or 0)


async def prune_log(session: AsyncSession, kept: int = KEPT) -> None:
    """Removes what was noted of a coalition with more than `kept` entries; one that stands for all of it stays.

    What is removed was committed before, and the entry that stays is new to whoever has not seen all of it.
    """
    count = func.count()
    crowded = select(RecordChangeRow.coalition_id).group_by(RecordChangeRow.coalition_id).having(count > kept)
    for coalition_id in (await session.scalars(crowded)).all():
        await session.execute(_REMOVE, {"of": coalition_id})
        values: dict[str, Any] = {"of": coalition_id, "table": EVERYTHING}
        sqlite = session.get_bind().dialect.name == "sqlite"
        await session.execute(_STAND_FOR_ALL_ON_SQLITE if sqlite else _STAND_FOR_ALL, values)


_REMOVE = text("DELETE FROM record_changes WHERE coalition_id = :of")
_STAND_FOR_ALL = text(
    "INSERT INTO record_changes (coalition_id, xid, table_name, row_id)"
    " VALUES (:of, CAST(CAST(pg_current_xact_id() AS text) AS bigint), :table, 0)"
)
_STAND_FOR_ALL_ON_SQLITE = text("INSERT INTO record_changes (coalition_id, table_name, row_id) VALUES (:of, :table, 0)")
