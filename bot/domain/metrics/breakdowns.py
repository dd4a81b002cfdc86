"""What a figure is made of, by group or by place: read from lines that people type, and shown without telling of few.

A cell names its part in whatever the coalition splits by ("county": "Harrow"), beside its `value` in the metric's unit
and how many reported (`reporters`). Only groups are kept, never one employer's own figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.metrics.status import is_withheld
from bot.domain.record import Metric, Reading
from bot.domain.typed import read_value
from bot.domain.wording import cut, entered, one_line
from bot.errors import UserError

MOST_BREAKDOWN = 3000  # characters of all lines
MOST_CELLS = 60
_MOST_NAME = 60
_NUMBERS = ("value", "reporters")
_LINE = re.compile(
    r"(?P<by>[^:]+):\s*(?P<part>.+?)\s+(?P<value>[-$]?[0-9][0-9.,]*(?:\s*(?:%|percent|[km]))?)"
    r"(?:\s+from\s+(?P<count>[0-9]{1,6}))?"
)

Cells = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure and its value, which may be shown."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A figure by one thing, such as counties. `hidden` parts are not shown: too few report, or one more could be
    worked out from the whole."""

    by: str
    parts: tuple[Part, ...]
    hidden: int


def splits_of(metric: Metric, reading: Reading) -> tuple[Split, ...]:
    """What a reading is made of, as far as it may be shown; nothing of one that is withheld itself."""
    if is_withheld(metric, reading):
        return ()
    found: dict[str, list[Mapping[str, Any]]] = {}
    for cell in reading.breakdown:
        by = ", ".join(str(key) for key in cell if key not in _NUMBERS)
        if by and cell.get("value") is not None:
            found.setdefault(by, []).append(cell)
    return tuple(_split(by, cells, metric.confidential_below_n) for by, cells in found.items())


def split_words(split: Split, unit: str) -> str:
    """A figure by one thing: each part that may be shown, and how many are not."""
    told = [f"{cut(one.name, 60)} {entered(one.value, unit)}" for one in split.parts]
    if split.hidden:
        told.append(f"{split.hidden} not shown, so that few can't be told from it")
    return cut(f"By {split.by}: {' · '.join(told)}", 1500)


def _split(by: str, cells: Sequence[Mapping[str, Any]], least: int | None) -> Split:
    few = {at for at, cell in enumerate(cells) if _are_few(cell, least)}
    if len(few) == 1:
        # The whole less all others would tell it, so the smallest of those is hidden with it.
        others = [at for at in range(len(cells)) if at not in few]
        few.update(sorted(others, key=lambda at: _size(cells[at]))[:1])
    parts = tuple(Part(_name(cell), Decimal(str(cell["value"]))) for at, cell in enumerate(cells) if at not in few)
    return Split(by=by, parts=parts, hidden=len(few))


def _are_few(cell: Mapping[str, Any], least: int | None) -> bool:
    reporters = cell.get("reporters")
    return least is not None and (reporters is None or reporters < least)


def _size(cell: Mapping[str, Any]) -> tuple[int, Decimal]:
    return (cell.get("reporters") or 0, abs(Decimal(str(cell["value"]))))


def _name(cell: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for key, value in cell.items() if key not in _NUMBERS)


def read_breakdown(text: str, unit: str) -> Cells:
    """The cells that were typed, one a line: "County: Harrow 12 from 4". Raises UserError with the line to mend."""
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CELLS:
        raise _wrong(f"There are {len(lines)} parts. {MOST_CELLS} fit; put the smallest together.")
    cells = tuple(_cell(line, unit) for line in lines)
    require_once(cells)
    return cells


def cell_of(by: str, part: str, value: str, reporters: str | None, unit: str) -> Mapping[str, Any]:
    """One cell. Raises UserError for a name that doesn't fit, or what is no number."""
    by, part = one_line(by).casefold(), one_line(part)
    if not by or not part or by in _NUMBERS or max(len(by), len(part)) > _MOST_NAME:
        raise _wrong(f"“{cut(f'{by}: {part}', 80)}” names no part. Write it as “County: Harrow 12 from 4”.")
    cell: dict[str, Any] = {by: part}
    try:
        cell["value"] = read_value(value, unit)
    except UserError as error:
        raise _wrong(error.message) from error
    if reporters is not None:
        if not (reporters.isascii() and reporters.isdigit() and len(reporters) <= 6):
            raise _wrong(f"“{cut(reporters, 40)}” is no count of who reported. Write it as “from 4”.")
        cell["reporters"] = int(reporters)
    return cell


def require_once(cells: Iterable[Mapping[str, Any]]) -> None:
    """Raises UserError where two cells are about the same part."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for cell in cells:
        named = tuple((key, str(value).casefold()) for key, value in cell.items() if key not in _NUMBERS)
        if named in seen:
            raise _wrong(f"{_name(cell)} is there twice. Keep one of them.")
        seen.add(named)


def breakdown_lines(cells: Cells) -> str:
    """Cells as they are typed, one a line."""
    return "\n".join(map(_line, cells))


def _line(cell: Mapping[str, Any]) -> str:
    by = ", ".join(str(key) for key in cell if key not in _NUMBERS)
    reporters = cell.get("reporters")
    return (
        f"{by.capitalize()}: {_name(cell)} {cell.get('value')}{f' from {reporters}' if reporters is not None else ''}"
    )


def _cell(line: str, unit: str) -> Mapping[str, Any]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _wrong(f"I can't read “{cut(line, 60)}”. Write one part a line, such as “County: Harrow 12 from 4”.")
    return cell_of(found["by"], found["part"], found["value"], found["count"], unit)


def _wrong(words: str) -> UserError:
    return UserError(words, field="breakdown")
