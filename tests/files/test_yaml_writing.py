"""Writing coalition files: what is read again is the same, byte for byte the same, and a person can read it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.files import dump_coalition_file, load_coalition_file, sample_text
from bot.files.coalition_yaml import dump, parse
from tests.examples import examples, part
from tests.tables import on_each

GOLDEN = Path(__file__).parent.parent / "golden"
# Text that a file can hold: no control characters, no halves of surrogate pairs.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"), max_size=30)
TRAPS = st.sampled_from(
    [
        "yes", "No", "on", "null", "~", "true", "1", "01", "1.0", "1e3", "0x1f", "1_000", "12:30:00", "2026-01-01",
        "- a",
        "a: b", "a #b", "#a", "'a'", '"a"', "a\\b", "[a]", "{a}", "a, b", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a",
        "?", "? a", ":", "a:", " a", "a ", "", " ", "a\nb", "a\n", "\ta", "---", "...", "<<", "=", ".inf", ".nan", "+",
        "-",
        "\ufeffa", "a\u2028b", "a\u00a0b", "\u200d", "é", "日本", "\U0001f600", "Ａ", "١٢", "²", "½",
        "2026-W48", "A-101", "$150,000", "(a)", "1,5", "0o17", "1.2.3", "e5", "0b1", "1:2", "+1", "-.5", "x" * 500,
    ]
)  # fmt: skip
SINGLE = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**12), max_value=10**12)
    | st.dates()
    | TEXT
    | TRAPS
)
KEYS = (TEXT | TRAPS).filter(lambda key: len(key) <= 200)
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        SINGLE, lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4), max_leaves=15
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.in_part
@settings(max_examples=examples(part(25, 75)), deadline=None)
@given(DATA)
def test_what_is_written_is_read_again(data: dict[str, Any]) -> None:
    text = dump(data)
    again = parse(text).data if any(value is not None for value in data.values()) else data
    assert again == data
    assert dump(again) == text or any_decimal(data)


def any_decimal(value: Any) -> bool:
    """Whether a whole `Decimal` is somewhere, which is read again as the equal int."""
    if isinstance(value, dict):
        return any(map(any_decimal, value.values()))
    return any(map(any_decimal, value)) if isinstance(value, list) else isinstance(value, Decimal)


@settings(max_examples=examples(37), deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1), TRAPS | TEXT, min_size=1, max_size=4))
def test_texts_are_texts_to_other_readers_too(data: dict[str, str]) -> None:
    for version in ((1, 2), (1, 1)):
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        assert reader.load(dump({"x": data})) == {"x": data}


@pytest.mark.in_part
@settings(max_examples=examples(part(25, 75)), deadline=None)
@given(DATA)
def test_a_reader_of_yaml_as_it_was_reads_the_same(data: dict[str, Any]) -> None:
    assert is_same(data, yaml.safe_load(dump(data)))


def test_it_reads_the_sample_and_every_field_as_they_are() -> None:
    for text in (sample_text(), (GOLDEN / "every-field.yaml").read_text(encoding="utf-8")):
        record = load_coalition_file(text).record
        assert record is not None
        written = dump_coalition_file(record)
        first, *documents = yaml.safe_load_all(written)
        for key, entries in (item for one in documents for item in one.items()):
            first[key] = [*first.get(key, ()), *entries]
        assert is_same(parse(written).data, first)


def is_same(ours: Any, theirs: Any) -> bool:
    """Whether both readers give the same, of the same kinds. PyYAML has no exact numbers, only nearest ones."""
    if isinstance(ours, dict):
        return list(ours) == list(theirs) and all(map(is_same, ours.values(), theirs.values()))
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(is_same, ours, theirs))
    if isinstance(ours, Decimal):
        return isinstance(theirs, int | float) and float(ours) == float(theirs)
    return type(ours) is type(theirs) and bool(ours == theirs)


@on_each(
    ("value", "text"),
    [
        ("Talent pathways", "Talent pathways"),
        ("Distinct residents, in the quarter.", "Distinct residents, in the quarter."),
        ("it's", "it's"),
        ("no", '"no"'),
        ("2026-01-05T08:30:00", '"2026-01-05T08:30:00"'),
        ("15:00", '"15:00"'),
        ("Move $150,000", "Move $150,000"),
        ("two\nlines", '"two\\nlines"'),
        ("A “quoted” word – and é", "A “quoted” word – and é"),
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        (Decimal("41.0"), "41.0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000000001"), "0.000000001"),
        (date(2026, 11, 23), "2026-11-23"),
        (None, "null"),
        (True, "true"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_how_values_look(value: Any, text: str) -> None:
    assert dump({"x": value}) == f"x: {text}\n"


def test_how_a_file_looks() -> None:
    data = {
        "version": 1,
        "short": [{"id": "a", "list": [1, 2]}, "b, c"],
        "long": [{"id": "a", "text": "word " * 30 + "end", "below": [{"x": "y" * 100}, {"z": 1}]}],
        "none": [],
    }
    expected = [
        "version: 1",
        "",
        "short:",
        "  - {id: a, list: [1, 2]}",
        "  - b, c",
        "",
        "long:",
        "  - id: a",
        f"    text: {'word ' * 30}end",
        "    below:",
        f"      - {{x: {'y' * 100}}}",
        "      - {z: 1}",
        "none: []",
    ]
    assert dump(data).split("\n") == [*expected, ""]


def test_an_empty_file_is_a_mapping() -> None:
    assert dump({}) == "{}\n"


def test_the_same_list_twice_is_written_twice() -> None:
    shared = ["a"]
    assert dump({"x": shared, "z": shared}) == "x:\n  - a\n\nz:\n  - a\n"


@on_each(
    "value",
    [0.5, float("nan"), datetime(2026, 1, 1), b"x", {1}, Decimal("NaN"), {1: "a"}, [object()]],  # noqa: DTZ001
)
def test_what_is_no_plain_data_is_not_written(value: Any) -> None:
    with pytest.raises(TypeError):
        dump({"x": value})
