"""Loads a coalition file: parse, check, and put a line to every problem. The rules themselves are the domain's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.coalition_file import IN_DOCUMENTS, check, to_file
from bot.domain.record import Record
from bot.files.coalition_yaml import BadFile, as_documents, decode, dump, parse


@dataclass(frozen=True, slots=True, order=True)
class LocatedProblem:
    """A problem and the line (from 1) on which it is mended. `message` is complete without the line."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """Either a record and no problems, or no record and every problem, in the order of the file's lines."""

    record: Record | None
    problems: tuple[LocatedProblem, ...]


def load_coalition_file(text: str | bytes, *, today: date | None = None) -> LoadedFile:
    """Read a coalition file (YAML 1.2 or JSON, UTF-8). Never raises for a wrong file.

    No reading's period may end after the file's `as_of` or, without one, after `today` (the coalition's day).
    """
    try:
        parsed = parse(decode(text) if isinstance(text, bytes) else text)
    except BadFile as error:
        return LoadedFile(None, (LocatedProblem(error.line, "", error.sentence),))
    record, found = check(parsed.data, today=today)
    located = [LocatedProblem(parsed.line_of(each.path), each.path, each.message) for each in found]
    return LoadedFile(record, tuple(sorted(located, key=lambda each: each.line)))


def dump_coalition_file(record: Record) -> str:
    """The record as the text of a coalition file: the same bytes for the same record.

    What grows with the years stands at its end, in documents that are read in no time.
    """
    data = to_file(record)
    documents: dict[str, Any] = {key: data.pop(key) for key in IN_DOCUMENTS if key in data}
    return dump(data) + as_documents(documents)
