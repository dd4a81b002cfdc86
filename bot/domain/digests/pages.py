"""Structured text between a digest and the ways out: a page (one message) of parts, of lines, of spans.

No wording and no markup: `editions` fills pages; Slack, mail and the terminal each turn them into their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.domain.wording import clean, cut_words, one_line

_WORD = re.compile(r"\w")
_NAME_WORDS = 8


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line. `moment` is what everybody reads on their own clock where that can be shown.

    `is_mark` is a color beside its word, left out where there is no color; `may_cut` is people's own text. Of a name
    `least` words stay, so that one can tell whose it is.
    """

    text: str
    bold: bool = False
    quoted: bool = False
    may_cut: bool = False
    least: int = 0
    is_mark: bool = False
    moment: datetime | None = None
    with_day: bool = False  # whether a moment shows its date too
    with_year: bool = False  # whether that date is of another year than the digest

    @property
    def words(self) -> str:
        """The text as it is read, in quotes where it is somebody's."""
        return f"“{self.text}”" if self.quoted else self.text


@dataclass(frozen=True, slots=True)
class Way:
    """Where a line leads, where that can be pressed: a thing by its kind and id, and its name."""

    kind: Literal["priority", "figure", "action", "decision", "issue", "meeting"]
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A line about a figure in the cells of a table; what it doesn't tell is empty."""

    name: str
    latest: str
    baseline: str = ""
    expected: str = ""
    target: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`row`: the same as a row, where it is about a figure."""

    spans: tuple[Span, ...]
    bullet: bool = False
    ways: tuple[Way, ...] = ()
    row: FigureRow | None = None

    @property
    def plain(self) -> str:
        """The line as a sentence: without marks and bold."""
        text = "".join(span.words for span in self.spans if not span.is_mark).strip()
        return f"• {text}" if self.bullet else text


@dataclass(frozen=True, slots=True)
class Part:
    """A header (one line), a section, a context or a divider (no line)."""

    kind: Literal["header", "section", "context", "divider"]
    lines: tuple[Line, ...] = ()
    ask: int | None = None  # the open ask that it shows, to respond to
    decision: str | None = None  # the decision that it asks for, to answer


@dataclass(frozen=True, slots=True)
class Page:
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """All the page's sentences, one line each."""
        return "\n".join(line.plain for part in self.parts for line in part.lines)

    @property
    def words(self) -> int:
        """How many words are read on the page; a lone mark or arrow is none."""
        return count_words(self.plain)


def count_words(text: str) -> int:
    return sum(bool(_WORD.search(word)) for word in text.split())


def line(*spans: Span | str, bullet: bool = False, ways: Iterable[Way] = (), row: FigureRow | None = None) -> Line:
    """A line of spans; a string is a span of the bot's own words."""
    found = tuple(Span(clean(span)) if isinstance(span, str) else span for span in spans)
    return Line(found, bullet, tuple(ways), row)


def leading(lines: Sequence[Line], *ways: Way) -> tuple[Line, ...]:
    """The lines, of which the first leads there."""
    return tuple(replace(one, ways=ways) if number == 0 else one for number, one in enumerate(lines))


def bold(text: str, *, may_cut: bool = False) -> Span:
    return Span(one_line(text), bold=True, may_cut=may_cut)


def name_of(text: str, *, is_bold: bool = False) -> Span:
    """A name of a priority or an organization: only a very long one is ever cut."""
    return Span(one_line(text), bold=is_bold, may_cut=True, least=_NAME_WORDS)


def own(text: str, *, may_cut: bool = True) -> Span:
    """People's words after a label, as written."""
    return Span(one_line(text), may_cut=may_cut)


def said(text: str, *, may_cut: bool = True) -> Span:
    """People's words in quotes, as written."""
    return Span(one_line(text), quoted=True, may_cut=may_cut)


def mark(text: str) -> Span:
    """A color, with the space before its word."""
    return Span(f"{text} ", is_mark=True)


def joined(pieces: Iterable[Sequence[Span | str]], separator: str) -> list[Span | str]:
    """Return the spans of all pieces in one list, with a separator between pieces."""
    found: list[Span | str] = []
    for piece in pieces:
        if found:
            found.append(separator)
        found.extend(piece)
    return found


def shorten(page: Page, most: int) -> Page:
    """Return the page with every piece of people's own text cut to `most` words."""
    return Page(
        tuple(
            replace(
                part,
                lines=tuple(
                    replace(
                        each,
                        spans=tuple(
                            replace(span, text=cut_words(span.text, max(most, span.least))) if span.may_cut else span
                            for span in each.spans
                        ),
                    )
                    for each in part.lines
                ),
            )
            for part in page.parts
        )
    )
