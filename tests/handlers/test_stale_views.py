"""A form that was open while its thing was closed, settled or taken away: a sentence says so, and no words are lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.domain.meetings import MeetingRef
from bot.services.access import operator
from bot.slack.identifiers import Submission
from bot.store.asks import AskRow
from tests.examples import one_in, part
from tests.handlers.conflicts import Conflict, call, in_order, play, sends
from tests.handlers.forms import (
    TUESDAY,
    after,
    in_message,
    picked,
    pressed,
    q,
    typed,
)
from tests.handlers.stage import BLOCKER, SAID, Stage, words
from tests.handlers.test_asks import ask


def wall(text: str) -> datetime:
    """A wall time of whatever is spoken of."""
    return datetime.fromisoformat(text)


TALENT = MeetingRef("wg-talent-monthly", wall("2026-12-09T14:00"))
SUPPLIER = MeetingRef("wg-supplier-monthly", wall("2026-12-10T15:00"))
QUALITY = MeetingRef("wg-quality-monthly", wall("2026-12-16T08:00"))
ACCESS = MeetingRef("wg-access-monthly", wall("2026-12-15T11:00"))
MEANWHILE = "Somebody changed this meanwhile. Copy what you wrote, close this and open it again."


async def answers_the_ask(stage: Stage) -> None:
    """A coordinator writes down what the county said."""
    async with stage.services.database.read() as session:
        [ask_id] = await session.scalars(select(AskRow.id).where(AskRow.state == "sent"))
    await call("asks", "answer", ask_id, "can_help")(stage)


async def the_digest_goes_out(stage: Stage) -> None:
    await stage.go("11-25 07:30")


async def the_round_comes_near(stage: Stage) -> None:
    await stage.go("12-08 08:45")


MONDAYS = (
    Conflict(
        Submission.MOVE_DIGEST,
        "omar",
        typed("/digest", "move"),
        {q("slot"): "2026-12-18T07:30:00", q("date"): "2026-12-16"},
        call("digest_moves", "move", "weekly-digest", wall("2026-12-18T07:30"), wall("2026-12-17T07:30")),
        "Somebody has moved this digest meanwhile: it goes out Dec 17, 7:30 AM.",
    ),
    Conflict(
        Submission.MOVE_ROUND,
        "omar",
        typed("/checkin", "move weekly"),
        {q("slot"): "2026-12-15T09:00:00", q("date"): "2026-12-16"},
        call("checkin_cadences", "skip", "weekly", wall("2026-12-15T09:00")),
        "Weekly priority check-in doesn't open then.",
    ),
    Conflict(
        Submission.SKIP_ROUND,
        "omar",
        typed("/checkin", "skip weekly"),
        {q("slot"): "2026-12-22T09:00:00"},
        call("checkin_cadences", "move", "weekly", wall("2026-12-22T09:00"), wall("2026-12-21T09:00")),
        "Somebody has moved this round meanwhile: it opens Dec 21, 9:00 AM.",
    ),
    Conflict(
        Submission.CHANGE_ACTION,
        "grant",
        pressed("/action", "A-202", "New date"),
        {q("due"): "2026-12-04", q("reason"): "The bank is slow."},
        call("action_items", "complete", "A-202"),
        "A-202 is done. Open it and press Reopen first.",
    ),
    Conflict(
        Submission.CHANGE_ACTION,
        "marcus",
        pressed("/action", "A-201", "Blocked"),
        {q("reason"): "No rooms in December."},
        call("action_items", "cancel", "A-201"),
        "A-201 is cancelled. Open it and press Reopen first.",
    ),
    Conflict(
        Submission.CHANGE_ACTION,
        "grant",
        pressed("/action", "A-504", "Other date"),
        {q("due"): "2026-12-18", q("reason"): "The buyers are away."},
        call("action_items", "cancel", "A-504", who="omar"),
        "Nothing to answer: A-504 isn't waiting for a yes.",
        first=sends(
            "omar",
            typed("/action", "add"),
            {q("title"): "Call the college", q("owner"): picked("grant"), q("priority"): "supplier-growth"},
        ),
    ),
    Conflict(
        Submission.BALLOT,
        "marcus",
        typed("/decision", "answer D-2"),
        {q("choice"): "object", q("reason"): "The reserve is small."},
        call("decisions", "record", "D-2", "Move it", note="at the meeting"),
        "D-2 was decided on Mon Nov 23: Move it.",
    ),
    Conflict(
        Submission.SET_ASIDE,
        "omar",
        typed("/decision", "defer D-1"),
        {q("reason"): "Until the budget is through."},
        call("decisions", "set_aside", "D-1", "deferred", "The county asks for time."),
        "*D-1 was already put off*",
    ),
    Conflict(
        Submission.REOPEN_DECISION,
        "omar",
        pressed("/decision", "D-1", "Ask again"),
        {q("needed_by"): "2026-12-16"},
        call("decisions", "set_aside", "D-1", "withdrawn", "The county hired one."),
        "D-1 was taken back: The county hired one.",
    ),
    Conflict(
        Submission.RECORD_DECISION,
        "omar",
        typed("/decision", "record D-6"),
        {q("outcome"): "0", q("note"): "at the meeting of Nov 23"},
        call("decisions", "set_aside", "D-6", "withdrawn", "Nobody needs it."),
        "D-6 was taken back: Nobody needs it.",
        first=sends("omar", typed("/decision", "add Hire a second inspector in family-access"), {}),
    ),
    Conflict(
        Submission.DECISION_DATE,
        "omar",
        pressed("/decision", "D-7", "New date"),
        {q("needed_by"): "2026-12-16"},
        call("decisions", "set_aside", "D-7", "withdrawn", "The county hired one."),
        "D-7 was taken back: The county hired one.",
        first=sends("omar", typed("/decision", "add Hire a third inspector in family-access"), {}),
    ),
    Conflict(
        Submission.ESCALATE_ISSUE,
        "omar",
        typed("/issue", "escalate I-2"),
        {q("group"): "backbone"},
        call("issues", "resolve", "I-2", "The college raised it."),
        "I-2 is resolved Mon Nov 23.",
    ),
    Conflict(
        Submission.VISIBILITY,
        "omar",
        pressed("/issue", "I-2", "Who sees it"),
        {q("visibility"): "wg-talent"},
        call("visibilities", "keep_to", "I-2", "coordinators"),
        "Somebody chose meanwhile who sees I-2. Close this and open it again.",
    ),
    Conflict(
        Submission.CLOSE_ISSUE,
        "omar",
        typed("/issue", "park I-1"),
        {q("note"): "Until the budget is through."},
        call("issues", "resolve", "I-1", "The county hired one."),
        "I-1 is resolved Mon Nov 23.",
    ),
    Conflict(
        Submission.MEETING_MOVE,
        "omar",
        typed("/meeting", "move talent"),
        {q("day"): "2026-12-11", q("time"): "14:00"},
        call("meetings", "skip", TALENT),
        "Talent working group is not held on that day anymore.",
    ),
    Conflict(
        Submission.MEETING_SUBSTITUTE,
        "grant",
        pressed("/meeting", "quality", "Send a substitute"),
        {q("substitute"): picked("luis")},
        call("meetings", "skip", QUALITY),
        "Job quality working group is not held on that day anymore.",
    ),
    Conflict(
        Submission.MEETING_SKIP,
        "omar",
        typed("/meeting", "skip supplier"),
        {},
        call("meetings", "move", SUPPLIER, wall("2026-12-12T09:00")),
        "Somebody has moved this meeting since you opened the form.",
    ),
    Conflict(
        Submission.MEETING_POINT,
        "omar",
        pressed("/meeting", "agenda access", "Add a point"),
        {q("text"): "Parking at the evening site"},
        call("meetings", "skip", ACCESS),
        "Family access working group is not held on that day anymore.",
    ),
    Conflict(
        Submission.MEETING_PLAN,
        "omar",
        typed("/meeting", "edit backbone"),
        {q("name"): "Backbone and data"},
        sends("dana", after(typed("/meeting", "edit backbone"), {q("minutes"): "30"}), {}),
        MEANWHILE,
    ),
    Conflict(
        Submission.FIGURE_CONFIRM,
        "omar",
        after(
            pressed("/metric", "seats", "Update"),
            {q("value"): "140", q("period_end"): "2026-09-30", q("quality"): "final", q("note"): "Two were left out."},
        ),
        {},
        sends(
            "dana",
            after(
                pressed("/metric", "seats", "Update"),
                {
                    q("value"): "138",
                    q("period_end"): "2026-09-30",
                    q("quality"): "final",
                    q("note"): "One more.",
                },
            ),
            {},
        ),
        "There is a figure for Sep 30: 138 seats",
    ),
    Conflict(
        Submission.FUNDING_ALLOCATION,
        "omar",
        typed("/funding", "allocate F-4"),
        {q("to:family-access"): "1500000"},
        in_order(
            sends("dana", typed("/funding", "allocate F-4"), {q("to:family-access"): "100000"}),
            sends("dana", typed("/funding", "update F-4"), {q("amount"): "200000"}),
        ),
        "$1,500,000 is allocated, and the source has $200,000.",
    ),
    Conflict(
        Submission.CHECKIN,
        "imani",
        in_message("*Update:", "Answer"),
        {**SAID, BLOCKER: "No inspector until January."},
        call("checkin_rounds", "close", "weekly"),
        "Your words are kept for",
        again=pressed("/checkin", "", "Answer early"),
    ),
)
TUESDAYS = (
    Conflict(
        Submission.CHECKIN_AHEAD,
        "imani",
        pressed("/checkin", "", "Answer early"),
        {**SAID, BLOCKER: "No inspector until January."},
        call("checkin_cadences", "skip", "weekly", wall("2026-12-01T09:00")),
        "|counts from Tue Dec 8, 9:00 AM Eastern>",
        again=pressed("/checkin", "", "Change it"),
    ),
    Conflict(
        Submission.REOPEN_ROUND,
        "omar",
        typed("/checkin", "reopen weekly"),
        {},
        call("checkin_rounds", "reopen", "weekly", wall("2026-11-24T17:00")),
        "Weekly priority check-in is open until Tue Nov 24, 5:00 PM.",
    ),
    Conflict(
        Submission.TRY_ANOTHER,
        "helen",
        in_message("asks Bend River Community College", "Not us; try …"),
        {"Who might help instead?": picked("three-creeks-wdb", "Three Creeks Workforce Board")},
        answers_the_ask,
        "can help, Nov 24.",
    ),
    Conflict(
        Submission.DIGEST_CONTEXT,
        "yolanda",
        in_message("part of tomorrow's digest", "Add context"),
        {q("text"): "The college signs on Monday."},
        the_digest_goes_out,
        "That week's digest is out, so nothing can be added to it.",
    ),
    Conflict(
        Submission.MOVE_ROUND,
        "omar",
        typed("/checkin", "move weekly"),
        {q("slot"): "2026-12-08T09:00:00", q("date"): "2026-12-10"},
        the_round_comes_near,
        "is about to open, and its messages are on their way.",
    ),
    # Last: from then on she has her rights no more.
    Conflict(
        Submission.MEMBER_ROLES,
        "dana",
        pressed("/coalition", "members Tom", "Roles"),
        {q("roles"): ["steering_member", "observer"]},
        call("members", "set_roles", "dana", {}, ["backbone_staff"], [], who="omar"),
        "Setting up, pausing and roles are for the leads and admins.",
    ),
)


@pytest.mark.in_part
async def test_what_is_over_is_said_and_no_words_are_lost(live: Stage) -> None:
    await live.resume_meetings()
    await play(live, one_in(3, MONDAYS))
    await call("checkin_rounds", "reopen", "weekly", wall("2026-11-24T15:00"))(live)
    await ask(live, "yolanda", "An inspector for two visits.", "bend river")
    await live.go(TUESDAY)
    await play(live, part(TUESDAYS[1::2], TUESDAYS))


async def test_a_checkin_that_was_changed_after_a_look_is_not_saved_over(live: Stage) -> None:
    """Two coordinators looked at their own drafts of one check-in; the second to save hears that it has changed."""
    omar, dana = live.person("omar"), live.person("dana")
    for person, values in ((omar, {q("name"): "Weekly look"}), (dana, {q("closes"): "48"})):
        await typed("/checkin", "edit weekly")(live, person)
        await person.fill(values)
        assert await person.submit() is None
    for person, said in ((dana, "*Weekly priority check-in* is changed."), (omar, MEANWHILE)):
        assert person.modal is not None
        await person.press(person.modal, "Save")
        await live.edge.drain()
        assert said in words(person.modal)
    record = await live.services.coalitions.record(operator(live.bot.coalition_id))
    checkin = next(one for one in record.cadences if one.id == "weekly-checkin")
    assert (checkin.name, checkin.closes_after_hours) == ("Weekly priority check-in", 48)
