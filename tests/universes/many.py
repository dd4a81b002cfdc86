"""Lives through many universes, one after the other or by several processes, which share them."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import util

from bot.log import configure_logging
from tests.engines import share_words
from tests.universes.room import Room, a_room
from tests.universes.universe import Verdict, live

# How many a process lives through before it tells.
SHARE = 50

_rooms: list[Room] = []


def live_all(seeds: range, jobs: int = 1, *, with_log: bool = False) -> Iterator[tuple[list[Verdict], float]]:
    """What came of each share of them, in their order, with the processor time that it took in seconds."""
    shares = [seeds[done : done + SHARE] for done in range(0, len(seeds), SHARE)]
    work = partial(_live_some, with_log=with_log)
    if jobs == 1:
        with ExitStack() as stack:
            _prepare(stack)
            yield from map(work, shares)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin) as pool:
        yield from pool.map(work, shares)


def _begin() -> None:
    stack = ExitStack()
    # What such a process has registered with `atexit` is not called.
    util.Finalize(None, stack.close, exitpriority=1)
    _prepare(stack)


def _prepare(stack: ExitStack) -> None:
    configure_logging("CRITICAL")
    share_words()
    _rooms.append(stack.enter_context(a_room()))
    stack.callback(_rooms.clear)


def _live_some(seeds: Sequence[int], *, with_log: bool) -> tuple[list[Verdict], float]:
    began = time.process_time()
    verdicts = [live(seed, _rooms[0]) for seed in seeds]
    return verdicts if with_log else [one.in_short() for one in verdicts], time.process_time() - began
