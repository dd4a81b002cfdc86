"""Each line that can be typed, by its golden path and its likeliest mistakes: what the person sees, row by row."""

from __future__ import annotations

import pytest

from handlers.messages import LINES
from tests.examples import one_in
from tests.handlers.commands import (
    action,
    checkin,
    coalition,
    decision,
    digest,
    funding,
    issue,
    meeting,
    metric,
    priority,
    words,
)
from tests.handlers.commands.rows import By, Row, play
from tests.handlers.stage import CONNECTED, Stage

FEWEST_MISTAKES = 3
OTHERS_ONE_IN = 8
# Here what a line says depends on what was typed before.
FOLLOWING = {"action", "checkin", "issue"}
ROWS: dict[str, tuple[Row, ...]] = {
    "checkin": checkin.ROWS,
    "action": action.ROWS,
    "metric": metric.ROWS,
    "meeting": meeting.ROWS,
    "digest": digest.ROWS,
    "priority": priority.ROWS,
    "decision": decision.ROWS,
    "issue": issue.ROWS,
    "funding": funding.ROWS,
    "coalition": coalition.ROWS,
    "menu": words.MENU,
    "help": words.HELP,
}


def test_every_line_has_a_golden_path_and_three_mistakes() -> None:
    lines = {(line.noun, line.verb) for line in LINES}
    rows = [((noun, row.line), row) for noun, rows in ROWS.items() for row in rows]
    assert {line for line, _row in rows} - lines == set(), "rows without a line"
    golden = {line for line, row in rows if row.is_golden}
    assert lines - golden == set(), "lines without a golden path"
    mistakes = [line for line, row in rows if row.is_mistake]
    assert {line for line in lines if mistakes.count(line) < FEWEST_MISTAKES} == set(), "lines with too few mistakes"


def test_every_noun_is_tried_in_every_way_of_typing_it() -> None:
    for noun, rows in ROWS.items():
        assert {By.BACKBEAT, By.DIRECT} <= {row.by for row in rows}, noun
        assert noun in {"menu", "help"} or {By.COMMAND, By.PREFIX} <= {row.by for row in rows}, noun
        assert any(row.by is By.DIRECT and row.who in CONNECTED for row in rows), noun


@pytest.mark.in_part
@pytest.mark.parametrize("noun", ROWS)
async def test_what_is_typed_and_seen(live: Stage, noun: str) -> None:
    """Each line's golden path, and in the suite a part of its other ones, of its mistakes and of ways to type it."""
    golden = [row for row in ROWS[noun] if row.is_golden]
    if noun not in FOLLOWING:
        # A noun alone, or with a name, shows different things.
        first = {row.line: row for row in reversed(golden)}
        golden = [row for row in golden if not row.line or row is first[row.line]]
    others = one_in(OTHERS_ONE_IN, [row for row in ROWS[noun] if row not in golden])
    wrong = await play(live, noun, [row for row in ROWS[noun] if row in golden or row in others])
    assert not wrong, "\n".join(wrong)
