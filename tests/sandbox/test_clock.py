"""The sandbox's clock: running, holding, leaping, jumping with a hook, timestamps, and the published file."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import SandboxClock
from tests.examples import examples
from tests.sandbox.conftest import Start, client_of

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


class Hook:
    """Something is due at each of the moments; settling notes where the clock stood."""

    def __init__(self, clock: SandboxClock, *due: datetime) -> None:
        self.clock, self.due, self.seen = clock, list(due), list[datetime]()

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        return min((moment for moment in self.due if after < moment <= until), default=None)

    async def settle(self) -> None:
        self.seen.append(self.clock.now())


def held() -> SandboxClock:
    return SandboxClock(START, running=False)


def test_hold_sleep_and_live() -> None:
    clock = held()
    assert clock.now() == START
    clock.sleep(START + DAY)
    assert clock.now() == START + DAY
    clock.sleep(START)
    assert clock.now() == START + DAY
    clock.live(rate=3600)
    assert clock.running
    assert clock.now() >= START + DAY
    clock.hold()
    stood = clock.now()
    assert stood == clock.now()
    with pytest.raises(ValueError, match="above zero"):
        clock.live(0)
    with pytest.raises(ValueError, match="time zone"):
        SandboxClock(datetime(2026, 3, 1))  # noqa: DTZ001


async def test_jump_without_a_hook_is_a_leap() -> None:
    clock = held()
    await clock.jump(START + DAY)
    assert clock.now() == START + DAY


async def test_jump_visits_every_due_moment_in_order() -> None:
    clock = held()
    hook = clock.hook = Hook(clock, START + 3 * DAY, START + DAY, START + 9 * DAY)
    changes: list[bool] = []
    clock.on_change.append(lambda: changes.append(clock.busy))
    await clock.jump(START + 5 * DAY)
    assert hook.seen == [START + DAY, START + 3 * DAY, START + 5 * DAY]
    assert clock.now() == START + 5 * DAY
    assert not clock.running
    assert changes[-1] is False
    assert clock.state()["hooked"] is True


async def test_two_jumps_take_turns_and_running_goes_on_after() -> None:
    clock = SandboxClock(START)
    hook = clock.hook = Hook(clock, START + DAY)
    await asyncio.gather(clock.jump(START + 2 * DAY), clock.jump(START + DAY))
    assert hook.seen == sorted(hook.seen)
    assert clock.now() >= START + 2 * DAY
    assert clock.running


async def test_a_hook_that_does_not_move_on_is_stopped() -> None:
    clock = held()

    class Stuck(Hook):
        async def next_due(self, after: datetime, until: datetime) -> datetime | None:
            return START

    clock.hook = Stuck(clock)
    with pytest.raises(RuntimeError, match="already been visited"):
        await clock.jump(START + DAY)


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=30))
def test_timestamps_grow_whatever_the_clock_does(leaps: list[int]) -> None:
    clock = held()
    stamps: list[tuple[int, ...]] = []
    for leap in leaps:
        clock.sleep(START + timedelta(microseconds=leap))
        for _ in range(2):
            seconds, micros = clock.next_ts().split(".")
            assert len(micros) == 6
            stamps.append((int(seconds), int(micros)))
    assert stamps == sorted(set(stamps))


async def test_messages_carry_this_clocks_time(start: Start) -> None:
    clock = held()
    sandbox = await start(clock=clock)
    client = client_of(sandbox)
    first = await client.chat_postMessage(channel="C1", text="1")
    clock.sleep(START + DAY)
    second = await client.chat_postMessage(channel="C1", text="2")
    assert first["ts"] == f"{int(START.timestamp())}.000000"
    assert second["ts"] == f"{int((START + DAY).timestamp())}.000000"
    since = await client.conversations_history(channel="C1", oldest=str((START + DAY).timestamp() - 120))
    assert [m["ts"] for m in since["messages"]] == [second["ts"]]
    assert [post.at for post in sandbox.record.posts] == [START, START + DAY]


def test_published_file(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = SandboxClock(START, running=False, clock_file=file)
    assert json.loads(file.read_text())["now"] == START.isoformat()
    clock.sleep(START + DAY)
    clock.live(rate=60)
    words = json.loads(file.read_text())
    assert (words["running"], words["rate"]) == (True, 60)
    assert datetime.fromisoformat(words["now"]) == START + DAY
    assert isinstance(words["anchor"], float)
    assert list(tmp_path.iterdir()) == [file]
