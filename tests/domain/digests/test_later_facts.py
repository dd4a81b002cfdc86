"""A digest of a moment is the same bytes whatever is learned later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digests import compose, dumps, to_data, to_published
from bot.domain.record import Record
from tests.builders import (
    NOON,
    TODAY,
    action,
    at,
    day,
    decision,
    issue,
    live_round,
    metric,
    outcome,
    priority,
    published,
    reading,
    record,
    report,
    response,
    source,
)
from tests.examples import examples
from tests.tables import on_each

LATER = st.integers(1, 400).map(lambda days: (TODAY + timedelta(days=days)).isoformat())
BASE = record(
    priorities=[
        priority(
            metrics=(metric("m1", reading("2026-06-30", 30), reading()),),
            outcomes=(outcome("o1", "20"),),
            assessment_on="1",
            assessment="at_risk",
        ),
        priority("p2"),
    ],
    responses=[response("10"), response("17", "at_risk", 5, ask="Help", ask_from="acme")],
    actions=[action("A-1", due="20", status="in_progress"), action("A-2", priority=None)],
    issues=[issue("I-1"), issue("I-2", status="escalated", escalated_to="steering", escalated="18")],
    decisions=[decision("D-1"), decision("D-2", status="decided", decided_on="18")],
    funding_sources=[source(report=report("2027-01-30"))],
    published=[published(at("2026-11-20T07:30"), to_published(compose(record(), at("2026-11-20T07:30"))))],
    first_imported_at=at("2026-11-12T08:00"),
    rounds=[live_round("17")],
)


def change_priority(known: Record, **fields: Any) -> Record:
    return replace(known, priorities=(replace(known.priorities[0], **fields), *known.priorities[1:]))


def change_first(name: str, **fields: Any) -> Callable[[Record], Record]:
    def change(known: Record) -> Record:
        first, *rest = getattr(known, name)
        edited: dict[str, Any] = {name: (replace(first, **fields), *rest)}
        return replace(known, **edited)

    return change


def add(name: str, fact: Any) -> Callable[[Record], Record]:
    def change(known: Record) -> Record:
        longer: dict[str, Any] = {name: (*getattr(known, name), fact)}
        return replace(known, **longer)

    return change


def add_reading(fact: Any) -> Callable[[Record], Record]:
    def change(known: Record) -> Record:
        (one,) = known.priorities[0].metrics
        return change_priority(known, metrics=(replace(one, readings=(*one.readings, fact)),))

    return change


def later_edits(on: str) -> list[Callable[[Record], Record]]:
    moment = at(f"{on}T00:00")
    return [
        add("actions", action("A-9", created=on, due=on)),
        change_first("actions", status="done", completed=day(on)),
        add("issues", issue("I-9", raised=on, status="escalated", escalated=on, escalated_to="steering")),
        change_first("issues", status="escalated", escalated=day(on), escalated_to="steering"),
        change_first("issues", status="resolved", resolved=day(on)),
        change_first("decisions", status="decided", decided_on=day(on), outcome="Agreed", delegated=True),
        add("responses", response(on, "off_track", 1)),
        add("responses", response(on, "off_track", 1, answered_at=moment.astimezone(UTC))),
        add("rounds", replace(live_round(on), opens_at=moment.astimezone(UTC))),
        add("published", published(moment, {"priorities": []})),
        add_reading(reading("2026-09-30", 99, recorded_on=on)),
        add_reading(reading(on, 99)),
        lambda known: change_priority(known, outcomes=(outcome("o1", "20", completed=on),)),
    ]


@settings(max_examples=examples(20))
@given(LATER, st.data())
def test_no_later_fact_changes_a_byte(on: str, data: st.DataObject) -> None:
    edits = data.draw(st.lists(st.sampled_from(range(len(later_edits(on)))), min_size=1, max_size=5, unique=True))
    known = BASE
    for number in edits:
        known = later_edits(on)[number](known)
    assert dumps(to_data(compose(known, NOON))) == dumps(to_data(compose(BASE, NOON)))


@on_each("number", range(len(later_edits("2026-11-24"))))
def test_each_of_those_facts_does_change_the_digest_of_its_own_time(number: int) -> None:
    """Else the property above would hold for facts that no digest reads."""
    known = later_edits("2026-11-24")[number](BASE)
    moment = at("2026-11-28T12:00")
    assert to_published(compose(known, moment)) != to_published(compose(BASE, moment))
