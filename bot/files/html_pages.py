"""Pages for the browser: where their templates are, and what stands in all of them. Whatever is put in is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from bot.domain.digests import Line, Page, Span
from bot.domain.wording import ASSESSMENT_MARKS, once_stopped

_CLASSES = {mark: name for name, mark in ASSESSMENT_MARKS.items()}
# A picture's title, its words and itself as an address.
Picture = tuple[str, str, str]


def pages_as_html(title: str, pages: Iterable[tuple[Page, Picture | None]]) -> str:
    """Pages in the order of their parts, each with its picture, as one page that asks for nothing else."""
    page = template("digest").render(title=title, pages=list(pages), color_of=_color_of, parted=_parted)
    return once_stopped(page)


def _color_of(span: Span) -> str:
    """The class of a mark, which stands for its color."""
    return _CLASSES.get(span.text.strip(), "")


def _parted(lines: Iterable[Line]) -> list[tuple[bool, list[Line]]]:
    """Lines in their order, those of one list together: (whether it is a list, its lines)."""
    return [(is_list, list(some)) for is_list, some in groupby(lines, key=lambda one: one.bullet)]


def template(name: str) -> Template:
    """The template of a page."""
    return _environment().get_template(f"{name}.html.jinja")


def inline_png(png: bytes) -> str:
    """A picture as an address that holds it, so that a page asks for nothing else."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bot.files", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
