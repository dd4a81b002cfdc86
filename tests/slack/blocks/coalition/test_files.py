"""A coalition file, the trail of changes, and pausing on screen. Words in golden files; limits at none and too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.checkins import Owed, PauseQuestion, SendingState
from bot.domain.files import Difference
from bot.domain.histories import AuditPage, AuditQuery, HistoryEntry
from bot.domain.record import Allocation
from bot.domain.week import WeekEntry, WeekPreview
from bot.slack.blocks.checkins import pause_question_message
from bot.slack.blocks.coalition import (
    IMPORT_FORM,
    imported_view,
    offer_message,
    preview_view,
    problems_view,
    working_view,
)
from bot.slack.blocks.histories import audit_message
from bot.slack.blocks.sending import pause_message, resume_message
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

ZONE = "America/Chicago"
DIFFERENCES = (
    Difference("added", "member", "nora"),
    Difference("applied", "priority", "job-quality", "name", "Job quality", "Good jobs"),
    Difference("moved", "metric", "tp-enrol", "priority", "talent-pathways", "job-quality"),
    Difference(
        "applied",
        "funding source",
        "F-1",
        "allocations",
        (Allocation(to="talent-pathways", amount=Decimal(3200000)), Allocation(to="backbone", amount=Decimal(500000))),
        (Allocation(to="talent-pathways", amount=Decimal(3200000)),),
    ),
    Difference("conflict", "action", "A-101", "due", date(2026, 11, 20), date(2026, 12, 1)),
    Difference("missing", "issue", "I-3"),
    Difference("kept", "member", "omar", "title", "Manager", None),
)


def entry(*lines: str) -> HistoryEntry:
    return HistoryEntry(at=MONDAY, by="Luis Ferrer", on_behalf_of="Imani Rhodes", path="slack", lines=lines)


def audit(
    total: int, page: int = 0, about: str | None = None, line: str = "Action A-101, status: open → done"
) -> Message:
    entries = tuple(entry(line) for _ in range(max(0, min(8, total - page * 8))))
    query = AuditQuery(page=page)
    return audit_message(AuditPage(query=query, about=about, entries=entries, total=total, zone=ZONE, now=MONDAY))


def state(**fields: object) -> SendingState:
    usual: dict[str, object] = {"state": "paused", "since": MONDAY, "zone": ZONE, "now": MONDAY}
    return SendingState(**{**usual, **fields})  # type: ignore[arg-type]


OWED = (
    Owed(what="reminder", member="grant", name="Grant Okafor", priority_name="Supplier growth", at=MONDAY),
    Owed(what="reminder", member="imani", name="Imani <&> Rhodes", priority_name="Child care", at=MONDAY),
    Owed(what="delegate", member="luis", name="Luis Ferrer", priority_name="Child care", at=MONDAY.replace(hour=20)),
)


def ahead() -> WeekPreview:
    digest = WeekEntry(
        what="digest", cadence="Friday", at=MONDAY, local=MONDAY.replace(tzinfo=None), channels=("lead",)
    )
    return WeekPreview(
        coalition_name="Compact",
        zone=ZONE,
        state="live",
        start=MONDAY,
        entries=(digest, replace(digest, what="close", channels=())),
        minutes=(),
        outside_slack=(),
        missing_channels=(),
        not_sent_yet=(),
    )


def question(**fields: object) -> PauseQuestion:
    usual: dict[str, object] = {
        "id": "weekly",
        "name": "Weekly <check-in>",
        "owed": OWED,
        "open_until": MONDAY.replace(hour=21),
        "next_at": MONDAY.replace(day=30),
        "paused_at": None,
        "zone": ZONE,
        "now": MONDAY,
    }
    return PauseQuestion(**{**usual, **fields})  # type: ignore[arg-type]


def test_words() -> None:
    scenes: dict[str, Message | View] = {
        "choosing a file": IMPORT_FORM.view(None),
        "reading it": working_view("Reading the file …"),
        "sent to the bot": offer_message("F1", "limestone <1>.yaml"),
        "one thing to mend": problems_view([(12, "`members[0].email` is “x”, which is not an e-mail address.")]),
        "what it would change": preview_view("F1", DIFFERENCES),
        "nothing differs": preview_view("F1", DIFFERENCES[5:]),
        "imported": imported_view(DIFFERENCES),
        "no changes": audit(0),
        "one change": audit(1, about="Draft the loan pool term sheet (A-202)"),
        "a page of changes": audit(17, page=1),
        "before a pause": pause_message(ahead()),
        "before resuming": resume_message(
            state(asks=("Job quality", "Child care"), lapsed=3, digests=("Weekly digest",), owed=OWED, others=2)
        ),
        "before a check-in is paused": pause_question_message(question()),
        "before a check-in is paused, nothing owed": pause_question_message(question(owed=(), open_until=None)),
        "paused before": pause_question_message(question(paused_at=MONDAY)),
        "before resuming, nothing due": resume_message(state()),
        "not paused": resume_message(state(state="live")),
    }
    check_golden("coalition-files.txt", script(scenes))


def test_too_many_stay_inside_the_limits() -> None:
    many = tuple(Difference("applied", "member", f"m{n}", "name", LONG, LONG) for n in range(500))
    script(
        {
            "problems": problems_view([(n, LONG) for n in range(500)]),
            "differences": preview_view("F1", many),
            "audit": audit(500, line=LONG),
            "asks": resume_message(state(asks=tuple(LONG[:80] for _ in range(40)), lapsed=500)),
        }
    )
