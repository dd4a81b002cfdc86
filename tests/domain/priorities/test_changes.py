"""What a change makes of a priority, its outcomes and its owner's role, and at which field a form is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.priorities import (
    OutcomePlan,
    change_lines,
    choices_of,
    hand_over,
    new_outcome,
    new_priority,
    outcome_lines,
    outcome_plan,
    plan_of,
    read_outcome,
    read_plan,
    restore_plan,
    with_outcome_plan,
    with_plan,
)
from bot.domain.priorities.plans import AS_OWNER_SAYS, STATES, Plan
from bot.domain.record import Need, Outcome, Priority, Role
from bot.domain.typed import Mistakes
from bot.domain.vocabularies import Assessment
from bot.errors import UserError
from tests import builders as make
from tests.builders import day, record
from tests.examples import examples
from tests.tables import on_each

TODAY = day("2026-11-23")
PRIORITY = replace(
    make.priority(goal="More jobs.", channel="lb-talent", working_group="wg", metrics=(make.metric("m1"),)),
    assessment=Assessment.ON_TRACK,
    assessment_on=day("2026-11-16"),
    need=Need(amount=Decimal(1000), through=day("2027-12-31"), basis="the budget"),
    extra={"color": "green"},
)
OUTCOME = Outcome(id="p1-first", name="A hall is found", due=day("2026-12-31"), extra={"note": "x"})
MEMBERS = (make.member("ana"), make.member("ben"), make.member("cyd"))
RECORD = record(priorities=[PRIORITY], members=MEMBERS, groups=[make.group("wg", kind="working_group")])
CHOICES = choices_of(RECORD, PRIORITY)
ENTERED: dict[str, str | None] = {"name": "Talent", "owner": "ana"}
PLANS: st.SearchStrategy[Plan] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Talent", "Housing"]),
        "goal": st.none() | st.just("Homes."),
        "owner": st.sampled_from(["ana", "ben"]),
        "channel": st.none() | st.just("lb-homes"),
        "working_group": st.none() | st.just("wg"),
        "headline_metric": st.none() | st.just("m1"),
        "need": st.none() | st.tuples(st.decimals(1, 10**6, places=0), st.none() | st.dates()),
        "state": st.sampled_from(STATES),
    },
)  # type: ignore[assignment]


@settings(max_examples=examples(25), deadline=None)
@given(PLANS, st.sampled_from(["on_track", *STATES[1:]]))
def test_a_priority_is_as_its_plan_says_and_otherwise_as_it_was(plan: Plan, stands: str) -> None:
    before = replace(PRIORITY, assessment=Assessment(stands))
    changed = with_plan(before, plan, TODAY)
    assert plan_of(changed) == {**plan_of(before), **plan}
    assert (changed.id, changed.extra, changed.metrics) == (before.id, before.extra, before.metrics)
    assert with_plan(changed, plan, TODAY) == changed
    assert with_plan(before, {}, TODAY) == before
    is_paused = plan.get("state", AS_OWNER_SAYS) != AS_OWNER_SAYS
    assert not is_paused or changed.assessment_on == TODAY, "paused and complete stand from today on"
    lines = change_lines(plan_of(before), plan, CHOICES, TODAY)
    assert len(lines) == sum(plan_of(before).get(name) != value for name, value in plan.items())


@settings(max_examples=examples(25), deadline=None)
@given(PLANS)
def test_a_proposed_plan_comes_back_from_the_store(plan: Plan) -> None:
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in plan.items()}
    assert restore_plan({**kept, "reason": "Because.", "priority": "p1"}, RECORD) == plan


def test_a_proposal_is_made_as_far_as_it_can_be_made() -> None:
    assert restore_plan({"working_group": "gone"}, RECORD) == {"working_group": None}
    with pytest.raises(UserError) as caught:
        restore_plan({"owner": "gone"}, RECORD)
    assert caught.value.message == "The new owner is not a member anymore. Choose somebody else."


def test_what_its_owner_says_counts_anew() -> None:
    paused = with_plan(PRIORITY, {"state": "paused"}, TODAY)
    assert (paused.assessment, paused.assessment_on) == ("paused", TODAY)
    again = with_plan(paused, {"state": AS_OWNER_SAYS}, day("2026-11-24"))
    assert (again.assessment, again.assessment_on) == ("not_started", None)


def test_a_need_keeps_what_it_is_based_on() -> None:
    changed = with_plan(PRIORITY, {"need": (Decimal(5), None)}, TODAY)
    assert changed.need == Need(amount=Decimal(5), through=None, basis="the budget")
    assert with_plan(PRIORITY, {"need": None}, TODAY).need is None
    assert with_plan(replace(PRIORITY, need=None), {"need": (Decimal(5), TODAY)}, TODAY).need == Need(
        amount=Decimal(5), through=TODAY
    )


def test_a_reason_is_kept_beside_it() -> None:
    assert with_plan(PRIORITY, {"goal": None}, TODAY, "It is done.").extra == {
        "color": "green",
        "reason": "It is done.",
    }
    moved = with_outcome_plan(OUTCOME, {"due": TODAY}, "The permit came.")
    assert moved.extra == {"note": "x", "reason": "The permit came."}


@pytest.mark.parametrize("taken", ["talent", "coalition"])
def test_a_new_priority_has_an_id_of_its_own(taken: str) -> None:
    known = record(members=MEMBERS, groups=[make.group("talent")], priorities=[make.priority("housing")])
    found = new_priority({"name": taken, "owner": "ben", "goal": None}, known, TODAY)
    assert found == Priority(id=f"{taken}-2", name=taken, owner="ben")


def test_whoever_owned_it_keeps_no_role_that_was_given_with_it() -> None:
    given, other = (
        Role(role="priority_owner", scope="p1", extra={"since": 2024}),
        Role(role="priority_owner", scope="p2"),
    )
    ana, ben = (replace(one, roles=roles) for one, roles in zip(MEMBERS, ((other, given), ()), strict=False))
    assert hand_over((ana, ben), PRIORITY, "ben") == (
        (ana, replace(ana, roles=(other,))),
        (ben, replace(ben, roles=(Role(role="priority_owner", scope="p1"),))),
    )
    has_it = replace(ben, roles=(given,))
    assert hand_over((ana, has_it), PRIORITY, "ben") == ((ana, replace(ana, roles=(other,))),)
    assert hand_over((replace(ana, roles=(other,)), ben), PRIORITY, "ben") == (), "no role was given with it"


def test_an_outcome_is_as_its_plan_says_and_otherwise_as_it_was() -> None:
    plan: OutcomePlan = {"completed": TODAY, "evidence": "The lease."}
    reached = with_outcome_plan(OUTCOME, plan)
    assert outcome_plan(reached) == {**outcome_plan(OUTCOME), **plan}
    assert reached == replace(OUTCOME, completed=TODAY, extra={"note": "x", "evidence": "The lease."})
    assert with_outcome_plan(reached, {"completed": None}) == replace(reached, completed=None)
    named = with_outcome_plan(OUTCOME, {"name": "Two halls", "due": TODAY})
    assert (named.id, named.name, named.due) == (OUTCOME.id, "Two halls", TODAY)


def test_a_new_outcome_has_an_id_of_its_own() -> None:
    plan: OutcomePlan = {"name": "First", "due": TODAY}
    assert new_outcome(plan, "p1", {"p1-first"}, "Why.") == Outcome(
        id="p1-first-2", name="First", due=TODAY, extra={"reason": "Why."}
    )


MISTAKES: dict[str, tuple[dict[str, str | None], dict[str, str]]] = {
    "nothing": ({"name": None, "owner": None}, {"name": "Give it a name.", "owner": "Choose who owns it."}),
    "somebody unknown": ({"owner": "zoe"}, {"owner": "Choose who owns it."}),
    "a channel of two words": (
        {"channel": "#lb talent"},
        {"channel": "Write the channel's name as Slack shows it, such as “#lb-talent”."},
    ),
    "no need": ({"need_amount": "0"}, {"need_amount": "Enter an amount above zero, or leave it empty."}),
    "a need of a day": (
        {"need_amount": None, "need_through": "2027-01-01"},
        {"need_amount": "Enter the amount, or clear its day."},
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_each_mistake_is_told_at_its_field(case: str) -> None:
    answers, said = MISTAKES[case]
    with pytest.raises(Mistakes) as caught:
        read_plan({**ENTERED, **answers}, CHOICES)
    assert caught.value.errors == said


def test_a_form_says_only_what_it_asked_for() -> None:
    plan, reason = read_plan(ENTERED, CHOICES)
    assert (plan, reason) == ({"name": "Talent", "goal": None, "owner": "ana", "channel": None}, None)
    whole = {
        **ENTERED,
        "channel": "#LB-Talent",
        "working_group": "wg",
        "headline_metric": "gone",
        "need_amount": "2,000",
        "state": "paused",
        "reason": "Winter.",
    }
    assert read_plan(whole, CHOICES, with_reason=True) == (
        {
            "name": "Talent",
            "goal": None,
            "owner": "ana",
            "channel": "lb-talent",
            "working_group": "wg",
            "headline_metric": None,
            "need": (Decimal(2000), None),
            "state": "paused",
        },
        "Winter.",
    )
    with pytest.raises(Mistakes) as caught:
        read_plan(ENTERED, CHOICES, with_reason=True)
    assert caught.value.errors == {"reason": "Say in a sentence why it changes: steering reads it."}


OUTCOMES: dict[str, tuple[dict[str, str | None], Outcome | None, bool, dict[str, str]]] = {
    "nothing": (
        {"name": None, "due": None},
        None,
        False,
        {"name": "Say what will be true then.", "due": "Choose the day by which it will be true."},
    ),
    "reached tomorrow": (
        {"completed": "2026-11-24", "evidence": "x"},
        OUTCOME,
        False,
        {"completed": "That day is still ahead. Enter it when it is reached."},
    ),
    "reached by nothing": (
        {"completed": "2026-11-20"},
        OUTCOME,
        False,
        {"evidence": "Say what shows that it is reached."},
    ),
    "moved": ({"due": "2027-01-31"}, OUTCOME, False, {"reason": "Say in a sentence why the date moves."}),
    "proposed": ({}, OUTCOME, True, {"reason": "Say in a sentence why: steering reads it."}),
    "proposed anew": ({}, None, True, {"reason": "Say in a sentence why: steering reads it."}),
}


@on_each("case", OUTCOMES)
def test_each_mistake_of_an_outcome_is_told_at_its_field(case: str) -> None:
    answers, before, with_reason, said = OUTCOMES[case]
    with pytest.raises(Mistakes) as caught:
        read_outcome({"name": "It", "due": "2026-12-31", **answers}, before, TODAY, with_reason=with_reason)
    assert caught.value.errors == said


def test_what_was_reached_before_needs_no_evidence_again() -> None:
    reached = replace(OUTCOME, completed=day("2026-11-01"))
    answers = {"name": "It", "due": "2026-12-31", "completed": "2026-11-02"}
    plan, reason = read_outcome(answers, reached, TODAY, with_reason=False)
    assert (plan["completed"], plan["evidence"], reason) == (day("2026-11-02"), None, None)


def test_a_change_in_words() -> None:
    plan: Plan = {
        "name": "Jobs",
        "owner": "ben",
        "channel": None,
        "working_group": None,
        "headline_metric": "m1",
        "need": (Decimal(2000), None),
        "state": "paused",
    }
    assert change_lines(plan_of(PRIORITY), plan, CHOICES, TODAY) == (
        "Name: Priority p1 → Jobs",
        "Owner: Ana → Ben",
        "Channel: #lb-talent → none",
        "Working group: Group wg → none",
        "Main figure: none → Metric m1",
        "Need: $1,000 through Dec 31, 2027 → $2,000",
        "State: as its owner says → paused",
    )
    changes: OutcomePlan = {"due": day("2027-01-31"), "completed": TODAY, "evidence": "The lease."}
    assert outcome_lines(outcome_plan(OUTCOME), changes, CHOICES, TODAY) == (
        "Due: Dec 31 → Jan 31, 2027",
        "Reached: none → Nov 23",
        "What shows it: none → The lease.",
    )
