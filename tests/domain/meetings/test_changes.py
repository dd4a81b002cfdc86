"""What becomes of a meeting's notes and of points on agendas by each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import meetings
from bot.domain.meetings import MeetingRef, NotesInput
from bot.domain.record import AgendaPoint, MeetingNotes
from bot.errors import UserError
from tests.builders import NOON
from tests.examples import examples

SLOT = datetime.fromisoformat("2026-11-24T10:00")
TYPED = NotesInput(present=("ana",), decided="• Pay now\n\n", parked="- The budget\nThe hall")
REF = MeetingRef("steering-quarterly", SLOT)
TAKEN = meetings.take_notes(None, REF, TYPED, ("D-7",), ("A-7",), "ana", NOON)
POINT = AgendaPoint(cadence="steering-quarterly", slot=SLOT, text="The budget", about="I-1")


def test_notes_hold_what_was_typed_line_by_line() -> None:
    assert (
        MeetingNotes(
            cadence="steering-quarterly",
            slot=SLOT,
            by="ana",
            present=("ana",),
            decided=("Pay now",),
            decisions=("D-7",),
            actions=("A-7",),
            parked=("The budget", "The hall"),
            posted_at=NOON,
            edited_at=None,
            version=1,
        )
        == TAKEN
    )


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.lists(st.sampled_from(["A-8", "A-9"]), max_size=2), min_size=1, max_size=5))
def test_an_edit_counts_and_only_adds_actions(edits: list[list[str]]) -> None:
    notes = TAKEN
    typed = NotesInput(present=("ben",), decided="", parked="The hall")
    for number, actions in enumerate(edits, 1):
        now = NOON + timedelta(hours=number)
        before, notes = notes, meetings.take_notes(notes, REF, typed, (), tuple(actions), "ben", now)
        assert notes.actions == (*before.actions, *actions)
        assert (notes.version, notes.posted_at, notes.edited_at, notes.by) == (number + 1, NOON, now, "ben")
        assert (notes.present, notes.decided, notes.decisions, notes.parked) == (("ben",), (), (), ("The hall",))


def test_a_point_is_worded_anew_carried_over_and_taken_away() -> None:
    later = SLOT + timedelta(days=28)
    assert meetings.reword_point(POINT, "Money") == replace(POINT, text="Money")
    assert meetings.carry_over(POINT, later) == replace(POINT, slot=later)
    gone = meetings.take_away(POINT)
    assert gone == replace(POINT, withdrawn=True)
    assert meetings.reword_point(gone, "Money") == gone, "what was taken away stays as it was"


@pytest.mark.parametrize(
    ("typed", "words"),
    [(" ", "Write the point in a few words."), ("a" * 301, "This has 301 characters. 300 fit.")],
)
def test_a_point_is_one_line_of_300_characters(typed: str, words: str) -> None:
    assert meetings.read_point(" The\nbudget ") == "The budget"
    assert meetings.read_point("a" * 300) == "a" * 300
    with pytest.raises(UserError) as caught:
        meetings.read_point(typed)
    assert (caught.value.message, caught.value.field) == (words, "text")
