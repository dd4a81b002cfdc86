"""Slack's markup as runs of words, and messages' blocks as parts of a letter. Whatever can only be pressed is left
out. How such parts look as HTML is in `templates/`, for letters and pages alike."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template, select_autoescape

# As messages are written here: moments, addresses, people and channels in angle brackets, and marks around words.
_MARKS = re.compile(
    r"<!date\^[^|>]*\|(?P<moment>[^>]*)>"
    r"|<(?P<to>[^|>]*)(?:\|(?P<label>[^>]*))?>"
    r"|(?<!\w)\*(?P<strong>[^*\n]+)\*(?!\w)"
    r"|(?<!\w)_(?P<emphasis>[^_\n]+)_(?!\w)"
    r"|(?<!\w)~(?P<struck>[^~\n]+)~(?!\w)"
    r"|`(?P<code>[^`\n]+)`"
)
_STYLES = ("strong", "emphasis", "struck", "code")
# Whatever else stands in a message leads nowhere in a letter.
_LEADS_SOMEWHERE = ("https://", "http://", "mailto:")
_BULLET = "• "
_QUOTE = "&gt; "


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. `href`: where they lead."""

    text: str
    strong: bool = False
    emphasis: bool = False
    struck: bool = False
    code: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind` is plain, bullet or quote."""

    runs: tuple[Run, ...]
    kind: str = "plain"

    @classmethod
    def of(cls, words: str) -> Line:
        """A line of plain words."""
        return cls((Run(words),))

    @property
    def words(self) -> str:
        """The line without its looks, with the addresses that are not their own words."""
        return "".join(
            f"{run.text} ({run.href})" if run.href is not None and run.text not in run.href else run.text
            for run in self.runs
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together. `kind` is heading, text, quiet or rule."""

    kind: str
    lines: tuple[Line, ...] = ()


def parts_of(blocks: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """What there is to read in a message's blocks."""
    return tuple(_without_idle_rules(part for block in blocks for part in _parts(block)))


def parted(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Lines in their order, those of one list or one quotation together: (kind, lines)."""
    return [(kind, list(some)) for kind, some in groupby(lines, key=lambda one: one.kind)]


def _parts(block: Mapping[str, Any]) -> Iterator[Part]:
    match block["type"]:
        case "header":
            yield Part("heading", (Line((Run(block["text"]["text"]),)),))
        case "section":
            texts = [block["text"], *block.get("fields", ())] if "text" in block else block.get("fields", ())
            yield from (Part("text", lines_of(one)) for one in texts)
        case "context":
            yield from (Part("quiet", lines_of(one)) for one in block["elements"] if "text" in one)
        case "rich_text":
            # Texts to be copied as they stand; nothing else is written so here.
            for text in block["elements"]:
                words = "".join(run.get("text", "") for run in text["elements"])
                yield Part("text", tuple(Line((Run(line),)) for line in words.split("\n")))
        case "divider":
            yield Part("rule")


def _without_idle_rules(parts: Iterable[Part]) -> Iterator[Part]:
    """No rule at the beginning, none at the end, and no two in a row: between them stood what could be pressed."""
    waits = False
    has_begun = False
    for part in parts:
        if part.kind == "rule":
            waits = has_begun
            continue
        if waits:
            yield Part("rule")
        yield part
        waits, has_begun = False, True


def lines_of(text: Mapping[str, Any]) -> tuple[Line, ...]:
    """A text object's lines."""
    if text["type"] == "plain_text":
        return tuple(Line((Run(line),)) for line in text["text"].split("\n"))
    return tuple(_line(line) for line in text["text"].replace("\u200b", "").split("\n"))


def _line(text: str) -> Line:
    for mark, kind in ((_BULLET, "bullet"), (_QUOTE, "quote")):
        if text.startswith(mark):
            return Line(_runs(text.removeprefix(mark)), kind)
    return Line(_runs(text))


def _runs(text: str, look: Run = Run("")) -> tuple[Run, ...]:
    found: list[Run] = []
    place = 0
    for mark in _MARKS.finditer(text):
        found.append(replace(look, text=html.unescape(text[place : mark.start()])))
        found += _marked(mark, look)
        place = mark.end()
    found.append(replace(look, text=html.unescape(text[place:])))
    return tuple(run for run in found if run.text)


def _marked(mark: re.Match[str], look: Run) -> Sequence[Run]:
    if (moment := mark["moment"]) is not None:
        return (replace(look, text=html.unescape(moment)),)
    if (to := mark["to"]) is not None:
        address = html.unescape(to)
        label = html.unescape(mark["label"] or to)
        leads = address.startswith(_LEADS_SOMEWHERE)
        return (replace(look, text=label, href=address if leads else look.href),)
    style = next(one for one in _STYLES if mark[one] is not None)
    if style == "code":
        return (replace(look, text=html.unescape(mark[style]), code=True),)
    return _runs(
        mark[style],
        replace(
            look,
            strong=look.strong or style == "strong",
            emphasis=look.emphasis or style == "emphasis",
            struck=look.struck or style == "struck",
        ),
    )


def template_of(package: str, name: str) -> Template:
    """A package's template, which finds beside it how parts look. What people wrote is escaped in it."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package, "templates"), PackageLoader("bot.markup", "templates")]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(f"{name}.html.jinja")
