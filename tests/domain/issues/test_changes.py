"""What becomes of an issue by each change, and which changes are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import issues
from bot.domain.issues import NewIssue
from bot.domain.record import Issue
from bot.domain.vocabularies import IssueStatus
from bot.errors import UserError
from tests import builders as make
from tests.builders import day, record
from tests.examples import examples

TODAY = day("23")
OPEN = make.issue()
WITH_STEERING = replace(OPEN, status=IssueStatus.ESCALATED, escalated_to="steering", escalated=day("20"))
RESOLVED = replace(WITH_STEERING, status=IssueStatus.RESOLVED, resolved=day("22"), note="A room was found")
PARKED = replace(OPEN, status=IssueStatus.PARKED, note="After the audit")

CHANGES: dict[str, Callable[[Issue], Issue]] = {
    "escalate": lambda one: issues.escalate(one, "steering", TODAY),
    "elsewhere": lambda one: issues.escalate(one, "funders", TODAY),
    "resolve": lambda one: issues.resolve(one, "Done", TODAY),
    "park": lambda one: issues.park(one, "Later", TODAY),
    "reopen": issues.reopen,
}


def said(change: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(UserError) as caught:
        change()
    return caught.value.message, caught.value.field


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=10), st.sampled_from([OPEN, WITH_STEERING, RESOLVED]))
def test_whatever_happens_an_issue_stays_sound(names: list[str], issue: Issue) -> None:
    for name in names:
        before = issue
        try:
            issue = CHANGES[name](before)
        except UserError:
            continue
        assert CHANGES[name](issue) == issue, "what is so already is left as it is"
        assert (issue.resolved is not None) == (issue.status == "resolved")
        assert (issue.note is not None) != issue.is_open, "a closed one says how or why"
        assert issue.status != "escalated" or (issue.escalated_to is not None and issue.escalated is not None)
        assert issue.status != "open" or issue.escalated_to is None
        assert (
            replace(
                issue,
                status=OPEN.status,
                escalated_to=None,
                escalated=None,
                resolved=None,
                note=None,
            )
            == OPEN
        )


def test_escalated_it_is_with_its_group_from_today() -> None:
    assert issues.escalate(OPEN, "steering", TODAY) == replace(WITH_STEERING, escalated=TODAY)
    assert issues.escalate(WITH_STEERING, "steering", TODAY) == WITH_STEERING, "since the day it went there"
    assert issues.escalate(WITH_STEERING, "funders", TODAY) == replace(
        WITH_STEERING, escalated_to="funders", escalated=TODAY
    )


@pytest.mark.parametrize(
    ("change", "issue", "message"),
    [
        ("escalate", RESOLVED, "I-1 is resolved Sun Nov 22. Open it and press Reopen first."),
        ("escalate", PARKED, "I-1 is parked. Open it and press Reopen first."),
        ("park", RESOLVED, "I-1 is resolved Sun Nov 22. Open it and press Reopen first."),
    ],
)
def test_a_closed_one_refuses(change: str, issue: Issue, message: str) -> None:
    assert said(lambda: CHANGES[change](issue)) == (message, None)


def test_resolved_today_and_parked_without_a_day() -> None:
    resolved = issues.resolve(WITH_STEERING, " A room\nwas found ", TODAY)
    assert resolved == replace(RESOLVED, resolved=TODAY)
    assert issues.resolve(PARKED, "Done", TODAY).status == "resolved", "what was parked can be resolved"
    assert issues.resolve(RESOLVED, "Otherwise", TODAY) == RESOLVED, "the first words count"
    assert issues.park(OPEN, "After the audit", TODAY) == PARKED
    assert said(lambda: issues.resolve(OPEN, " ", TODAY)) == ("Add one sentence on how it was resolved.", "note")
    assert said(lambda: issues.park(OPEN, "", TODAY)) == ("Add one sentence on why it can wait.", "note")
    assert said(lambda: issues.park(OPEN, "a" * 201, TODAY)) == ("This has 201 characters. 200 fit.", "note")


def test_opened_again_it_is_with_the_group_it_had_gone_to() -> None:
    assert issues.reopen(RESOLVED) == WITH_STEERING
    assert issues.reopen(PARKED) == OPEN
    assert issues.reopen(WITH_STEERING) == WITH_STEERING


def test_a_new_one_and_its_correction() -> None:
    new = NewIssue(title="No inspector", priority="p1", impact="Buses stand")
    made = issues.raise_issue("I-7", new, "ben", "ana", TODAY)
    assert made == Issue(
        id="I-7",
        title="No inspector",
        raised_by="ana",
        owner="ben",
        raised=TODAY,
        status=IssueStatus.OPEN,
        priority="p1",
        impact="Buses stand",
    )
    corrected = issues.correct(OPEN, made)
    assert corrected == replace(OPEN, title="No inspector", owner="ben", impact="Buses stand")
    assert issues.correct(OPEN, replace(made, priority=None)).priority is None


def test_who_looks_after_it() -> None:
    known = record()
    assert issues.owner_of(known, NewIssue(title="a", priority="p1", owner="ben"), "cy") == "ben"
    assert issues.owner_of(known, NewIssue(title="a", priority="p1"), "cy") == "ana"
    assert issues.owner_of(known, NewIssue(title="a"), "cy") == "cy"


@pytest.mark.parametrize(
    ("fields", "field", "begins"),
    [
        ({"title": ""}, "title", "Write what is in the way"),
        ({"title": "a" * 151}, "title", "This has 151 characters. 150 fit; the rest can go below."),
        ({"impact": "a" * 201}, "impact", "This has 201 characters. 200 fit."),
        ({"priority": "p9"}, "priority", "I can't find this priority anymore."),
        ({"owner": "zoe"}, "owner", "I can't find this person anymore."),
    ],
)
def test_the_first_mistake_of_a_new_one(fields: dict[str, str], field: str, begins: str) -> None:
    new = NewIssue(title="No inspector", priority="p1", owner="ana")
    assert issues.first_mistake(record(), new) is None
    found = issues.first_mistake(record(), replace(new, **fields))
    assert found is not None
    assert (found.field, found.message.startswith(begins)) == (field, True)
