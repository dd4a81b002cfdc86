"""Tables of typed lines and what becomes of each, one a row: LINE => OUTCOME. Reading them only.

`~>` marks an ugly line, as hurried people type on phones: slips, days as numbers, mentions, emoji, a strange order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.domain.typed import LeftDoubt, Problem

FEWEST = 200
_ARROW = re.compile("( [=~]> )")
_FOLDER = Path(__file__).parent / "lines"


def rows(name: str) -> list[tuple[str, str]]:
    """The pairs of a table, without its remarks. A line may end in spaces, an outcome may not."""
    return [(line, outcome) for line, outcome, _is_ugly in _read(name)]


def require_ugly_enough(name: str) -> None:
    """At least 200 lines, a third of them ugly."""
    found = _read(name)
    assert len(found) >= FEWEST
    assert sum(is_ugly for _line, _outcome, is_ugly in found) * 3 >= len(found)


def require_left_in(title: str, doubts: Iterable[Problem]) -> None:
    """What a doubt says is left in a title stands there, and one doubt says all of it."""
    left = [one for one in doubts if isinstance(one, LeftDoubt)]
    assert len(left) <= 1
    assert all(words in title for one in left for words in one.left)


def _read(name: str) -> list[tuple[str, str, bool]]:
    found = []
    for row in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            parts = _ARROW.split(row, maxsplit=1)
            assert len(parts) == 3, row
            line, arrow, outcome = parts
            found.append((line, outcome.strip(), arrow == " ~> "))
    return found


def day_in_table(on: date, year: int = 2026) -> str:
    """A day as it stands in a table: without the year where it is the table's own."""
    return on.strftime("%m-%d") if on.year == year else on.isoformat()
