"""Decisions and issues in one line: what becomes of each part, and what stays in the title."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import ActionLineContext
from bot.domain.decisions import match_group, parse_decision_line, parse_issue_line
from bot.domain.typed import Known
from tests.tables import on_each

TODAY = date(2026, 11, 24)
GROUPS = (
    Known("steering", "Steering Committee"),
    Known("wg-talent", "Talent Working Group"),
    Known("wg-access", "Family Access Working Group"),
)
NAMES = {"steering": "lb-steering", "wg-talent": "lb-talent", "wg-access": "lb-access"}
PRIORITIES = (Known("talent-pathways", "Talent pathways"), Known("family-access", "Child care and commute access"))
DEC_9, NONE = date(2026, 12, 9), None


@on_each(
    ("line", "title", "decider", "by", "priority", "options"),
    [
        ("Hire an inspector", "Hire an inspector", NONE, NONE, NONE, ()),
        ("Hire one by Dec 9", "Hire one", NONE, DEC_9, NONE, ()),
        ("Hire one in family-access", "Hire one", NONE, NONE, "family-access", ()),
        ("Hire one for steering", "Hire one", "steering", NONE, NONE, ()),
        ("Hire one for the Steering Committee", "Hire one", "steering", NONE, NONE, ()),
        ("Hire one for #lb-talent", "Hire one", "wg-talent", NONE, NONE, ()),
        ("Hire one for Talent Working Group by Dec 9", "Hire one", "wg-talent", DEC_9, NONE, ()),
        ("Hire one for family by Dec 9 in talent", "Hire one", "wg-access", DEC_9, "talent-pathways", ()),
        ("Hire one by Dec 9 in talent for steering", "Hire one", "steering", DEC_9, "talent-pathways", ()),
        ("Hire one for steering in talent by Dec 9", "Hire one", "steering", DEC_9, "talent-pathways", ()),
        ("Hire one: Do it / Wait", "Hire one", NONE, NONE, NONE, ("Do it", "Wait")),
        ("Hire one by Dec 9: Do it | Wait|Ask", "Hire one", NONE, DEC_9, NONE, ("Do it", "Wait", "Ask")),
        ("Pay for a van", "Pay for a van", NONE, NONE, NONE, ()),
        ("Pay for family child care", "Pay for family child care", NONE, NONE, NONE, ()),
        ("Note: hire one", "Note: hire one", NONE, NONE, NONE, ()),
        ("Either/or budgets", "Either/or budgets", NONE, NONE, NONE, ()),
        ("Ask @marcus to lead", "Ask @marcus to lead", NONE, NONE, NONE, ()),
        ("Stand by the plan", "Stand by the plan", NONE, NONE, NONE, ()),
        ("Wait  for   the   college", "Wait for the college", NONE, NONE, NONE, ()),
        ("", "", NONE, NONE, NONE, ()),
    ],
)
def test_a_decision(
    line: str, title: str, decider: str | None, by: date | None, priority: str | None, options: tuple[str, ...]
) -> None:
    found = parse_decision_line(line, GROUPS, PRIORITIES, TODAY, NAMES)
    assert (found.title, found.decider, found.needed_by, found.priority, found.options) == (
        title,
        decider,
        by,
        priority,
        options,
    )
    assert found.problems == ()


def test_a_day_that_the_calendar_does_not_have_is_said() -> None:
    found = parse_decision_line("Hire one by Nov 31", GROUPS, PRIORITIES, TODAY, NAMES)
    assert found.title == "Hire one"
    assert [problem.words for problem in found.problems] == ["November has 30 days. Try “Nov 30” or “Mon”."]


def test_the_whole_coalition_is_no_priority() -> None:
    found = parse_decision_line("Adopt it in the whole coalition", GROUPS, PRIORITIES, TODAY, NAMES)
    assert (found.title, found.priority, found.is_whole_coalition) == ("Adopt it", None, True)


@on_each(
    ("line", "title", "priority", "impact"),
    [
        ("No inspector until January", "No inspector until January", NONE, NONE),
        ("No inspector in family-access", "No inspector", "family-access", NONE),
        ("No inspector in family-access: 46 seats", "No inspector", "family-access", "46 seats"),
        ("No inspector by Friday", "No inspector by Friday", NONE, NONE),
        ("No pay in the evening", "No pay in the evening", NONE, NONE),
        ("@tom has no room: One cohort", "@tom has no room", NONE, "One cohort"),
        ("", "", NONE, NONE),
    ],
)
def test_an_issue(line: str, title: str, priority: str | None, impact: str | None) -> None:
    found = parse_issue_line(line, ActionLineContext(priorities=PRIORITIES), TODAY)
    assert (found.title, found.priority, found.impact) == (title, priority, impact)


@on_each(
    ("typed", "found"),
    [
        ("steering", ["steering"]),
        ("the steering committee", ["steering"]),
        ("stee", ["steering"]),
        ("st", []),
        ("#lb-talent", ["wg-talent"]),
        ("wg", []),
        ("wg-", []),
        ("lb-", []),
        ("", []),
        ("nobody", []),
    ],
)
def test_groups_by_name_channel_or_beginning(typed: str, found: list[str]) -> None:
    assert [one.id for one in match_group(typed, GROUPS, NAMES)] == found


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_line_becomes_something(line: str) -> None:
    found = parse_decision_line(line, GROUPS, PRIORITIES, TODAY, NAMES)
    assert found.title == " ".join(found.title.split())
    assert len(found.options) != 1
    assert isinstance(parse_issue_line(line, ActionLineContext(priorities=PRIORITIES), TODAY).title, str)


def test_options_of_a_pasted_list_are_options() -> None:
    found = parse_decision_line(
        "Hire one\nby Dec 9\nfor steering\nOptions:\n- Do it now\n- Wait", GROUPS, PRIORITIES, TODAY, NAMES
    )
    assert (found.title, found.decider, found.needed_by) == ("Hire one", "steering", DEC_9)
    assert found.options == ("Do it now", "Wait")
    numbered = parse_decision_line("Hire one for steering:\n1. Do it\n2) Wait", GROUPS, PRIORITIES, TODAY, NAMES)
    assert (numbered.title, numbered.decider, numbered.options) == ("Hire one", "steering", ("Do it", "Wait"))
