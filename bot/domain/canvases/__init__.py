"""Canvases in priorities' channels, kept up by the bot. Values and rules, pure."""

from __future__ import annotations

from bot.domain.canvases.pages import (
    SIZES,
    CanvasPage,
    LastWords,
    NextMeeting,
    Post,
    Section,
    Table,
    Told,
    last_section,
    sections,
)
from bot.domain.canvases.standing import (
    APART,
    ASK_AGAIN,
    AT_REST,
    LOOK_AGAIN,
    LOOKS,
    REFUSALS,
    TOLD,
    CanvasLine,
    CanvasList,
    CanvasNote,
    CanvasState,
    CanvasTask,
    pause_after,
)
