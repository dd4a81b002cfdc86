"""What the coalition shows to everybody is marked by leads in the forms of things themselves, and by nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.coalition import plan_of as star_plan
from bot.domain.metrics import plan_of as metric_plan
from bot.domain.priorities import outcome_plan, plan_of
from bot.domain.record import Outcome, Priority
from bot.domain.typed import marks_of
from tests.examples import on
from tests.services.stage import Stage


async def first(stage: Stage) -> Priority:
    return (await stage.record()).priorities[0]


def entered(plan: Mapping[str, Any], **changes: str | None) -> dict[str, str | None]:
    """What a form holds as it was opened, with some of it changed."""
    return {name: value if value is None else str(value) for name, value in plan.items()} | changes


async def mark(stage: Stage, who: str, public: str) -> tuple[bool, bool, bool]:
    """Marks a priority, an outcome and a metric as this person, and says which of them are public then."""
    actor, services, key = await stage.actor(who), stage.services, f"{who} {public}"
    one = await first(stage)
    outcome: Outcome = one.outcomes[0]
    plan = plan_of(one)
    answers = {"name": one.name, "goal": one.goal, "owner": one.owner, "channel": one.channel, "public": public}
    await services.priority_plans.edit(actor, key, one.id, marks_of(plan), answers)
    said = outcome_plan(outcome)
    answers = {"name": outcome.name, "due": outcome.due.isoformat(), "public": public}
    await services.priority_plans.save_outcome(actor, f"o {key}", one.id, outcome.id, marks_of(said), answers)
    metric = one.metrics[0]
    meaning = entered(
        {name: value for name, value in metric_plan(metric).items() if not isinstance(value, tuple)}, public=public
    )
    baseline = metric.baseline
    assert baseline is not None
    meaning |= {"baseline_value": str(baseline.value), "baseline_on": baseline.on.isoformat()}
    await services.metric_plans.edit(actor, f"m {key}", metric.id, marks_of(metric_plan(metric)), meaning)
    now = await first(stage)
    return now.public, now.outcomes[0].public, now.metrics[0].public


async def test_leads_mark_what_is_public_and_nobody_else_does(stage: Stage) -> None:
    assert await mark(stage, "priya", "yes") == (False, False, False)  # a data lead edits, and publishes nothing
    assert await mark(stage, "dana", "yes") == (True, True, True)
    assert await mark(stage, "priya", "no") == (True, True, True)
    assert await mark(stage, "dana", "no") == (False, False, False)


async def test_forms_ask_leads_only(stage: Stage) -> None:
    services = stage.services
    for who, may in (("dana", True), ("priya", False), ("yolanda", False)):
        actor = await stage.actor(who)
        one = await first(stage)
        assert (await services.priority_plans.form(actor, one.id)).may_publish is may
        assert (await services.priority_plans.outcome_form(actor, one.id, one.outcomes[0].id)).may_publish is may
        assert (await services.metric_plans.form(actor, one.metrics[0].id)).may_publish is may


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_yearly_goals_are_kept_and_told(any_sample: Stage) -> None:
    dana, stars = await any_sample.actor("dana"), any_sample.services.north_stars
    star = (await any_sample.record()).coalition.north_star
    assert star is not None
    answers = {"statement": star.statement[:300], "goals": "2027: 60,500\n2028: 62,000", "public": "yes"}
    card = await stars.edit(dana, marks_of(star_plan(star)), answers)
    assert (card.goals[0], card.unit, card.public) == ((Decimal(60500), date(2027, 12, 31)), "people", True)
    after = (await any_sample.record()).coalition.north_star
    assert after is not None
    assert [one.value for one in after.yearly_goals] == [60500, 62000]
    assert after.metric == star.metric
