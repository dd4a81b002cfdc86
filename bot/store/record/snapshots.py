"""Each coalition's record as somebody read it last, kept in this process and brought up to date by the log.

A transaction takes the newest snapshot that holds nothing it can't see, and rereads the rows noted since. It shares the
result with others unless it has changed something itself. Whatever is in doubt is thrown away.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import structlog
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.store.record.looking_up import Row, Rows
from bot.store.record.parts import ASKED_ANEW, KEPT_BY_ROW
from bot.store.record.reading import read_all, read_loose, read_some
from bot.store.record.tree import Loose, Tree, grow, put_into, replace_rows
from bot.store.record.triggers import are_there
from bot.store.record_log import EVERYTHING, Look, Mark, Noted, look_at_log

log = structlog.get_logger(__name__)

# If more rows than this have changed, reading all of them is quicker.
MANY = 500
# How many older ones of a coalition are kept, for transactions that began before the newest.
OLDER = 3
# How many rows are kept of all coalitions together. A single coalition's are kept however many they are.
ROOM = 200_000
# Where each statement sees a newer state: how often to try for a reading that nothing came into.
TRIES = 5

_INFO = "snapshots"


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The record as a transaction with this mark sees it; `own` is the newest of its own changes in it (0: none).
    `is_whole`: everything was read for it."""

    mark: Mark
    own: int
    tree: Tree
    is_whole: bool

    def holds(self, one: Noted) -> bool:
        """Whether this change is in it."""
        return one.id <= self.own if one.is_own else self.mark.holds(one.xid)


class Snapshots:
    """The snapshots of one database in this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Snapshot, ...]] = OrderedDict()
        self._is_watched: bool | None = None
        # Readings that what was kept was enough for, but for what was noted since; and those of everything.
        self.hits = 0
        self.misses = 0

    def of(self, coalition_id: int) -> tuple[Snapshot, ...]:
        """What is kept of a coalition, newest first."""
        return self._kept.get(coalition_id, ())

    def keep(self, coalition_id: int, snapshot: Snapshot) -> None:
        """Keeps what every later transaction will see. Where room is short, what was read longest ago goes."""
        kept = self._kept.pop(coalition_id, ())
        if any(snapshot.mark.is_part_of(one.mark) for one in kept):
            # A newer one was kept meanwhile, or one with nothing else in it.
            self._kept[coalition_id] = kept
            return
        # Each is a part of the one before it, so the last one lacks whatever any of them lacks.
        # Where it took everything to come here, nobody needs to come from there.
        older = [one for one in kept if one.mark.is_part_of(snapshot.mark) and not snapshot.is_whole]
        self._kept[coalition_id] = (snapshot, *older[:OLDER])
        while len(self._kept) > 1 and sum(_size(of[0].tree) for of in self._kept.values()) > ROOM:
            self._kept.popitem(last=False)

    def forget(self, coalition_id: int | None = None) -> None:
        """Throws away what is kept, of a coalition or of all."""
        if coalition_id is None:
            self._kept.clear()
            self._is_watched = None
        else:
            self._kept.pop(coalition_id, None)

    def copy(self) -> Snapshots:
        """The same snapshots, to go back to."""
        copied = Snapshots()
        copied._kept = self._kept.copy()
        copied._is_watched = self._is_watched
        return copied

    async def is_watched(self, session: AsyncSession) -> bool:
        """Whether changes are noted at all; nothing is kept of a database where they are not."""
        if self._is_watched is None:
            self._is_watched = await (await session.connection()).run_sync(are_there)
            if not self._is_watched:
                log.warning("record_changes_are_not_noted", mend="backbeat migrate puts the triggers back")
        return self._is_watched


def _size(tree: Tree) -> int:
    return sum(map(len, tree.rows.values()))


@dataclass(slots=True)
class _Reading:
    """What a session knows of snapshots. `is_steady`: all its statements see one state of the database.
    `keeps_at_end`: what it reads may be its own, which it can't tell apart, so it is kept once it is committed."""

    snapshots: Snapshots
    is_steady: bool
    keeps_at_end: bool
    own: dict[int, Snapshot]
    seen: dict[int, Tree]  # of sessions that write nothing and see one state: nothing can be new to them

    @property
    def only_reads(self) -> bool:
        return self.is_steady and not self.keeps_at_end


def use_snapshots(session: AsyncSession, snapshots: Snapshots, *, is_steady: bool, keeps_at_end: bool) -> None:
    """Lets a session read records by these."""
    session.sync_session.info[_INFO] = _Reading(snapshots, is_steady, keeps_at_end, {}, {})


def keep_at_end(session: AsyncSession) -> None:
    """After the commit of a session that keeps at its end."""
    reading: _Reading = session.sync_session.info[_INFO]
    if reading.keeps_at_end:
        for coalition_id, snapshot in reading.own.items():
            reading.snapshots.keep(coalition_id, snapshot)


@event.listens_for(Session, "after_soft_rollback")
def _forget_own(session: Session, _previous: object) -> None:
    """They may hold changes that a rollback to a savepoint has undone."""
    reading: _Reading | None = session.info.get(_INFO)
    if reading is not None:
        reading.own.clear()
        reading.seen.clear()


async def read_afresh(session: AsyncSession, coalition_id: int) -> Tree:
    """The coalition as this transaction sees it, whatever is kept."""
    return grow(await read_all(session, coalition_id), await read_loose(session, coalition_id))


async def read_present(session: AsyncSession, coalition_id: int) -> Tree:
    """The coalition as this transaction sees it."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    reading: _Reading | None = session.sync_session.info.get(_INFO)
    if reading is None or not await reading.snapshots.is_watched(session):
        return await read_afresh(session, coalition_id)
    if reading.only_reads:
        if coalition_id not in reading.seen:
            reading.seen[coalition_id] = await _read_kept(session, coalition_id, reading)
        return reading.seen[coalition_id]
    return await _read_kept(session, coalition_id, reading)


async def _read_kept(session: AsyncSession, coalition_id: int, reading: _Reading) -> Tree:
    """By what is kept, and what was noted since."""
    own = reading.own.get(coalition_id)
    kept = (own,) if own is not None else reading.snapshots.of(coalition_id)
    look = await look_at_log(session, coalition_id, kept[-1].mark if kept else None, MANY + 1)
    base = next((one for one in kept if one is own or one.mark.is_part_of(look.mark)), None)
    if base is not None and not _is_too_much(look.noted):
        reading.snapshots.hits += 1
        news = tuple(one for one in look.noted if not base.holds(one))
        if not news:
            return base.tree
        snapshot = await _bring_up_to_date(session, coalition_id, _Draft.of(base), look, news, reading.is_steady)
    else:
        reading.snapshots.misses += 1
        snapshot = await _bring_up_to_date(session, coalition_id, _Draft(), look, (), reading.is_steady)
    if snapshot is None:
        # Others keep writing: this reading is as mixed as any of such a transaction's statements.
        return await read_afresh(session, coalition_id)
    if snapshot.own or reading.keeps_at_end:
        reading.own[coalition_id] = snapshot
    else:
        reading.snapshots.keep(coalition_id, snapshot)
    return snapshot.tree


def _is_too_much(noted: Collection[Noted]) -> bool:
    return len(noted) > MANY or any(one.table == EVERYTHING for one in noted)


class _Draft:
    """Rows that are to become a tree: some to be replaced in a tree that is there, or all of them."""

    def __init__(self) -> None:
        self.tree: Tree | None = None
        self.rows: dict[str, Rows] | None = None
        self.loose: Loose | None = None
        self.changes: dict[str, dict[int, Row | None]] = {}

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """With nothing in the place of anything."""
        draft = cls()
        draft.tree, draft.loose = snapshot.tree, snapshot.tree.loose
        return draft

    async def read(self, session: AsyncSession, coalition_id: int, news: Collection[Noted]) -> None:
        """Reads what was noted, or everything where there is nothing yet or that is no more."""
        if _is_too_much(news):
            self.__init__()  # type: ignore[misc]
        if self.tree is None and self.rows is None:
            self.rows = await read_all(session, coalition_id)
            self.loose = await read_loose(session, coalition_id)
            return
        by_table: dict[str, set[int]] = {}
        for one in news:
            by_table.setdefault(one.table, set()).add(one.row_id)
        for table, ids in by_table.items():
            if table in KEPT_BY_ROW:
                found = await read_some(session, coalition_id, table, ids)
                self.changes.setdefault(table, {}).update({row_id: found.get(row_id) for row_id in ids})
        if not by_table.keys().isdisjoint(ASKED_ANEW):
            self.loose = await read_loose(session, coalition_id)

    def tree_of_it(self) -> Tree:
        """Raises LookupError if the rows were read at different moments and don't fit together."""
        assert self.loose is not None
        if self.tree is not None:
            return replace_rows(self.tree, self.changes, self.loose)
        assert self.rows is not None
        return grow(put_into(self.rows, self.changes), self.loose)


async def _bring_up_to_date(
    session: AsyncSession, coalition_id: int, draft: _Draft, look: Look, news: Collection[Noted], is_steady: bool
) -> Snapshot | None:
    """The snapshot of what this transaction sees; None if others changed something during each try."""
    for _ in range(TRIES):
        await draft.read(session, coalition_id, news)
        if not is_steady:
            # Each statement sees what was committed until then: only if nothing came, all saw the same.
            seen, look = look, await look_at_log(session, coalition_id, look.mark, MANY + 1)
            news = tuple(one for one in look.noted if not (one.is_own and one.id <= seen.own))
            if news:
                continue
        try:
            return Snapshot(look.mark, look.own, draft.tree_of_it(), is_whole=draft.rows is not None)
        except LookupError as error:
            if draft.rows is not None:
                raise
            log.warning("snapshot_thrown_away", coalition=coalition_id, error=repr(error))
            draft, news = _Draft(), ()
    return None
