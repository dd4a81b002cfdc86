"""Issues as of a day: those that are escalated, and the oldest of them."""

from __future__ import annotations

import pytest

from bot.domain.issues import standing as issues
from bot.domain.record import Directory
from tests.builders import group, issue, record

DIRECTORY = Directory.of(record(groups=[group("steering", name="Steering Committee")]))


def test_escalated_issues_keep_file_order_and_name_where_they_went() -> None:
    found = issues.escalated(
        [
            issue("I-1", status="escalated", escalated_to="steering", escalated="20"),
            issue("I-2"),
            issue("I-3", status="escalated"),
        ],
        DIRECTORY,
    )
    assert [(line.id, line.escalated_to_name) for line in found] == [("I-1", "Steering Committee"), ("I-3", None)]
    assert found[0].priority_name == "Priority p1"


@pytest.mark.parametrize("status", ["open", "resolved", "parked"])
def test_no_other_issue_is_escalated(status: str) -> None:
    assert issues.escalated([issue(status=status, escalated_to="steering")], DIRECTORY) == ()


def test_the_oldest_is_the_first_escalated_or_without_a_date_the_first_raised() -> None:
    lines = issues.escalated(
        [
            issue("I-1", status="escalated", raised="2026-09-01", escalated="20"),
            issue("I-2", status="escalated", raised="5"),
            issue("I-3", status="escalated", raised="2026-08-01", escalated="6"),
        ],
        DIRECTORY,
    )
    found = issues.oldest(lines)
    assert found is not None
    assert found.id == "I-2"
    assert issues.oldest([]) is None
