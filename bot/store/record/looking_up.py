"""One coalition's rows, and what was made of them, by what points at them. No values are made here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]
Rows = Mapping[int, Row]
# The ids of the rows that stand under an owner, by its id.
Index = dict[int | None, tuple[int, ...]]


class View:
    """Looks up rows by id, and those that stand under an owner."""

    def __init__(
        self, rows: Mapping[str, Rows], index: Mapping[str, Index], made: Mapping[str, Mapping[int, Any]]
    ) -> None:
        self.rows = rows
        self.index = index
        self.made = made

    def key(self, table: str, row_id: int | None) -> Any:
        """The file id of a row; None for None."""
        return None if row_id is None else self.rows[table][row_id]["key"]

    def under(self, table: str, owner_id: int | None) -> list[Row]:
        """The rows that stand under an owner, in their order."""
        rows = self.rows[table]
        return [rows[row_id] for row_id in self.index[table].get(owner_id, ())]

    def made_under(self, table: str, owner_id: int | None) -> tuple[Any, ...]:
        """What was made of them."""
        made = self.made[table]
        return tuple([made[row_id] for row_id in self.index[table].get(owner_id, ())])
