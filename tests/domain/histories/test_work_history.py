"""What changed of an action, an issue or a decision, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.domain.histories import Names, RowChange, action_lines, decision_lines, issue_lines
from bot.services.trail import POINTS_AT
from tests.tables import on_each

TODAY = date(2026, 11, 23)
NAMES = Names(
    {
        "members": {1: "Grant Okafor", 2: "Omar Castellanos"},
        "organizations": {3: "Bend Area Chamber"},
        "groups": {4: "Steering Committee"},
        "priorities": {5: "Talent pathways"},
    },
    POINTS_AT,
)


def change(old: dict[str, Any], new: dict[str, Any], operation: str = "update") -> RowChange:
    return RowChange(
        change=1,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        path="slack",
        actor_id=2,
        on_behalf_of_id=None,
        table="action_items",
        row_id=7,
        operation=operation,
        old=old,
        new=new,
    )


FRIDAY, LATER = date(2026, 12, 4), date(2026, 12, 18)
MOVED = "Moved from Dec 4: The board meets later"
HANDED_BACK = "Handed back by Grant Okafor"


@on_each(
    ("old", "new", "lines"),
    [
        ({}, {"owner_id": 1, "due": FRIDAY, "accepted": True}, ["Added for Grant Okafor, due Dec 4"]),
        ({}, {"owner_id": 1, "due": FRIDAY, "accepted": False}, ["Asked of Grant Okafor, due Dec 4"]),
        ({"accepted": False}, {"accepted": True}, ["Accepted"]),
        ({"accepted": True}, {"accepted": False}, ["Waits for a yes again"]),
        (
            {"accepted": False, "due": FRIDAY, "note": None},
            {"accepted": True, "due": LATER, "note": "Asked for Dec 4"},
            ["Accepted", "Due: Dec 4 → Dec 18", "Note: none → Asked for Dec 4"],
        ),
        (
            {"accepted": False, "owner_id": 1, "note": None},
            {"accepted": True, "owner_id": 2, "note": HANDED_BACK},
            ["Owner: Grant Okafor → Omar Castellanos", f"Note: none → {HANDED_BACK}"],
        ),
        (
            {"accepted": False, "status": "not_started", "completed": None},
            {"accepted": True, "status": "done", "completed": TODAY},
            ["Status: not started → done", "Completed: none → Nov 23"],
        ),
        (
            {"due": FRIDAY, "note": None},
            {"due": LATER, "note": MOVED},
            ["Due: Dec 4 → Dec 18", f"Note: none → {MOVED}"],
        ),
        (
            {"status": "in_progress", "blocked_reason": None},
            {"status": "blocked", "blocked_reason": "No inspector"},
            ["Status: in progress → blocked", "In the way: none → No inspector"],
        ),
        (
            {"priority_id": None, "waiting_on_id": None, "deliverable": "Draft"},
            {"priority_id": 5, "waiting_on_id": 3, "deliverable": None},
            [
                "Priority: none → Talent pathways",
                "Waits for: none → Bend Area Chamber",
                "Shows that it's done: Draft → none",
            ],
        ),
    ],
)
def test_an_actions(old: dict[str, Any], new: dict[str, Any], lines: list[str]) -> None:
    assert action_lines(change(old, new, "update" if old else "insert"), NAMES, TODAY) == lines


def test_an_issues() -> None:
    assert issue_lines(change({}, {"owner_id": 1}, "insert"), NAMES, TODAY) == ["Raised, looked after by Grant Okafor"]
    old = {"status": "open", "escalated_to_id": None, "escalated": None, "impact": None}
    new = {"status": "escalated", "escalated_to_id": 4, "escalated": TODAY, "impact": "46 seats"}
    assert issue_lines(change(old, new), NAMES, TODAY) == [
        "Status: open → escalated",
        "Escalated to: none → Steering Committee",
        "Escalated: none → Nov 23",
        "What it holds up: none → 46 seats",
    ]


def test_a_decisions_own_words_are_for_those_who_see_its_title() -> None:
    decided = change({"status": "needed", "outcome": None, "key": "D-1"}, {"status": "decided", "outcome": "Pay"})
    told = "Status: needed → decided"
    assert decision_lines(decided, NAMES, TODAY, sees_title=True) == [told, "Outcome: none → Pay"]
    assert decision_lines(decided, NAMES, TODAY, sees_title=False) == [told]
