"""Values for the screens' tests: the sample's people in the week of Nov 23, each field with a usual value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.checkins import (
    Answer,
    BundleItem,
    CheckinForm,
    Earlier,
    FirstContact,
    FormQuestion,
    PromptItem,
    Prompts,
)
from bot.domain.home import Coordination, HomePage, Me, OwnPriority, RoundState
from bot.domain.metrics import standing
from bot.domain.outbox import BY_EMAIL_ONLY, NOT_LINKED, Item, Where, Whereabouts, cut_off
from bot.domain.people import OutsideSlack
from bot.domain.sending import LOOKS_BACK, CutOff, HeldNotice, Receiver, Undelivered, UndeliveredLine
from bot.domain.week import WeekEntry, WeekPreview
from bot.slack.message import Message, View
from tests import builders
from tests.slack.readable import dump
from tests.slack.refusals import problems
from tests.slack.second_opinion import ask

MONDAY = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 9:00 AM Eastern
CLOSE = datetime(2026, 11, 24, 20, tzinfo=UTC)
NEXT = datetime(2026, 12, 1, 14, tzinfo=UTC)
READERS = ("#lb-access", "the Steering Committee")
COORDINATORS = ("Dana Whitlock", "Omar Castellanos", "Priya Raman")
LONG = "Why <this> & *that* `took` so long. " * 12


def item(**fields: Any) -> PromptItem:
    """Imani's check-in on child care, just asked."""
    usual: dict[str, Any] = {
        "kind": "ask",
        "subject_id": 7,
        "priority": "family-access",
        "priority_name": "Child care and commute access",
        "opens_at": MONDAY,
        "closes_at": CLOSE,
        "owner": "imani",
        "owner_name": "Imani Rhodes",
        "delegate_name": "Luis Ferrer",
        "readers": READERS,
        "digest_at": datetime(2026, 11, 25, 13, 30, tzinfo=UTC),
        "state": "open",
        "answer": None,
        "last_on": date(2026, 11, 17),
        "last_assessment": "off_track",
        "last_confidence": 3,
        "may_repeat": True,
        "next_opens_at": NEXT,
        "minutes": 3,
    }
    return PromptItem(**(usual | fields))


def answer(**fields: Any) -> Answer:
    usual: dict[str, Any] = {
        "assessment": "off_track",
        "confidence": 2,
        "confidence_before": 3,
        "moved": "One provider waits until January.",
        "blocker": "No inspector until January.",
        "ask": "An inspector for two December visits.",
        "ask_from_name": "Harrow County Executive Office",
        "next": "A date is in writing.",
        "by": "imani",
        "by_name": "Imani Rhodes",
        "on_behalf_of_name": None,
        "answered_at": MONDAY,
        "edited_at": None,
        "no_change": False,
        "has_private_note": False,
    }
    return Answer(**(usual | fields))


BY_LUIS = answer(by="luis", by_name="Luis Ferrer", on_behalf_of_name="Imani Rhodes")


def contact(**fields: Any) -> FirstContact:
    usual: dict[str, Any] = {
        "set_up_by": "Omar Castellanos",
        "set_up_by_organization": "Limestone Bend Partnership",
        "coalition_name": "Limestone Bend Good Jobs Compact",
        "private_readers": COORDINATORS,
        "minutes": 3,
        "stand_in": "Luis Ferrer",
        "zone_known": True,
        "rhythm": "Tuesdays, 9:00 AM on each owner's clock",
    }
    return FirstContact(**(usual | fields))


def prompts(*items: PromptItem, **fields: Any) -> Prompts:
    usual: dict[str, Any] = {
        "receiver": "imani",
        "receiver_name": "Imani Rhodes",
        "zone": "America/New_York",
        "now": MONDAY,
        "items": tuple(BundleItem(Item(one.kind), str(one.subject_id), one) for one in items),
    }
    return Prompts(**(usual | fields))


def many(count: int, **fields: Any) -> tuple[PromptItem, ...]:
    return tuple(
        item(subject_id=number, priority_name=f"Priority {number}", **fields) for number in range(1, count + 1)
    )


def question(question_id: str, kind: str, label: str, **fields: Any) -> FormQuestion:
    usual: dict[str, Any] = {
        "label_without_outcome": None,
        "outcome_name": None,
        "outcome_due": None,
        "required": False,
        "required_if": None,
        "options": (),
        "min": None,
        "max": None,
        "max_length": None,
        "source": None,
        "last": None,
        "initial": None,
    }
    return FormQuestion(id=question_id, type=kind, label=label, **(usual | fields))


def questions(**initial: str) -> tuple[FormQuestion, ...]:
    """The sample's weekly questions, filled in where `initial` says so."""
    outcome: dict[str, Any] = {
        "outcome_name": "Three providers are licensed for evening and weekend care",
        "outcome_due": date(2026, 9, 30),
    }
    text: dict[str, Any] = {"max_length": 300}
    found = (
        question(
            "assessment",
            "choice",
            "How does this priority stand today?",
            options=("on_track", "at_risk", "off_track"),
            required=True,
        ),
        question(
            "confidence",
            "scale",
            "How likely is this by {due}: {next_outcome}? (0 to 10)",
            label_without_outcome="How likely are we to reach our goal? (0 to 10)",
            min=0,
            max=10,
            required=True,
            last="3",
            **outcome,
        ),
        question("moved", "text", "What changed since last week?", max_length=400, required=True),
        question("blocker", "text", "What is in the way?", required_if="assessment != on_track", **text),
        question("ask", "text", "What do you need from another partner or from leadership?", **text),
        question("ask_from", "item_picker", "Who could provide it?", initial_name="Harrow County Executive Office"),
        question("next", "text", "What will be true by next week?", required=True, **text),
        question("for_coordinator", "text", "Anything for the coordinator only? (not published)", **text),
    )
    return tuple(replace(one, initial=initial.get(one.id)) for one in found)


def earlier(promise: str | None, **fields: Any) -> Earlier:
    usual: dict[str, Any] = {"promise": promise, "on": date(2026, 11, 17), "is_last_week": True, "by": None}
    return Earlier(**(usual | fields))


def form(**fields: Any) -> CheckinForm:
    metric = builders.metric(
        "seats",
        builders.reading("2026-09-30", 134, period_start="2026-07-01"),
        name="Extended-hours child care seats open",
        unit="seats",
        baseline=builders.dated(60, "2025-06-30"),
        target=builders.dated(220, "2026-12-31"),
    )
    usual: dict[str, Any] = {
        "subject_id": 7,
        "title": "Weekly priority update",
        "state": "open",
        "priority_name": "Child care and commute access",
        "zone": "America/New_York",
        "now": MONDAY,
        "closes_at": CLOSE,
        "next_opens_at": NEXT,
        "readers": READERS,
        "digest_at": datetime(2026, 11, 25, 13, 30, tzinfo=UTC),
        "headline": standing(metric, date(2026, 11, 23)),
        "earlier": earlier("The steering decision is on the table."),
        "private_readers": COORDINATORS,
        "for_name": None,
        "coordinator": "Dana Whitlock",
        "questions": questions(),
    }
    return CheckinForm(**(usual | fields))


def held(**fields: Any) -> HeldNotice:
    usual: dict[str, Any] = {
        "delivery_id": 31,
        "what": "the check-in message",
        "to": "Helen Sato",
        "due_at": datetime(2026, 11, 24, 21, tzinfo=UTC),
        "reason": "the conversation can't be searched, since the app lacks a permission",
        "state": "held",
        "resolved_by": None,
        "zone": "America/Chicago",
        "may_send_again": True,
    }
    return HeldNotice(**(usual | fields))


def where(place: Where, **fields: Any) -> Whereabouts:
    """A message to Marcus, due on Tuesday at three."""
    usual: dict[str, Any] = {"where": place, "to": "Marcus Teal", "due_at": CLOSE, "at": CLOSE}
    return Whereabouts(**(usual | fields))


def arrived(*names: str) -> tuple[Whereabouts, ...]:
    return tuple(where(Where.ARRIVED, to=name) for name in names)


def cut_off_channel(name: str = "lb-suppliers", **fields: Any) -> CutOff:
    usual: dict[str, Any] = {"channel": name, "trouble": cut_off(is_archived=False)}
    return CutOff(**(usual | fields))


def undelivered(*receivers: Receiver) -> Undelivered:
    return Undelivered(receivers=receivers, since=MONDAY - LOOKS_BACK, zone="America/Chicago", now=CLOSE)


def not_reached(number: int = 1, lines: int = 1, **fields: Any) -> Receiver:
    """A person without an account, for whom so many messages wait."""
    waits = UndeliveredLine(what="an ask from Child care", whereabouts=where(Where.CANNOT_ARRIVE, trouble=NOT_LINKED))
    usual: dict[str, Any] = {
        "name": f"Person {number}",
        "member": f"member-{number}",
        "organization": "Kessler Drive Systems",
        "lines": (waits,) * lines,
        "trouble": NOT_LINKED,
        "may_be_linked": True,
    }
    return Receiver(**(usual | fields))


def unlinked(count: int, **fields: Any) -> tuple[OutsideSlack, ...]:
    usual: dict[str, Any] = {
        "organization": "Kessler Drive Systems",
        "access": "slack_connect",
        "trouble": NOT_LINKED,
    }
    return tuple(
        OutsideSlack(member=f"member-{number}", name=f"Person {number}", **(usual | fields))
        for number in range(1, count + 1)
    )


def mail_only(count: int) -> tuple[OutsideSlack, ...]:
    return unlinked(count, access="email_only", trouble=BY_EMAIL_ONLY)


def coordination(**fields: Any) -> Coordination:
    usual: dict[str, Any] = {
        "state": "live",
        "live_at": datetime(2026, 11, 23, 13, tzinfo=UTC),
        "may_configure": True,
        "round": RoundState(asked=4, answered=3, without=("Supplier and small-firm growth",)),
        "held": (),
        "outside_slack": (),
    }
    return Coordination(**(usual | fields))


def page(**fields: Any) -> HomePage:
    usual: dict[str, Any] = {
        "name": "Imani Rhodes",
        "zone": "America/New_York",
        "now": MONDAY,
        "coalition_name": "Limestone Bend Good Jobs Compact",
        "open_checkins": (),
        "next_opens_at": NEXT,
        "coordination": None,
        "reads_priorities": True,
        "reads_funding": True,
        "reads_digests": True,
    }
    return HomePage(**(usual | fields))


def me(**fields: Any) -> Me:
    own = OwnPriority(name="Child care and commute access", readers=READERS)
    usual: dict[str, Any] = {
        "name": "Imani Rhodes",
        "organization": "Crossroads Neighborhood Alliance",
        "zone": "America/New_York",
        "zone_known": True,
        "stand_in": "Luis Ferrer",
        "stands_in_for": (),
        "priorities": (own,),
        "covered": (),
        "private_readers": COORDINATORS,
        "action_readers": (),
        "coalition_name": "Limestone Bend Good Jobs Compact",
        "now": MONDAY,
    }
    return Me(**(usual | fields))


def entry(what: str, local: str, **fields: Any) -> WeekEntry:
    wall = datetime.fromisoformat(f"2026-11-{local.replace(' ', 'T')}:00")
    usual: dict[str, Any] = {"cadence": "Weekly priority check-in", "people": (), "channels": (), "moved": False}
    return WeekEntry(what=what, at=wall.replace(tzinfo=UTC), local=wall, **(usual | fields))


OWNERS = ("Yolanda Briggs", "Grant Okafor", "Imani Rhodes", "Tom Delacroix")


def week(**fields: Any) -> WeekPreview:
    usual: dict[str, Any] = {
        "coalition_name": "Limestone Bend Good Jobs Compact",
        "zone": "America/Chicago",
        "state": "draft",
        "start": MONDAY,
        "entries": (
            entry("ask", "23 09:00", people=OWNERS, moved=True),
            entry("actions", "23 08:30", people=("Helen Sato", "Luis Ferrer")),
            entry("reminder", "24 07:00", people=OWNERS),
            entry("delegate", "24 10:00", people=("Helen Sato", "Marcus Teal")),
            entry("close", "24 15:00"),
            entry("digest", "25 13:30", cadence="Friday leadership digest", channels=("lb-steering", "lb-access")),
        ),
        "minutes": (*((name, 3) for name in OWNERS), ("Marcus Teal", 12)),
        "outside_slack": (
            *unlinked(2),
            OutsideSlack(
                member="lorna",
                name="Lorna Pruitt",
                organization="Harrow County",
                access="email_only",
                trouble=BY_EMAIL_ONLY,
            ),
        ),
        "missing_channels": ("lb-suppliers",),
        "not_sent_yet": ("Monday action nudge", "Monthly priority stocktake"),
    }
    return WeekPreview(**(usual | fields))


def script(scenes: dict[str, Message | View]) -> str:
    """Every scene under its name; raises AssertionError for one that Slack or the house rules would refuse."""
    parts = []
    for name, surface in scenes.items():
        assert not problems(surface), (name, problems(surface))
        ask(surface)
        parts.append(f"## {name}\n{dump(surface)}")
    return "\n".join(parts)
