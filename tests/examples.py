"""How many examples are tried: few in the suite, as many times more as BACKBEAT_TEST_EXAMPLES says."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")


def examples(count: int) -> int:
    """The number of examples for this run; `count` is that of the suite."""
    return count * int(os.environ.get("BACKBEAT_TEST_EXAMPLES", "1"))


def one_in(count: int, things: Sequence[One]) -> Sequence[One]:
    """One of so many of these; `count` is that of the suite, and `BACKBEAT_TEST_EXAMPLES=count` tries all."""
    return things[:: max(1, count // examples(1))]
