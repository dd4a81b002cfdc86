"""Tables of typed lines and what becomes of each, one a row: LINE => OUTCOME. Reading them only."""

from __future__ import annotations

from datetime import date
from pathlib import Path

_FOLDER = Path(__file__).parent / "lines"


def rows(name: str) -> list[tuple[str, str]]:
    """The pairs of a table, without its remarks. A line may end in spaces, an outcome may not."""
    found = []
    for row in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            line, arrow, outcome = row.partition(" => ")
            assert arrow, row
            found.append((line, outcome.strip()))
    return found


def day_in_table(on: date, year: int = 2026) -> str:
    """A day as it stands in a table: without the year where it is the table's own."""
    return on.strftime("%m-%d") if on.year == year else on.isoformat()
