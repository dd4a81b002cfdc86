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
from bot.domain.coalition_file.checkins import without_usual_questions, without_usual_role
from bot.domain.coalition_file.coalition import check_version, write_vocabularies
from bot.domain.coalition_file.known import Known
from bot.domain.coalition_file.people import is_address
from bot.domain.coalition_file.problems import Problem, Problems, kind_of
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import Merging, Shape
from bot.domain.coalition_file.whole import LISTS, RECORD, SHAPES
from bot.domain.coalition_file.zones import is_zone
from bot.domain.record import Record

__all__ = ["SCHEMA_VERSION", "SHAPES", "Merging", "Problem", "Shape", "check", "is_address", "is_zone", "to_file"]


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
    record = RECORD.read(Section(data, "", known, problems))
    known.check_ids(problems)
    return (None if len(problems) else record), problems.all()


def to_file(record: Record) -> dict[str, Any]:
    """The record as plain data in the file's own shape and order: what `check` reads back into an equal record.

    Everything that was kept is written, also responses, live rounds and the moment of the first import. Digests
    that were published are no part of a file.
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
    return sections | {"vocabularies": write_vocabularies(others if isinstance(others, Mapping) else {})}
