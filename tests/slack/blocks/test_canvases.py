"""Canvases on screen, for coordinators: where each is, in each state, and what mends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.canvases import CanvasLine, CanvasList, CanvasState
from bot.slack.blocks.canvases import canvases_message, health_words
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

STANDING = CanvasLine(
    priority="supplier-growth",
    name="Supplier growth",
    channel="lb-suppliers",
    state=CanvasState.STANDING,
    code=None,
    written_at=MONDAY,
    is_shared=False,
    is_off=False,
)
NEW = replace(STANDING, state=CanvasState.NEW, written_at=None)
LINES = (
    STANDING,
    replace(STANDING, name="Slow", tries=2),
    replace(NEW, name="New"),
    *(replace(NEW, name=f"Is {one}", state=one) for one in CanvasState if one not in {"new", "standing"}),
    replace(NEW, name="Full", state=CanvasState.THEIRS, code="free_team_canvas_tab_already_exists"),
    replace(NEW, name="Off", state=None, is_off=True),
    replace(NEW, name="Shared", state=None, is_shared=True),
    replace(NEW, name="Not in it", state=None),
    replace(NEW, name="Nowhere", state=None, channel=None),
)
CANVASES = CanvasList(lines=LINES[:3], zone="America/Chicago", now=MONDAY)
REFUSED = replace(CANVASES, lines=(replace(NEW, state=CanvasState.NO_CANVASES),))
NOT_ALLOWED = replace(CANVASES, lines=(replace(NEW, state=CanvasState.NOT_ALLOWED),))
MOST = replace(CANVASES, lines=tuple(replace(one, name=LONG, channel="x" * 80) for one in LINES * 3))


def test_words() -> None:
    shown: dict[str, Message | View] = {
        "some": canvases_message(CANVASES),
        "each state": canvases_message(replace(CANVASES, lines=LINES)),
        "no canvases": canvases_message(REFUSED),
        "not allowed": canvases_message(NOT_ALLOWED),
        "none wanted": canvases_message(replace(CANVASES, lines=LINES[-1:])),
    }
    check_golden("canvases.txt", script(shown))


def test_as_much_as_there_may_be() -> None:
    assert "of 45" in script({"most": canvases_message(MOST)})


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (CANVASES, "2 of 3 kept up"),
        (REFUSED, "none: not in this plan"),
        (NOT_ALLOWED, "none: I may not write any"),
        (replace(CANVASES, lines=LINES[4:6]), "0 of 2 kept up; 1 waits for your word"),
    ],
)
def test_one_line_for_how_things_are(found: CanvasList, words: str) -> None:
    assert health_words(found) == words
