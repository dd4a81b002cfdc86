"""The digest's sentences: each kind of change, each state of a figure, each way to stand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain.digests import Digest, Page, compose, funder_page, line, roll_up_pages, to_published
from bot.domain.digests.changes_wording import changed_lines, changed_title
from bot.domain.record import Record
from tests import builders as make
from tests.builders import at, dated, day, reading, record, response
from tests.tables import on_each

FRIDAY = at("2026-11-20T07:30")
NOON = make.NOON


def compared(then: Record, now: Record, moment: datetime = NOON) -> Digest:
    published = make.published(FRIDAY, to_published(compose(then, FRIDAY)))
    return compose(replace(now, published=(published,)), moment)


def told(then: Record, now: Record) -> list[str]:
    return [one.plain.removeprefix("• ") for one in changed_lines(compared(then, now), amounts=True)]


def with_metric(*readings: Any, **fields: Any) -> Record:
    return record(priorities=[make.priority(metrics=(make.metric("m1", *readings, **fields),))])


def with_outcome(due: str, **fields: Any) -> Record:
    return record(priorities=[make.priority(outcomes=(make.outcome("o1", due, **fields),))])


NOTHING = "No standing and no figure changed"
CHANGES: dict[str, tuple[Record, Record, list[str]]] = {
    "standing": (
        record(responses=[response("17")]),
        record(responses=[response("17"), response("23", "at_risk")]),
        ["Standing: Priority p1, on track → at risk", "No figure changed"],
    ),
    "new priority": (
        record(priorities=[]),
        record(),
        ["Standing: Priority p1, new, not started", "No figure changed"],
    ),
    "confidence fell": (
        record(responses=[response("17", confidence=5)]),
        record(responses=[response("17", confidence=5), response("23", confidence=4)]),
        ["Confidence fell: Priority p1, 5 → 4 of 10", NOTHING],
    ),
    "confidence rose": (
        record(responses=[response("17", confidence=5)]),
        record(responses=[response("17", confidence=5), response("23", confidence=6)]),
        [NOTHING],
    ),
    "status": (
        with_metric(reading("2026-06-30", 40), frequency="semiannual"),
        with_metric(
            reading("2026-06-30", 40),
            reading("2026-09-30", 20, recorded_on="2026-11-22"),
            frequency="semiannual",
        ),
        ["Numbers: Metric m1, on track → off track, 20 people (as of Sep 30)", "No standing changed"],
    ),
    "new figure": (
        with_metric(reading("2026-06-30", 40), frequency="semiannual"),
        with_metric(
            reading("2026-06-30", 40),
            reading("2026-09-30", 60, recorded_on="2026-11-22", quality="provisional"),
            frequency="semiannual",
        ),
        ["New figure: Metric m1, 60 people (as of Sep 30, provisional)", "No standing changed"],
    ),
    "restated": (
        with_metric(reading("2026-06-30", 40), reading("2026-09-30", 60)),
        with_metric(
            reading("2026-06-30", 40, recorded_on="2026-07-01"),
            reading("2026-06-30", 45, recorded_on="2026-11-22"),
            reading("2026-09-30", 60),
        ),
        ["Restated: Metric m1, Jun 30: 40 → 45 people", "No standing changed"],
    ),
    "target value": (
        with_metric(reading()),
        with_metric(reading(), target=dated(120, "2027-12-31")),
        ["New target: Metric m1, 100 → 120", "No standing changed"],
    ),
    "target date": (
        with_metric(reading()),
        with_metric(reading(), target=dated(100, "2028-06-30")),
        ["New target: Metric m1, Dec 31, 2027 → Jun 30, 2028", "No standing changed"],
    ),
    "outcome reached": (
        with_outcome("2026-12-31"),
        with_outcome("2026-12-31", completed="2026-11-22"),
        ["Outcome reached: Outcome o1 (Nov 22)", NOTHING],
    ),
    "outcome past its date": (
        with_outcome("2026-11-21"),
        with_outcome("2026-11-21"),
        ["Outcome past its date: Outcome o1, due Nov 21 (Priority p1)", NOTHING],
    ),
    "outcome open again": (
        with_outcome("2026-12-31", completed="2026-11-19"),
        with_outcome("2026-12-31"),
        ["Outcome open again: Outcome o1, due Dec 31 (Priority p1)", NOTHING],
    ),
    "escalated": (
        record(issues=[make.issue()]),
        record(issues=[make.issue(status="escalated", escalated_to="steering", escalated="22")]),
        ["Escalated: Issue I-1 (Priority p1)", NOTHING],
    ),
    "decided": (
        record(decisions=[make.decision(status="needed")]),
        record(decisions=[make.decision(status="decided", decided_on="22")]),
        ["Decided: Decision D-1 (Priority p1)", NOTHING],
    ),
    "decided among options": (
        record(decisions=[make.decision(status="needed", options=("Move it", "Keep the plan"))]),
        record(
            decisions=[
                make.decision(
                    status="decided", decided_on="22", options=("Move it", "Keep the plan"), outcome="Keep the plan"
                )
            ]
        ),
        ["Decided: Decision D-1: Keep the plan (Priority p1)", NOTHING],
    ),
    "decided in words of its own": (
        record(decisions=[make.decision(status="needed", options=("Move it", "Keep the plan"))]),
        record(
            decisions=[
                make.decision(status="decided", decided_on="22", options=("Move it", "Keep the plan"), outcome="Half")
            ]
        ),
        ["Decided: Decision D-1: Half (Priority p1)", NOTHING],
    ),
    "owner": (
        record(members=[make.member(), make.member("bo")]),
        record(members=[make.member(), make.member("bo")], priorities=[make.priority(owner="bo")]),
        ["New owner: Priority p1, Bo", NOTHING],
    ),
    "promise": (
        record(responses=[response("17", next="It will open.")]),
        record(responses=[response("17", next="It will open."), response("23", came_true="in_part")]),
        ["Promised, true in part: “It will open.” (Priority p1)", NOTHING],
    ),
}


@on_each("name", CHANGES)
def test_every_kind_of_change_is_a_sentence(name: str) -> None:
    then, now, expected = CHANGES[name]
    assert told(then, now) == expected


def test_a_standing_and_a_figure_leave_nothing_unchanged_to_tell() -> None:
    then, now, _ = CHANGES["status"]
    lines = told(then, replace(now, responses=(response("23", "at_risk"),)))
    assert [one.split(":")[0] for one in lines] == ["Standing", "Numbers"]


def test_a_decision_that_may_hold_an_amount_goes_by_its_id() -> None:
    _, now, _ = CHANGES["decided"]
    now = replace(now, decisions=(replace(now.decisions[0], title="Spend $5"),))
    digest = compared(CHANGES["decided"][0], now)
    assert changed_lines(digest, amounts=False)[0].plain == "• Decided: D-1 (Priority p1)"


def test_changes_are_counted_from_the_last_digest() -> None:
    digest = compared(record(), record())
    assert changed_title(digest).text == "Changed since Fri Nov 20"
    assert changed_title(compose(record(), NOON)).text.startswith("This is the first digest")


def page_of(known: Record, number: int = 1, *, amounts: bool = True) -> str:
    return roll_up_pages(compose(known, NOON), amounts=amounts, occasion=line("Week of Nov 23"))[number].plain


FIGURES: dict[str, tuple[Record, str]] = {
    "total": (
        with_metric(reading("2026-09-30", 50, period_start="2026-07-01"), aggregation="period_total"),
        "0 (Jan 1) → 50 (Jul–Sep) → expected 37 → target 100 by Dec 31, 2027. Numbers say on track.",
    ),
    "maintain": (
        with_metric(
            reading("2026-09-30", "83.5", quality="provisional"),
            direction="maintain",
            unit="percent",
            tolerance=dated(3, "2026-01-01").value,
            baseline=dated(88, "2026-01-01"),
            target=dated("88.0", "2027-12-31"),
        ),
        "88% (Jan 1) → 83.5% (Sep 30, provisional) → keep at 88% until Dec 31, 2027. Numbers say at risk.",
    ),
    "withheld": (
        with_metric(reading("2026-09-30", 50, reporters=2), confidential_below_n=5),
        "0 (Jan 1) → withheld, too few reported (Sep 30) → expected 37 → target 100 by Dec 31, 2027. "
        "Numbers say on track.",
    ),
    "stale": (
        with_metric(reading("2026-03-31", 50)),
        "0 (Jan 1) → 50 (Mar 31) → expected 12 → target 100 by Dec 31, 2027, no new figure since Mar 31.",
    ),
    "no figure": (with_metric(), "no figure yet, first due Apr 1"),
    "no baseline": (with_metric(baseline=None), "no figure yet, baseline being set"),
    "no target": (with_metric(reading(), target=None), "nothing yet, target being set"),
}


@on_each("name", FIGURES)
def test_every_state_of_a_figure_is_told(name: str) -> None:
    known, expected = FIGURES[name]
    assert f"\nMetric m1: {expected}\n" in page_of(known)


def test_a_withheld_figure_is_nowhere() -> None:
    known, _ = FIGURES["withheld"]
    digest = compose(known, NOON)
    for page in roll_up_pages(digest, amounts=True, occasion=line("Week of Nov 23")):
        assert " 50" not in page.plain


STANDINGS: dict[str, tuple[dict[str, Any], str]] = {
    "no answer": ({}, "Stands not started"),
    "set by hand": (
        {"priorities": [make.priority(assessment="paused", assessment_on="02")]},
        "Stands paused, set Nov 2",
    ),
    "new": ({"responses": [response("23")]}, "Owner says on track (new this week)"),
    "re-affirmed": (
        {"responses": [response("03"), response("10"), response("17", no_change=True)]},
        "Owner says on track (2 weeks, no change)",
    ),
    "by the stand-in": (
        {"responses": [response("17", by="bo", on_behalf_of="ana")], "members": [make.member(), make.member("bo")]},
        "Said for the owner on track (since Nov 17)",
    ),
    "missed a round": (
        {"responses": [response("10", "at_risk")], "first_imported_at": NOON},
        "Owner says at risk, last assessed Nov 10, a week ago",
    ),
}


@on_each("name", STANDINGS)
def test_every_way_to_stand_is_told(name: str) -> None:
    fields, expected = STANDINGS[name]
    assert f"Priority p1 · {expected} · Numbers say" in page_of(record(**fields), 0)


OPENINGS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"priorities": []}, "Week one. 0 priorities, 0 owners, 0 figures yet. Next:"),
    "one": ({"responses": [response("17")]}, "The priority is on track."),
    "off track": ({"responses": [response("17", "off_track")]}, "1 of 1 priority is off track."),
    "at risk": ({"responses": [response("17", "at_risk")]}, "1 of 1 priority is at risk, none is off track."),
    "complete": ({"responses": [response("17", "complete")]}, "None of 1 priority is off track or at risk."),
    "ask": ({"responses": [response("17", ask="Help")]}, "The priority is on track. 1 ask waits for an answer."),
    "decision": (
        {"responses": [response("17")], "decisions": [make.decision(needed_by=day("27"))]},
        "The priority is on track. 1 decision waits for the Group steering, by Fri Nov 27.",
    ),
    "decision without a date": (
        {"responses": [response("17")], "decisions": [make.decision()]},
        "The priority is on track. 1 decision waits for the Group steering.",
    ),
    "two deciders": (
        {
            "responses": [response("17")],
            "groups": [make.group(), make.group("other")],
            "decisions": [make.decision(), make.decision("D-2", decider="other", needed_by=day("27"))],
        },
        "The priority is on track. 2 decisions wait, the first by Fri Nov 27.",
    ),
}


@on_each("name", OPENINGS)
def test_the_first_sentence_says_how_it_stands_and_what_waits(name: str) -> None:
    fields, expected = OPENINGS[name]
    assert page_of(record(**fields), 0).splitlines()[2].startswith(expected)


def two(*said: str, figures: tuple[int, int] = (70, 70), by: str = "ana") -> Record:
    """Two priorities with what was said of them, and their headline figures: 70 is on track, 30 at risk, 20 off."""
    return record(
        members=[make.member(), make.member("bo")],
        priorities=[
            make.priority(name, metrics=(make.metric(f"m-{name}", reading("2026-09-30", value)),))
            for name, value in zip(("p1", "p2"), figures, strict=True)
        ],
        responses=[
            response("17", each, priority=name, by=by, on_behalf_of=None if by == "ana" else "ana")
            for name, each in zip(("p1", "p2"), said, strict=True)
        ],
    )


APART: dict[str, tuple[Record, str]] = {
    "alike": (two("off_track", "on_track", figures=(20, 70)), "1 of 2 priorities is off track."),
    "more figures": (
        two("off_track", "on_track", figures=(20, 20)),
        "1 of 2 priorities is called off track by its owner; the figures of 2 are.",
    ),
    "only figures": (
        two("on_track", "on_track", figures=(20, 30)),
        "All 2 priorities are called on track by their owners; the figures of 1 are off track and 1 at risk.",
    ),
    "risk and off": (
        two("at_risk", "at_risk", figures=(20, 20)),
        "2 of 2 priorities are called at risk by their owners, none off track; the figures of 2 are off track, "
        "no headline figure is at risk.",
    ),
    "others said it": (
        two("off_track", "on_track", figures=(20, 20), by="bo"),
        "1 of 2 priorities is called off track; the figures of 2 are.",
    ),
    "more words": (
        two("off_track", "off_track", figures=(20, 70)),
        "2 of 2 priorities are called off track by their owners; the figures of 1 are.",
    ),
    "no figures": (record(responses=[response("17", "off_track")]), "1 of 1 priority is off track."),
}


@on_each("name", APART)
def test_owners_words_and_figures_are_counted_apart_where_they_differ(name: str) -> None:
    known, expected = APART[name]
    assert page_of(known, 0).splitlines()[2].startswith(expected)


def test_a_disagreement_is_said_in_words() -> None:
    text = page_of(two("on_track", "on_track", figures=(20, 70)), 0)
    assert len(re.findall("They disagree", text)) == 1
    assert "They disagree" in page_of(two("on_track", "on_track", figures=(20, 70)), 1)


def test_lines_off_track_and_at_risk_say_why_and_others_do_not() -> None:
    said = {"off_track": True, "at_risk": True, "on_track": False, "not_started": False}
    for assessment, tells in said.items():
        text = page_of(record(responses=[response("17", assessment, blocker="The post is vacant.")]), 0)
        assert ("because “The post is vacant.”" in text) == tells, assessment


def test_a_reason_is_short_and_leaves_out_what_has_no_room() -> None:
    long = " ".join(["word"] * 40)
    text = page_of(record(responses=[response("17", "off_track", blocker=long)]), 0)
    assert f"because “{' '.join(['word'] * 10)}…”" in text


def test_an_issue_stands_in_where_nobody_named_what_is_in_the_way() -> None:
    issue = make.issue(status="escalated", escalated_to="steering", escalated=day("20"))
    assert "In the way: Issue I-1 (with the Group steering)" in page_of(record(issues=[issue]))


def test_an_overdue_action_tells_its_reason_or_whom_it_waits_for() -> None:
    organizations = [make.organization(), make.organization("other")]
    waiting = make.action(due="2026-11-20", waiting_on="other")
    text = page_of(record(organizations=organizations, actions=[waiting]))
    assert "1 overdue: Action A-1 (Acme, 3 days), waits for Other" in text


FUNDING: dict[str, tuple[dict[str, Any], str]] = {
    "no source": ({"funding_sources": [make.source(allocations={"steering": 5})]}, "no source yet, need not set"),
    "need": (
        {"funding_sources": [make.source()], "priorities": [make.priority(need=make.need(1000, None))]},
        "$100 secured of $1,000; gap $900",
    ),
    "ends": ({"funding_sources": [make.source(period_end="2027-06-30")]}, "$100 secured, need not set; first source"),
}


@pytest.mark.parametrize("name", FUNDING)
def test_money_is_told_against_the_need(name: str) -> None:
    fields, expected = FUNDING[name]
    assert f"Funding: {expected}" in page_of(record(**fields))


def test_money_without_any_source_is_not_told() -> None:
    assert "Funding" not in page_of(record())


def test_a_report_whose_day_is_over_is_not_the_next_one() -> None:
    def funded(due: str) -> str:
        paid = make.source("F-1", {"p1": 600}, status="active", organization="acme", report=make.report(due))
        composed = compose(record(funding_sources=[paid]), NOON)
        funder = funder_page(composed, "acme")
        return "\n".join(page.plain for page in (*pages(composed), funder))

    late = funded("2026-11-20")
    assert "report due Nov 20, 3 days overdue" in late
    assert "Report due Nov 20, 3 days overdue." in late
    assert "next report" not in late.lower()
    assert "next report Nov 23" in funded("2026-11-23")
    assert "Next report Nov 23" in funded("2026-11-23")


def pages(composed: Digest) -> tuple[Page, ...]:
    return roll_up_pages(composed, amounts=True, occasion=line("Week"))
