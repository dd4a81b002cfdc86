"""A canvas's text: Markdown as Slack takes it in canvases, in which people's words stay words.

It is of a size of which edits go well: people found that more than some four thousand characters fail now and then.
No pictures, dates that everybody's client would show in their own way, or task lists: Slack drops the first without a
word, shows the second as they are typed, and refuses the third below a list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.canvases import SIZES, CanvasPage, LastWords, Section, Table, last_section, sections
from bot.domain.digests import Line, Span
from bot.domain.wording import once_stopped

MOST = 3900
# With the moment of the last change, and a link to a message, which are known when it is written only.
_ROOM = 400
_SIGNS = re.compile(r"([\\`*_\[\]<>#~&])")


@dataclass(frozen=True, slots=True)
class CanvasText:
    """What is to stand on a canvas. `hash` is the same as long as nothing but the moment of the change differs."""

    title: str
    hash: str
    body: str
    post_at: str | None
    ways: str

    def markdown(self, changed: str, link: str | None) -> str:
        """The whole text. `changed`: when, in words; `link`: where the newest digest stands, if that is known."""
        latest = ""
        if self.post_at is not None:
            words = escaped(f"The digest of {self.post_at}")
            latest = f"[{words}]({link})  \n" if link is not None else ""
        return f"{self.body}\n\n{latest}{self.ways}{escaped(changed)}\n"


def canvas_text(says: CanvasPage | LastWords, post_at: Callable[[CanvasPage], str | None]) -> CanvasText:
    """The fullest text that is short enough. `post_at`: the day of the newest digest's post, in words."""
    if isinstance(says, LastWords):
        return _text(says.title, _body([last_section(says)]), None, "", "")
    at = post_at(says)
    ways = f"More: `/priority {says.part.id}`, or “priority {escaped(says.part.id)}” typed to Backbeat.  \n"
    body = ""
    for most, words in SIZES:
        body = _body(tuple(sections(says, most, words)))
        if len(body) <= MOST - _ROOM:
            break
    place = f"{says.latest.channel_id}/{says.latest.ts}" if says.latest is not None else ""
    return _text(says.title, body, at, ways, place)


def _text(title: str, body: str, at: str | None, ways: str, place: str) -> CanvasText:
    told = "\n".join([body, at or "", ways, place])
    return CanvasText(title, hashlib.sha256(told.encode()).hexdigest(), body, at, ways)


def _body(found: Sequence[Section]) -> str:
    return once_stopped("\n\n".join(_section(one) for one in found))


def _section(section: Section) -> str:
    parts = [f"## {escaped(section.heading)}"] if section.heading is not None else []
    if section.lines:
        parts.append(_lines(section.lines))
    if section.table is not None:
        parts.append(_table(section.table))
    if section.after:
        parts.append(_lines(section.after))
    return "\n\n".join(parts)


def _lines(lines: Sequence[Line]) -> str:
    found = ""
    for number, one in enumerate(lines):
        if number:
            before = lines[number - 1]
            # Two spaces keep the break between lines of one paragraph; a list opens after an empty line.
            found += "\n" if one.bullet and before.bullet else "\n\n" if one.bullet or before.bullet else "  \n"
        found += f"- {_line(one)}" if one.bullet else _line(one)
    return found


def _table(table: Table) -> str:
    rows = [[escaped(one) for one in table.head], ["---"] * len(table.head)]
    rows += [[_line(cell) for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(one: Line) -> str:
    return "".join(_span(span) for span in one.spans)


def _span(span: Span) -> str:
    text = escaped(span.words)
    return f"**{text}**" if span.bold and text.strip() else text


def escaped(text: str) -> str:
    """People's words, which open no link, mention, heading, style or table. A bar has no escape that is sure to be
    understood, so a stroke stands for it."""
    return _SIGNS.sub(r"\\\1", text.replace("|", "/").replace("\n", " "))
