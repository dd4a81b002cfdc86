"""How much is tried: in the suite a part of each matrix, and all of it where BACKBEAT_TEST_WHOLE is 1.

A test that tries a part is marked `in_part`: `BACKBEAT_TEST_WHOLE=1 pytest -m in_part`, which CI runs after the suite.
Of each rule BACKBEAT_TEST_EXAMPLES times as many examples are tried.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import pytest

One = TypeVar("One")


def is_whole() -> bool:
    """Whether all is tried. A long form by command turns it on for itself."""
    return os.environ.get("BACKBEAT_TEST_WHOLE") == "1"


def examples(count: int) -> int:
    """The number of examples for this run; `count` is that of the suite."""
    return count * int(os.environ.get("BACKBEAT_TEST_EXAMPLES", "1"))


def part(of_suite: One, of_whole: One) -> One:
    """What is tried: this in the suite, that in a whole run."""
    return of_whole if is_whole() else of_suite


def one_in(count: int, things: Sequence[One]) -> Sequence[One]:
    """One of so many of these in the suite, all of them in a whole run."""
    return part(things[::count], things)


# What the `any_` fixtures of `tests/conftest.py` are given.
DATABASES: Final[tuple[Any, ...]] = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
_OF_SUITE: Final = {"sqlite": DATABASES[:1], "postgres": DATABASES[1:]}


def on(database: str, fixture: str) -> pytest.MarkDecorator:
    """In the suite on this database, where a whole run asks each kind: for the `any_` fixture that stands behind."""
    return pytest.mark.parametrize(fixture, part(_OF_SUITE[database], DATABASES), indirect=True)
