"""Whatever looks like a day, a person or a place and stands behind a title is taken or said, in every noun's line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.domain.actions import parse_action_line
from bot.domain.decisions import parse_decision_line, parse_issue_line
from bot.domain.meetings import parse_meeting_line
from bot.domain.typed import Problem
from tests.domain.actions.test_line import KNOWN, TODAY
from tests.domain.decisions.test_line import GROUPS, NAMES, PRIORITIES

TITLES = ("call the college", "print new flyers for parents")
DAYS = """
by fri|fri|on fri|the 9th|on the 9th|dec 9|9 dec|12/9|next wk|eow|by eom|by month end|early dec|late dec|dec|in dec|q1|
by q1|in spring|next spring|new year|after new years|xmas|after thanksgiving|mlk day|presidents day|easter|tmrw am|
tonight|this afternoon|asap|soon|next month|2 months|fri week|week after next|in the coming weeks|over the summer|
before summer|this quarter|by 2027|jan 2027|first of the month|last day of dec|mon or tue|mon/tue|dec 9 or 10|
week of dec 7|fri cob|5pm fri|by noon|monday am|mon night|sat|sat am|this weekend|by the weekend|next meeting|
by the next mtg|before the retreat|after the summit|at the jan meeting|within 10 days|ten days|a fortnight|
after the holidays|over break|in the new yr|end of fy|by fy27|next payday|whenever|eventually|first thing mon|2nite|
thurs|tues|weds|sept|9/12/26|9.12|2026-12-09|dec9|dec-9|nov 31|last fri|friday 13th|by then|when the board meets
"""
PEOPLE = """
@marcus|marcus|Marcus|for marcus|by marcus|w/ marcus|w marcus|cc marcus|cc @marcus|(marcus)|[Marcus]|- marcus|/ marcus|
-> marcus|marcus?|Marcus Teal|marcus t|@ marcus|^marcus|<@U0MARCUS>|owner marcus|owner: marcus|owner=marcus|
assigned to marcus|marcus's|marcus pls|ask marcus|marcus to do|marcus will do it|marcus on it|grant|(grant)|@grant|
grant o|ask grant|grant to do it|grant owns it|w/ grant|mr teal|okafor|marcus & helen|marcus/helen|marcus+helen|
@marcus @helen|@nobody
"""
PLACES = """
in talent|talent|for talent|re talent|under talent|(talent)|- talent|/ talent|talent wg|talent team|wg talent|
in the talent group|talent pathways|tallent|in tallent|talent pathway|#lb-talent|lb-talent|in access|access|child care|
in childcare|childcare|commute|family access|in job quality|job-quality|jobquality|in quality|in jq|jq wg|supplier|
supplier growth|coalition wide|whole coalition|across the coalition|all priorities|in talent and access|talent/access
"""
GROUP_NAMES = """
steering|for steering|@steering|the steering committee|steerco|(steering)|- steering|/ steering|-> steering|
steering cmte|stering|for stering|#lb-steering|lb-steering|talent wg|for the access wg|wg-access|decider: steering|
decided by steering|steering decides|steering to decide|steering only|everyone|for everybody|all members|all groups|
steering and talent|steering/talent
"""
HERE = replace(KNOWN, channels={"lb-talent": "talent-pathways"})


def pieces(text: str) -> list[str]:
    return [piece.strip() for piece in " ".join(text.split()).split("|") if piece.strip()]


def fields(said: Iterable[Problem]) -> set[str]:
    return {field for one in said for field in one.field.split("+")}


@pytest.mark.parametrize("title", TITLES)
def test_in_an_action(title: str) -> None:
    kinds = ((DAYS, "due"), (PEOPLE, "owner"), (PLACES, "priority"))
    for piece, field in [(piece, field) for text, field in kinds for piece in pieces(text)]:
        found = parse_action_line(f"{title} {piece}", HERE, TODAY)
        is_taken = {"due": found.due, "owner": found.owner, "priority": found.priority or found.is_whole_coalition}
        assert is_taken[field] or field in fields((*found.problems, *found.doubts)), piece


@pytest.mark.parametrize("title", TITLES)
def test_in_an_issue(title: str) -> None:
    for piece, field in [(one, "owner") for one in pieces(PEOPLE)] + [(one, "priority") for one in pieces(PLACES)]:
        found = parse_issue_line(f"{title} {piece}", HERE, TODAY)
        is_taken = {"owner": found.owner, "priority": found.priority or found.is_whole_coalition}
        assert is_taken[field] or field in fields((*found.problems, *found.doubts)), piece


@pytest.mark.parametrize("title", TITLES)
def test_in_a_decision(title: str) -> None:
    kinds = ((DAYS, "due"), (PEOPLE, "person"), (GROUP_NAMES, "decider"))
    for piece, field in [(piece, field) for text, field in kinds for piece in pieces(text)]:
        found = parse_decision_line(f"{title} {piece}", GROUPS, PRIORITIES, TODAY, NAMES, HERE.members)
        is_taken = {"due": found.needed_by, "person": None, "decider": found.decider}
        assert is_taken[field] or field in fields((*found.problems, *found.doubts)), piece


@pytest.mark.parametrize("title", TITLES)
def test_in_a_meeting(title: str) -> None:
    for piece in pieces(DAYS + "|" + PEOPLE + "|" + GROUP_NAMES):
        found = parse_meeting_line(f"{title} {piece}", GROUPS, NAMES, TODAY, members=HERE.members)
        assert found.first or found.audience or found.repeats or found.notes or found.at, piece
