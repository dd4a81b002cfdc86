"""When a tick of a process would find anything to do: by a look at the rows, which no process sees.

It only says which ticks find nothing. Where it is not sure, the tick comes.
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.clock import Calendar
from bot.domain.outbox import BUNDLE_SPAN, State
from tests.universes.world import World

_ENDED = frozenset({State.SENT, State.FAILED, State.MISSED, State.DROPPED})
_UNSETTLED = frozenset({State.PLANNED, State.CLAIMED, State.AMBIGUOUS})
# Even with nothing due a process plans again after so many seconds: a new day brings what comes near.
PLAN_AT_LEAST = 600.0
_SLACK = 0.001


@dataclass
class _Sleeper:
    """A tick that waits for the first moment at which it finds something."""

    name: str
    seconds: float
    phase: float
    calendar: Calendar
    since: float
    future: asyncio.Future[None]
    timer: asyncio.TimerHandle | None = None
    target: float = field(default=-1.0)


@dataclass
class _Due:
    """Moments in epoch seconds at which something is due: by a calendar, and not before an elapsed one."""

    sending: list[tuple[float, float]]
    looking: list[float]
    planning: list[float]


class Outlook:
    """Wakes ticks that would find something."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sleepers: dict[int, _Sleeper] = {}
        self._count = 0
        self._due: _Due | None = None
        world.on_commit.append(self._look_again)

    async def next_tick(self, name: str, seconds: float, phase: float, calendar: Calendar) -> None:
        """Waits for the next tick at which there is something to do."""
        loop = self._world.loop
        sleeper = _Sleeper(name, seconds, phase, calendar, loop.time(), loop.create_future())
        self._count += 1
        number = self._count
        self._sleepers[number] = sleeper
        try:
            self._set(sleeper)
            await sleeper.future
        finally:
            del self._sleepers[number]
            if sleeper.timer is not None:
                sleeper.timer.cancel()

    def _look_again(self) -> None:
        self._due = None
        for sleeper in list(self._sleepers.values()):
            self._set(sleeper)

    def _set(self, sleeper: _Sleeper) -> None:
        if sleeper.future.done():
            return
        due = self._earliest(sleeper)
        # Ticks stand at fixed distances; the first one after the last, at which it is due.
        after = max(sleeper.since + _SLACK, due)
        target = sleeper.phase + math.ceil((after - sleeper.phase) / sleeper.seconds) * sleeper.seconds
        target = max(target, self._world.loop.time())
        if target == sleeper.target:
            return
        sleeper.target = target
        if sleeper.timer is not None:
            sleeper.timer.cancel()
        sleeper.timer = self._world.loop.call_at(target, _wake, sleeper.future)

    def _earliest(self, sleeper: _Sleeper) -> float:
        """In virtual seconds."""
        world, due = self._world, self._rows()
        ahead = sleeper.calendar.now().timestamp() - world.epoch()
        match sleeper.name:
            case "dispatch":
                moments = [max(at - ahead, rests) for at, rests in due.sending]
            case "reconcile":
                moments = due.looking
            case _:
                moments = [at - ahead for at in due.planning] + [world.start + sleeper.since + PLAN_AT_LEAST]
        return min(moments) - world.start if moments else sleeper.since + 24 * 3600.0

    def _rows(self) -> _Due:
        if self._due is None:
            self._due = _Due(*self._read_deliveries(), self._read_plans())
        return self._due

    def _read_deliveries(self) -> tuple[list[tuple[float, float]], list[float]]:
        states: dict[int, str] = {}
        parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
        found = self._world.peek.execute(
            "SELECT id, state, parent_id, part_no, operation, due_at, next_attempt_at, lease_until FROM deliveries"
        ).fetchall()
        for key, state, parent, part, operation, *_moments in found:
            states[key] = state
            if parent is not None and operation == "post" and state in _UNSETTLED:
                parts[parent].append((part, state))
        sending, looking = [], []
        for _key, state, parent, part, operation, due_at, rests_until, lease_until in found:
            if state == State.PLANNED:
                waits = parent is not None and (
                    states[parent] not in _ENDED
                    or (operation == "post" and any(no < part and s != State.PLANNED for no, s in parts[parent]))
                )
                if not waits:
                    sending.append((epoch_of(due_at), rests_until or 0.0))
            elif state == State.CLAIMED:
                looking.append(lease_until)
            elif state == State.AMBIGUOUS:
                looking.append(rests_until or 0.0)
        return sending, looking

    def _read_plans(self) -> list[float]:
        peek = self._world.peek
        runs = peek.execute("SELECT next_run_at FROM schedules WHERE next_run_at IS NOT NULL").fetchall()
        ends = peek.execute("SELECT closes_at FROM round_subjects WHERE closed_at IS NULL").fetchall()
        return [epoch_of(at) - BUNDLE_SPAN / timedelta(seconds=1) for (at,) in runs] + [epoch_of(at) for (at,) in ends]


def epoch_of(text: str) -> float:
    """A moment as SQLite keeps it, in epoch seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
