"""No method is called more often than Slack takes it, and as often as that."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.pace import LIMITS, Pace
from tests.examples import examples


@dataclass
class Passing:
    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def epoch(self) -> float:
        return self.now


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(st.integers(0, 20), max_size=60),
    st.integers(1, 4),
    st.sampled_from(["users.info", "chat.update", "other"]),
)
def test_no_window_has_more_calls_than_it_takes_and_waiting_is_enough(
    pauses: list[int], processes: int, method: str
) -> None:
    elapsed = Passing()
    pace = Pace(elapsed, 60.0, {"users.info": 10, "chat.update": 3})
    pace.processes = processes
    called: list[float] = []
    for pause in pauses:
        elapsed.now += pause
        wait = pace.wait(method)
        if wait:
            # Not for longer than there is need.
            assert len([one for one in called if one > elapsed.now - 60.0]) == pace.most(method)
            elapsed.now += wait
            assert pace.wait(method) == 0.0
        called.append(elapsed.now)
    most = pace.most(method)
    for moment in called:
        assert most is None or len([one for one in called if moment - 60.0 < one <= moment]) <= most


def test_processes_share_what_there_is_and_each_may_go_on() -> None:
    pace = Pace(Passing())
    alone = pace.most("users.info") or 0
    assert alone < LIMITS["users.info"], "something is left to what people wait for"
    pace.processes = 3
    assert 3 * (pace.most("users.info") or 0) <= alone
    pace.processes = 1000
    assert pace.most("users.info") == 1
