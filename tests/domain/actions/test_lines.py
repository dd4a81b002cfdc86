"""What becomes of an action's line as people type them, by a table that was written down and not recorded."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.actions import parse_action_line
from tests.domain.actions.test_line import KNOWN, TODAY
from tests.domain.typed_tables import day_in_table, require_left_in, require_ugly_enough, rows
from tests.tables import on_each

KNOWN_HERE = replace(KNOWN, channels={"lb-talent": "talent-pathways"})
ROWS = rows("actions")


def test_there_are_enough_and_a_third_is_ugly() -> None:
    require_ugly_enough("actions")


@on_each(("line", "outcome"), ROWS)
def test_becomes(line: str, outcome: str) -> None:
    found = parse_action_line(line, KNOWN_HERE, TODAY)
    parts = [found.title]
    parts += [f"@{found.owner}"] if found.owner else []
    parts += [day_in_table(found.due)] if found.due else []
    parts += ["in:*"] if found.is_whole_coalition else [f"in:{found.priority}"] if found.priority else []
    parts += [f"?{one.field}" for one in found.problems]
    parts += [f"~{one.field}" for one in found.doubts]
    assert " | ".join(parts) == outcome
    said = [one.words for one in (*found.problems, *found.doubts)]
    assert all(one[0] in "“@#" or one[0].isupper() for one in said)
    assert all(one.endswith(".") for one in said)
    require_left_in(found.title, found.doubts)
