"""Pages for the browser: where their templates are, and what stands in all of them. Whatever is put in is escaped."""

from __future__ import annotations

import base64
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape


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
