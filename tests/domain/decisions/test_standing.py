"""Decisions as of a day: those that are needed and those just made."""

from __future__ import annotations

import pytest

from bot.domain.decisions import DecisionLine
from bot.domain.decisions import standing as decisions
from bot.domain.record import Decision, Directory
from tests.builders import TODAY, decision, group, record

STEERING = group("steering", name="Steering Committee")
DIRECTORY = Directory.of(record(groups=[STEERING]))


def needed(*found: Decision) -> tuple[DecisionLine, ...]:
    return decisions.needed(record(decisions=found, groups=[STEERING]), DIRECTORY)


def test_needed_decisions_come_by_date_with_undated_ones_last_and_ties_in_file_order() -> None:
    found = needed(
        decision("D-1"),
        decision("D-2", needed_by="2026-12-11"),
        decision("D-3", needed_by="2026-12-04"),
        decision("D-4", needed_by="2026-12-11"),
        decision("D-5"),
    )
    assert [line.id for line in found] == ["D-3", "D-2", "D-4", "D-1", "D-5"]


@pytest.mark.parametrize("status", ["decided", "deferred", "withdrawn"])
def test_only_needed_decisions_are_needed(status: str) -> None:
    assert needed(decision(status=status)) == ()


@pytest.mark.parametrize(("decided_on", "made"), [("15", False), ("16", True), ("23", True), (None, False)])
def test_made_reaches_from_seven_days_ago_to_today(decided_on: str | None, made: bool) -> None:
    found = decisions.made([decision(status="decided", decided_on=decided_on)], TODAY, DIRECTORY)
    assert bool(found) is made


def test_made_decisions_keep_file_order_and_say_which_were_delegated() -> None:
    found = decisions.made(
        [
            decision("D-1", status="decided", decided_on="20"),
            decision("D-2", status="decided", decided_on="18", delegated=True),
            decision("D-3", status="withdrawn", decided_on="18"),
        ],
        TODAY,
        DIRECTORY,
    )
    assert [(line.id, line.delegated) for line in found] == [("D-1", False), ("D-2", True)]


def test_a_decision_is_described_with_names_and_whom_its_recommendation_is_for() -> None:
    (line,) = needed(decision(recommended="Yes", recommendation_for="deciders"), decision(status="decided"))
    assert (line.decider_name, line.priority_name) == ("Steering Committee", "Priority p1")
    assert (line.recommended, line.for_deciders) == ("Yes", True)
    (open_to_all,) = needed(decision(recommended="Yes", priority=None))
    assert (open_to_all.for_deciders, open_to_all.priority_name) == (False, None)
