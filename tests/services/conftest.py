"""Services are asked one thing after the other, but where a test is about two at once."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest) -> None:
    """SQLite works in the test's own thread; a test marked `at_once` leaves it its own."""
    if request.node.get_closest_marker("at_once") is None:
        request.getfixturevalue("one_after_the_other")
