"""What the chaos command makes of what it saw: `python -m tests.benchmarks chaos`."""

from __future__ import annotations

from dataclasses import replace

from tests.benchmarks.chaos import CASES, CATCHES_UP_WITHIN, ENDS_WITHIN, Found, Unclear, parse
from tests.benchmarks.queue.draining import Pace
from tests.tables import on_each

WELL = Found("killed", before=20.0, during=3.0, after=19.8, caught_up=5.0, unclear=ENDS_WITHIN, lost=0, doubled=0)


@on_each(
    "fault",
    [
        {"after": 19.5},
        {"before": 0.0, "after": 0.0},
        {"caught_up": CATCHES_UP_WITHIN + 1},
        {"unclear": ENDS_WITHIN + 1},
        {"lost": 1},
        {"doubled": 1},
    ],
    ids=str,
)
def test_a_case_goes_well_only_if_all_of_it_does(fault: dict[str, float]) -> None:
    assert WELL.is_well
    assert not replace(WELL, **fault).is_well  # type: ignore[arg-type]


def test_how_long_something_was_unclear_goes_on_while_it_is_and_begins_anew_afterwards() -> None:
    unclear = Unclear()
    unclear.see({1, 2}, 10.0)
    unclear.see({1}, 13.0)
    assert unclear.longest == 3.0
    unclear.begin()
    unclear.see({1, 2}, 14.0)
    assert unclear.longest == 4.0, "the first one still stands so"
    unclear.see({2}, 15.0)
    unclear.begin()
    unclear.see({1, 2}, 17.0)
    assert unclear.longest == 3.0, "what came back counts from then on"


def test_without_a_name_all_cases_are_lived_through() -> None:
    assert parse([]).case == list(CASES)
    assert parse(["--case", "cut"]).case == ["cut"]


def test_a_pace_is_by_the_second_and_by_the_piece() -> None:
    pace = Pace(count=500, took=2.0, cpu=1.0)
    assert (pace.rate, pace.cpu_each) == (250.0, 2.0)
