"""Meetings, agendas and notes on screen: within Slack's limits at nothing, one, usual and too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.actions import ActionLine
from bot.domain.meetings import (
    AGENDA,
    DECLINED,
    MOVED,
    PACK,
    SEAT,
    SKIPPED,
    TODAY,
    Agenda,
    FeedAddress,
    Feeds,
    FigureLine,
    IssueLine,
    MeetingItem,
    MeetingLine,
    MeetingList,
    MeetingRef,
    NeededLine,
    NotedLine,
    NotesForm,
    NotesPost,
    PointForm,
    PointLine,
    StocktakeLine,
    Stocktakes,
    about_of,
    read_about,
)
from bot.domain.typed import Known
from bot.domain.vocabularies import ActionStatus
from bot.slack.blocks.meetings import (
    NOTES_FORM,
    POINT_FORM,
    agenda_message,
    feeds_view,
    list_message,
    meeting_item,
    notes_post,
)
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

REF = MeetingRef("wg-talent-monthly", datetime.fromisoformat("2026-12-09T14:00"))
STARTS = datetime(2026, 12, 9, 20, tzinfo=UTC)
NOW = datetime(2026, 12, 9, 14, tzinfo=UTC)
TODAY_IS = date(2026, 12, 9)
LINE = MeetingLine(
    ref=REF, name="Talent working group", starts_at=STARTS, minutes=75, zone="America/Chicago", is_attendee=True
)
MOVED_LINE = replace(LINE, starts_at=datetime(2026, 12, 10, 20, tzinfo=UTC), moved_from=REF.slot)


def action(number: int, title: str = "Return privacy wording") -> ActionLine:
    return ActionLine(
        id=f"A-{number}",
        title=title,
        priority="talent-pathways",
        owner="helen",
        owner_name="Helen Sato",
        organization="bend-river-cc",
        organization_name="Bend River Community College",
        status=ActionStatus.NOT_STARTED,
        due=date(2026, 11, 13),
        days_overdue=26,
        reason=None,
        waiting_on=None,
        waiting_on_name=None,
    )


def agenda(count: int, text: str = "Evening teaching pay") -> Agenda:
    numbers = range(1, count + 1)
    return Agenda(
        ref=REF,
        name=LINE.name,
        starts_at=STARTS,
        minutes=75,
        zone="America/Chicago",
        moved_from=None,
        last_on=date(2026, 11, 11),
        stocktakes=Stocktakes(
            taken=tuple(
                StocktakeLine(
                    priority_name=text,
                    on=date(2026, 11, 24),
                    forecast=text,
                    story=text,
                    decision_id=f"D-{number}",
                )
                for number in numbers
            ),
            to_come=tuple(text for _ in numbers),
        ),
        follow_ups=tuple(action(number, text) for number in numbers),
        overdue=tuple(action(number, text) for number in numbers),
        figures=tuple(FigureLine(name=text, status="stale", as_of=date(2025, 12, 31)) for _ in numbers),
        issues=tuple(
            IssueLine(
                id=f"I-{number}", title=text, group="steering", group_name="Steering Committee", priority_name=None
            )
            for number in numbers
        ),
        decisions=tuple(
            NeededLine(
                id=f"D-{number}",
                title=None,
                group="steering",
                group_name="Steering Committee",
                needed_by=date(2026, 12, 11),
            )
            for number in numbers
        ),
        points=tuple(PointLine(text=text, organization_name="Kessler", parked=False) for _ in numbers),
        today=TODAY_IS,
        as_of=NOW,
    )


def notes(count: int, text: str = "Evening cohorts start on Jan 18, 2027.") -> NotesPost:
    numbers = range(1, count + 1)
    return NotesPost(
        ref=REF,
        name=LINE.name,
        local=REF.slot,
        zone="America/Chicago",
        organizations=4,
        of_organizations=4,
        decided=tuple(text for _ in numbers),
        actions=tuple(
            NotedLine(id=f"A-{number}", title=text, organization_name="Bend River", due=date(2026, 12, 14))
            for number in numbers
        ),
        parked=tuple(text for _ in numbers),
        edited_at=NOW if count == 1 else None,
        today=TODAY_IS,
        now=NOW,
    )


FEEDS = Feeds(
    own="https://bot.example.org/calendar/gAAAAAB.ics",
    groups=(FeedAddress(name="Talent Working Group", address="https://bot.example.org/calendar/gAAAAAC.ics"),),
)


def listing(count: int) -> MeetingList:
    return MeetingList(
        scope="mine",
        lines=(LINE,) * min(count, 5),
        start=0,
        total=count,
        page=0,
        may_add=True,
        reader_zone="America/New_York",
        now=NOW,
    )


def form(text: str, added: int = 0) -> NotesForm:
    return NotesForm(
        token="t",
        ref=REF,
        name=LINE.name,
        local=REF.slot,
        today=NOW.date(),
        readers=("#lb-talent", "the coordinators"),
        present=(Known("tom", "Tom Delacroix"),),
        decided=text[:600],
        actions=text,
        parked=text[:300],
        added=tuple(Known(f"A-{number}", text[:150]) for number in range(added)),
        is_edit=added > 0,
        version=added,
        example="helen",
    )


def test_screens() -> None:
    scenes: dict[str, Message | View] = {
        "agenda, nothing": agenda_message(agenda(0)),
        "agenda, one of each": agenda_message(agenda(1)),
        "agenda, moved": agenda_message(replace(agenda(0), moved_from=REF.slot, starts_at=MOVED_LINE.starts_at)),
        "agenda, skipped": agenda_message(replace(agenda(1), skipped=True)),
        "agenda, after the notes": agenda_message(replace(agenda(0), has_begun=True, has_notes=True)),
        "notes": notes_post(notes(1)),
        "notes, nothing": notes_post(notes(0)),
        "mine, none": list_message(listing(0)),
        "mine, two": list_message(listing(2)),
        "mine, with calendars to subscribe to": list_message(listing(2), has_feeds=True),
        "calendars to subscribe to": feeds_view(FEEDS),
        "new addresses of calendars": feeds_view(FEEDS, are_new=True),
        "calendars, and changes by mail": feeds_view(replace(FEEDS, are_changes_mailed=False)),
        "calendars, with changes by mail": feeds_view(replace(FEEDS, are_changes_mailed=True)),
        "a point": POINT_FORM.view(PointForm("t", LINE, NOW)),
        "notes form": NOTES_FORM.view(form("Send it @helen by Dec 14")),
        "notes form, edit": NOTES_FORM.view(form("", added=2)),
    }
    check_golden("meetings.txt", script(scenes))


def test_items() -> None:
    reader = Clock("America/New_York", NOW)
    said = {
        TODAY: MeetingItem(what=TODAY, line=LINE),
        "coming": MeetingItem(what=TODAY, line=replace(LINE, answer="coming")),
        "over": MeetingItem(what=TODAY, line=replace(LINE, has_begun=True), is_settled=True),
        SEAT: MeetingItem(what=SEAT, line=replace(LINE, stands_in_for=("Grant Okafor",)), person="Grant Okafor"),
        DECLINED: MeetingItem(what=DECLINED, line=LINE, person="Luis Ferrer"),
        AGENDA: MeetingItem(what=AGENDA, line=LINE, channel="lb-steering"),
        "agenda in a channel of others": MeetingItem(what=AGENDA, line=LINE),
        "pack": MeetingItem(what=PACK, line=LINE, channel="lb-steering"),
        "pack, without a channel": MeetingItem(what=PACK, line=LINE),
        MOVED: MeetingItem(what=MOVED, line=MOVED_LINE),
        SKIPPED: MeetingItem(what=SKIPPED, line=LINE),
    }
    scenes: dict[str, Message | View] = {}
    for name, item in said.items():
        blocks, words = meeting_item(item, reader)
        assert words.endswith(".")
        assert not item.is_settled or all(block["type"] != "actions" for block in blocks)
        scenes[name] = Message(text=words, blocks=tuple(blocks))
    check_golden("meeting-items.txt", script(scenes))


@pytest.mark.parametrize("count", [0, 1, 5, 200])
def test_nothing_is_too_much(count: int) -> None:
    for surface in (
        agenda_message(agenda(count, LONG)),
        notes_post(notes(min(count, 40), LONG)),
        list_message(listing(count)),
        list_message(listing(count)).view("Meetings"),
        NOTES_FORM.view(form((LONG * 7)[:3000], added=count)),
    ):
        assert not problems(surface)


def test_what_a_delivery_is_about_comes_back() -> None:
    assert read_about(about_of(REF, TODAY, "tom")) == (REF, TODAY)
    assert read_about("no meeting") is None
