"""Canvases in channels' tabs: what their text may hold, who changes them, and what conversations.info says of them.

After docs.slack.dev/reference/methods/conversations.canvases.create and /canvases.edit; what those leave open is as
people found it on live workspaces: a tab outlives its canvas, and names nothing but the file.
"""

from __future__ import annotations

import re
import time
from itertools import pairwise

from bot.sandbox.core import Core
from bot.sandbox.workspace import JSON, Canvas, Channel

MARKDOWN_MAX = 1_048_576
TABLE_CELLS_MAX = 300
HEADING_MAX = 3
_HEADING = re.compile(r"^(#+) ", re.M)
_BULLET = re.compile(r"^[-*+] (?!\[[ xX]\])")
_TASK_BELOW = re.compile(r"^\s+[-*+] \[[ xX]\]")
# An address in angle brackets, unless they are escaped.
_AUTOLINK = re.compile(r"(?<!\\)<(?:https?:|mailto:)[^>]*>")
_IMAGE = re.compile(r"(?<!\\)!\[[^\]]*\]\((?![@#])[^)]*\)")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_BAR = re.compile(r"(?<!\\)\|")


def trouble_of(markdown: str) -> str | None:
    """What Slack doesn't take in a canvas's text; None where it takes all of it."""
    if len(markdown) > MARKDOWN_MAX:
        return "The content is too long"
    deepest = max((len(found[1]) for found in _HEADING.finditer(markdown)), default=0)
    if deepest > HEADING_MAX:
        return f"Unsupported heading depth ({deepest})"
    if _AUTOLINK.search(markdown):
        return "Unsupported input"
    lines = markdown.split("\n")
    for before, line in pairwise(lines):
        if _BULLET.match(before) and _TASK_BELOW.match(line):
            return "A checklist can't stand below a list"
    if _most_cells(lines) > TABLE_CELLS_MAX:
        return f"A table has at most {TABLE_CELLS_MAX} cells"
    return None


def _most_cells(lines: list[str]) -> int:
    most = count = 0
    for line in lines:
        count = count + len(_BAR.findall(line.strip())) - 1 if _ROW.match(line) else 0
        most = max(most, count)
    return most


def as_kept(markdown: str) -> str:
    """The text as the canvas shows it: pictures vanish without a word."""
    return _IMAGE.sub("", markdown)


def add_canvas(core: Core, channel: Channel, title: str, markdown: str, user: str) -> Canvas:
    """A new canvas in a tab of its own."""
    canvas = Canvas(
        id=f"F0CANVAS{len(core.workspace.canvases) + 1:03d}",
        channel=channel.id,
        title=title,
        user=user,
        created=core.seconds,
        markdown=as_kept(markdown),
    )
    core.workspace.canvases[canvas.id] = canvas
    channel.tabs.append(canvas.id)
    core.canvas_seen_at[canvas.id] = time.monotonic() + core.settings.canvas_tab_lag_seconds
    tell(core, canvas)
    return canvas


def change(core: Core, canvas: Canvas, user: str, *, markdown: str | None = None, title: str | None = None) -> None:
    """The canvas says something else, or is called something else."""
    canvas.markdown = canvas.markdown if markdown is None else as_kept(markdown)
    canvas.title = canvas.title if title is None else title
    canvas.edits, canvas.edited_by = canvas.edits + 1, user
    tell(core, canvas)


def delete(core: Core, canvas: Canvas) -> None:
    """The canvas is gone; its tab stays."""
    canvas.deleted = True
    tell(core, canvas)


def tell(core: Core, canvas: Canvas) -> None:
    """Lets pages show it anew. No message is posted when a canvas changes."""
    core.feed.send("canvas", {"channel": canvas.channel, "id": canvas.id})
    core.feed.send("state")


def canvas_tabs(core: Core, channel: Channel) -> list[JSON]:
    """A channel's tabs with canvases, those of deleted ones too. Their label is empty, whatever the title."""
    now = time.monotonic()
    return [
        {"id": f"Ct{one[1:]}", "type": "canvas", "label": "", "data": {"file_id": one, "shared_ts": f"{number}.000000"}}
        for number, one in enumerate(channel.tabs, start=1)
        if core.canvas_seen_at.get(one, 0.0) <= now
    ]


def standing_in(core: Core, channel: Channel) -> list[Canvas]:
    """The canvases of a channel that are there."""
    return [one for key in channel.tabs if not (one := core.workspace.canvases[key]).deleted]
