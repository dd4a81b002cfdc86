"""A meeting's card, forms and answers, and the notes before and after they are posted: words and limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.meetings import (
    ChangeForm,
    CheckedAction,
    MeetingCard,
    MeetingChange,
    MeetingClash,
    MeetingLine,
    MeetingPlan,
    MeetingRef,
    NotesCheck,
    NotesSaved,
    PlanForm,
    PlanPreview,
    UnknownMeeting,
)
from bot.domain.record import Cadence
from bot.domain.rhythm import Followed
from bot.domain.typed import Known
from bot.slack.blocks.meetings import (
    PLAN_FORM,
    SUBSTITUTE_FORM,
    Seat,
    agenda_message,
    card_message,
    card_view,
    change_form_view,
    change_message,
    list_message,
    notes_check_view,
    notes_saved_view,
    plan_preview_view,
    unknown_meeting_message,
)
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from tests.slack.blocks.meetings.test_meetings import (
    LINE,
    MOVED_LINE,
    NOW,
    REF,
    STARTS,
    TODAY_IS,
    agenda,
    listing,
    notes,
)
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, script

READER = Clock("America/New_York", NOW)
NAMES = ("Yolanda Briggs", "Grant Okafor", "Tom Delacroix")
CROWD = tuple(f"{LONG[:70]} {number}" for number in range(100))
MEETING = Cadence(
    id=REF.cadence,
    kind="meeting",
    name=LINE.name,
    timezone="America/Chicago",
    dtstart=REF.slot,
    rrule="FREQ=MONTHLY;BYDAY=2WE",
)
RHYTHM = "monthly on the second Wednesday at 2:00 PM Central"


def line(number: int, **fields: Any) -> MeetingLine:
    """The meeting, so many months ahead."""
    ahead = timedelta(days=28 * number)
    return replace(LINE, ref=MeetingRef(REF.cadence, REF.slot + ahead), starts_at=STARTS + ahead, **fields)


def card(count: int, **fields: Any) -> MeetingCard:
    usual: dict[str, Any] = {
        "meeting": MEETING,
        "rhythm": RHYTHM,
        "group_name": "Talent working group",
        "channel": "lb-talent",
        "attendees": NAMES[:count],
        "line": line(0) if count else None,
        "upcoming": tuple(line(number) for number in range(count)),
        "coming": min(count, 2),
        "not_coming": 0,
        "agenda_at": None,
        "notes_of": None,
        "may_manage": False,
        "may_write_notes": False,
        "reader_zone": "America/New_York",
        "now": NOW - timedelta(days=5),
    }
    return MeetingCard(**(usual | fields))


FULL = card(
    5,
    meeting=replace(MEETING, name=LONG[:80]),
    rhythm=LONG[:200],
    group_name=LONG[:80],
    attendees=CROWD,
    upcoming=tuple(line(number, name=LONG[:80], moved_from=REF.slot) for number in range(5)),
    line=line(0, name=LONG[:80], answer="substitute", substitute_name=LONG[:80], stands_in_for=CROWD),
    may_manage=True,
    notes_of=REF,
)


def change(what: str, **fields: Any) -> MeetingChange:
    usual: dict[str, Any] = {"what": what, "line": LINE, "reader_zone": "America/New_York", "now": NOW}
    return MeetingChange(**(usual | fields))


def test_cards() -> None:
    scenes: dict[str, Message | View] = {
        "no date ahead, nobody invited": card_message(card(0, group_name=None, channel=None)),
        "one date, one person": card_message(card(1)),
        "four hours, on the reader's own clock": card_message(
            card(1, reader_zone="America/Chicago", line=line(0, minutes=240))
        ),
        "the usual": card_message(card(3, agenda_at=NOW - timedelta(days=2), may_manage=True, notes_of=REF)),
        "with a pack": card_message(card(1, has_pack=True)),
        "moved": card_message(card(1, line=MOVED_LINE, upcoming=(MOVED_LINE, line(1)))),
        "under way": card_message(card(2, line=line(0, has_begun=True), upcoming=(line(1),))),
        "just answered": card_view(card(1, line=line(0, answer="coming")), "You said that you'll be there."),
        "many": card_message(FULL),
        "not known": unknown_meeting_message(UnknownMeeting(said="talnt", nearest=Known(REF.cadence, LINE.name))),
        "not known, a verb, nothing near": unknown_meeting_message(UnknownMeeting(said="<x>", nearest=None), "agenda"),
        "a list in a modal": list_message(listing(1)).view("Meetings"),
        "an agenda for one reader": agenda_message(agenda(1), "America/New_York"),
        "an agenda in a modal": agenda_message(agenda(0)).view("Agenda"),
    }
    check_golden("meeting-cards.txt", script(scenes))


def test_changes() -> None:
    following = STARTS + timedelta(days=28)
    scenes: dict[str, Message | View] = {
        "coming": change_message(change("coming", line=replace(LINE, answer="coming"))),
        "coming, already": change_message(change("coming", line=replace(LINE, answer="coming"), already=True)),
        "can't come": change_message(change("not_coming", line=replace(LINE, answer="not_coming"))),
        "can't come in somebody's place": change_message(change("not_coming", told=1)),
        "sent somebody": change_message(
            change("substitute", line=replace(LINE, answer="substitute", substitute_name="Luis Ferrer"))
        ),
        "moved": change_message(change("moved", line=MOVED_LINE, told=4)),
        "moved on the day": change_message(
            change("moved", line=replace(LINE, moved_from=datetime.fromisoformat("2026-12-09T10:00")), told=2)
        ),
        "moved back": change_message(change("moved", told=1)),
        "moved to its own time": change_message(change("moved", already=True)),
        "skipped": change_message(change("skipped", told=4, next_at=following, carried=1)),
        "skipped, with a round that leads to it": change_message(
            change("skipped", told=4, next_at=following, rounds=(Followed("Monthly stocktake", REF.slot, REF.slot),))
        ),
        "moved, with a round that goes along": change_message(
            change("moved", told=4, rounds=(Followed("Monthly stocktake", REF.slot, REF.slot + timedelta(days=5)),))
        ),
        "skipped, the last one": change_message(change("skipped")),
        "skipped, already": change_message(change("skipped", already=True, next_at=following)),
        "skipped, many": change_message(
            change("skipped", line=replace(LINE, name=LONG[:80]), told=100, next_at=following, carried=500)
        ),
    }
    check_golden("meeting-changes.txt", script(scenes))


def plan(**fields: Any) -> MeetingPlan:
    usual: dict[str, Any] = {
        "cadence": None,
        "name": "Job quality sync",
        "audience": "wg-jobs",
        "first": date(2026, 12, 16),
        "at": time(14, 0),
        "repeats": "monthly",
        "zone": "America/Chicago",
        "minutes": 50,
    }
    return MeetingPlan(**(usual | fields))


def plan_form(count: int, **fields: Any) -> PlanForm:
    usual: dict[str, Any] = {
        "token": "t",
        "plan": plan(),
        "audiences": tuple(Known(f"g{number}", f"Group {number}") for number in range(1, count + 1)),
        "rhythm": None,
        "zones": ("America/Chicago", "America/New_York"),
        "readers": ("you", "the coordinators"),
    }
    return PlanForm(**(usual | fields))


def preview(count: int, **fields: Any) -> PlanPreview:
    usual: dict[str, Any] = {
        "token": "t",
        "plan": plan(),
        "rhythm": RHYTHM,
        "upcoming": tuple(line(number) for number in range(count)),
        "group_name": "Talent working group",
        "channel": "lb-talent",
        "agenda_days": 5,
        "attendees": NAMES[:count],
        "clashes": (),
        "dropped": (),
        "reader_zone": "America/New_York",
        "now": NOW - timedelta(days=5),
    }
    return PlanPreview(**(usual | fields))


CLASH = MeetingClash(starts_at=NOW, name="Budget <table>", other_starts_at=NOW + timedelta(minutes=30), names=NAMES[:2])


def change_form(what: str, count: int, **fields: Any) -> ChangeForm:
    usual: dict[str, Any] = {
        "what": what,
        "name": LINE.name,
        "zone": "America/Chicago",
        "choices": tuple(line(number) for number in range(count)),
        "chosen": REF,
        "readers": ("the 4 invited", "#lb-talent"),
        "local": REF.slot,
        "now": NOW - timedelta(days=5),
    }
    return ChangeForm(**(usual | fields))


def test_forms() -> None:
    old = plan(cadence=REF.cadence, repeats="keep")
    scenes: dict[str, Message | View] = {
        "a new meeting": PLAN_FORM.view(plan_form(2)),
        "a meeting as it is": PLAN_FORM.view(plan_form(1, plan=old, rhythm=RHYTHM)),
        "before it's saved, no date": plan_preview_view(preview(0, channel=None)),
        "before it's saved, one date": plan_preview_view(preview(1, agenda_days=1, plan=plan(repeats="once"))),
        "before it's saved, with a pack": plan_preview_view(preview(2, has_pack=True)),
        "before it's saved, with a pack and no channel": plan_preview_view(preview(2, has_pack=True, channel=None)),
        "before it's saved, for soon": plan_preview_view(preview(2, agenda_days=7)),
        "before it's saved, once and soon": plan_preview_view(preview(1, agenda_days=7, plan=plan(repeats="once"))),
        "before it's saved": plan_preview_view(
            preview(3, plan=old, dropped=("the move from Wed Jan 13 to Thu Jan 14", "no meeting on Wed Feb 10"))
        ),
        "move": change_form_view(change_form("move", 3)),
        "move, as typed": change_form_view(change_form("move", 3, to=datetime.fromisoformat("2026-12-10T15:00"))),
        "move to where another one is": change_form_view(
            change_form("move", 3, to=datetime.fromisoformat("2026-12-10T15:00"), clashes=(CLASH,))
        ),
        "skip": change_form_view(change_form("skip", 1)),
        "skip what nobody else goes to": change_form_view(change_form("skip", 1, readers=())),
        "a substitute": SUBSTITUTE_FORM.view(Seat(LINE, READER)),
    }
    check_golden("meeting-forms.txt", script(scenes))
    long = plan(name=LONG[:80])
    many = tuple(Known(f"g{number}", name) for number, name in enumerate(CROWD * 2))
    script(
        {
            "many groups": PLAN_FORM.view(plan_form(0, plan=long, audiences=many, rhythm=LONG, readers=CROWD[:3])),
            "many people": plan_preview_view(
                preview(5, plan=long, rhythm=LONG[:200], attendees=CROWD, dropped=CROWD[:5], channel=LONG[:80])
            ),
            "many dropped": plan_preview_view(preview(5, dropped=CROWD)),
            "many dates": change_form_view(change_form("move", 100, name=LONG[:80])),
            "long": SUBSTITUTE_FORM.view(Seat(replace(LINE, name=LONG[:80]), READER)),
        }
    )


def checked(number: int, title: str = "Send privacy wording") -> CheckedAction:
    return CheckedAction(
        title=title,
        owner_name="Helen Sato",
        organization_name="Bend River Community College",
        due=date(2026, 12, 14),
        priority_name="Talent pathways" if number % 2 else None,
        is_asked=number % 2 == 0,
    )


def check(count: int, text: str = "Evening cohorts start on Jan 18, 2027.", **fields: Any) -> NotesCheck:
    usual: dict[str, Any] = {
        "token": "t",
        "ref": REF,
        "name": LINE.name,
        "local": REF.slot,
        "present": NAMES[:count],
        "organizations": min(count, 3),
        "of_organizations": 4,
        "decided": (text,) * count,
        "records_decisions": True,
        "actions": tuple(checked(number, text) for number in range(1, count + 1)),
        "added": (),
        "parked": (text,) * count,
        "next_at": STARTS + timedelta(days=28),
        "channel": "lb-talent",
        "is_edit": False,
        "reader_zone": "America/New_York",
        "today": TODAY_IS,
        "now": NOW,
    }
    return NotesCheck(**(usual | fields))


def saved(count: int, **fields: Any) -> NotesSaved:
    usual: dict[str, Any] = {
        "post": replace(notes(count), edited_at=None),
        "channel": "lb-talent",
        "added": count,
        "reader_zone": "America/New_York",
    }
    return NotesSaved(**(usual | fields))


def test_notes() -> None:
    changed = notes(1)
    scenes: dict[str, Message | View] = {
        "check, nothing": notes_check_view(check(0, channel=None, next_at=None)),
        "check, one of each": notes_check_view(check(1)),
        "check, two": notes_check_view(check(2, records_decisions=False, is_edit=True)),
        "posted, nothing": notes_saved_view(saved(0)),
        "posted, one of each": notes_saved_view(saved(1)),
        "posted already": notes_saved_view(saved(0, already=True, channel=None)),
        "changed": notes_saved_view(saved(1, post=changed, added=0)),
        "somebody else was first": notes_saved_view(saved(1, others="Grant Okafor", posted_at=NOW)),
    }
    check_golden("meeting-notes.txt", script(scenes))
    script(
        {
            "much to check": notes_check_view(check(40, LONG, present=CROWD)),
            "much posted": notes_saved_view(saved(40, post=notes(40, LONG), others=LONG[:80], posted_at=NOW)),
        }
    )
