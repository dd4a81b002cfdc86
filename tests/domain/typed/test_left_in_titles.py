"""What is said of a title in which something stays that looks like a day, a person or a place; and that little noise
is made about titles in which nothing does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import parse_action_line
from bot.domain.decisions import parse_decision_line, parse_issue_line
from bot.domain.record import Record
from bot.domain.typed import Known, LeftDoubt, Part, known_members, known_priorities, left_part, say_what_is_left
from tests.domain.actions.test_line import KNOWN, TODAY
from tests.domain.decisions.test_line import GROUPS, NAMES, PRIORITIES
from tests.domain.typed_tables import rows
from tests.tables import on_each


def left_of(title: str, *, taken: str = "", group: str | None = None) -> list[LeftDoubt]:
    """All that stays in a title, the kinds in `taken` taken."""
    return say_what_is_left(
        title,
        day=Part("due", "the day", is_taken="due" in taken),
        person=Part("owner", "the owner", is_taken="owner" in taken),
        places=(
            left_part("decider", "the group", group, (), GROUPS, NAMES),
            left_part("priority", "the priority", None, (), PRIORITIES),
        ),
        members=KNOWN.members,
    )


@on_each(
    ("title", "left"),
    [
        # days
        ("Call tues am about it", "tues am"),
        ("Call the college the 4th or 5th", ""),
        ("Call by the 4th or 5th", "by the 4th or 5th"),
        ("Call by mlk day", "by mlk day"),
        ("Call before memorial day", "before memorial day"),
        ("Call in a couple of days", "in a couple of days"),
        ("Call in the new year", "in the new year"),
        ("Call dec", "dec"),
        ("Call 12.4", "12.4"),
        ("Raise it to 12.4", ""),
        ("Call over the weekend", "over the weekend"),
        ("Call at the next steering meeting", "at the next steering meeting"),
        ("Call last fri of month", "last fri"),
        ("Send the March figures", ""),
        ("Sat down with the board", ""),
        ("Write the 11th grade teachers", ""),
        ("Train on the weekend shift rules", "on the weekend"),
        # people
        ("Ring helen re the form", "helen"),
        ("Get jo to sign", "jo"),
        ("Call cc grant", "cc grant"),
        ("Call ^grant", "^grant"),
        ("Call (marcus)", "marcus"),
        ("Call the bank with Marcus Teal", "with Marcus Teal"),
        ("grant to fix the bus", "grant"),
        ("Call the bank, i'll take it", "i'll take it"),
        ("Call for me", "for me"),
        ("Apply for the grant", ""),
        ("Use grant money", ""),
        ("Grant money ran out", ""),
        ("Paint it teal and white", ""),
        ("APPLY FOR THE GRANT", ""),
        ("Marcus Teal has no room", ""),
        ("Write to a@b.example", ""),
        # places
        ("Hire one talent", "talent"),
        ("Hire one talent wg", "talent wg"),
        ("Hire one re talent", "re talent"),
        ("Hire one in comute access", "in comute access"),
        ("Hire one steerco", "steerco"),
        ("Hire one steering/talent", "steering/talent"),
        ("steering should lease it", "steering"),
        ("lb-talent to lease it", "lb-talent"),
        ("Train staff in child care centers", ""),
        ("Fix the talent budget", ""),
        ("Give each team access cards", ""),
        ("Hire a group", ""),
        # several
        ("tues am call helen re talent", "tues am · helen · re talent"),
    ],
)
def test_what_is_left(title: str, left: str) -> None:
    found = left_of(title)
    assert " · ".join(word for one in found for word in one.left) == left
    assert len(found) <= 1
    assert all(word in title for one in found for word in one.left)


@on_each(
    ("title", "words"),
    [
        ("Call dec", "“dec” stays in the title. If that's the day, choose it."),
        ("Call helen", "“helen” stays in the title. If that's the owner, choose them."),
        ("Call <@U0MARCUS>", "A mention stays in the title. If that's the owner, choose them."),
        ("Call cc @grant", "“cc @grant” stays in the title: whoever gets a copy isn't the owner."),
        ("Hire one talent", "“talent” stays in the title. If that's the group or the priority, choose it."),
        (
            "Call helen in dec",
            "“in dec” and “helen” stay in the title. If these are the day and the owner, choose them.",
        ),
    ],
)
def test_it_is_said_in_one_doubt(title: str, words: str) -> None:
    assert [one.words for one in left_of(title)] == [words]


def test_why_somebody_is_nothing_here_is_said() -> None:
    person = Part("person", others="a group decides")
    found = say_what_is_left("Hire one helen dec", day=Part("due", "the day"), person=person, members=KNOWN.members)
    assert [one.words for one in found] == [
        "“helen” stays in the title: a group decides. “dec” stays in the title. If that's the day, choose it."
    ]


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Call the bank @grant and", "@grant"),
        ("@grant call the bank", "@grant"),
        ("Ask @grant about it", ""),
        ("Ask Grant about it", ""),
    ],
)
def test_beside_somebody_who_was_taken_only_a_second_one_is_left(title: str, left: str) -> None:
    assert " · ".join(word for one in left_of(title, taken="due owner") for word in one.left) == left


def test_a_place_that_was_taken_is_no_second_one() -> None:
    taken = left_part("priority", "the priority", "talent-pathways", (), PRIORITIES)
    assert not say_what_is_left("Fix the plan in talent", places=(taken,))
    assert [one.left for one in say_what_is_left("Fix the plan and child care", places=(taken,))] == [
        ("and child care",)
    ]


def test_little_is_said_of_lines_that_are_well_read() -> None:
    """Whatever was taken for certain: an issue has no day, so there days are no noise."""
    titles = [
        (outcome.partition(" | ")[0], "due" if name == "issues" else "")
        for name in ("actions", "decisions", "issues")
        for _line, outcome in rows(name)
        if "~" not in outcome and "?" not in outcome
    ]
    said = [title for title, taken in dict(titles).items() if left_of(title, taken=taken)]
    assert len(said) * 100 < len(dict(titles)) * 5, said


def test_nothing_is_said_of_the_samples_own_titles(sample: Record) -> None:
    known = replace(KNOWN, members=known_members(sample), priorities=known_priorities(sample))
    groups = [Known(one.id, one.name) for one in sample.groups]
    names = {one.id: one.channel for one in sample.groups if one.channel}
    doubts = [
        *(parse_action_line(one.title, known, TODAY).doubts for one in sample.actions),
        *(parse_issue_line(one.title, known, TODAY).doubts for one in sample.issues),
        *(
            parse_decision_line(one.title, groups, known.priorities, TODAY, names, known.members).doubts
            for one in sample.decisions
        ),
    ]
    assert len(doubts) > 25
    assert not [one for found in doubts for one in found if isinstance(one, LeftDoubt)]


def test_nothing_is_said_twice() -> None:
    assert left_part("due", "the day", None, (LeftDoubt("due", "I can't read it."),)) is None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_title_can_be_looked_at(title: str) -> None:
    assert all(one.words.endswith(".") for one in left_of(title))
