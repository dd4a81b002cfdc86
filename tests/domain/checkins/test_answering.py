"""What an answer says, made of what was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.checkins import PRIVATE_NOTE, keeping_note, with_words
from bot.domain.record import Response
from tests import builders as make
from tests.builders import NOON, day

SET = make.question_set("update", "assessment", "confidence", "next", "mood", PRIVATE_NOTE)
ASKED = Response(
    cadence="weekly", round=day("24"), priority="p1", by="ben", on_behalf_of="ana", answered_at=NOON, sets_standing=True
)


def test_each_question_stands_where_it_belongs() -> None:
    typed = {
        "assessment": "on_track",
        "confidence": "4",
        "moved": "  The hall.  ",
        "blocker": "Permits",
        "ask": "A bus",
        "ask_from": "acme",
        "next": "Sign it",
        "came_true": "in_part",
        "mood": " good ",
        PRIVATE_NOTE: "Between us",
        "unknown": "x",
    }
    assert with_words(ASKED, SET, typed) == replace(
        ASKED,
        assessment="on_track",
        confidence=4,
        moved="The hall.",
        blocker="Permits",
        ask="A bus",
        ask_from="acme",
        next="Sign it",
        came_true="in_part",
        extra={"mood": "good", PRIVATE_NOTE: "Between us"},
    )


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_typed_is_nothing(nothing: str | None) -> None:
    names = ["assessment", "confidence", "moved", "came_true", "mood", PRIVATE_NOTE]
    assert with_words(ASKED, SET, dict.fromkeys(names, nothing)) == ASKED


def test_an_edit_takes_out_what_is_not_said_again() -> None:
    before = replace(ASKED, blocker="Permits", confidence=2, extra={"mood": "bad"})
    assert with_words(before, SET, {"next": "Sign it"}) == replace(ASKED, next="Sign it")


def test_what_came_true_is_one_of_three() -> None:
    assert with_words(ASKED, SET, {"came_true": "perhaps"}).came_true is None


def test_a_note_stays_its_authors_where_somebody_else_answers() -> None:
    answer = replace(ASKED, extra={"mood": "good"})
    assert keeping_note(answer, {"mood": "bad", PRIVATE_NOTE: "Between us"}).extra == {
        PRIVATE_NOTE: "Between us",
        "mood": "good",
    }
    assert keeping_note(answer, {"mood": "bad"}) == answer
    own = replace(ASKED, extra={PRIVATE_NOTE: "Mine"})
    assert keeping_note(own, {PRIVATE_NOTE: "Theirs"}).extra == {PRIVATE_NOTE: "Mine"}
