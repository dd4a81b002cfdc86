"""Conditions of questions: what they know, what they refuse, and that nothing else ever comes out of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.required_if import Expression, Term, evaluate, is_answered, parse
from tests.examples import examples
from tests.tables import on_each


@on_each(
    ("text", "terms"),
    [
        ("new_due", (Term("new_due"),)),
        ("assessment != on_track", (Term("assessment", "!=", "on_track"),)),
        ("assessment!=on_track", (Term("assessment", "!=", "on_track"),)),
        ("  status   ==  blocked ", (Term("status", "==", "blocked"),)),
        ("status == blocked or new_due", (Term("status", "==", "blocked"), Term("new_due"))),
        ("a or b or c == 'd e'", (Term("a"), Term("b"), Term("c", "==", "d e"))),
        ('curve == "no"', (Term("curve", "==", "no"),)),
        ("worth == 1", (Term("worth", "==", "1"),)),
        ("orchard == or-1 or order", (Term("orchard", "==", "or-1"), Term("order"))),
        ('choice == "or"', None),
    ],
)
def test_what_it_reads(text: str, terms: tuple[Term, ...] | None) -> None:
    expected = terms if terms is not None else (Term("choice", "==", "or"),)
    assert parse(text) == Expression(expected)


def test_the_questions_it_refers_to_are_named_once_and_in_order() -> None:
    assert parse("b == 1 or a or b == 2").questions == ("b", "a")


@on_each(
    ("text", "fragment"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("or", "nothing on one side"),
        ("a or", "nothing on one side"),
        ("or a", "nothing on one side"),
        ("a or or b", "nothing on one side"),
        ("a ==", "nothing to compare “a” with"),
        ("== a", "begins with a question's id"),
        ("a b", "cannot be read at “b”"),
        ("a and b", "cannot be read at “and b”"),
        ("a == b c", "cannot be read at"),
        ("a == b == c", "cannot be read at"),
        ("a = b", "holds “=”"),
        ("a > 3", "holds “>”"),
        ("(a)", "holds “(”"),
        ("not a", "cannot be read at “a”"),
        ("!a", "holds “!”"),
        ("1a", "begins with a question's id"),
        ("'a' == b", "begins with a question's id"),
        ("a == 'b", "holds “'”"),
        ("x" * 501, "longer than 500"),
    ],
)
def test_what_it_refuses(text: str, fragment: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as error:
        parse(text)
    assert fragment in str(error.value)
    with pytest.raises(ValueError):
        evaluate(text, {})


@on_each(
    ("text", "answers", "holds"),
    [
        ("a", {"a": "x"}, True),
        ("a", {"a": "  "}, False),
        ("a", {"a": None}, False),
        ("a", {"a": 0}, True),
        ("a", {"a": []}, False),
        ("a", {"a": ["x"]}, True),
        ("a", {"a": date(2026, 11, 23)}, True),
        ("a", {}, False),
        ("a == x", {"a": "x"}, True),
        ("a == x", {"a": "y"}, False),
        ("a == x", {}, False),
        ("a != x", {"a": "x"}, False),
        ("a != x", {"a": "y"}, True),
        ("a != x", {}, True),
        ("a == 3", {"a": 3}, True),
        ("a == 3.0", {"a": 3}, True),
        ("a == 3", {"a": Decimal("3.00")}, True),
        ("a == 3", {"a": "3"}, True),
        ("a == three", {"a": 3}, False),
        ("a == x", {"a": ["y", "x"]}, True),
        ("a != x", {"a": ["y", "x"]}, False),
        ("a == 2026-11-23", {"a": date(2026, 11, 23)}, True),
        ("status == blocked or new_due", {"status": "blocked"}, True),
        ("status == blocked or new_due", {"status": "done", "new_due": date(2026, 12, 1)}, True),
        ("status == blocked or new_due", {"status": "done"}, False),
    ],
)
def test_when_it_holds(text: str, answers: dict[str, object], holds: bool) -> None:
    assert evaluate(text, answers) is holds
    assert evaluate(parse(text), answers) is holds


def test_what_counts_as_answered() -> None:
    assert is_answered(False)
    assert not is_answered(())


@settings(max_examples=examples(25), deadline=None)
@given(st.text(alphabet=st.sampled_from("ab or=!'\"1_-()“”"), max_size=20) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        expression = parse(text)
    except ValueError:
        return
    assert expression.terms
    assert evaluate(expression, {}) in (True, False)
