"""What a change of a plan makes of a metric, how a proposed one is kept, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.metrics import (
    CHOICES,
    Plan,
    PlanContext,
    change_lines,
    new_metric,
    plan_of,
    read_plan,
    read_target,
    restore_plan,
    with_plan,
)
from bot.domain.metrics.plans import LABELS
from bot.domain.record import DatedValue, Metric
from bot.domain.typed import Mistakes
from tests import builders as make
from tests.builders import day
from tests.examples import examples
from tests.tables import on_each

TODAY = day("2026-11-23")
HALF, FULL = (Decimal(50), day("2026-12-31")), (Decimal(120), day("2027-12-31"))
METRIC = replace(
    make.metric(
        milestones=(
            DatedValue(value=Decimal(80), on=day("2027-06-30"), extra={"from": "a file"}),
            DatedValue(value=HALF[0], on=HALF[1]),
        ),
    ),
    target=DatedValue(value=Decimal(100), on=day("2027-12-31"), extra={"basis": "the grant"}),
    extra={"sheet": "B2"},
)
ENTERED: dict[str, str | None] = {
    "name": " Seats  open ",
    "unit": "seats",
    "steward": "ana",
    "baseline_value": "1,200",
    "baseline_on": "2026-01-01",
    **{name: offered[-1] for name, offered in CHOICES.items()},
}
KNOWN = PlanContext({"ana", "ben"}, {"p1"})
_pair = st.tuples(st.decimals(0, 1000, places=1), st.dates(day("2026-01-02"), day("2030-01-01")))
PLANS: st.SearchStrategy[Plan] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Seats", "Firms"]),
        "definition": st.none() | st.just("Licensed seats."),
        "direction": st.sampled_from(CHOICES["direction"]),
        "frequency": st.sampled_from(CHOICES["frequency"]),
        "expected_lag_days": st.none() | st.integers(0, 90),
        "steward": st.sampled_from(["ana", "ben"]),
        "tolerance": st.none() | st.decimals(0, 10, places=1),
        "confidential_below_n": st.none() | st.integers(2, 9),
        "baseline": st.none() | _pair,
        "target": st.none() | _pair,
        "milestones": st.lists(_pair | st.just(HALF), max_size=4, unique_by=lambda one: one[1]).map(
            lambda found: tuple(sorted(found, key=lambda one: one[1]))
        ),
    },
)  # type: ignore[assignment]


@settings(max_examples=examples(25), deadline=None)
@given(PLANS)
def test_a_metric_is_as_its_plan_says_and_otherwise_as_it_was(plan: Plan) -> None:
    changed = with_plan(METRIC, plan)
    assert plan_of(changed) == {**plan_of(METRIC), **plan}
    assert (changed.id, changed.readings, changed.extra) == (METRIC.id, METRIC.readings, METRIC.extra)
    assert with_plan(changed, plan) == changed
    assert with_plan(METRIC, plan_of(METRIC)) == replace(METRIC, frequency="quarterly")


@settings(max_examples=examples(25), deadline=None)
@given(PLANS)
def test_a_line_is_told_of_what_differs_and_of_nothing_else(plan: Plan) -> None:
    changed = with_plan(METRIC, plan)
    before, after = plan_of(METRIC), plan_of(changed)
    differs = [label for name, label in LABELS.items() if before.get(name) != after.get(name)]
    lines = change_lines(METRIC, changed, {"ana": "Ana A.", "ben": "Ben B."}, TODAY)
    assert [line.partition(":")[0] for line in lines] == differs


@settings(max_examples=examples(25), deadline=None)
@given(PLANS)
def test_a_proposed_plan_comes_back_from_the_store(plan: Plan) -> None:
    kept = {name: _stored(value) for name, value in plan.items()}
    assert restore_plan({**kept, "reason": "Because.", "unknown": 1}) == plan


def _stored(value: object) -> object:
    return [_stored(one) for one in value] if isinstance(value, tuple) else value


def test_a_new_metric_has_an_id_of_its_own() -> None:
    plan = read_plan(ENTERED, KNOWN, TODAY)
    found = new_metric(plan, {"seats-open"})
    assert found.id == "seats-open-2"
    assert (found.name, found.unit, found.direction, found.steward) == ("Seats open", "seats", "maintain", "ana")
    assert found.baseline == DatedValue(value=Decimal(1200), on=day("2026-01-01"))
    assert (found.target, found.milestones, found.frequency) == (None, (), "annual")


def test_what_stays_of_a_plan_keeps_what_a_file_said_of_it() -> None:
    changed = with_plan(METRIC, {"target": FULL, "milestones": (HALF, (Decimal(90), day("2027-09-30")))})
    assert changed.target == DatedValue(value=FULL[0], on=FULL[1], extra={"basis": "the grant"})
    assert [one.on for one in changed.milestones] == [HALF[1], day("2027-09-30")]
    later = with_plan(METRIC, {"milestones": (HALF, (Decimal(80), day("2027-06-30")), FULL)})
    assert later.milestones[:2] == METRIC.milestones, "those that stay keep their places"
    assert with_plan(METRIC, {"target": None}).target is None


@pytest.mark.parametrize(
    ("plan", "of_target"),
    [({"target": FULL}, True), ({"milestones": ()}, True), ({"name": "Seats"}, False), ({"target": None}, False)],
)
def test_a_reason_stands_beside_what_it_is_about(plan: Plan, of_target: bool) -> None:
    changed = with_plan(METRIC, plan, "A new grant.")
    assert (changed.extra.get("reason") == "A new grant.") == (not of_target)
    target = changed.target.extra if changed.target is not None else {}
    assert (target.get("reason") == "A new grant.") == of_target
    assert changed.extra["sheet"] == "B2"


MISTAKES: dict[str, tuple[dict[str, str | None], dict[str, str]]] = {
    "nothing": (
        dict.fromkeys(ENTERED),
        {
            "name": "Give it a name.",
            "unit": "Say what is counted, such as “seats”.",
            "steward": "Choose who looks after this figure.",
            **dict.fromkeys(CHOICES, "Choose one."),
        },
    ),
    "an unknown steward": ({"steward": "zoe"}, {"steward": "Choose who looks after this figure."}),
    "a choice that is not offered": ({"level": "deep"}, {"level": "Choose one."}),
    "a value without its day": (
        {"baseline_on": None},
        {"baseline_on": "Choose the day of the baseline, or clear its value."},
    ),
    "a day without its value": ({"baseline_value": None}, {"baseline_value": "Enter the baseline, or clear its day."}),
    "too small to hide": (
        {"confidential_below_n": "1"},
        {"confidential_below_n": "Enter a whole number from 2 to 1000, or leave it empty."},
    ),
    "a milestone of no day": (
        {"target_value": None, "milestones": "100 by whenever"},
        {"milestones": "Line 1: “whenever” isn't a date. Write it as “100 by Mar 31, 2027”."},
    ),
    "too many milestones": (
        {"target_value": None, "milestones": "1 by Mar 31, 2027\n" * 21},
        {"milestones": "There are 21 milestones. 20 fit."},
    ),
}


@on_each("case", MISTAKES)
def test_each_mistake_is_told_at_its_field(case: str) -> None:
    answers, said = MISTAKES[case]
    with pytest.raises(Mistakes) as caught:
        read_plan({**ENTERED, **answers}, KNOWN, TODAY)
    assert caught.value.errors == said


def test_a_new_target_needs_itself_and_a_reason() -> None:
    with pytest.raises(Mistakes) as caught:
        read_target({}, "seats", TODAY)
    assert caught.value.errors == {
        "target_value": "Enter the target.",
        "reason": "Say in a sentence why it changes.",
    }
    answers = {
        "target_value": "120",
        "target_on": "2027-12-31",
        "milestones": "Mar 31, 2027: 80\n50 by Dec 31, 2026",
        "reason": "A new grant.",
    }
    plan, reason = read_target(answers, "seats", TODAY)
    assert plan == {"target": FULL, "milestones": (HALF, (Decimal(80), day("2027-03-31")))}
    assert reason == "A new grant."


def test_a_change_in_words() -> None:
    before = replace(METRIC, unit="usd", tolerance=Decimal(5), source=None)
    plan: Plan = {
        "unit": "percent",
        "direction": "decrease",
        "steward": "ben",
        "tolerance": Decimal(3),
        "source": "The census",
        "confidential_below_n": 5,
        "target": (Decimal(90), day("2027-12-31")),
        "milestones": (HALF,),
    }
    after: Metric = with_plan(before, plan)
    assert change_lines(before, after, {"ana": "Ana A.", "ben": "Ben B."}, TODAY) == (
        "Unit: usd → percent",
        "Direction: increase → decrease",
        "Steward: Ana A. → Ben B.",
        "Source: none → The census",
        "Tolerance: $5 → 3%",
        "Withheld below: none → 5 reporting",
        "Target: $100 by Dec 31, 2027 → 90% by Dec 31, 2027",
        "Milestones: $50 by Dec 31, $80 by Jun 30, 2027 → 50% by Dec 31",
    )
