"""The watchdog fires on silence, and on nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from schedules.watchdog import Watchdog

pytestmark = pytest.mark.at_once


LIMIT = 30.0


@dataclass
class Elapsed:
    """Time that passes when a test says so."""

    now: float = 1000.0
    on_look: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        self.on_look()
        return self.now

    def epoch(self) -> float:
        return self.now


@contextmanager
def watching(elapsed: Elapsed) -> Iterator[tuple[Watchdog, list[str], threading.Event]]:
    """A watchdog at work, what it found silent, and an event that is set when it fired."""
    fired: list[str] = []
    told = threading.Event()

    def on_silence(name: str) -> None:
        fired.append(name)
        told.set()

    watchdog = Watchdog(elapsed, limit=LIMIT, on_silence=on_silence, interval=0.002)
    watchdog.beat("plan")
    watchdog.beat("dispatch")
    watchdog.start()
    yield watchdog, fired, told
    watchdog.stop()


def looks(elapsed: Elapsed, count: int) -> threading.Event:
    """Set once the watchdog has looked so many times more."""
    done = threading.Event()
    left = [count]

    def look() -> None:
        left[0] -= 1
        if left[0] <= 0:
            done.set()

    elapsed.on_look = look
    return done


def pass_time(elapsed: Elapsed, seconds: float, step: float = 1.0) -> None:
    """Time passes in small steps, each of them seen by the watchdog."""
    for _ in range(int(seconds / step)):
        elapsed.now += step
        assert looks(elapsed, 4).wait(5)


def test_it_fires_for_the_part_that_is_silent() -> None:
    elapsed = Elapsed()
    with watching(elapsed) as (watchdog, fired, told):
        for _ in range(16):
            watchdog.beat("plan")
            elapsed.now += 2.0
            if told.wait(0.02):
                break
        assert told.wait(5)
        assert fired == ["dispatch"]


def test_it_does_not_fire_while_everything_beats() -> None:
    elapsed = Elapsed()
    with watching(elapsed) as (watchdog, fired, _told):
        for _ in range(30):
            elapsed.now += 5.0
            watchdog.beat("plan")
            watchdog.beat("dispatch")
            assert looks(elapsed, 4).wait(5)
        assert fired == []


def test_a_process_that_was_stopped_gets_time_to_beat_again() -> None:
    elapsed = Elapsed()
    with watching(elapsed) as (watchdog, fired, told):
        assert looks(elapsed, 4).wait(5)
        elapsed.now += 3600.0
        assert looks(elapsed, 8).wait(5)
        assert fired == []
        watchdog.beat("plan")
        # Silence after that counts as always.
        pass_time(elapsed, LIMIT - 5)
        assert fired == []
        for _ in range(10):
            elapsed.now += 1.0
            if told.wait(0.02):
                break
        assert told.wait(5)
        assert fired == ["dispatch"]


def test_it_does_not_fire_after_it_was_stopped() -> None:
    elapsed = Elapsed()
    with watching(elapsed) as (watchdog, fired, told):
        watchdog.stop()
        watchdog._thread.join(5)
        elapsed.now += 40.0
        assert not told.wait(0.02)
        assert fired == []


def test_a_silent_loop_is_seen_though_no_task_can_run() -> None:
    """It is a thread, so a loop that hangs doesn't stop it."""
    elapsed = Elapsed()
    with watching(elapsed) as (watchdog, _fired, told):
        assert watchdog._thread.daemon
        for _ in range(16):
            elapsed.now += 2.0
            if told.wait(0.02):
                break
        assert told.wait(5)
