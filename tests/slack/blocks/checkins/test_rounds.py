"""Check-ins as coordinators see them, days away, settings and notes: words in golden files, limits at the extremes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain.checkins import (
    AnswerLine,
    AnswersPage,
    AskedAgain,
    AwayPage,
    AwaySpan,
    BundleItem,
    CheckinCard,
    CheckinChange,
    CheckinDraft,
    CheckinDraftForm,
    CheckinPreview,
    MyCheckins,
    NextRound,
    PersonalSettings,
    Quote,
    ReopenForm,
    RoundColumn,
    RoundPictures,
    RoundsChart,
    RoundStatus,
    RoundSummary,
    RunLine,
    Said,
    StandInAsked,
    StatusLine,
    Told,
    Upcoming,
    UpcomingRounds,
    preview_of,
)
from bot.domain.outbox import Item
from bot.domain.people import MOST_TEXT, NoteReadBack, Subject
from bot.domain.record import QuestionSet, Record
from bot.domain.typed import Known
from bot.domain.vocabularies import SummaryPlace
from bot.slack.blocks.checkins import (
    DRAFT_FORM,
    REOPEN_ROUND_FORM,
    SKIP_ROUND_FORM,
    answers_message,
    asked_again_message,
    before_saving_view,
    change_message,
    checkin_card,
    handed_over_message,
    move_view,
    my_checkins_message,
    nothing_ahead_view,
    pictures_message,
    preview_message,
    status_message,
    summary_post,
)
from bot.slack.blocks.people import (
    AWAY_FORM,
    NOTE_FORM,
    SETTINGS_FORM,
    NoteForm,
    away_message,
    note_hint_message,
    note_read_back_message,
    note_sent_message,
    settings_message,
)
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from bot.slack.rendering import prompts_message
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import CLOSE, COORDINATORS, MONDAY, NEXT, arrived, item, many, prompts, script

CHICAGO = "America/Chicago"
ID = {"id": "weekly-checkin", "name": "Weekly priority check-in"}
READER: dict[str, Any] = {"zone": CHICAGO, "now": MONDAY}
ELEVEN = MONDAY.replace(hour=17)


def card(**fields: Any) -> CheckinCard:
    usual: dict[str, Any] = {
        "rhythm": "Tuesdays, 9:00 AM on each owner's clock",
        "title": "Weekly priority update",
        "minutes": 3,
        "next_at": NEXT,
        "open_until": CLOSE,
        "answered": 1,
        "asked": 4,
        "mine": (),
        "paused_at": None,
        "may_run": True,
        "may_configure": True,
    }
    return CheckinCard(**(ID | READER | usual | fields))


def line(**fields: Any) -> StatusLine:
    usual: dict[str, Any] = {
        "priority_name": "Supplier and small-firm growth",
        "owner_name": "Grant Okafor",
        "subject_id": 8,
        "asked_at": MONDAY,
        "stand_in_name": "Marcus Teal",
    }
    return StatusLine(**(usual | fields))


ANSWERED = line(
    priority_name="Talent pathways", owner_name="Yolanda Briggs", answered_by="Yolanda Briggs", answered_at=ELEVEN
)


OWN = line(priority_name="Imani Rhodes", owner_name="Imani Rhodes", stand_in_name="Luis Ferrer", is_own=True)


ANSWERS = AnswersPage(
    id="room",
    name="Room check",
    on=date(2026, 11, 17),
    answered=2,
    asked=3,
    readers=("#lb-access", "the Family Access Working Group"),
    lines=(
        AnswerLine(
            name="Imani Rhodes",
            organization="Child Care Alliance",
            by_name="Luis Ferrer",
            at=ELEVEN,
            is_no_change=False,
            said=(
                Said("Is the pace right?", "too slow", is_text=False),
                Said("What would make it better?", "Shorter <agendas> & *fewer* slides.", is_text=True),
            ),
        ),
        AnswerLine(
            name="Marcus Teal", organization="Harrow County", by_name=None, at=ELEVEN, is_no_change=True, said=()
        ),
    ),
    page=0,
    pages=1,
    has_table=True,
    **READER,
)
OVER_ROUNDS = RoundPictures(
    "room",
    "Room check",
    (
        RoundsChart(
            "How was the room?",
            ("1", "2", "3"),
            (RoundColumn(date(2026, 11, 10), (0, 1, 2), 3), RoundColumn(date(2026, 11, 17), (0, 0, 3), 3)),
            MONDAY.date(),
            is_scale=True,
        ),
    ),
    rounds=2,
)
SUMMARY = RoundSummary(
    cadence="room",
    name="Room check",
    title="How the room works",
    on=date(2026, 11, 17),
    today=date(2026, 11, 23),
    answered=2,
    asked=3,
    told=(
        Told("Is the pace right?", counts=(("too slow", 1), ("right", 1))),
        Told(
            "What would make it better?",
            quotes=(Quote("Imani Rhodes", "Child Care Alliance", "Shorter <agendas> & *fewer* slides.", is_text=True),),
        ),
        Told("Whose room?", quotes=(Quote("Marcus Teal", "Harrow County", "Luis Ferrer", is_text=False),)),
    ),
)


def with_room_check(sample: Record) -> Record:
    """The sample with a check-in that asks a working group's members for themselves."""
    weekly = next(one for one in sample.cadences if one.id == "weekly-checkin")
    asked = QuestionSet(id="room", title="How the room works", minutes=2)
    room = replace(
        weekly, id="room", name="Room check", audience="wg-access", question_set="room", feeds=None, moves=()
    )
    return replace(sample, cadences=(*sample.cadences, room), question_sets=(*sample.question_sets, asked))


def status(*lines: StatusLine, **fields: Any) -> RoundStatus:
    usual: dict[str, Any] = {
        "state": "open",
        "closes_at": CLOSE,
        "next_at": NEXT,
        "lines": lines,
        "asked_again_at": None,
        "asked_again_by": None,
    }
    return RoundStatus(**(ID | READER | usual | fields))


def change(what: str, **fields: Any) -> CheckinChange:
    usual: dict[str, Any] = {"what": what, "next_at": NEXT, "answered": 3, "asked": 4}
    return CheckinChange(**(ID | READER | usual | fields))


WAITING = (Known("grant", "Grant Okafor"), Known("tom", "Tom Delacroix"))


def again(**fields: Any) -> AskedAgain:
    return AskedAgain(**(ID | READER | {"asked": ("Grant Okafor", "Tom Delacroix"), "answered": 2} | fields))


def ahead(**fields: Any) -> NextRound:
    usual: dict[str, Any] = {
        "cadence": "weekly-checkin",
        "slot": datetime.fromisoformat("2026-12-01T09:00"),
        "priority": "family-access",
        "priority_name": "Child care and commute access",
        "opens_at": NEXT,
        "closes_at": NEXT.replace(day=3),
        "is_written": False,
    }
    return NextRound(**(usual | fields))


def mine(*items: Any, **fields: Any) -> MyCheckins:
    return MyCheckins(**(READER | {"open": items, "ahead": ()} | fields))


def rounds(*slots: str) -> UpcomingRounds:
    dates = tuple(
        Upcoming(slot=datetime.fromisoformat(slot), local=datetime.fromisoformat(slot), is_moved=False)
        for slot in slots
    )
    return UpcomingRounds(**ID, dates=dates, today=date(2026, 11, 23))


def draft(**fields: Any) -> CheckinDraft:
    usual: dict[str, Any] = {
        "id": None,
        "name": "",
        "question_set": "weekly-priority",
        "often": "weekly",
        "weekday": "TU",
        "at": time(9),
        "starts_on": date(2026, 11, 24),
        "basis": "member_local",
        "closes_after_hours": 51,
        "reminder_after_hours": 24,
        "delegate_after_hours": 29,
        "feeds": "weekly-digest",
    }
    return CheckinDraft(**(usual | fields))


AUDIENCES = (
    ("priority_owners", "Priority owners, on their priorities"),
    ("wg-access", "Family Access Working Group"),
    ("picked", "People whom I pick"),
)


def checkin_form(**fields: Any) -> CheckinDraftForm:
    usual: dict[str, Any] = {
        "draft": draft(),
        "question_sets": (
            ("weekly-priority", "Weekly priority update", Subject.PRIORITY),
            ("metric-refresh", "Metric refresh", Subject.METRIC),
            ("weekly-action", "Your open actions", Subject.ACTION),
        ),
        "audiences": AUDIENCES,
        "people": (),
        "subject": None,
        "digests": (("weekly-digest", "Friday leadership digest"),),
        "kept_rhythm": None,
        "zone_name": "Central",
    }
    return CheckinDraftForm(**(usual | fields))


SPAN = AwaySpan(id=1, start=date(2026, 12, 20), end=date(2027, 1, 3), is_now=False)
NOW = AwaySpan(id=2, start=date(2026, 11, 23), end=date(2026, 11, 25), is_now=True)


def away(**fields: Any) -> AwayPage:
    usual: dict[str, Any] = {
        "spans": (),
        "stand_in": "Luis Ferrer",
        "owns_priorities": True,
        "today": date(2026, 11, 23),
    }
    return AwayPage(**(READER | usual | fields))


def settings(**fields: Any) -> PersonalSettings:
    usual: dict[str, Any] = {
        "name": "Imani Rhodes",
        "zone": "America/New_York",
        "zone_known": True,
        "ask_at": None,
        "no_messages_about": (),
        "stand_in": "luis",
        "stand_in_name": "Luis Ferrer",
        "away": (),
        "opens": (("Weekly priority check-in", "Tuesdays, 9:00 AM on each owner's clock"),),
        "quiet_from": time(20),
        "quiet_to": time(7),
        "now": MONDAY,
    }
    return PersonalSettings(**(usual | fields))


def preview(sample: Record, which: str = "weekly-checkin", **fields: Any) -> CheckinPreview:
    cadence = next(one for one in sample.cadences if one.id == which)
    monday = datetime(2026, 11, 23, 13, tzinfo=UTC)
    return replace(preview_of(sample, cadence, monday, CHICAGO), may_run=True, may_configure=True, **fields)


def runs(sample: Record) -> dict[str, Message | View]:
    closed: dict[str, Any] = {"state": "closed", "asked_again_at": ELEVEN, "asked_again_by": "Omar Castellanos"}
    away_one = line(is_away=True, asked_at=None, stand_in_asked_at=MONDAY)
    stuck = line(asked_at=None, trouble="not linked to a Slack account", stand_in_name=None)
    moved = change("moved", at=NEXT, until=NEXT.replace(day=3), slot=datetime.fromisoformat("2026-12-01T09:00"))
    return {
        "the card, for a coordinator": checkin_card(card()),
        "the card, for an owner": checkin_card(card(mine=(item(),), may_run=False, may_configure=False)),
        "the card, of a round for figures": checkin_card(
            card(name="Quarterly metric refresh", title="Metric refresh", open_until=None, has_rounds=False)
        ),
        "the card, paused": checkin_card(card(paused_at=MONDAY, open_until=None, next_at=None)),
        "status": status_message(status(ANSWERED, line())),
        "status, an owner away and one not reached": status_message(status(away_one, stuck)),
        "status, closed": status_message(status(replace(ANSWERED, is_no_change=True), line(), **closed)),
        "status, no round yet": status_message(status(state="none", closes_at=None)),
        "status, everybody answered": status_message(status(ANSWERED)),
        "asked again": asked_again_message(again()),
        "asking again": asked_again_message(again(asked=(), repeated=True, waiting=WAITING, said="weekly-checkin")),
        "asking one again": asked_again_message(
            again(asked=(), repeated=True, waiting=WAITING[:1], said="weekly-checkin @grant")
        ),
        "asked again before": asked_again_message(
            again(asked=(), repeated=True, before_at=ELEVEN, before_by="Omar Castellanos")
        ),
        "nobody to ask": asked_again_message(again(asked=(), answered=4)),
        "nobody can be asked": asked_again_message(again(asked=(), not_reached=("Talent pathways",))),
        "paused": change_message(change("paused", at=MONDAY)),
        "resumed": change_message(change("resumed")),
        "closed": change_message(change("closed", at=MONDAY)),
        "closed already": change_message(change("closed", at=MONDAY, already=True)),
        "open again": change_message(change("reopened", until=CLOSE)),
        "left out": change_message(change("skipped", at=NEXT, slot=datetime.fromisoformat("2026-12-01T09:00"))),
        "moved": change_message(replace(moved, digest_at=NEXT.replace(day=4))),
        "moved beyond its digest": change_message(replace(moved, digest_at=NEXT.replace(day=2))),
        "put back": change_message(change("restored", at=NEXT)),
        "added": change_message(change("added")),
        "the stand-in is asked": handed_over_message(
            StandInAsked(
                stand_in_name="Luis Ferrer", priority_name="Child care", closes_at=CLOSE, already=False, **READER
            )
        ),
        "the stand-in was asked": handed_over_message(
            StandInAsked(
                stand_in_name="Luis Ferrer", priority_name="Child care", closes_at=CLOSE, already=True, **READER
            )
        ),
        "mine": my_checkins_message(
            mine(item(), ahead=(ahead(), ahead(is_written=True), ahead(title="Monthly review")))
        ),
        "mine, answered": my_checkins_message(mine(item(state="answered"))),
        "mine, nothing open": my_checkins_message(mine(ahead=(ahead(),))),
        "mine, nothing at all": my_checkins_message(mine()),
        "mine, and what I run": my_checkins_message(
            mine(
                runs=(
                    RunLine(id="action-nudge", name="Monday list", rhythm="Mondays", next_at=NEXT, paused_at=None),
                    RunLine(id="pulse", name="Pulse", rhythm="Fridays", next_at=None, paused_at=MONDAY),
                    RunLine(id="once", name="Once", rhythm="on Dec 1, once", next_at=None, paused_at=None),
                ),
                may_add=True,
                offers_stocktake=True,
            )
        ),
        "mine, in a modal": my_checkins_message(mine(item(), ahead=(ahead(),))).view("Your check-ins"),
        "somebody else's": my_checkins_message(mine(item(), for_name="Grant Okafor")),
        "preview": preview_message(preview(sample)),
        "preview of a round for figures": preview_message(preview(sample, "metric-refresh")),
        "preview of a list of actions": preview_message(preview(sample, "action-nudge")),
        "preview, paused": preview_message(preview(sample, paused_at=MONDAY)),
        "preview, before it is saved": before_saving_view(preview(sample, token="0")),
        "preview, above ten minutes": preview_message(
            preview(sample, minutes_a_week=(("Yolanda Briggs", 3, 14), ("Grant Okafor", 3, 5)))
        ),
        "a new one": DRAFT_FORM.view(checkin_form()),
        "one with a rhythm of its own": DRAFT_FORM.view(
            checkin_form(draft=draft(id="pulse", name="Pulse", often="keep"), kept_rhythm="every three months")
        ),
        "one for figures": DRAFT_FORM.view(
            checkin_form(
                draft=draft(id="metric-refresh", name="Quarterly metric refresh", question_set="metric-refresh"),
                question_sets=(("metric-refresh", "Metric refresh", Subject.METRIC),),
                subject=Subject.METRIC,
            )
        ),
        "one with lists of actions": DRAFT_FORM.view(
            checkin_form(
                draft=draft(id="action-nudge", name="Monday action nudge", question_set="weekly-action"),
                question_sets=(("weekly-action", "Your open actions", Subject.ACTION),),
                subject=Subject.ACTION,
            )
        ),
        "one that asks people whom somebody picked": DRAFT_FORM.view(
            checkin_form(
                draft=draft(id="room", name="Room check", question_set="room", audience="picked", people=("imani",)),
                question_sets=(("room", "How the room works", None),),
                people=(Known("imani", "Imani Rhodes"),),
                subject=Subject.MEMBER,
            )
        ),
        "status, of people themselves": status_message(
            status(
                replace(OWN, answered_by="Luis Ferrer", by_another=True, answered_at=ELEVEN),
                replace(OWN, owner_name="Marcus Teal", priority_name="Marcus Teal", stand_in_name=None),
                replace(OWN, owner_name="Priya Raman", priority_name="Priya Raman", asked_at=None, is_away=True),
            )
        ),
        "the card, of what a group answered": checkin_card(
            card(name="Room check", answers=ANSWERS, summary=SummaryPlace.CHANNEL, may_run=False, may_configure=False)
        ),
        "answers, on a second page": answers_message(replace(ANSWERS, page=1, pages=3, readers=())),
        "answers, before the first round": answers_message(replace(ANSWERS, on=None, lines=(), has_table=False)),
        "answers, to nobody's yet in the newest round": answers_message(replace(ANSWERS, answered=0, lines=())),
        "answers, on the priorities that somebody reads": answers_message(
            replace(ANSWERS, about="on the priorities that you read", asked=None)
        ),
        "a round's summary, in a channel": summary_post(SUMMARY),
        "a round's summary, to a reader": prompts_message(
            replace(prompts(), items=(BundleItem(Item.ROUND_SUMMARY, "room 2026-11-17", SUMMARY),))
        ),
        "pictures, being drawn": pictures_message(OVER_ROUNDS),
        "pictures, of one round": pictures_message(replace(OVER_ROUNDS, charts=(), rounds=1)),
        "preview, of a group's members": preview_message(preview(with_room_check(sample), "room")),
        "move one": move_view(rounds("2026-12-01T09:00", "2026-12-08T09:00")),
        "skip one": SKIP_ROUND_FORM.view(rounds("2026-12-01T09:00")),
        "nothing ahead": nothing_ahead_view(rounds(), "Skip one"),
        "open a round again": REOPEN_ROUND_FORM.view(
            ReopenForm(
                id="weekly-checkin",
                name="Weekly priority check-in",
                closed_at=MONDAY,
                until=CLOSE,
                latest=NEXT,
                coalition_zone=CHICAGO,
                zone=CHICAGO,
                now=MONDAY,
            )
        ),
    }


def own_ones() -> dict[str, Message | View]:
    return {
        "away, the form": AWAY_FORM.view(away()),
        "away, noted": away_message(away(what="added", spans=(SPAN,), changed=SPAN)),
        "away, noted and handed over": away_message(
            away(what="added", spans=(NOW, SPAN), changed=NOW, handed_over=("Child care",))
        ),
        "away, noted before": away_message(away(what="same", spans=(SPAN,), changed=SPAN)),
        "away, noted in a modal": away_message(away(what="added", spans=(SPAN,), changed=SPAN)).view("Days away"),
        "away, nothing noted": away_message(away()),
        "away, for somebody without a priority": AWAY_FORM.view(away(owns_priorities=False)),
        "away, nobody stands in": AWAY_FORM.view(away(stand_in=None)),
        "back": away_message(away(what="back", changed=NOW, open_again=("Child care",))),
        "back, though not away": away_message(away(what="back")),
        "away, taken back": away_message(away(what="cancelled", changed=SPAN)),
        "away, taken back before": away_message(away(what="cancelled")),
        "my settings": SETTINGS_FORM.view(settings(away=(NOW, SPAN))),
        "my settings, with an hour": SETTINGS_FORM.view(settings(ask_at=time(14), stand_in=None, stand_in_name=None)),
        "my settings, saved": settings_message(
            settings(ask_at=time(14), no_messages_about=("actions", "meetings"))
        ).view("My settings"),
        "my settings, in words": settings_message(settings(stand_in=None, stand_in_name=None), saved=False),
        "a note, the form": NOTE_FORM.view(NoteForm(COORDINATORS)),
        "a note, how to type it": note_hint_message(COORDINATORS[:1]),
        "a note, read back": note_read_back_message(
            NoteReadBack(token="t1", receivers=COORDINATORS, text="Can we meet on <Friday>?")
        ),
        "a note, sent": note_sent_message(
            arrived(*COORDINATORS), Clock("America/Chicago", MONDAY), "Can we meet on <Friday>?", may_mend=False
        ),
    }


def test_words_of_running_checkins(sample: Record) -> None:
    check_golden("checkin-rounds.txt", script(runs(sample)))


def test_words_of_ones_own() -> None:
    check_golden("own-settings.txt", script(own_ones()))


@pytest.mark.parametrize("count", [0, 1, 100])
def test_any_number_fits(count: int, sample: Record) -> None:
    """With the longest names, in every list that can grow."""
    name = "<&> " + "N" * 110
    lines = tuple(line(priority_name=name, owner_name=name, stand_in_name=name) for _ in range(count))
    answers = tuple(replace(one, answered_by=name, answered_at=MONDAY) for one in lines)
    wide = preview(sample)
    surfaces: list[Message | View] = [
        status_message(status(*lines, *answers)),
        status_message(status(*lines, state="closed")),
        my_checkins_message(
            mine(runs=(RunLine(id="a", name=name, rhythm=name, next_at=NEXT, paused_at=None),) * count, may_add=True)
        ),
        my_checkins_message(mine(*many(count), ahead=tuple(ahead(priority_name=name) for _ in range(count)))),
        checkin_card(card(name=name, mine=many(count))),
        asked_again_message(again(asked=(name,) * count, not_reached=(name,) * count)),
        away_message(away(spans=(SPAN,) * count)),
        AWAY_FORM.view(away(spans=(SPAN,) * count)),
        SETTINGS_FORM.view(settings(away=(SPAN,) * count)),
        preview_message(
            replace(wide, receivers=(replace(wide.receivers[0], name=name, stand_in=name),) * count, dates=wide.dates)
        ),
        DRAFT_FORM.view(
            checkin_form(
                question_sets=tuple((f"set-{n}", name, Subject.PRIORITY) for n in range(max(1, count))),
                digests=tuple((f"digest-{n}", name) for n in range(count)),
            )
        ),
        note_sent_message(
            arrived(*(name,) * max(1, count // 10)), Clock("America/Chicago", MONDAY), "<" * MOST_TEXT, may_mend=False
        ),
    ]
    for surface in surfaces:
        assert not problems(surface), problems(surface)


def test_a_name_stays_outside_of_slacks_tokens() -> None:
    """There a "^" or "|" of theirs would end the form or begin the fallback."""
    said = str(status_message(status(line(), asked_again_at=ELEVEN, asked_again_by="Ana ^ | Bo")).blocks)
    tokens = re.findall("<!date[^>]*>", said)
    assert tokens
    assert "Asked again by Ana ^ | Bo<!date" in said
    assert not [one for one in tokens if "Ana" in one]
