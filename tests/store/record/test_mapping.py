"""A field without a column and a column without a field are refused where the mapping is made."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from bot.domain import record as values
from bot.store.actions import ActionItemRow
from bot.store.issues import IssueRow
from bot.store.record.keeping import Same
from bot.store.record.mapping import Mapped
from bot.store.record.nouns import MAPPED, NOUNS, SECTIONS


def _with_field(value: type[Any], name: str, kind: Any) -> type[Any]:
    return dataclasses.make_dataclass(
        value.__name__, [(name, kind, None)], bases=(value,), frozen=True, slots=True, kw_only=True
    )


def test_a_field_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError, match=r"ActionItem\.link stands in no column of action_items"):
        Mapped(_with_field(values.ActionItem, "link", str | None), ActionItemRow, aside=("submission_key",))


def test_a_column_without_a_field_is_refused() -> None:
    with pytest.raises(TypeError, match=r"issues\.submission_key is kept by no field of Issue"):
        Mapped(values.Issue, IssueRow)


def test_a_column_that_is_set_aside_and_kept_or_not_there_is_refused() -> None:
    for column in ("impact", "link"):
        with pytest.raises(TypeError, match=f"issues.{column} is set aside"):
            Mapped(values.Issue, IssueRow, aside=("submission_key", column))


def test_a_way_for_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="Issue has no field link"):
        Mapped(values.Issue, IssueRow, aside=("submission_key",), link=Same("impact"))


def test_each_list_of_the_record_has_its_rows() -> None:
    lists = {field.name for field in dataclasses.fields(values.Record) if str(field.type).startswith("tuple[")} - {
        "published"
    }
    assert set(SECTIONS) == lists
    assert len(NOUNS) == len(MAPPED) >= 17


def test_only_what_differs_is_written() -> None:
    before = values.Issue(id="I-1", title="Buses", raised_by="dana", owner="dana", raised=date(2026, 11, 2))
    after = dataclasses.replace(before, title="Night buses")
    assert MAPPED["issues"].write(after, before) == {"title": "Night buses"}
    assert set(MAPPED["issues"].write(after)) == set(MAPPED["issues"].columns)
