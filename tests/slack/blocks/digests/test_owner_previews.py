"""The owner's preview at nothing, one, usual and too much; changed, published; and the form for context."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.actions import ActionCard
from bot.domain.digests import ContextForm, OwnerPreview
from bot.slack.blocks.digests import CONTEXT_FORM, context_saved_view, owner_preview_message
from bot.slack.message import Message, View
from tests.slack import digest_cases as cases
from tests.slack.readable import check_golden, dump
from tests.slack.refusals import problems
from tests.tables import on_each

WEEK = cases.the_week()
HUGE = cases.huge()
NOW = datetime(2026, 11, 24, 21, tzinfo=UTC)
DIGEST = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)


def card(number: int = 102, **fields: Any) -> ActionCard:
    usual: dict[str, Any] = {
        "id": f"A-{number}",
        "title": "Send the shared intake form to legal at all three partners",
        "owner": "yolanda",
        "owner_name": "Yolanda Briggs",
        "organization": "three-creeks-wdb",
        "organization_name": "Three Creeks Workforce Board",
        "due": date(2026, 10, 30),
        "status": "in_progress",
        "days_overdue": 25,
        "priority": None,
        "priority_name": "Talent pathways",
        "deliverable": None,
        "completed": None,
        "reason": None,
        "note": None,
        "waiting_on": None,
        "waiting_on_name": None,
        "accepted": True,
        "asked_by_name": None,
        "asked_by_organization": None,
        "readers": ("#lb-talent", "the coordinators", "the Steering Committee"),
        "may_change": True,
        "may_answer": False,
        "today": date(2026, 11, 24),
    }
    return ActionCard(**(usual | fields))


def preview(**fields: Any) -> OwnerPreview:
    usual: dict[str, Any] = {
        "receiver_name": "Yolanda Briggs",
        "zone": "America/Chicago",
        "now": NOW,
        "digest": WEEK,
        "parts": ("talent-pathways",),
        "named": (card(),),
        "week": date(2026, 11, 23),
        "digest_at": DIGEST,
        "changed_at": None,
        "published_at": None,
        "digest_id": None,
        "leadership": ("the Steering Committee",),
        "channels": ("#lb-talent",),
    }
    every = frozenset(part.id for part in usual["digest"].priorities) | frozenset(fields.get("parts", ()))
    return OwnerPreview(**({"amounts": every, "may_add": every} | usual | fields))


with_context = replace(
    WEEK,
    priorities=tuple(
        replace(part, context="The college <signs> on Monday.") if part.id == "talent-pathways" else part
        for part in WEEK.priorities
    ),
)
moved = card(
    due=date(2026, 12, 4), days_overdue=0, waiting_on="bend-river-cc", waiting_on_name="Bend River Community College"
)
closed = card(status="done", completed=date(2026, 11, 24), days_overdue=0)
every_part = tuple(part.id for part in HUGE.priorities)
FORM = ContextForm(
    priority="talent-pathways",
    priority_name="Talent pathways",
    week=date(2026, 11, 23),
    text=None,
    readers=("#lb-talent", "the Steering Committee", "the coordinators"),
)
SCREENS: dict[str, Message | View] = {
    "an owner's": owner_preview_message(preview()),
    "an owner's, nothing named": owner_preview_message(preview(named=())),
    "named only": owner_preview_message(preview(parts=(), channels=(), named=(card(reason="It waits for legal."),))),
    "named only, on Friday, two": owner_preview_message(
        preview(parts=(), channels=(), named=(card(), card(103)), digest_at=DIGEST + timedelta(days=2))
    ),
    "changed": owner_preview_message(
        preview(digest=with_context, named=(closed, moved), changed_at=NOW + timedelta(minutes=20))
    ),
    "two priorities": owner_preview_message(preview(parts=("talent-pathways", "job-quality"), named=())),
    "a stand-in's": owner_preview_message(
        preview(
            receiver_name="Helen Sato",
            stands_in_for=("Yolanda Briggs",),
            named=(card(may_change=False),),
            amounts=frozenset(),
            may_add=frozenset(),
        )
    ),
    "published": owner_preview_message(preview(published_at=DIGEST, digest_id=4, now=DIGEST)),
    "not planned anymore": owner_preview_message(preview(digest_at=None)),
    "too much": owner_preview_message(
        preview(digest=HUGE, parts=every_part, named=tuple(card(n, title="Long " * 60) for n in range(40)))
    ),
    "form": CONTEXT_FORM.view(FORM),
    "form, again": CONTEXT_FORM.view(replace(FORM, text="The college signs on Monday.")),
    "form, kept": context_saved_view(replace(FORM, text="The college <signs> on Monday.")),
    "form, taken out": context_saved_view(FORM),
}


def test_every_screen_is_that_of_the_golden_file() -> None:
    check_golden("owner-preview.txt", "\n".join(f"## {name}\n{dump(screen)}" for name, screen in SCREENS.items()))


@on_each("name", SCREENS)
def test_every_screen_fits_slack(name: str) -> None:
    assert problems(SCREENS[name]) == []


def test_what_is_cut_says_of_how_many() -> None:
    text = dump(SCREENS["too much"])
    assert f"6 of {len(every_part)} · all of them are in /digest preview" in text
    assert "6 of 40 · all of them are in /digest preview" in text


def test_a_published_preview_has_no_buttons_but_the_way_to_the_digest() -> None:
    text = dump(SCREENS["published"])
    assert "Open the digest" in text
    for button in ("[Done]", "[New date]", "[Add a reason]", "[Add context]"):
        assert button not in text
