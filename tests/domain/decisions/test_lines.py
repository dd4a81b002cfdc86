"""What becomes of decisions' and issues' lines as people type them, by tables that were written down, not recorded."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decisions import parse_decision_line, parse_issue_line
from bot.domain.typed import Doubt, Problem
from tests.domain.actions.test_line import KNOWN, TODAY
from tests.domain.decisions.test_line import GROUPS, NAMES, PRIORITIES
from tests.domain.typed_tables import day_in_table, require_left_in, require_ugly_enough, rows
from tests.tables import on_each

KNOWN_HERE = replace(KNOWN, channels={"lb-talent": "talent-pathways"})
DECISIONS, ISSUES = rows("decisions"), rows("issues")


def place(priority: str | None, *, is_whole: bool) -> list[str]:
    return ["in:*"] if is_whole else [f"in:{priority}"] if priority else []


def said_of(problems: tuple[Problem, ...], doubts: tuple[Doubt, ...]) -> list[str]:
    return [*(f"?{one.field}" for one in problems), *(f"~{one.field}" for one in doubts)]


def test_there_are_enough_and_a_third_is_ugly() -> None:
    require_ugly_enough("decisions")
    require_ugly_enough("issues")


@on_each(("line", "outcome"), DECISIONS)
def test_a_decision_becomes(line: str, outcome: str) -> None:
    found = parse_decision_line(line, GROUPS, PRIORITIES, TODAY, NAMES, KNOWN.members)
    parts = [found.title, *([f"for:{found.decider}"] if found.decider else [])]
    parts += [day_in_table(found.needed_by)] if found.needed_by else []
    parts += place(found.priority, is_whole=found.is_whole_coalition)
    parts += [" / ".join(found.options)] if found.options else []
    assert " | ".join([*parts, *said_of(found.problems, found.doubts)]) == outcome
    require_left_in(" / ".join([found.title, *found.options[-1:]]), found.doubts)


@on_each(("line", "outcome"), ISSUES)
def test_an_issue_becomes(line: str, outcome: str) -> None:
    found = parse_issue_line(line, KNOWN_HERE, TODAY)
    parts = [found.title, *([f"@{found.owner}"] if found.owner else [])]
    parts += place(found.priority, is_whole=found.is_whole_coalition)
    parts += [f"impact: {found.impact}"] if found.impact else []
    assert " | ".join([*parts, *said_of(found.problems, found.doubts)]) == outcome
    require_left_in(f"{found.title}: {found.impact}", found.doubts)
