"""Whatever a file changes of a field arrives: tried with a file that changes every one of them."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain import record as values
from bot.domain.coalition_file import SHAPES, check
from bot.domain.files import Merge, merge
from bot.domain.record import Record
from bot.files.coalition_yaml import parse
from tests.slack.readable import GOLDEN

BASE, PROBLEMS = check(parse((GOLDEN / "every-field.yaml").read_text(encoding="utf-8")).data)
# What is compared field by field; everything below these is compared as a whole.
IN_FIELDS = (
    values.Coalition, values.NorthStar, values.Organization, values.Member, values.Group, values.Priority,
    values.Outcome, values.Metric, values.Cadence, values.QuestionSet, values.Response, values.MemberAnswer,
    values.PulseResult, values.ActionItem, values.Issue, values.Decision, values.FundingSource,
)  # fmt: skip
# What tells one thing from another, stands below by itself, or is none of a file's business.
APART = {
    (values.Coalition, "north_star"),
    (values.NorthStar, "metric"),
    (values.Priority, "outcomes"),
    (values.Priority, "metrics"),
    (values.Metric, "readings"),
    (values.Response, "cadence"),
    (values.Response, "round"),
    (values.Response, "priority"),
    (values.QuestionSet, "version"),
    (values.QuestionSet, "earlier"),
    (values.Response, "sets_standing"),
    (values.Response, "edited_at"),
    *((values.MemberAnswer, name) for name in ("cadence", "round", "member", "edited_at")),
    *((values.PulseResult, name) for name in ("cadence", "round")),
    # What voices said is theirs: compared with no file.
    (values.Decision, "answers"),
}


# What tells one thing from another can't differ between two that are compared.
PLACES = [
    *(f"{of.__name__}.id" for of in IN_FIELDS if "id" in SHAPES[of].merges),
    *(f"Response.{name}" for name in ("cadence", "round", "priority")),
    *(f"MemberAnswer.{name}" for name in ("cadence", "round", "member")),
    *(f"PulseResult.{name}" for name in ("cadence", "round")),
]


def another(value: Any) -> Any:
    """A value of the same kind that differs, except of nothing."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, str):
        return f"{value}-2"
    if isinstance(value, date | datetime):
        return value + timedelta(days=1)
    if isinstance(value, time):
        return value.replace(hour=(value.hour + 1) % 24)
    if isinstance(value, dict):
        return {**value, "more": True}
    return () if isinstance(value, tuple) else None


def changed(value: Any) -> Any:
    """The value with another one in each field of each thing in it that is compared field by field."""
    if isinstance(value, tuple):
        return tuple(changed(each) for each in value)
    if not isinstance(value, IN_FIELDS):
        return value
    found: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        now = getattr(value, field.name)
        is_place = (
            isinstance(value, values.Response | values.MemberAnswer | values.PulseResult)
            and (type(value), field.name) in APART
        )
        if field.name == "headline_metric":
            # One that isn't its priority's own has a rule of its own.
            found[field.name] = None
        elif field.name != "id" and not is_place:
            found[field.name] = changed(now) if (type(value), field.name) in APART else another(now)
    return replace(value, **found)


def merged() -> tuple[Merge, Record]:
    assert BASE is not None, PROBLEMS
    lists = {field.name: changed(getattr(BASE, field.name)) for field in dataclasses.fields(BASE)}
    file = replace(BASE, **{**lists, "extra": {"region": "South"}, "as_of": date(2026, 11, 24), "schema_version": 2})
    return merge(BASE, BASE, file, today=date(2026, 11, 24)), file


def test_every_field_that_a_file_changes_is_applied() -> None:
    result, file = merged()
    assert {one.outcome for one in result.differences} == {"applied"}
    told = {(one.kind, one.field) for one in result.differences}
    assert told == {
        (SHAPES[of].noun, field.name)
        for of in IN_FIELDS
        for field in dataclasses.fields(of)
        if field.name != "id" and (of, field.name) not in APART
    }
    record = result.record
    assert (record.schema_version, record.as_of, record.extra) == (file.schema_version, file.as_of, file.extra)
    assert (record.organizations, record.groups, record.issues) == (file.organizations, file.groups, file.issues)


def test_a_field_that_is_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = merged()
    unnoticed = []
    for shape in (SHAPES[Record], *(SHAPES[of] for of in IN_FIELDS)):
        for name in shape.merges:
            with monkeypatch.context() as patch:
                patch.setattr(shape, "merges", {key: each for key, each in shape.merges.items() if key != name})
                if merged()[0] == whole:
                    unnoticed.append(f"{shape.of.__name__}.{name}")
    assert sorted(unnoticed) == sorted(PLACES)
