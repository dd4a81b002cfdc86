"""Coalition files as text: YAML 1.2 (and so JSON) into plain data with the line of every path, and back.

No shape is checked here. Numbers stay exact, dates become dates, anything else that is written plainly is text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from bot.errors import UserError
from bot.files.yaml_writing import dump

__all__ = ["BadFile", "Parsed", "decode", "dump", "parse"]

LARGEST_FILE = 4_000_000
# With the documents at its end, which cost a hundredth of the same in YAML.
LARGEST_WITH_DOCUMENTS = 100_000_000
_DEEPEST = 30
_LONGEST_KEY = 200
_MOST_DIGITS = 40

# What begins a document of JSON after the first one; in YAML no line of a value begins so.
_DOCUMENT = re.compile(r"^---[ \t]*\n(?=\{)", re.MULTILINE)

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# A leading zero makes an identifier (a postal code, say) of what would lose it as a number.
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_OTHER_BASE = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]", re.ASCII)
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII)
_STRING_OR_TAB = re.compile(r'"(?:[^"\\]|\\.)*"|\t', re.DOTALL)
_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")

_MENDS = (
    ("that cannot start any token", "Put the text in quotes, and indent with spaces instead of tabs."),
    ("mapping values are not allowed here", "Put text that holds “: ” in quotes, and check the indentation."),
    ("could not find expected ':'", "Write a key, a colon and a space, or indent the text below its key."),
    ("expected <block end>", "Line this up with the lines above it."),
    ("did not find expected key", "Line this up with the lines above it, and put text that holds quotes in quotes."),
    ("expected ',' or", "Add the comma, or close the bracket or brace."),
    ("unexpected end of stream", "Close the quote, bracket or brace that was opened."),
    ("expected the node content", "Write the value that is missing, or quote one that begins with a sign."),
    ("escape", "Write two backslashes where one is meant, or use single quotes."),
)  # fmt: skip


class BadFile(UserError):
    """A file that cannot be read at all; `line` counts from 1 and `sentence` says what is wrong without it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"Line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Parsed:
    """Plain data and the line (from 1) of every path in it, such as "members[3].delegate"; "" is the whole."""

    data: dict[str, Any]
    lines: Mapping[str, int]

    def line_of(self, path: str) -> int:
        """The line of a path; of one that is not in the file, the line of what would hold it."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)


def decode(content: bytes) -> str:
    """The text of a file's bytes. Raises `BadFile` for anything but UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(1, "This file is encoded as UTF-16. Save it as UTF-8 and try again.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile(line, "This is not UTF-8 text. Save the file as UTF-8 and try again.") from None


def parse(text: str) -> Parsed:
    """Read one YAML 1.2 (or JSON) document whose top is a mapping. Raises `BadFile`.

    Documents of JSON may follow, of which each holds lists that go on those of the same name: an export keeps there
    what grows with the years.

    Keys are text. Plain scalars are null, true, false, int, `Decimal`, `date` or text; quoted ones are text.
    Tags, anchors and aliases are refused, as are duplicate keys.
    """
    text, *documents = _apart(text.removeprefix("\ufeff"))
    for size, most in ((len(text), LARGEST_FILE), (sum(map(len, documents)), LARGEST_WITH_DOCUMENTS)):
        if size > most:
            raise BadFile(1, f"This file is larger than {most // 1_000_000} million characters. Is it the right one?")
    line = text.count("\n") + 2
    if text.lstrip().startswith("{"):
        text = _as_yaml(text)
    builder = _Builder()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except BadFile:
        raise
    except ReaderError as error:
        line = text.count("\n", 0, error.position if isinstance(error.position, int) else 0) + 1
        raise BadFile(
            line, "There is a character here that YAML does not allow. Type the line again by hand."
        ) from None
    except MarkedYAMLError as error:
        raise BadFile(*_explained(error)) from None
    except Exception as error:
        # The parser lets slips of its own out as bare errors; to a person they are all bad YAML.
        raise BadFile(builder.line, "This line cannot be read as YAML. Check it and the one after it.") from error
    if not builder.has_content:
        raise BadFile(1, "This file is empty. Begin it with schema_version and coalition.")
    if not isinstance(builder.result, dict):
        raise BadFile(
            builder.lines.get("", 1), "This file holds no fields. Begin it with schema_version and coalition."
        )
    for document in documents:
        _take_document(builder, document, line)
        line += document.count("\n") + 1
    return Parsed(builder.result, builder.lines)


def _apart(text: str) -> list[str]:
    """The first document, and those of JSON behind it."""
    found = _DOCUMENT.split(text)
    # A file may begin with the line that begins a document.
    return found if found[0].strip() else [text]


def as_documents(data: Mapping[str, Any]) -> str:
    """Lists as documents of JSON, an entry a line."""
    found = []
    for key, entries in data.items():
        lines = (json.dumps(one, ensure_ascii=False, separators=(", ", ": "), default=_written_out) for one in entries)
        found.append(f"\n---\n{{{json.dumps(key)}: [\n" + ",\n".join(lines) + "\n]}\n")
    return "".join(found)


def _written_out(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain data")


def _take_document(builder: _Builder, text: str, line: int) -> None:
    """Puts the lists of a document of JSON, which begins on this line, behind those that are there."""
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise BadFile(
            line + error.lineno - 1, "This document is no JSON. Correct it, or take the file as it was exported."
        ) from None
    except (ValueError, RecursionError) as error:
        raise BadFile(line, f"This document can't be read: {error}.") from None
    for key, entries in found.items():
        there = builder.result.setdefault(key, [])
        if not isinstance(entries, list) or not isinstance(there, list):
            raise BadFile(line, f"“{key}” is no list. A document at the end of the file holds lists only.")
        is_one_a_line = text.strip().count("\n") == len(entries) + 1 and len(found) == 1
        for number in range(len(entries)):
            builder.lines[f"{key}[{len(there) + number}]"] = line + 1 + number if is_one_a_line else line
        builder.lines.setdefault(key, line)
        there += entries


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def plain_scalar(text: str) -> Any:
    """What an unquoted scalar stands for in YAML 1.2: "no", "yes" and "on" are text. Raises ValueError for numbers
    that nothing can keep exactly."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] not in "+-.0123456789":
        return text
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if _NOT_A_NUMBER.fullmatch(text):
        raise ValueError("This is not a number that can be kept. Write digits, or put the text in quotes.")
    is_number = _WHOLE.fullmatch(text) or _OTHER_BASE.fullmatch(text) or _DECIMAL.fullmatch(text)
    if not is_number or (_LEADING_ZERO.match(text) and "." not in text):
        return text
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"This number has more than {_MOST_DIGITS} digits. Shorten it, or put it in quotes.")
    if _WHOLE.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    number = Decimal(text)
    if abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError("This number is too large or too small to be kept. Correct it, or put it in quotes.")
    return number


@dataclass(slots=True)
class _Open:
    """A mapping or list that has not ended yet."""

    path: str
    values: dict[str, Any] | list[Any]
    key: str | None = None  # of a mapping: the key whose value comes next


@dataclass(slots=True)
class _Builder:
    """Puts the parser's events together. It keeps its own stack, so that no depth can exhaust Python's."""

    lines: dict[str, int] = field(default_factory=dict)
    result: Any = None
    has_content: bool = False
    line: int = 1
    _stack: list[_Open] = field(default_factory=list)
    _documents: int = 0

    def take(self, event: Event) -> None:
        self.line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise BadFile(self.line, "A second document begins here. Keep one in a file.")
        elif isinstance(event, AliasEvent):
            raise BadFile(self.line, "An alias (*) stands here. Write the value out instead.")
        elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
            if event.anchor is not None:
                raise BadFile(self.line, "An anchor (&) stands here. Write values out instead of pointing to them.")
            if event.ctag is not None:
                raise BadFile(
                    self.line, "A tag (!) stands here. Leave it out, or put text that begins with ! in quotes."
                )
            self._begin(event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._stack.pop()

    def _begin(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        holder = self._stack[-1] if self._stack else None
        if holder is not None and isinstance(holder.values, dict) and holder.key is None:
            self._take_key(holder, holder.values, event)
            return
        if isinstance(event, ScalarEvent):
            self._put(holder, self._scalar(event))
            return
        if len(self._stack) >= _DEEPEST:
            raise BadFile(self.line, f"This is nested more than {_DEEPEST} deep. Make it flatter.")
        values: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        path = self._put(holder, values)
        self._stack.append(_Open(path, values))

    def _take_key(self, holder: _Open, values: dict[str, Any], event: Event) -> None:
        if not isinstance(event, ScalarEvent):
            raise BadFile(self.line, "A list or a group of fields stands where a key is expected. Write a word.")
        key = str(event.value)
        if len(key) > _LONGEST_KEY:
            raise BadFile(self.line, f"This key has more than {_LONGEST_KEY} characters. Shorten it.")
        path = f"{holder.path}.{key}" if holder.path else key
        if key in values:
            raise BadFile(
                self.line, f"“{key}” stands here a second time; the first is on line {self.lines[path]}. Keep one."
            )
        holder.key = key
        # A key's own line is what a person looks for, also where its value begins below it.
        self.lines[path] = self.line
        values[key] = None

    def _put(self, holder: _Open | None, value: Any) -> str:
        self.has_content = self.has_content or value is not None
        if holder is None:
            self.result = value
            self.lines[""] = self.line
            return ""
        if isinstance(holder.values, list):
            path = f"{holder.path}[{len(holder.values)}]"
            self.lines[path] = self.line
            holder.values.append(value)
            return path
        key = holder.key or ""
        holder.values[key] = value
        holder.key = None
        return f"{holder.path}.{key}" if holder.path else key

    def _scalar(self, event: ScalarEvent) -> Any:
        text = str(event.value)
        if event.style:
            return text
        try:
            return plain_scalar(text)
        except ValueError as error:
            raise BadFile(self.line, str(error)) from None


def _as_yaml(text: str) -> str:
    """JSON where it is stricter or looser than the YAML parser takes it: tabs between values, paired escapes."""

    def mend(match: re.Match[str]) -> str:
        found = match.group()
        if found == "\t":
            return " "
        return _SURROGATES.sub(
            lambda pair: chr(0x10000 + ((int(pair[1], 16) - 0xD800) << 10) + int(pair[2], 16) - 0xDC00), found
        )

    return _STRING_OR_TAB.sub(mend, text)


def _explained(error: MarkedYAMLError) -> tuple[int, str]:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    said = " ".join(str(part) for part in (error.context, error.problem) if part)
    for fragment, mend in _MENDS:
        if fragment in said:
            return line, f"This line cannot be read as YAML. {mend}"
    return line, "This line cannot be read as YAML. Check its quotes, colons and indentation."
