"""The coalition file's shape and checks: plain data becomes a `Record` or a list of problems, and back.

No parsing and no line numbers here. Each noun has a module that declares what its sections hold; `SHAPES` finds a
declaration by its value's class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.checkins import StandingRoles
from bot.domain.coalition_file.along import ALONG, IN_DOCUMENTS, KEYS, check_along, read_along
from bot.domain.coalition_file.checkins import without_usual_questions, without_usual_role
from bot.domain.coalition_file.coalition import check_version, write_vocabularies
from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.people import is_address
from bot.domain.coalition_file.problems import Problem, Problems, kind_of
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import Merging, Shape
from bot.domain.coalition_file.whole import LISTS, RECORD, SHAPES_OF_RECORD
from bot.domain.coalition_file.zones import is_zone
from bot.domain.record import Record

__all__ = ["IN_DOCUMENTS", "SHAPES", "Merging", "Problem", "Shape", "check", "is_address", "is_zone", "to_file"]

SHAPES: dict[type, Shape[Any]] = {**SHAPES_OF_RECORD, **{shape.of: shape for shape in ALONG.all()}}


def check(data: object, *, today: date | None = None) -> tuple[Record | None, list[Problem]]:
    """Read the plain data of a coalition file: the record, or None and every problem at once.

    Plain data is dicts, lists, text, true, false, null, whole numbers, `Decimal` and `date`. Pure; never raises
    for wrong data. No reading's period may end after the file's `as_of` or, without one, after `today` (the
    coalition's). In an export, which has `imported_at`, readings and answers count as checked when they were given.
    """
    problems = Problems()
    if not isinstance(data, Mapping):
        problems.add("", f"is {kind_of(data)}. Begin it with schema_version and coalition.")
        return None, problems.all()
    if not check_version(data, problems):
        return None, problems.all()
    known = Known(data, LISTS, today)
    top = Section(data, "", known, problems)
    for key in KEYS:
        # They are none of the fields that no rule reads.
        top.given(key)
    record = RECORD.read(top)
    along = read_along(top)
    known.check_ids(problems)
    if not len(problems) and along is not None:
        check_along(top, along, record)
    return (None if len(problems) else replace(record, along=along)), problems.all()


def to_file(record: Record) -> dict[str, Any]:
    """The record as plain data in the file's own shape and order: what `check` reads back into an equal record.

    Everything that was kept is written, also responses, live rounds and the moment of the first import, and what goes
    `along` where the record has it.
    """
    roles = StandingRoles(record)
    record = replace(
        record,
        responses=tuple(without_usual_role(each, roles) for each in record.responses),
        rounds=tuple(without_usual_questions(without_usual_role(each, roles), record) for each in record.rounds),
    )
    sections: dict[str, Any] = {}
    for key, value in RECORD.write(record).items():
        sections[key] = value
        if key == "coalition":
            sections["vocabularies"] = {}
    others = sections["vocabularies"]
    if record.along is not None:
        sections |= ALONG.write(record.along)
    return sections | {"vocabularies": write_vocabularies(others if isinstance(others, Mapping) else {})}
