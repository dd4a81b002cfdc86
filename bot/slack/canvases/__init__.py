"""Canvases: their text as Slack takes it, and the calls that make and change them."""

from __future__ import annotations

from bot.slack.canvases.markdown import CanvasText, canvas_text
from bot.slack.canvases.writer import (
    CanvasWriter,
    Done,
    Failed,
    Lost,
    Made,
    Outcome,
    Refused,
    Tab,
    Wait,
)
