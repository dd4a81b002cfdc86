"""Waiting for what passes: pauses grow to a ceiling, Slack's wish counts, and the end is heard at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from bot.errors import ConfigurationError, Unavailable
from bot.waiting import Patience, ToldToEnd


def failing(*errors: Exception) -> tuple[list[float], Callable[[], Awaitable[str]]]:
    """An attempt that fails in these ways and then works; when it was made."""
    rest = list(errors)
    at: list[float] = []

    async def attempt() -> str:
        at.append(time.monotonic())
        if rest:
            raise rest.pop(0)
        return "done"

    return at, attempt


async def test_pauses_grow_to_a_ceiling() -> None:
    at, attempt = failing(*[Unavailable("away")] * 6)
    assert await Patience(first=0.02, most=0.08).insist(attempt) == "done"
    pauses = [later - before for before, later in pairwise(at)]
    for pause, longest in zip(pauses, [0.02, 0.04, 0.08, 0.08, 0.08, 0.08], strict=True):
        assert longest / 2 <= pause < longest + 0.5
    assert pauses[0] < sum(pauses[3:])


async def test_it_leaves_alone_whoever_asks_for_it() -> None:
    at, attempt = failing(Unavailable("asked to wait", after=0.3))
    await Patience(first=0.01).insist(attempt)
    assert at[1] - at[0] >= 0.3


async def test_what_has_to_be_mended_is_raised() -> None:
    _at, attempt = failing(Unavailable("away"), ConfigurationError("wrong"))
    with pytest.raises(ConfigurationError, match="wrong"):
        await Patience(first=0.01).insist(attempt)


@pytest.mark.parametrize("is_under_way", [True, False])
async def test_the_end_is_heard_at_once(is_under_way: bool) -> None:
    stop = asyncio.Event()
    left: list[str] = []

    async def attempt() -> None:
        if not is_under_way:
            raise Unavailable("away")
        try:
            await asyncio.sleep(60)
        finally:
            left.append("left")

    waiting = asyncio.create_task(Patience(stop, first=60).insist(attempt))
    await asyncio.sleep(0.05)
    stop.set()
    with pytest.raises(ToldToEnd):
        await asyncio.wait_for(waiting, 1)
    assert left == (["left"] if is_under_way else [])
