"""Priorities on screen: words in a golden file, and limits at none, one, the usual few and too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.checkins import Said, Stocktake
from bot.domain.digests import compose
from bot.domain.metrics import CameTrue, Forecast
from bot.domain.priorities import (
    OutcomeForm,
    OutcomeList,
    PriorityCard,
    PriorityForm,
    PriorityList,
    PrioritySaved,
    choices_of,
    outcome_plan,
    plan_of,
)
from bot.domain.priorities.plans import Plan
from bot.domain.record import Outcome, Record
from bot.domain.typed import Known
from bot.domain.vocabularies import Lens
from bot.services.priorities.priorities import part_of
from bot.slack.blocks.priorities import (
    OUTCOME_FORM,
    PRIORITY_FORM,
    card_message,
    list_message,
    outcomes_view,
    saved_message,
    unknown_priority_message,
)
from bot.slack.message import Message, View
from bot.slack.metadata import Marked, decode
from tests import builders
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

MOMENT = builders.at("2026-11-23T09:00")
TODAY = date(2026, 11, 23)
FAMILY = Known("family-access", "Child care and commute access")
REACHED = replace(
    builders.outcome("o2", "2026-10-31"),
    name="A bus <runs> west",
    completed=date(2026, 10, 19),
    extra={"evidence": "Line 14 opened."},
)


def stocktake(on: str, value: int, came: CameTrue | None = None, **fields: Any) -> Stocktake:
    usual: dict[str, Any] = {
        "priority": "talent-pathways",
        "checkin": "Monthly stocktake",
        "on": date.fromisoformat(on),
        "by_name": "Yolanda Briggs",
        "metric": "Completers placed in a good job within 90 days",
        "unit": "percent",
        "said": (
            Said("Is the headline figure bending the right way?", "no", False),
            Said("What explains the curve?", "Evening cohorts came too late. <Two> wait.", True),
        ),
        "forecast": Forecast(
            Decimal(value), date(2027, 12, 31) if came is None else came.period_end, date(2026, 6, 18)
        ),
        "came": came,
    }
    return Stocktake(**(usual | fields))


STOCKTAKES = (
    stocktake("2026-11-19", 51, decision_id="D-6"),
    stocktake("2026-06-18", 50, CameTrue(date(2026, 6, 30), Decimal("48.5"))),
    stocktake("2026-05-21", 49, CameTrue(date(2026, 6, 30), None)),
)


def card(record: Record, priority: str, **fields: Any) -> PriorityCard:
    digest = compose(record, MOMENT)
    usual: dict[str, Any] = {
        "digest": digest,
        "part": part_of(digest, priority),
        "issues": (),
        "group_name": "Access working group",
        "amounts": True,
        "may_edit": True,
        "may_add_action": True,
    }
    return PriorityCard(**(usual | fields))


def listed(record: Record, **fields: Any) -> PriorityList:
    digest = compose(record, MOMENT)
    usual: dict[str, Any] = {
        "digest": digest,
        "parts": digest.priorities,
        "readable": len(digest.priorities),
        "is_everything": True,
        "may_add": False,
    }
    return PriorityList(**(usual | fields))


def form(record: Record, **fields: Any) -> PriorityForm:
    priority = record.priorities[2]
    usual: dict[str, Any] = {
        "priority": FAMILY,
        "plan": plan_of(priority),
        "choices": choices_of(record, priority),
        "owner": Known("imani", "Imani Rhodes"),
        "amounts": True,
        "proposes": False,
        "today": TODAY,
    }
    return PriorityForm(**(usual | fields))


def outcome_form(outcome: Outcome | None, *, proposes: bool = False) -> OutcomeForm:
    plan = outcome_plan(outcome) if outcome is not None else {}
    return OutcomeForm(priority=FAMILY, outcome=outcome, plan=plan, proposes=proposes, today=TODAY)


def outcomes(*found: Outcome, may_edit: bool = True, proposes: bool = False) -> OutcomeList:
    return OutcomeList(priority=FAMILY, outcomes=found, may_edit=may_edit, proposes=proposes, today=TODAY)


def saved(what: str, **fields: Any) -> Message:
    usual: dict[str, Any] = {"priority": FAMILY, "name": FAMILY.name, "what": what, "lines": ()}
    return saved_message(PrioritySaved(**(usual | fields)))


def scenes(record: Record) -> dict[str, Message | View]:
    overdue = record.priorities[2].outcomes[0]
    public = replace(overdue, id="o3", public=True)
    new = form(record, priority=None, plan={}, owner=None, choices=choices_of(record, None))
    return {
        "card, with amounts": card_message(card(record, "family-access")),
        "card, without": card_message(card(record, "talent-pathways", amounts=False, may_edit=False)),
        "card, public and with a lens": card_message(
            card(
                record,
                "family-access",
                lens=Lens.INFRASTRUCTURE,
                is_public=True,
                public_outcomes=frozenset({overdue.id}),
            )
        ),
        "card, with stocktakes": card_message(card(record, "talent-pathways", stocktakes=STOCKTAKES)),
        "all": list_message(listed(record)),
        "mine, one": list_message(listed(record, parts=compose(record, MOMENT).priorities[:1], is_everything=False)),
        "mine, none": list_message(listed(record, parts=(), is_everything=False, may_add=True)),
        "nothing to read": list_message(listed(record, parts=(), readable=0)),
        "not known": unknown_priority_message("I don't know the priority “famly”.", FAMILY, 4),
        "a new priority": PRIORITY_FORM.view(new),
        "edit": PRIORITY_FORM.view(form(record)),
        "edit, by a lead": PRIORITY_FORM.view(form(record, may_publish=True)),
        "edit, proposed without amounts": PRIORITY_FORM.view(form(record, amounts=False, proposes=True)),
        "outcomes": outcomes_view(outcomes(overdue, REACHED, public)),
        "outcomes, to read": outcomes_view(outcomes(overdue, may_edit=False)),
        "outcomes, none": outcomes_view(outcomes(proposes=True)),
        "a new outcome": OUTCOME_FORM.view(outcome_form(None)),
        "an outcome": OUTCOME_FORM.view(outcome_form(REACHED)),
        "an outcome, by a lead": OUTCOME_FORM.view(replace(outcome_form(public), may_publish=True)),
        "an outcome, proposed": OUTCOME_FORM.view(outcome_form(overdue, proposes=True)),
        "changed": saved("changed", lines=("Owner: Tom Delacroix → Renata Fuchs",)).view("Priority"),
        "reached": saved("reached", name=overdue.name, lines=("Reached: none → Nov 20",)),
        "proposed": saved(
            "proposed", lines=("Goal: none → <More>",), decision="D-6", decider_name="Steering Committee"
        ),
        "nothing": saved("nothing"),
    }


def test_words(sample: Record) -> None:
    check_golden("priorities.txt", script(scenes(sample)))


@pytest.mark.parametrize("count", [0, 1, 4, 60])
def test_any_number_fits(count: int) -> None:
    found = tuple(
        replace(
            builders.outcome(f"o{number}"),
            name=LONG,
            extra={"evidence": LONG},
            completed=TODAY if number % 2 else None,
        )
        for number in range(count)
    )
    metrics = tuple(builders.metric(f"m{number}", name=LONG) for number in range(count))
    priorities = tuple(
        builders.priority(
            f"p{number}", name=LONG, goal=LONG * 3, outcomes=found if number == 0 else (), metrics=metrics
        )
        for number in range(count)
    )
    record = builders.record(
        members=[builders.member()],
        organizations=[builders.organization()],
        priorities=priorities,
        issues=[builders.issue(f"I-{number}", title=LONG, priority="p0") for number in range(count)],
    )
    surfaces: list[Message | View] = [list_message(listed(record)), outcomes_view(outcomes(*found))]
    if count:
        surfaces += [
            card_message(card(record, "p0")),
            PRIORITY_FORM.view(form_of(record)),
            OUTCOME_FORM.view(outcome_form(replace(found[0], name=LONG[:150], extra={"evidence": LONG[:300]}))),
            saved("changed", name=LONG, lines=(LONG,) * count),
        ]
    assert not [problem for surface in surfaces for problem in problems(surface)]


def form_of(record: Record) -> PriorityForm:
    plan: Plan = {**plan_of(record.priorities[0]), "name": LONG[:150], "goal": LONG[:1000]}
    return PriorityForm(
        priority=Known("p0", LONG),
        plan=plan,
        choices=choices_of(record, record.priorities[0]),
        owner=Known("ana", LONG),
        amounts=True,
        proposes=True,
        today=TODAY,
    )


def test_no_amount_for_who_may_see_none(sample: Record) -> None:
    assert "$" not in str(card_message(card(sample, "family-access", amounts=False)).blocks)
    assert "1100000" not in str(PRIORITY_FORM.view(form(sample, amounts=False)).payload())


def test_a_forms_metadata_holds_no_words(sample: Record) -> None:
    metadata = PRIORITY_FORM.view(form(sample)).metadata
    assert "Child" not in metadata
    assert decode(Marked, metadata).id == "family-access"
