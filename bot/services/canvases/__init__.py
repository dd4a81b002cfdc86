"""Canvases in priorities' channels: what should stand on them, and what became of them. Use cases."""

from __future__ import annotations

from bot.services.canvases.canvases import Canvases, read_lines
