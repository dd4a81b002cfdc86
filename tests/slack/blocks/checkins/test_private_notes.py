"""Notes to the coordinators, as each of them reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.people import NoteReading, PrivateNote
from bot.slack.blocks.checkins import notes_blocks, seen_message
from bot.slack.blocks.checkins.private_notes import note_blocks
from bot.slack.blocks.home import home_view
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from tests.slack.readable import check_golden, dump
from tests.slack.refusals import problems
from tests.slack.screens import LONG, MONDAY, coordination, page

READER = Clock("America/Chicago", datetime(2026, 11, 24, 22, tzinfo=UTC))


def note(**fields: Any) -> PrivateNote:
    usual: dict[str, Any] = {
        "id": 3,
        "text": "The chair wants out <soon>.",
        "priority": "talent-pathways",
        "priority_name": "Talent pathways",
        "checkin": "Weekly priority check-in",
        "on": date(2026, 11, 23),
        "author": "yolanda",
        "author_name": "Yolanda Briggs",
        "for_name": None,
        "written_at": MONDAY,
        "seen": (),
        "seen_by_reader": False,
        "is_own": False,
    }
    return PrivateNote(**(usual | fields))


SEEN = note(seen=(NoteReading("Omar Castellanos", MONDAY), NoteReading("Dana Whitlock", MONDAY)), seen_by_reader=True)


def shown(*notes: PrivateNote) -> Message:
    return Message(text="Notes", blocks=tuple(notes_blocks(notes, READER)))


SCENES: dict[str, Message | View] = {
    "not seen": shown(note()),
    "seen by two": shown(SEEN),
    "the reader's own": shown(note(is_own=True)),
    "for somebody else": shown(note(author_name="Luis Ferrer", for_name="Imani Rhodes")),
    "seven": shown(*(note(id=number) for number in range(7))),
    "pressed": seen_message(SEEN, READER),
}


def test_notes_are_as_written_down() -> None:
    check_golden("private_notes.txt", "\n".join(f"== {name}\n{dump(scene)}" for name, scene in SCENES.items()))


def test_home_shows_five_with_the_way_to_the_rest() -> None:
    home = page(coordination=coordination(notes=tuple(note(id=number) for number in range(7))))
    text = dump(home_view(home))
    assert "H  Written to the coordinators" in text
    assert text.count("To the coordinators only") == 5
    assert "1–5 of 7" in text


@pytest.mark.parametrize("one", [note(text="&" * 300, priority_name=LONG, author_name=LONG[:100]), note(text=LONG)])
def test_the_longest_words_fit(one: PrivateNote) -> None:
    assert len(note_blocks(one, READER)) == 2
    assert not problems(shown(one))
