"""Junk of every kind in a coalition file: always a record or problems, never an error."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.coalition_file import check, to_file
from tests.examples import examples
from tests.files.paths import REMOVE, change, paths_in
from tests.sample import sample_data

SAMPLE = sample_data()

JUNK: list[Any] = [
    None, True, False, "", " ", "x", "coalition", "steering", "2026-13-01", "2026-11-24T09:00:00", "or", "a == b",
    "FREQ=DAILY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "x" * 20_000, "\ud800", 0, -1, 7, 10**50, 1.5, Decimal("0.1"),
    Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999"), date.min, date.max,
    datetime(2026, 1, 1, tzinfo=UTC), [], [[]], [None], ["a", "a"], {}, {"id": "x"}, {1: 2}, [{"id": None}], b"x",
    REMOVE,
]  # fmt: skip
PATHS = [path for path, _ in paths_in(SAMPLE, inner=True)]


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(JUNK)), min_size=1, max_size=6))
def test_junk_never_raises(changes: list[tuple[str, Any]]) -> None:
    data = deepcopy(SAMPLE)
    for path, value in changes:
        try:
            change(data, path, value)
        except (KeyError, IndexError, TypeError, AttributeError):
            # An earlier change took away the place.
            continue
    record, problems = check(data)
    assert (record is None) == bool(problems)
    assert all(each.message.startswith(("`", "The file ")) and each.message.endswith((".", "?")) for each in problems)
    if record is not None:
        assert check(to_file(record)) == (record, [])


@given(
    st.recursive(
        st.sampled_from([value for value in JUNK if value is not REMOVE]),
        lambda below: (
            st.lists(below, max_size=3) | st.dictionaries(st.sampled_from([*SAMPLE, "id", "x"]), below, max_size=4)
        ),
        max_leaves=20,
    )
)
@settings(max_examples=examples(25), deadline=None)
def test_any_data_is_a_record_or_problems(data: Any) -> None:
    record, problems = check(data)
    assert (record is None) == bool(problems)


def test_data_within_itself_is_refused() -> None:
    data = deepcopy(SAMPLE)
    endless: dict[str, Any] = {}
    data["notes_of_ours"] = endless
    endless["more"] = endless
    record, problems = check(data)
    assert record is None
    assert "nested more than 20 deep" in problems[0].message
