"""Packing: what was composed is stored as plain data and comes back as the same value."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from bot.domain.digests import Digest, compose, dumps, to_data
from bot.domain.funding import FundingSaved
from bot.domain.packing import pack, unpack
from bot.domain.record import Record
from bot.domain.typed import Known
from bot.store.base.base import from_json, to_json


@dataclass(frozen=True)
class Inner:
    value: Decimal
    on: date | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    inner: Inner
    maybe: Inner | None = None
    many: tuple[Inner, ...] = ()
    words: tuple[str, ...] = ()
    nested: tuple[tuple[int, ...], ...] = ()
    exact: Fraction | None = None
    mapping: dict[str, Any] = field(default_factory=dict)


VALUES = [
    Outer("a", Inner(Decimal("44.0"))),
    Outer("b", Inner(Decimal(1), date(2026, 11, 23)), Inner(Decimal(2)), (Inner(Decimal(3)), Inner(Decimal(4)))),
    Outer("c", Inner(Decimal("1E+2")), words=("x", "y"), nested=((1, 2), ()), exact=Fraction(1, 3), mapping={"k": [1]}),
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_back_as_it_was(value: Outer) -> None:
    assert unpack(Outer, pack(value)) == value
    through_text = from_json(json.dumps(to_json(pack(value)), separators=(",", ":")))
    assert unpack(Outer, through_text) == value


def test_what_is_packed_is_plain_data() -> None:
    assert pack(VALUES[1]) == {
        "name": "b",
        "inner": {"value": Decimal(1), "on": date(2026, 11, 23)},
        "maybe": {"value": Decimal(2), "on": None},
        "many": [{"value": Decimal(3), "on": None}, {"value": Decimal(4), "on": None}],
        "words": [],
        "nested": [],
        "exact": None,
        "mapping": {},
    }


def test_fields_that_came_later_take_their_defaults_and_gone_ones_are_passed_over() -> None:
    data = {"name": "a", "inner": {"value": Decimal(1), "unit": "people"}, "color": "red"}
    assert unpack(Outer, data) == Outer("a", Inner(Decimal(1)))


def test_a_named_pair_comes_back_as_it_was() -> None:
    saved = FundingSaved(source=Known("F-1", "A grant"), what="changed", lines=("Amount",))
    assert pack(saved) == {"source": ["F-1", "A grant"], "what": "changed", "lines": ["Amount"], "may_change": True}
    assert unpack(FundingSaved, pack(saved)) == saved


def test_a_field_that_is_needed_and_missing_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="inner"):
        unpack(Outer, {"name": "a"})


def test_the_samples_digest_comes_back_from_storage_as_it_was(sample: Record) -> None:
    moment = datetime(2026, 11, 23, 18, tzinfo=UTC)
    digest = compose(sample, moment)
    stored = json.dumps(to_json(pack(digest)), ensure_ascii=False)
    back = unpack(Digest, from_json(stored))
    for part in fields(Digest):
        assert getattr(back, part.name) == getattr(digest, part.name), part.name
    assert dumps(to_data(back)) == dumps(to_data(digest))
