"""Prints messages and views as the screens are written down: H, S, F, C, A, I, P, a line each, *bold* kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.slack.message import Block, Message, View
from bot.slack.mrkdwn import unescape

GOLDEN = Path(__file__).parent.parent / "golden"
_TOKEN = re.compile(r"<!date\^-?\d+\^[^|>]*\|([^>]*)>")
# Slack writes a day that begins a token with a capital ("Today"), so one that goes on with a sentence needs its lead.
_CAPITAL_WITHIN = re.compile(r"[a-z,)”] <!date\^-?\d+\^\{date[a-z_]*_pretty")


def dump(surface: Message | View) -> str:
    """Return the blocks in the notation of the screens, and a message's text below them."""
    if isinstance(surface, View):
        buttons = "".join(f"  {name}: {value}" for name, value in _view_buttons(surface))
        first = f'Modal "{surface.title}"{buttons}\n' if surface.title else ""
        return first + "\n".join(_block(block) for block in surface.blocks) + "\n"
    blocks = "\n".join(_block(block) for block in surface.blocks)
    return f"{blocks}\nAlt: {unescape(surface.text).replace(chr(10), chr(10) + '     ')}\n"


def check_golden(name: str, text: str) -> None:
    """Compare with the golden file; with BACKBEAT_UPDATE_GOLDEN=1 write it instead."""
    path = GOLDEN / name
    if os.environ.get("BACKBEAT_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def _view_buttons(view: View) -> Iterable[tuple[str, str]]:
    return [(name, value) for name, value in (("submit", view.submit), ("close", view.close)) if value]


def _block(block: Block) -> str:
    kind = block["type"]
    if kind == "divider":
        return "—"
    if kind == "header":
        return f"H  {block['text']['text']}"
    if kind == "section":
        return _section(block)
    if kind == "context":
        return "C  " + _indented(" · ".join(_context_element(one) for one in block["elements"]))
    if kind == "actions":
        return "A  " + " ".join(_element(one) for one in block["elements"])
    if kind == "input":
        optional = " (optional)" if block.get("optional") else ""
        hint = f"\n     hint {block['hint']['text']}" if "hint" in block else ""
        return f"I  {block['label']['text']}{optional}  {_element(block['element'])}{hint}"
    if kind == "image":
        return f"P  {block['alt_text']}"
    if kind == "data_table":
        return f"D  {block['caption']}\n   " + "\n   ".join(
            " | ".join(cell["text"] for cell in row) for row in block["rows"]
        )
    if kind == "rich_text":
        (part,) = block["elements"]
        assert part["type"] == "rich_text_preformatted", part
        return "T  " + _indented("".join(run["text"] for run in part["elements"]))
    return f"?  {kind}"


def _section(block: Block) -> str:
    lines = []
    if "text" in block:
        accessory = f"   {_at_the_right(block['accessory'])}" if "accessory" in block else ""
        lines.append("S  " + _indented(_text(block["text"])) + accessory)
    if "fields" in block:
        lines.append("F  " + " | ".join(_text(field) for field in block["fields"]))
    return "\n".join(lines)


def _at_the_right(element: Mapping[str, Any]) -> str:
    shown = _element(element)
    end = max(shown.rfind("]"), shown.rfind(">"))
    return f"‹{shown[1:end]}›{shown[end + 1 :]}"


def _context_element(element: Mapping[str, Any]) -> str:
    return f"(picture: {element['alt_text']})" if element["type"] == "image" else _text(element)


def _element(element: Mapping[str, Any]) -> str:
    if element["type"] == "button":
        style = {"primary": "★", "danger": "!"}.get(element.get("style", ""), "")
        return f"[{element['text']['text']}]{style}"
    options = " ".join(f"( ) {one['text']['text']}" for one in element.get("options", ()))
    placeholder = f' "{element["placeholder"]["text"]}"' if "placeholder" in element else ""
    return f"<{element['type']}{placeholder}{' ' + options if options else ''}>"


def _text(text: Mapping[str, Any]) -> str:
    assert not _CAPITAL_WITHIN.search(text["text"]), text["text"]
    return unescape(_TOKEN.sub(r"\1", text["text"]))


def _indented(text: str) -> str:
    return text.replace("\n", "\n   ")
