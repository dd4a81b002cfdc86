"""Services are asked one thing after the other, but where a test is about two at once."""

from __future__ import annotations

from functools import partial

import pytest

from tests.conftest import made_once
from tests.services.lived import share_lives


@pytest.fixture(scope="session", autouse=True)
def _lives(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is lived through for several tests is so once for all workers."""
    share_lives(partial(made_once, tmp_path_factory))


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest) -> None:
    """SQLite works in the test's own thread; a test marked `at_once` leaves it its own."""
    if request.node.get_closest_marker("at_once") is None:
        request.getfixturevalue("one_after_the_other")
