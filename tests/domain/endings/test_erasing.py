"""What is put in a person's place, in data and in prose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.endings import FORMER_NAME, Person, Rewriter, member_questions, pseudonym_for
from bot.domain.record import Question, QuestionSet
from bot.domain.record.record import EarlierQuestions
from tests.builders import at
from tests.tables import on_each

GRANT = Person(id="grant", name="Grant Okafor", email="grant@chamber.example", accounts=("U0GRANT", "D0GRANT"))
REWRITER = Rewriter(GRANT, "former-1")


@on_each(
    ("before", "after"),
    [
        ({"owner": "grant", "instrument": "grant"}, {"owner": "former-1", "instrument": "grant"}),
        ({"members": ["ana", "grant"], "id": "grant"}, {"members": ["ana", "former-1"], "id": "grant"}),
        ({"owners": {"p1": "grant", "p2": "ana"}}, {"owners": {"p1": "former-1", "p2": "ana"}}),
        ({"members": {"grant": 1}}, {"members": {"former-1": 1}}),
        (
            {
                "id": "grant",
                "name": "Grant Okafor",
                "email": "grant@chamber.example",
                "title": "President",
                "access": "x",
            },
            {"id": "former-1", "name": FORMER_NAME, "access": "x"},
        ),
        (
            {"id": "grant", "name": "A grant", "title": "A grant"},
            {"id": "grant", "name": "A grant", "title": "A grant"},
        ),
        (
            {"id": "grant", "name": "Grant Okafor", "email": "grant@chamber.example", "access": "email_only"},
            {"id": "former-1", "name": FORMER_NAME, "access": "member"},
        ),
        ({"by_name": "Grant Okafor", "count": 3, "none": None}, {"by_name": FORMER_NAME, "count": 3, "none": None}),
        ([["Grant Okafor"], "<@U0GRANT>"], [[FORMER_NAME], "<@former-1>"]),
    ],
)
def test_data(before: Any, after: Any) -> None:
    assert REWRITER.data(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Call grant okafor's office about the grant.", f"Call {FORMER_NAME}'s office about the grant."),
        ("Write to GRANT@chamber.example.", "Write to former-1."),
        ("Grant Okaforson stays.", "Grant Okaforson stays."),
    ],
)
def test_prose(before: str, after: str) -> None:
    assert REWRITER.text(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("grant marcus 2", "former-1 marcus 2"),
        ("marcus priorities:p1 principals:grant,ana", "marcus priorities:p1 principals:former-1,ana"),
        ("T1:U0GRANT", "T1:former-1"),
        ("grants 2", "grants 2"),
    ],
)
def test_what_a_message_is_about(before: str, after: str) -> None:
    assert REWRITER.about(before) == after


def test_a_member_who_was_picked_is_known_by_the_question() -> None:
    """ "grant" as an answer to another question is a word."""
    picks = QuestionSet(
        id="s",
        title="S",
        questions=(
            Question(id="who", type="item_picker", label="Who?", source="members"),
            Question(id="where", type="item_picker", label="Where?", source="groups"),
        ),
    )
    assert member_questions([picks]) == {"who"}
    before_that = EarlierQuestions(version=1, until=at("2026-11-01T09:00"), title="S", questions=picks.questions[:1])
    assert member_questions([replace(picks, questions=(), earlier=(before_that,))]) == {"who"}
    rewriter = Rewriter(GRANT, "former-1", member_questions([picks]))
    before = {"who": "grant", "where": "grant", "text": "grant", "several": ["grant"]}
    assert rewriter.data({"values": before}) == {"values": {**before, "who": "former-1"}}
    assert REWRITER.data({"values": before}) == {"values": before}


def test_the_name_of_two_says_nothing_of_who_is_meant() -> None:
    shared = Rewriter(replace(GRANT, is_namesake=True), "former-1")
    assert shared.text("Grant Okafor, grant@chamber.example") == "Grant Okafor, former-1"


def test_a_pseudonym_is_nobody_elses() -> None:
    assert pseudonym_for({"ana"}, "7f") == "former-7f"
    assert pseudonym_for({"ana", "former-7f"}, "7f") not in {"ana", "former-7f"}
