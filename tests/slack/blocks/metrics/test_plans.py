"""Setting figures up on screen: words in a golden file, and limits at nothing, the usual and the most."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.histories import MOST_ENTRIES, HistoryEntry, ItemHistory, page_of
from bot.domain.metrics import PlanForm, PlanSaved, plan_of
from bot.domain.typed import Known
from bot.slack.blocks.histories import history_message, history_view
from bot.slack.blocks.metrics import TARGET_FORM, meaning_view, plan_saved_message, plan_view
from bot.slack.identifiers import Action
from bot.slack.message import Message, View
from bot.slack.metadata import Marked, decode
from tests import builders
from tests.slack.blocks.metrics.test_metrics import RESTATED, TODAY, TURNOVER, WAGE, card
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

PLANNED = replace(RESTATED, milestones=(builders.dated(150, "2026-09-30"), builders.dated(190, "2026-11-30")))
SETTLED = builders.metric("wait", direction="maintain", tolerance=5, name="Median wait", unit="days")


def form(metric: Any = None, **fields: Any) -> PlanForm:
    usual: dict[str, Any] = {
        "metric": metric,
        "plan": plan_of(metric) if metric is not None else {},
        "priorities": (Known("family-access", "Child care and commute access"), Known("*", "The north star")),
        "priority": "family-access",
        "steward": Known("luis", "Luis Ferrer") if metric is not None else None,
        "proposes": False,
        "today": TODAY,
    }
    return PlanForm(**(usual | fields))


def saved(what: str, **fields: Any) -> Message:
    usual: dict[str, Any] = {"metric": RESTATED, "what": what, "lines": (), "may_record": True}
    return plan_saved_message(PlanSaved(**(usual | fields)))


def entry(number: int = 0, **fields: Any) -> HistoryEntry:
    usual: dict[str, Any] = {
        "at": datetime(2026, 11, 18, 20, 10, tzinfo=UTC) - timedelta(days=number),
        "by": "Luis Ferrer",
        "on_behalf_of": "Imani Rhodes",
        "path": "slack",
        "lines": ("Figure for Jun 30 restated: 104 seats → 110 seats, final. “Two providers <left> out.”",),
    }
    return HistoryEntry(**(usual | fields))


def history(*entries: HistoryEntry, page: int = 0) -> ItemHistory:
    now = datetime(2026, 12, 10, 18, tzinfo=UTC)
    return page_of("fa-seats", RESTATED.name, entries, page, zone="America/New_York", now=now)


IMPORTED = entry(1, by=None, on_behalf_of=None, path="import", lines=("Set up", "Figure for Mar 31: 88 seats, final."))
CHANGED = ("Target: 220 by Dec 31 → 200 by Jun 30, 2027", "Milestones: none → 150 by Dec 31")


def scenes() -> dict[str, Message | View]:
    return {
        "a new figure": plan_view(form()),
        "a new figure, whole": plan_view(form(), whole=True),
        "edit": plan_view(form(PLANNED)),
        "edit, by a lead": plan_view(form(PLANNED, may_publish=True)),
        "edit, proposed": plan_view(form(PLANNED, proposes=True)),
        "new target": TARGET_FORM.view(form(PLANNED)),
        "new target, none before": TARGET_FORM.view(
            form(builders.metric("m", baseline=None, target=None), proposes=True)
        ),
        "added": saved("added"),
        "added, in place of the form": saved("added").view("Figure"),
        "added, no target yet": saved("added", metric=replace(WAGE, target=None, baseline=None)),
        "changed": saved("changed", lines=CHANGED, may_record=False),
        "proposed": saved("proposed", lines=CHANGED, decision="D-6", decider_name="Steering Committee"),
        "nothing": saved("nothing"),
        "meaning": meaning_view(card(PLANNED)),
        "meaning, withheld": meaning_view(card(TURNOVER)),
        "meaning, kept where it is": meaning_view(card(SETTLED)),
        "history": history_view(history(entry(), IMPORTED), Action.METRIC_HISTORY),
        "history, none": history_message(history(), Action.METRIC_HISTORY),
        "history, second page": history_view(
            history(*(entry(number) for number in range(3 * MOST_ENTRIES)), page=1), Action.METRIC_HISTORY
        ),
    }


def test_words() -> None:
    check_golden("metric-plans.txt", script(scenes()))


@pytest.mark.parametrize("count", [0, 1, 20, 120])
def test_any_number_fits(count: int) -> None:
    start = date(2027, 1, 1)
    most = builders.metric(
        "m",
        name=LONG[:150],
        definition=(LONG * 3)[:1000],
        source=LONG[:150],
        unit="<people>",
        milestones=tuple(
            builders.dated("1234567890.123", (start + timedelta(days=number)).isoformat())
            for number in range(min(count, 20))
        ),
        target=builders.dated(10**12, "2040-12-31"),
    )
    many = tuple(Known(f"p{number}", LONG) for number in range(max(count, 1)))
    long_entries = [entry(number, lines=(LONG,) * count or ("Set up",)) for number in range(count)]
    surfaces: list[Message | View] = [
        plan_view(form(priorities=many)),
        plan_view(form(priorities=many), whole=True),
        plan_view(form(most, priorities=many)),
        TARGET_FORM.view(form(most)),
        saved("changed", metric=most, lines=(LONG,) * min(count, 16)),
        meaning_view(card(most)),
        history_view(history(*long_entries), Action.METRIC_HISTORY),
        history_message(history(*long_entries), Action.METRIC_HISTORY),
    ]
    assert not [problem for surface in surfaces for problem in problems(surface)]


def test_a_forms_metadata_holds_no_words() -> None:
    metadata = plan_view(form(PLANNED)).metadata
    assert "seats" not in metadata.replace("fa-seats", "")
    assert decode(Marked, metadata).id == "fa-seats"
