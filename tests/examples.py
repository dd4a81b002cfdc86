"""How many examples Hypothesis tries: few in the suite, as many times more as BACKBEAT_TEST_EXAMPLES says."""

from __future__ import annotations

import os


def examples(count: int) -> int:
    """The number of examples for this run; `count` is that of the suite."""
    return count * int(os.environ.get("BACKBEAT_TEST_EXAMPLES", "1"))
