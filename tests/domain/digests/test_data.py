"""The digest's numbers and its JSON: exact, in full, and read back as they were."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digests import dumps
from bot.domain.digests.data import loads
from bot.domain.wording import exact
from tests.examples import examples
from tests.tables import on_each


@on_each(
    ("value", "text"),
    [
        (Decimal("41.0"), "41"),
        (Decimal("1E+6"), "1000000"),
        (Decimal("0.10"), "0.1"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("-0"), "0"),
        (Decimal("83.5"), "83.5"),
        (Decimal("12345678901234567890.12345"), "12345678901234567890.12345"),
        (Fraction(1, 2**20), "0.00000095367431640625"),
        (Fraction(3, 40), "0.075"),
        (Fraction(-3, 40), "-0.075"),
        (Fraction(1, 3), "0.333333333333333"),
        (Fraction(2, 3), "0.666666666666667"),
        (Fraction(2000000, 3), "666666.666666667"),
        (Fraction(1, 3000000), "0.000000333333333333333"),
        (Fraction(10**17, 3), "33333333333333300"),
        (7, "7"),
        (None, "null"),
    ],
)
def test_numbers_are_written_exactly_or_with_fifteen_digits(value: Any, text: str) -> None:
    assert dumps(exact(value)) == text + "\n"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_every_decimal_survives_printing_and_reading(value: Decimal) -> None:
    text = dumps(exact(value))
    assert Fraction(str(loads(text))) == Fraction(value)
    assert dumps(loads(text)) == text
    assert "E" not in text
    assert not (text.strip().endswith("0") and "." in text)


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_no_number_is_off_by_more_than_its_fifteenth_digit(value: Fraction) -> None:
    printed = Fraction(dumps(exact(value)).strip())
    assert abs(printed - value) <= abs(value) * Fraction(1, 10**14)


def test_the_layout_is_that_of_the_standard_library() -> None:
    data: dict[str, Any] = {"a": [], "b": {}, "c": [1, {"d": "café “x”\n"}], "e": None, "f": True, "g": [[], ["h"]]}
    assert dumps(data) == json.dumps(data, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("value", [0.5, {"a": [1.0]}, date(2026, 11, 23), {1, 2}])
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no exact form"):
        dumps(value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=examples(25), deadline=None)
@given(JSON)
def test_the_same_data_gives_the_same_bytes_after_a_round_trip(data: Any) -> None:
    text = dumps(data)
    assert dumps(loads(text)) == text
