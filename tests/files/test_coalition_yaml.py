"""The text of coalition files: what YAML 1.2 means by it, where each thing stands, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.files import sample_text
from bot.files.coalition_yaml import BadFile, decode, parse
from tests.examples import examples, part
from tests.files.paths import paths_in
from tests.tables import on_each


def read(text: str) -> Any:
    return parse(f"x: {text}\n").data["x"]


def refused(text: str) -> BadFile:
    with pytest.raises(BadFile) as error:
        parse(text)
    assert error.value.sentence.endswith((".", "?"))
    assert error.value.message == f"Line {error.value.line}: {error.value.sentence}"
    assert isinstance(error.value, UserError)
    return error.value


@on_each(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("'null'", "null"),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("0", 0),
        ("02139", "02139"),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", "017"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("12:30", "12:30"),
        ("0.1", Decimal("0.1")),
        ("41.0", Decimal("41.0")),
        (".5", Decimal("0.5")),
        ("1.", Decimal(1)),
        ("1e3", Decimal("1E+3")),
        ("-2.5E-3", Decimal("-0.0025")),
        ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        ("9007199254740993", 9007199254740993),
        ("1.2.3", "1.2.3"),
        ("2026-11-23", date(2026, 11, 23)),
        ("'2026-11-23'", "2026-11-23"),
        ("2026-02-30", "2026-02-30"),
        ("2026-1-5", "2026-1-5"),
        ("2026-01-05T08:30:00", "2026-01-05T08:30:00"),
        ('"2026-01-05T08:30:00"', "2026-01-05T08:30:00"),
        ("2026-W48", "2026-W48"),
        ("plain text, with a comma", "plain text, with a comma"),
        ("it's # a comment", "it's"),
        ("'it''s'", "it's"),
        ('"a\\tb\\u00e9"', "a\tbé"),
        ("<<", "<<"),
        ("=", "="),
        ("[a, 1, [b]]", ["a", 1, ["b"]]),
        ("{a: 1, b: {c: d}}", {"a": 1, "b": {"c": "d"}}),
        ("[]", []),
        ("{}", {}),
        (">-\n  folded\n  text\n", "folded text"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_what_a_value_means(text: str, value: Any) -> None:
    found = read(text)
    assert found == value
    assert type(found) is type(value)


def test_a_decimal_is_never_a_float() -> None:
    assert sum([read("0.1")] * 10) == 1
    assert str(read("65.0")) == "65.0"


def test_keys_are_text_as_it_is_written() -> None:
    data = parse("1: a\ntrue: b\nnull: c\n2026-01-01: d\n1.50: e\n'f g': h\n").data
    assert list(data) == ["1", "true", "null", "2026-01-01", "1.50", "f g"]


def test_every_path_has_the_line_of_its_key() -> None:
    parsed = parse("# first\na: 1\nb:\n  - id: x\n    c: {d: 2,\n        e: 3}\n  - y\n\nf: >-\n  long\n")
    assert dict(parsed.lines) == {
        "": 2, "a": 2, "b": 3, "b[0]": 4, "b[0].id": 4, "b[0].c": 5, "b[0].c.d": 5, "b[0].c.e": 6, "b[1]": 7, "f": 9,
    }  # fmt: skip


@on_each(
    ("path", "line"), [("b[0].c", 3), ("b[0].missing", 3), ("b[0].missing.more[3]", 3), ("b[7]", 2), ("z", 1), ("", 1)]
)
def test_a_path_that_is_not_there_has_the_line_of_what_would_hold_it(path: str, line: int) -> None:
    assert parse("a: 1\nb:\n  - c: 1\n").line_of(path) == line


def test_every_path_of_the_sample_has_its_line() -> None:
    parsed = parse(sample_text())
    lines = sample_text().splitlines()
    for path, _ in paths_in(parsed.data, inner=True):
        key = path.rpartition(".")[2].partition("[")[0]
        if not path.endswith("]"):
            assert key in lines[parsed.lines[path] - 1], path
    assert lines[parsed.lines["members[3].delegate"] - 1].strip() == "delegate: marcus"
    assert lines[parsed.lines["actions[4]"] - 1].startswith("  - {id: A-105,")


def test_line_ends_and_byte_order_mark_change_nothing() -> None:
    text = sample_text()
    plain = parse(text)
    for other in (text.replace("\n", "\r\n"), "\ufeff" + text):
        assert parse(other).data == plain.data
        assert parse(other).lines == plain.lines
    assert decode(b"\xef\xbb\xbfa: 1\n") == "a: 1\n"


def test_json_is_read_as_well() -> None:
    value = {"a": [1, 0.1, True, None, "é\U0001f600\n", "2026-01-01"], "b": {}, "c/d": "\\ \" '"}
    expected = {**value, "a": [1, Decimal("0.1"), True, None, "é\U0001f600\n", "2026-01-01"]}
    for text in (
        json.dumps(value),
        json.dumps(value, indent=2),
        json.dumps(value, indent="\t"),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json.dumps(value).replace("/", "\\/"),
    ):
        assert parse(text).data == expected
    assert parse('{\n\t"a": 1,\n\t"b": {\n\t\t"c": 2\n\t}\n}').lines["b.c"] == 4


@on_each(
    ("text", "line", "fragment"),
    [
        ("", 1, "is empty"),
        ("# only a comment\n", 1, "is empty"),
        ("---\n", 1, "is empty"),
        ("null\n", 1, "is empty"),
        ("\n- a\n- b\n", 2, "holds no fields"),
        ("just words\n", 1, "holds no fields"),
        ("[a, b]", 1, "holds no fields"),
        ("a: 1\nb: 2\na: 3\n", 3, "“a” stands here a second time; the first is on line 1."),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", 4, "the first is on line 2"),
        ("a: {b: 1, b: 2}\n", 1, "“b” stands here a second time"),
        ('1: a\n"1": b\n', 2, "“1” stands here a second time"),
        ("a: 1\n\tb: 2\n", 2, "instead of tabs"),
        ("a:\n\tb: 2\n", 2, "instead of tabs"),
        ("a: b: c\n", 1, "Put text that holds “: ” in quotes"),
        ("a: 1\n b: 2\n", 2, "check the indentation"),
        ("a:\n  b: 1\n c: 2\n", 3, "Line this up"),
        ("a: [1, 2\nb: 3\n", 2, "Add the comma, or close the bracket"),
        ("a: {b: 1\n", 2, "Add the comma, or close the bracket"),
        ("a: 'open\nb: 2\n", 3, "Close the quote"),
        ("a: 'it's'\n", 1, "cannot be read as YAML"),
        ("a: @x\n", 1, "Put the text in quotes"),
        ("a: 1\njust words\n", 3, "Write a key, a colon"),
        ('a: "\\q"\n', 1, "Write two backslashes"),
        ("a: &x 1\n", 1, "An anchor"),
        ("a: &x 1\nb: *x\n", 1, "An anchor"),
        ("b: *x\n", 1, "An alias"),
        ("a: &x [*x]\n", 1, "An anchor"),
        ("a: !!python/object:os.system x\n", 1, "A tag"),
        ("a: !thing {b: 1}\n", 1, "A tag"),
        ("!!map\na: 1\n", 1, "A tag"),
        ("a: 1\n---\nb: 2\n", 2, "A second document begins here"),
        ("? [a, b]\n: c\n", 1, "where a key is expected"),
        ("a: .inf\n", 1, "not a number that can be kept"),
        ("a: .nan\n", 1, "not a number that can be kept"),
        (f"a: {'9' * 41}\n", 1, "more than 40 digits"),
        (f"a: {'9' * 5000}\n", 1, "more than 40 digits"),
        ("a: 1\nb: 1e999999999\n", 2, "too large or too small"),
        ("a: 1e-999999999\n", 1, "too large or too small"),
        (f"{'k' * 201}: 1\n", 1, "more than 200 characters"),
        ("a: 1\nb: x\x07y\n", 2, "a character here that YAML does not allow"),
        ("a: 1\nb: \ud800\n", 2, "a character here that YAML does not allow"),
        ('a: "\\UFFFFFFFF"\n', 1, "cannot be read as YAML"),
        ("a: " + "[" * 40 + "]" * 40, 1, "nested more than 30 deep"),
        ("a: " + "{b: " * 5000, 1, "nested more than 30 deep"),
        ("- " * 5000, 1, "nested more than 30 deep"),
        ("a: " + "x" * 4_000_001, 1, "larger than 4 million characters"),
    ],
)
def test_what_cannot_be_read_says_where_and_how_to_mend_it(text: str, line: int, fragment: str) -> None:
    error = refused(text)
    assert fragment in error.sentence, error.sentence
    assert error.line == line


def test_aliases_cannot_blow_a_file_up() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert "An anchor" in refused(bomb).sentence


@pytest.mark.parametrize(
    ("content", "line", "fragment"),
    [
        ("a: é".encode("latin-1"), 1, "not UTF-8"),
        ("a: 1\nb: 2\nc: é\n".encode("cp1252"), 3, "not UTF-8"),
        ("a: 1".encode("utf-16"), 1, "UTF-16"),
        ("a: 1".encode("utf-16-be"), 1, "YAML does not allow"),
        (b"\x89PNG\r\n\x1a\n\x00", 1, "not UTF-8"),
    ],
)
def test_other_encodings_are_named(content: bytes, line: int, fragment: str) -> None:
    with pytest.raises(BadFile) as error:
        parse(decode(content))
    assert fragment in error.value.sentence
    assert error.value.line == line


@pytest.mark.in_part
@settings(max_examples=examples(part(25, 75)), deadline=None)
@given(
    st.text(alphabet=st.sampled_from("ab1:-,.'\"[]{}#&*!|>%@`?~\n\t \\é\x85\u2028<=0e+"), max_size=40)
    | st.text(max_size=60)
)
def test_any_text_is_data_or_refused(text: str) -> None:
    try:
        parsed = parse(text)
    except BadFile:
        return
    assert isinstance(parsed.data, dict)


@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_a_damaged_sample_is_read_or_refused(data: st.DataObject) -> None:
    text = sample_text()[:6000]
    at = data.draw(st.integers(0, len(text)))
    damage = data.draw(
        st.sampled_from(["", "\t", "'", '"', "[", "}", ":", "- ", "\n", "\n  ", "*a ", "&a ", "!t ", "\x00", "@"])
    )
    gone = data.draw(st.integers(0, 5))
    with suppress(BadFile):
        parse(text[:at] + damage + text[at + gone :])
