"""The leadership edition as text and as Markdown for the command line, in the order and words of the Slack edition."""

from __future__ import annotations

import re
from datetime import datetime
from textwrap import TextWrapper

from bot.domain import wording
from bot.domain.digests import Digest, Line, Page, Part, Span, line, reply, roll_up_pages, week_words

WIDTH = 88
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def as_text(digest: Digest, priority: str | None = None) -> str:
    """Return the leadership edition, amounts included, as plain text that ends with a line break.

    With the id of a `priority` only that one; raises `KeyError` for one that is not in the digest.
    """
    pages = [_text_page(page) for page in edition_pages(digest, priority)]
    return wording.once_stopped("\n\n".join(pages)) + "\n"


def as_markdown(digest: Digest, priority: str | None = None) -> str:
    """Return the same as Markdown that ends with a line break."""
    return "\n\n---\n\n".join(markdown_page(page) for page in edition_pages(digest, priority)) + "\n"


def edition_pages(digest: Digest, priority: str | None) -> tuple[Page, ...]:
    """Return the leadership edition's pages, or that of one priority. Raises `KeyError` for one that is not there."""
    moment: datetime = digest.moment
    as_of = f"{wording.full_day_with_year(digest.today)}, {wording.clock(moment)}"
    occasion = line(f"{week_words(digest)} · as of {as_of} {wording.zone_name(moment)} · leadership edition")
    if priority is None:
        return roll_up_pages(digest, amounts=True, occasion=occasion, in_thread=False, whole=True)
    part = next((one for one in digest.priorities if one.id == priority), None)
    if part is None:
        raise KeyError(priority)
    title = Part("header", (line(wording.one_line(part.name)),))
    return (Page((title, Part("context", (occasion,)), *reply(digest, part, amounts=True).parts)),)


def _text_page(page: Page) -> str:
    parts = [_text_part(part) for part in page.parts if part.kind != "divider"]
    return "\n\n".join(parts)


def _text_part(part: Part) -> str:
    if part.kind == "header":
        title = part.lines[0].plain
        return f"{title}\n{'=' * min(len(title), WIDTH)}"
    return "\n".join(_wrapped(one) for one in part.lines)


def _wrapped(one: Line) -> str:
    hanging = "    " if one.bullet else "  "
    wrapper = TextWrapper(
        width=WIDTH,
        initial_indent="  " if one.bullet else "",
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.fill(one.plain)


def markdown_page(page: Page) -> str:
    """Return one page as Markdown, in which people's words stay text."""
    parts = [_markdown_part(part) for part in page.parts if part.kind != "divider"]
    return wording.once_stopped("\n\n".join(parts))


def _markdown_part(part: Part) -> str:
    if part.kind == "header":
        return f"# {_escaped(part.lines[0].plain)}"
    if part.kind == "context":
        return "\n\n".join(f"*{_marked_up(one)}*" for one in part.lines)
    found = ""
    for index, one in enumerate(part.lines):
        if index:
            # Two spaces keep the break between lines of one paragraph; a list opens after an empty line.
            before = part.lines[index - 1]
            found += "\n" if one.bullet and before.bullet else "\n\n" if one.bullet or before.bullet else "  \n"
        found += f"- {_marked_up(one)}" if one.bullet else _marked_up(one)
    return found


def _marked_up(one: Line) -> str:
    return "".join(_span(span) for span in one.spans)


def _span(span: Span) -> str:
    text = _escaped(span.words)
    return f"**{text}**" if span.bold and text else text


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
