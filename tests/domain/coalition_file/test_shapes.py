"""Each section of the file is declared once and whole, as the values are, and by it every field is read and written.

`every-field.yaml` is an export in which each field of each section holds something that isn't its usual value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from bot.domain.coalition_file import SHAPES, Shape, check, to_file
from bot.domain.coalition_file.kinds import DAY, ID
from bot.domain.coalition_file.shape import Field
from bot.domain.record import NOTHING_EXTRA, Away, Record
from bot.files.coalition_yaml import dump, parse
from tests.examples import one_in
from tests.slack.readable import GOLDEN, check_golden
from tests.tables import on_each


def values_in(hint: Any) -> Iterator[type]:
    """The dataclasses that a field's type names."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint
    for each in get_args(hint):
        yield from values_in(each)


@on_each("shape", SHAPES.values(), ids=lambda shape: shape.of.__name__)
def test_what_stands_below_a_field_is_declared_as_its_type_says(shape: Shape[Any]) -> None:
    hints = get_type_hints(shape.of)
    for name, field in shape.writes.items():
        below = [] if field.kind.below is None else [field.kind.below.of]
        assert below == list(values_in(hints[name])), name


def test_there_are_as_many_sections_and_fields_as_one_thinks() -> None:
    assert len(SHAPES) == 50
    assert sum(len(shape.writes) for shape in SHAPES.values()) > 250
    assert all(shape.reads.keys() == shape.writes.keys() for shape in SHAPES.values())


def test_a_field_that_is_forgotten_or_made_up_is_refused() -> None:
    with pytest.raises(TypeError, match="Away and its section of the file differ in end"):
        Shape(Away, "time away", Field("start", DAY, "from"))
    with pytest.raises(TypeError, match="Away and its section of the file differ in id"):
        Shape(Away, "time away", Field("start", DAY, "from"), Field("end", DAY, "to"), Field("id", ID))


DATA = parse((GOLDEN / "every-field.yaml").read_text(encoding="utf-8")).data


def values_below(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for each in value:
            yield from values_below(each)
    elif dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from values_below(getattr(value, field.name))


def every_field() -> Record:
    record, problems = check(DATA)
    assert problems == []
    assert record is not None
    return record


def test_every_field_comes_back_as_it_was() -> None:
    record = every_field()
    check_golden("every-field.yaml", dump(to_file(record)))
    said = {
        (type(value), name)
        for value in values_below(record)
        for name, field in SHAPES[type(value)].writes.items()
        if getattr(value, name) not in (field.usual, NOTHING_EXTRA)
    }
    assert said == {(shape.of, name) for shape in SHAPES.values() for name in shape.writes}


def with_what_is_usual(value: Any) -> Any:
    """The value with what is usual in each field below which nothing else stands."""
    if isinstance(value, tuple):
        return tuple(with_what_is_usual(each) for each in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    found: dict[str, Any] = {"extra": NOTHING_EXTRA} if hasattr(value, "extra") else {}
    for field in dataclasses.fields(value):
        now = getattr(value, field.name)
        if list(values_below(now)) or field.default is not dataclasses.MISSING:
            found[field.name] = with_what_is_usual(now) if list(values_below(now)) else field.default
    return dataclasses.replace(value, **found)


def test_what_is_usual_is_said_where_it_says_something() -> None:
    check_golden("usual-fields.yaml", dump(to_file(with_what_is_usual(every_field()))))


@pytest.mark.in_part
@pytest.mark.parametrize("path", ["reads", "writes"])
def test_a_field_that_is_left_out_is_noticed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So nothing is lost without a word, also of what the sample holds nothing in."""
    record = every_field()
    unnoticed = []
    for shape in SHAPES.values():
        for name in one_in(3, list(getattr(shape, path))):
            left = {key: field for key, field in getattr(shape, path).items() if key != name}
            with monkeypatch.context() as patch, suppress(TypeError, ValueError, KeyError):
                patch.setattr(shape, path, left)
                if (check(DATA) == (record, [])) if path == "reads" else (to_file(record) == DATA):
                    unnoticed.append(f"{shape.of.__name__}.{name}")
    assert unnoticed == []


def test_what_a_file_once_held_beside_a_field_never_stands_over_it() -> None:
    """A file may have used a word that became a field since; what was said of the field later is what holds."""
    extra = {"from": "2020-01-01", "why": "moving"}
    value = Away(start=date(2026, 12, 1), end=date(2026, 12, 4), extra=extra)
    assert SHAPES[Away].write(value) == {"from": date(2026, 12, 1), "to": date(2026, 12, 4), "why": "moving"}
