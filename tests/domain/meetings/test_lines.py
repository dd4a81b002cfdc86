"""What becomes of a meeting's line and of a typed move, by tables that were written down and not recorded."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.meetings import parse_meeting_line, read_moment, split_change
from bot.errors import UserError
from tests.domain.actions.test_line import KNOWN
from tests.domain.decisions.test_line import GROUPS, NAMES, TODAY
from tests.domain.typed_tables import day_in_table, require_ugly_enough, rows
from tests.examples import examples
from tests.tables import on_each

BEFORE = datetime.fromisoformat("2026-11-30T10:00").replace(tzinfo=ZoneInfo("America/Chicago"))
MEETINGS, MOVES = rows("meetings"), rows("moves")


def test_there_are_enough_and_a_third_is_ugly() -> None:
    require_ugly_enough("meetings")


@on_each(("line", "outcome"), MEETINGS)
def test_a_meeting_becomes(line: str, outcome: str) -> None:
    found = parse_meeting_line(line, GROUPS, NAMES, TODAY, members=KNOWN.members)
    parts = [found.name]
    parts += [day_in_table(found.first)] if found.first else []
    parts += [found.at.strftime("%H:%M")] if found.at else []
    parts += [f"for:{found.audience}"] if found.audience else []
    parts += [found.repeats] if found.repeats else []
    parts += [f"{found.minutes} m"] if found.minutes else []
    parts += ["~"] if found.notes else []
    assert " | ".join(parts) == outcome


@on_each(("line", "outcome"), MOVES)
def test_a_move_becomes(line: str, outcome: str) -> None:
    found = split_change(line)
    parts = [found.name, *([f"from {found.former}"] if found.former else [])]
    try:
        to = read_moment(found.to, BEFORE, TODAY, 60) if found.to else None
        parts += [f"{day_in_table(to.date())} {to:%H:%M}"] if to is not None else []
    except UserError as error:
        parts.append(f"! {error.message}")
    if "! " in outcome:
        name, said = outcome.split(" | ! ")
        assert parts[0] == name
        assert said in parts[-1]
    else:
        assert " | ".join(parts) == outcome


@settings(max_examples=examples(25), deadline=None)
@given(st.text(max_size=80))
@example("EVERY MONTH")
def test_any_line_becomes_something(line: str) -> None:
    assert parse_meeting_line(line, GROUPS, NAMES, TODAY).name == " ".join(
        parse_meeting_line(line, GROUPS, NAMES, TODAY).name.split()
    )
