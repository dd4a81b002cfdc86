"""The sample coalition's week as the screens show it: the digest of Wednesday, Nov 25, and its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from bot.domain.digests import Digest, PriorityPart, compose, dumps, to_data, to_published
from bot.domain.digests.data import loads
from bot.domain.record import Ask, PublishedDigest, Record, Response, Round
from bot.domain.vocabularies import ActionStatus, AskState, DecisionStatus, IssueStatus
from tests.builders import at, day
from tests.sample import sample_record

WEDNESDAY = at("2026-11-25T07:30")
FRIDAY = at("2026-11-20T07:30")


def answer(priority: str, by: str, answered_at: str, **fields: Any) -> Response:
    return Response(
        cadence="weekly-checkin",
        round=day("23"),
        priority=priority,
        by=by,
        answered_at=at(answered_at).astimezone(UTC),
        **fields,
    )


def live_round(priority: str, opens_at: str) -> Round:
    opened = at(opens_at).astimezone(UTC)
    return Round(
        cadence="weekly-checkin",
        day=day("23"),
        priority=priority,
        opens_at=opened,
        closes_at=opened + timedelta(hours=30),
    )


def sent_ask(priority: str, text: str, asked: str) -> Ask:
    return Ask(
        cadence="weekly-checkin",
        round=day("23"),
        priority=priority,
        text=text,
        asked=asked,
        state=AskState.SENT,
        row_id=7,
    )


@cache
def live_week() -> Record:
    """The file, live in November, with what the screens add for the week of Nov 23."""
    sample = replace(sample_record(), first_imported_at=at("2026-11-20T07:00").astimezone(UTC))
    content = loads(dumps(to_published(compose(sample, FRIDAY))))
    return replace(
        sample,
        published=(PublishedDigest(published_at=FRIDAY.astimezone(UTC), content=content),),
        issues=tuple(
            replace(issue, status=IssueStatus.ESCALATED, escalated_to="steering", escalated=day("24"))
            if issue.id == "I-2"
            else issue
            for issue in sample.issues
        ),
        asks=(
            sent_ask("talent-pathways", "Approval to move money from spring marketing.", "steering"),
            sent_ask("family-access", "An inspector for two December visits.", "harrow-county"),
        ),
        rounds=(
            live_round("talent-pathways", "2026-11-23T09:00"),
            live_round("supplier-growth", "2026-11-23T09:00"),
            live_round("family-access", "2026-11-23T08:00"),
            live_round("job-quality", "2026-11-23T09:00"),
        ),
        responses=(
            *sample.responses,
            answer(
                "talent-pathways",
                "yolanda",
                "2026-11-23T10:00",
                assessment="at_risk",
                confidence=6,
                moved="The second offer is out.",
                blocker="Evening pay is below the private market.",
                ask="Approval to move money from spring marketing.",
                ask_from="steering",
                came_true="yes",
            ),
            answer(
                "job-quality",
                "tom",
                "2026-11-23T11:00",
                assessment="on_track",
                confidence=8,
                moved="Two employers asked for a sample plan.",
                came_true="not_yet",
            ),
            answer(
                "family-access",
                "luis",
                "2026-11-24T09:00",
                on_behalf_of="imani",
                assessment="off_track",
                confidence=2,
                moved="One provider waits until January.",
                blocker="No inspector until January.",
                ask="An inspector for two December visits.",
                ask_from="harrow-county",
                came_true="yes",
            ),
        ),
    )


LIVE = live_week()
DIGEST: Digest = compose(LIVE, WEDNESDAY)
PARTS: dict[str, PriorityPart] = {part.id: part for part in DIGEST.priorities}


def test_priorities_stand_off_track_first() -> None:
    assert [(part.id, part.standing.assessment, part.standing.weeks) for part in DIGEST.priorities] == [
        ("family-access", "off_track", 1),
        ("talent-pathways", "at_risk", 1),
        ("supplier-growth", "at_risk", 3),
        ("job-quality", "on_track", 3),
    ]
    assert DIGEST.assessment_counts == {"off_track": 1, "at_risk": 2, "on_track": 1}


def test_the_silent_priority_keeps_its_last_assessment_and_age() -> None:
    supplier = PARTS["supplier-growth"]
    assert (supplier.standing.assessed_on, supplier.standing.age_days) == (day("3"), 22)
    assert supplier.standing.silent_rounds == 3
    assert supplier.moved is None
    assert supplier.blocker == "The banks ask for a guarantee before a term sheet."
    assert (supplier.confidence.value, supplier.confidence.change) == (6, None)
    assert DIGEST.silent_owners == ("grant",)


@pytest.mark.parametrize(
    ("priority", "value", "before", "falling"),
    [
        ("family-access", 2, 3, True),
        ("talent-pathways", 6, 5, False),
        ("job-quality", 8, 8, False),
    ],
)
def test_confidence(priority: str, value: int, before: int, falling: bool) -> None:
    found = PARTS[priority].confidence
    assert (found.value, found.before, found.falling) == (value, before, falling)


@pytest.mark.parametrize(
    ("priority", "baseline", "latest", "expected", "target", "status"),
    [
        ("family-access", 60, 134, 193, 220, "off_track"),
        ("talent-pathways", 85, 196, 215, 240, "at_risk"),
        ("supplier-growth", 12, 66, 77, 90, "at_risk"),
        ("job-quality", 0, 22, 32, 40, "off_track"),
    ],
)
def test_headline_metrics(priority: str, baseline: int, latest: int, expected: int, target: int, status: str) -> None:
    metric = PARTS[priority].headline
    assert metric is not None
    assert metric.baseline is not None
    assert metric.latest is not None
    assert metric.expected is not None
    assert metric.target is not None
    shown = (metric.baseline.value, metric.latest.value, round(metric.expected), metric.target.value)
    assert [int(value or 0) for value in shown] == [baseline, latest, expected, target]
    assert metric.latest.period_end == day("2026-09-30")
    assert metric.status == status


def test_what_else_the_figures_say() -> None:
    seats = PARTS["family-access"].headline
    assert seats is not None
    assert [(one.period_end, int(one.old or 0), int(one.new or 0)) for one in seats.restated] == [
        (day("2026-06-30"), 104, 110)
    ]
    placed = next(metric for metric in PARTS["talent-pathways"].metrics if metric.id == "tp-placed")
    assert placed.status == "stale"
    assert placed.latest is not None
    assert placed.latest.period_end == day("2025-12-31")
    wage = next(metric for metric in PARTS["job-quality"].metrics if metric.id == "jq-wage")
    assert (wage.status, wage.first_due) == ("no_data", day("2026-09-27"))
    assert (DIGEST.figures_not_reported, DIGEST.figures_total) == (2, 13)
    assert [part.id for part in DIGEST.priorities if part.disagrees] == ["job-quality"]
    assert DIGEST.north_star is not None
    assert DIGEST.north_star.latest is not None
    assert int(DIGEST.north_star.latest.value or 0) == 58900


def test_next_outcomes() -> None:
    found = {}
    for part in DIGEST.priorities:
        assert part.next_outcome is not None
        found[part.id] = (part.next_outcome.name, part.next_outcome.due.isoformat(), part.next_outcome.days_overdue)
    assert found == {
        "family-access": ("Three providers are licensed for evening and weekend care", "2026-09-30", 56),
        "talent-pathways": ("Employers co-write the curriculum for six occupations", "2026-12-31", 0),
        "supplier-growth": ("Four anchor buyers publish a local sourcing forecast", "2027-02-28", 0),
        "job-quality": ("Twenty pledge employers share turnover and pay data every half-year", "2027-01-31", 0),
    }


@pytest.mark.parametrize(
    ("priority", "done", "due", "overdue"),
    [
        ("family-access", 0, 0, 2),
        ("talent-pathways", 0, 0, 3),
        ("supplier-growth", 0, 1, 1),
        ("job-quality", 1, 1, 0),
    ],
)
def test_action_counts(priority: str, done: int, due: int, overdue: int) -> None:
    actions = PARTS[priority].actions
    assert (len(actions.done), len(actions.due_soon), len(actions.overdue)) == (done, due, overdue)


@pytest.mark.parametrize(
    ("priority", "title", "organization", "days", "reason"),
    [
        (
            "family-access",
            "Get a fire inspection date for the east side provider",
            "Harrow County Executive Office",
            47,
            "The inspector post is vacant",
        ),
        (
            "talent-pathways",
            "Send the shared intake form to legal at all three partners",
            "Three Creeks Workforce Board",
            26,
            "The college has not returned its privacy wording",
        ),
        ("supplier-growth", "Draft the loan pool term sheet", "Bend Area Chamber", 13, None),
    ],
)
def test_the_oldest_overdue_action(priority: str, title: str, organization: str, days: int, reason: str | None) -> None:
    oldest = PARTS[priority].actions.oldest_overdue
    assert oldest is not None
    assert (oldest.title, oldest.organization_name) == (title, organization)
    assert (oldest.days_overdue, oldest.reason) == (days, reason)


@pytest.mark.parametrize(
    ("priority", "secured", "need", "gap", "applied", "talks"),
    [
        ("family-access", 600_000, 1_100_000, 500_000, 1_600_000, 0),
        ("talent-pathways", 5_750_000, 5_600_000, 0, 0, 0),
        ("supplier-growth", 1_100_000, 3_400_000, 2_300_000, 0, 2_000_000),
        ("job-quality", 750_000, None, None, 0, 0),
    ],
)
def test_funding(priority: str, secured: int, need: int | None, gap: int | None, applied: int, talks: int) -> None:
    found = PARTS[priority].funding
    assert int(found.secured) == secured
    assert (None if found.need is None else int(found.need)) == need
    assert (None if found.gap is None else int(found.gap)) == gap
    assert sum(int(share.amount) for share in found.applied_shares) == applied
    assert sum(int(share.amount) for share in found.prospect_shares) == talks
    assert int(found.pipeline) == applied + talks


def test_what_else_the_funding_lines_say() -> None:
    supplier, quality = PARTS["supplier-growth"].funding, PARTS["job-quality"].funding
    assert (int(supplier.match_secured), int(supplier.match_required)) == (710_000, 960_000)
    assert supplier.next_report is not None
    assert supplier.next_report.due == day("2027-01-30")
    assert supplier.through == day("2028-06-30")
    assert quality.next_report is not None
    assert (quality.first_ends_on, quality.next_report.due) == (day("2027-06-30"), day("2027-03-31"))
    access = PARTS["family-access"].funding
    assert (len(access.secured_shares), len(access.shares)) == (2, 3)
    assert access.next_report is not None
    assert access.next_report.due == day("2027-07-31")


def test_what_is_needed() -> None:
    assert [(one.id, one.decider_name, one.needed_by) for one in DIGEST.decisions_needed] == [
        ("D-1", "Steering Committee", day("2026-12-04")),
        ("D-2", "Steering Committee", day("2026-12-11")),
    ]
    assert [(ask.organization_name, ask.priority_name, ask.text) for ask in DIGEST.asks] == [
        ("Steering Committee", "Talent pathways", "Approval to move money from spring marketing."),
        (
            "Harrow County Executive Office",
            "Child care and commute access",
            "An inspector for two December visits.",
        ),
    ]


def test_what_changed_since_friday() -> None:
    assert DIGEST.compared_with == FRIDAY
    assert [(one.kind, one.subject, one.old, one.new) for one in DIGEST.changed] == [
        ("confidence", "talent-pathways", 5, 6),
        ("confidence", "family-access", 3, 2),
        ("escalated", "I-2", "open", "escalated"),
    ]
    assert DIGEST.changed[2].subject_name == "Evening teaching pay is below the private market"
    assert not DIGEST.is_first
    assert not DIGEST.is_quiet


def test_what_was_promised() -> None:
    assert [(one.priority, one.text, one.came_true) for one in DIGEST.promises] == [
        ("talent-pathways", "Second candidate has an offer.", "yes"),
        ("family-access", "The steering decision is on the table.", "yes"),
        ("job-quality", "Two more plans are published.", "not_yet"),
    ]


def test_the_closing_reply() -> None:
    assert [(one.organization_name, one.waiting_on_name, one.title) for one in DIGEST.waits] == [
        (
            "Three Creeks Workforce Board",
            "Bend River Community College",
            "Send the shared intake form to legal at all three partners",
        )
    ]
    assert [(one.title, one.decided_on, one.delegated, one.decider_name) for one in DIGEST.decisions_made] == [
        ("Spend $18,000 on a mock interview day", day("18"), True, "Talent Working Group")
    ]
    assert [(one.name, one.starts_at, one.moved_from) for one in DIGEST.upcoming_meetings] == [
        ("Backbone sync", at("2026-11-30T10:00"), None),
        ("Monthly priority stocktake", at("2026-12-01T13:00"), at("2026-11-26T13:00")),
    ]


def test_the_funder_edition_finds_outcomes_and_the_funders_own_grant() -> None:
    outcomes = [outcome for part in DIGEST.priorities for outcome in part.outcomes]
    assert {outcome.id: outcome.state for outcome in outcomes if outcome.state != "due"} == {
        "sg-io1": "completed",
        "jq-io1": "completed",
        "fa-io1": "overdue",
    }
    (grant,) = [source for source in DIGEST.sources if source.organization == "next-rung"]
    assert [(one.to_name, int(one.amount)) for one in grant.allocations] == [
        ("Talent pathways", 900_000),
        ("Job quality", 400_000),
        ("Backbone Team", 200_000),
    ]
    assert grant.report_due == day("2027-03-31")


def test_the_fresh_import_of_monday_has_nothing_to_compare_with() -> None:
    fresh = compose(sample_record(), WEDNESDAY)
    assert fresh.is_first
    assert fresh.changed == ()


def test_asking_for_wednesday_again_gives_the_same_bytes_after_it_was_published_and_edited() -> None:
    before = dumps(to_data(DIGEST))
    content = loads(dumps(to_published(DIGEST)))
    thursday = datetime(2026, 11, 26, tzinfo=UTC)
    after = replace(
        LIVE,
        published=(*LIVE.published, PublishedDigest(published_at=WEDNESDAY.astimezone(UTC), content=content)),
        issues=tuple(
            replace(issue, status=IssueStatus.RESOLVED, resolved=thursday.date())
            if issue.status == "escalated"
            else issue
            for issue in LIVE.issues
        ),
        decisions=tuple(
            replace(one, status=DecisionStatus.DECIDED, decided_on=thursday.date(), outcome="Agreed")
            if one.id == "D-1"
            else one
            for one in LIVE.decisions
        ),
        actions=tuple(
            replace(one, status=ActionStatus.DONE, completed=thursday.date()) if one.id == "A-101" else one
            for one in LIVE.actions
        ),
    )
    assert dumps(to_data(compose(after, WEDNESDAY))) == before
