"""Plain data as stable, readable YAML: the same bytes for the same data, exact numbers, one short entry a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_WIDTH = 120
_STEP = 2
# Beside letters and digits, what may begin a text without quotes, and what may stand inside one.
_BEGINS = frozenset("($/“‘_")
_INSIDE = frozenset(" _-./()+$%&'’‘“”–—…;!=~*@^°€£\"")
_IN_BLOCK = frozenset(",?")
# Words and figures that some reader, of whatever version of YAML, takes for something else than text.
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_LIKE_A_FIGURE = re.compile(r"[-+.\d][-+.:_,\daA-fF xXoOeEtTzZ]*", re.ASCII)
# Not printable by Python's measure, yet ordinary in text: no-break space and the joiners.
_HARMLESS = frozenset("\u00a0\u200c\u200d")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def dump(data: Mapping[str, Any]) -> str:
    """The data as YAML 1.2. Raises TypeError for values that are no plain data (see `coalition_yaml.parse`)."""
    lines: list[str] = []
    for key, value in data.items():
        is_section = isinstance(value, Mapping | list | tuple) and bool(value)
        if is_section and lines:
            lines.append("")
        if is_section:
            lines.append(f"{_text(key)}:")
            _block(value, _STEP, lines)
        else:
            lines.append(f"{_text(key)}: {_inline(value)}")
    return "\n".join(lines) + "\n" if lines else "{}\n"


def _block(value: Mapping[str, Any] | list[Any] | tuple[Any, ...], indent: int, lines: list[str]) -> None:
    """Write a mapping or list that is not empty, one key or entry a line."""
    margin = " " * indent
    if isinstance(value, Mapping):
        for key, below in value.items():
            start = f"{margin}{_text(key)}:"
            _value(below, start, indent, lines)
        return
    for below in value:
        if _fits(below, indent + 2):
            lines.append(f"{margin}- {_inline(below)}")
            continue
        at = len(lines)
        _block(below, indent + 2, lines)
        # The first line of the entry stands beside its dash.
        lines[at] = f"{margin}- {lines[at][indent + 2 :]}"


def _value(value: Any, start: str, indent: int, lines: list[str]) -> None:
    if _fits(value, len(start) + 1):
        lines.append(f"{start} {_inline(value)}")
    else:
        lines.append(start)
        _block(value, indent + _STEP, lines)


def _fits(value: Any, column: int) -> bool:
    """Whether a value stands on the rest of the line: any single one does, a collection only where it is short."""
    if not isinstance(value, Mapping | list | tuple) or not value:
        return True
    return column + len(_flow(value)) <= _WIDTH


def _inline(value: Any) -> str:
    return _text(value, commas=True) if isinstance(value, str) else _flow(value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(below) for below in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written to a coalition file")


def _text(text: str, *, commas: bool = False) -> str:
    """A text, in quotes unless every reader takes it for the same text without. `commas`: outside of brackets, where
    commas and question marks say nothing either (PyYAML, which reads YAML 1.1, takes one in brackets for a key's)."""
    if not isinstance(text, str):
        raise TypeError(f"a key is {type(text).__name__}, and only text can be one")
    if _is_plain(text, commas):
        return text
    return f'"{"".join(_escaped(letter) for letter in text)}"'


def _is_plain(text: str, commas: bool) -> bool:
    if not text or text != text.strip(" ") or not (text[0].isalnum() or text[0] in _BEGINS):
        return False
    if text.casefold() in _WORDS or _LIKE_A_FIGURE.fullmatch(text):
        return False
    allowed = _INSIDE | _IN_BLOCK if commas else _INSIDE
    return all(letter.isalnum() or letter in allowed for letter in text)


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable() or letter in _HARMLESS:
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
