"""Puts values in the place of a coalition's rows, knowing which file id stands for which row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.actions import ActionItemRow
from bot.store.base import Base
from bot.store.coalition import CoalitionRow
from bot.store.decisions import DecisionRow
from bot.store.funding import FundingSourceRow
from bot.store.issues import IssueRow
from bot.store.metrics import MetricRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.people import MemberRow
from bot.store.priorities import OutcomeRow, PriorityRow
from bot.store.rhythm import CadenceRow, QuestionSetRow


class Writer:
    """Writes values of one coalition in one session; how each section's values become columns is in the `…_rows`."""

    def __init__(self, session: AsyncSession, coalition: CoalitionRow) -> None:
        self.session = session
        self.coalition = coalition
        self._rows: dict[type[Base], dict[str, Any]] = {}
        self._owned: dict[type[Base], dict[int, list[Any]]] = {}

    async def load_rows(self) -> None:
        """Reads the rows that are there, so that values replace them instead of adding to them."""
        tables: tuple[type[Any], ...] = (
            OrganizationRow,
            MemberRow,
            GroupRow,
            PriorityRow,
            OutcomeRow,
            MetricRow,
            QuestionSetRow,
            CadenceRow,
            ActionItemRow,
            IssueRow,
            DecisionRow,
            FundingSourceRow,
        )
        for table in tables:
            rows = await self.session.scalars(select(table).where(table.coalition_id == self.coalition.id))
            self._rows[table] = {row.key: row for row in rows}

    def row_of(self, table: type[Base], key: str) -> Any:
        """The row of a file id. Raises KeyError for an unknown one."""
        return self._rows[table][key]

    def id_of(self, table: type[Base], key: str | None) -> int | None:
        """The surrogate key of a file id; None for None. Raises KeyError for an unknown one."""
        if key is None:
            return None
        row_id: int = self._rows[table][key].id
        return row_id

    def scope_of(self, scope: str) -> dict[str, int | None]:
        """The columns of a scope: the whole coalition, a priority or a group."""
        if scope == "coalition":
            return {"priority_id": None, "group_id": None}
        if scope in self._rows[PriorityRow]:
            return {"priority_id": self.id_of(PriorityRow, scope), "group_id": None}
        return {"priority_id": None, "group_id": self.id_of(GroupRow, scope)}

    async def put(self, table: type[Any], key: str, columns: Mapping[str, Any]) -> Any:
        """Adds the row of a file id, or changes of it what differs; returns it, not flushed yet."""
        rows = self._rows.setdefault(table, {})
        row = rows.get(key)
        if row is None:
            row = table(coalition_id=self.coalition.id, key=key, **columns)
            self.session.add(row)
            rows[key] = row
        else:
            for name, value in columns.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
        return row

    async def put_children(
        self, table: type[Any], owner: str, owner_id: int, wanted: Sequence[Mapping[str, Any]]
    ) -> None:
        """Makes the rows of `table` under one owner equal to `wanted`, in its order, touching none before the first
        that differs: they are read back by id."""
        if table not in self._owned:
            # All owners' rows at once: a coalition has hundreds of owners.
            grouped: dict[int, list[Any]] = {}
            for row in await self.session.scalars(
                select(table).where(table.coalition_id == self.coalition.id).order_by(table.id)
            ):
                grouped.setdefault(getattr(row, owner), []).append(row)
            self._owned[table] = grouped
        found = self._owned[table].pop(owner_id, [])
        same = 0
        for row, columns in zip(found, wanted, strict=False):
            if any(getattr(row, name) != value for name, value in columns.items()):
                break
            same += 1
        for row in found[same:]:
            await self.session.delete(row)
        if found[same:]:
            await self.session.flush()
        for columns in wanted[same:]:
            self.session.add(table(coalition_id=self.coalition.id, **{owner: owner_id}, **columns))
            # One flush each keeps ids, and with them the order, certain.
            await self.session.flush()
