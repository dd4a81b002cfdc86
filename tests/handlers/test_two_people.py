"""Two people with the same form open: the later one hears what the earlier one did, and nothing is overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from bot.slack.identifiers import Submission
from handlers import SUBMISSIONS
from tests.examples import is_whole, one_in
from tests.handlers.conflicts import Act, Conflict, call, play, sends
from tests.handlers.forms import (
    NOTES,
    TUESDAY,
    Open,
    Values,
    after,
    in_message,
    outcome,
    picked,
    pressed,
    q,
    typed,
)
from tests.handlers.stage import BLOCKER, SAID, Stage, words
from tests.handlers.test_asks import ask

CLASH = "Somebody changed this meanwhile."
COPY = "Copy what you wrote, close this and open it again."
# Who sends what is about nothing that somebody else could change, or only about themselves.
ALONE = {
    Submission.AWAY: "one's own days",
    Submission.NOTE: "words of one's own",
    Submission.LETTER: "words of one's own",
    Submission.NEW_ACTION: "a new thing",
    Submission.NEW_DECISION: "a new thing",
    Submission.NEW_ISSUE: "a new thing",
    Submission.MEMBER_ADD: "a new person; somebody who is there already is shown as they are",
    Submission.MEETING_POINT: "one more point beside the others'",
    Submission.MEETING_SUBSTITUTE: "one's own seat",
    Submission.CHECKIN_AHEAD: "one's own words until the round opens",
    Submission.PULSE: "one's own answer, once",
    Submission.PULSE_DONE: "in test_pulses of the services",
    Submission.IMPORT_FILE: "stores nothing",
    Submission.FIGURE_TABLE: "stores nothing",
    Submission.FIGURE_TABLE_CONFIRM: "leaves what is here already as it is",
    Submission.IMPORT_CONFIRM: "compares every value with what is here now",
    Submission.QUESTION: "one person's draft",
    Submission.QUESTIONS_PREVIEW: "stores nothing",
    Submission.CHECKIN_DRAFT: "stores nothing; saving it is in test_stale_views",
    Submission.MEETING_PLAN: "stores nothing; saving it is here",
    Submission.MEETING_NOTES: "stores nothing; posting them is here",
    Submission.FIGURE_CONFIRM: "in test_stale_views",
    Submission.SKIP_ROUND: "in test_stale_views",
    Submission.MEETING_SKIP: "in test_stale_views",
    Submission.REOPEN_ROUND: "in test_stale_views",
    Submission.SET_ASIDE: "in test_stale_views",
    Submission.REOPEN_DECISION: "in test_stale_views",
    Submission.DECISION_DATE: "in test_decision_chases",
    Submission.TRY_ANOTHER: "in test_stale_views",
    Submission.OWN_ACTIONS: "in test_own_actions",
    Submission.SETUP_NAME: "in test_setup",
    Submission.SETUP_PRIORITIES: "one person's draft",
    Submission.SETUP_PEOPLE: "one person's draft",
    Submission.SETUP_ORGANIZATIONS: "one person's draft",
    Submission.SETUP_RHYTHM: "one person's draft",
}


def both(
    submission: Submission,
    opened: Open,
    mine: Values,
    theirs: Values,
    said: str,
    who: str = "omar",
    other: str = "dana",
) -> Conflict:
    """Both have the same form open, and the other sends theirs first."""
    return Conflict(submission, who, opened, mine, sends(other, opened, theirs), said)


TEXT = q("text")
MONDAYS = (
    both(
        Submission.MOVE_DIGEST,
        typed("/digest", "move"),
        {q("slot"): "2026-12-18T07:30:00", q("date"): "2026-12-16"},
        {q("slot"): "2026-12-18T07:30:00", q("date"): "2026-12-17"},
        "Somebody has moved this digest meanwhile: it goes out Dec 17, 7:30 AM.",
    ),
    both(
        Submission.QUESTION_SET,
        typed("/checkin", "questions edit metric refresh"),
        {q("minutes"): "5"},
        {q("minutes"): "6"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.MOVE_ROUND,
        typed("/checkin", "move weekly"),
        {q("date"): "2026-11-30"},
        {q("date"): "2026-12-02"},
        "Somebody has moved this round meanwhile: it opens Wed Dec 2, 9:00 AM.",
    ),
    both(
        Submission.FIGURE,
        pressed("/metric", "placed", "Update"),
        {q("value"): "48.5", q("period_end"): "2026-06-30", q("quality"): "final"},
        {q("value"): "47", q("period_end"): "2026-06-30", q("quality"): "final"},
        "There is a figure for this day, 47. Say why it changes.",
    ),
    both(
        Submission.METRIC_PLAN,
        typed("/metric", "edit seats"),
        {q("source"): "A yearly census"},
        {q("source"): "A monthly call"},
        f"{CLASH[:-1]}: it is A monthly call now.",
    ),
    both(
        Submission.METRIC_TARGET,
        typed("/metric", "retarget seats"),
        {q("target_value"): "200", q("reason"): "Two providers left."},
        {q("target_value"): "240", q("reason"): "The county pays more."},
        f"{CLASH[:-1]}: it is 240 by Dec 31 now.",
    ),
    both(
        Submission.METRIC_SERIES,
        typed("/metric", "series seats"),
        {q("provider"): "fred", q("address"): "UNRATE"},
        {q("provider"): "bls", q("address"): "LNS14000000"},
        f"{CLASH[:-1]}: it is BLS now.",
    ),
    both(
        Submission.PRIORITY_PLAN,
        typed("/priority", "edit job"),
        {q("channel"): "lb-jobs"},
        {q("channel"): "lb-quality"},
        f"{CLASH[:-1]}: it is #lb-quality now.",
    ),
    both(
        Submission.CHANGE_ACTION,
        pressed("/action", "A-203", "New date"),
        {q("due"): "2026-12-04", q("reason"): "The bank is slow."},
        {q("due"): "2026-12-18", q("reason"): "Two buyers answer late."},
        "Dana Whitlock changed A-203 meanwhile: it is due Dec 18 now, not started.",
        who="grant",
    ),
    both(
        Submission.CHANGE_ACTION,
        pressed("/action", "A-201", "Blocked"),
        {q("reason"): "The bank is slow."},
        {q("reason"): "No rooms in December."},
        "blocked (No rooms in December.). Close this and open it again to change it.",
        who="marcus",
    ),
    both(
        Submission.MEMBER_EDIT,
        pressed("/coalition", "members Imani", "Edit"),
        {q("name"): "Imani R."},
        {q("name"): "Imani Rhodes-Bell"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.MEMBER_ROLES,
        pressed("/coalition", "members Priya", "Roles"),
        {q("roles"): ["backbone_staff", "data_lead", "observer"]},
        {q("roles"): ["backbone_staff"]},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.MEMBER_LEAVES,
        pressed("/coalition", "members Ben", "Hand over and leave"),
        {q("last_day"): "2026-12-31"},
        {q("last_day"): "2027-01-31"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.END_COALITION,
        typed("/coalition", "end coalition"),
        {q("last_day"): "2027-01-29"},
        {q("last_day"): "2027-06-30"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.END_THING,
        typed("/coalition", "end outcome Twenty"),
        {q("last_day"): "2026-12-31"},
        {q("last_day"): "2027-01-31"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.STAND_IN,
        pressed("/coalition", "members Tom", "Change stand-in"),
        {q("stand_in"): picked("grant")},
        {q("stand_in"): picked("imani")},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.ORGANIZATION,
        typed("/coalition", "organizations edit chamber"),
        {q("closed_days"): "Dec 24"},
        {q("closed_days"): "Dec 23"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.GROUP,
        typed("/coalition", "groups edit talent"),
        {q("quorum"): "2"},
        {q("quorum"): "3"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.COALITION,
        typed("/coalition", "edit"),
        {q("short_name"): "The Bend"},
        {q("short_name"): "Limestone"},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.NORTH_STAR,
        pressed("/coalition", "northstar", "Edit"),
        {q("statement"): "A good job for everyone."},
        {q("statement"): "Good work in every house."},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.RECORD_DECISION,
        typed("/decision", "record D-1"),
        {q("outcome"): "0", q("note"): "at the meeting of Nov 23"},
        {q("outcome"): "2", q("note"): "from the county's e-mail"},
        "*D-1 was already decided on Nov 23: Wait*",
    ),
    both(
        Submission.ESCALATE_ISSUE,
        typed("/issue", "escalate I-1"),
        {q("group"): "backbone"},
        {q("group"): "wg-access"},
        "Somebody has taken it to another group meanwhile: it is with the Family Access Working Group now.",
    ),
    both(
        Submission.VISIBILITY,
        pressed("/issue", "I-2", "Who sees it"),
        {q("visibility"): "wg-talent"},
        {q("visibility"): "coordinators"},
        "Somebody chose meanwhile who sees I-2. Close this and open it again.",
    ),
    both(
        Submission.CLOSE_ISSUE,
        typed("/issue", "resolve I-2"),
        {q("note"): "Pay rises in January."},
        {q("note"): "The college raised it."},
        "already resolved: The college raised it.",
    ),
    both(
        Submission.MEETING_MOVE,
        typed("/meeting", "move supplier"),
        {q("day"): "2026-12-11"},
        {q("day"): "2026-12-12"},
        "Somebody has moved this meeting since you opened the form.",
    ),
    both(
        Submission.MEETING_SAVE,
        after(typed("/meeting", "edit talent"), {q("minutes"): "90"}),
        {},
        {},
        f"{CLASH} {COPY}",
    ),
    both(
        Submission.MEETING_NOTES_POST,
        after(typed("/meeting", "notes talent"), NOTES),
        {},
        {},
        "Nothing of yours was posted. Your text is kept below: close this and press Back.",
    ),
    both(
        Submission.FUNDING_SOURCE,
        typed("/funding", "update F-4"),
        {q("status"): "declined"},
        {q("status"): "awarded"},
        f"{CLASH[:-1]}: it is awarded now.",
    ),
    both(
        Submission.FUNDING_ALLOCATION,
        typed("/funding", "allocate F-3"),
        {q("to:family-access"): "300000"},
        {q("to:family-access"): "200000"},
        f"{CLASH[:-1]}: it is Child care and commute access $200,000 now.",
    ),
    both(
        Submission.FUNDING_REPORT,
        pressed("/funding", "F-8", "Report sent"),
        {q("report_due"): "2027-05-31"},
        {q("report_due"): "2027-06-30"},
        "Somebody kept this up meanwhile: the next report's day is Jun 30, 2027 now.",
    ),
    Conflict(
        Submission.CHECKIN,
        "omar",
        pressed("/checkin", "status weekly", "Answer for Grant"),
        {**SAID, BLOCKER: "The guarantee is open."},
        sends("grant", in_message("*Update:", "Answer"), {**SAID, BLOCKER: "The banks ask for more."}),
        "Okafor answered meanwhile",
    ),
    Conflict(
        Submission.CHECKIN,
        "tom",
        in_message("*Update:", "Answer"),
        {**SAID, BLOCKER: "Two plants are closed."},
        sends("omar", pressed("/checkin", "status weekly", "Answer for Tom"), {**SAID, BLOCKER: "He is on the road."}),
        "Omar Castellanos answered for Tom Delacroix meanwhile",
    ),
)
TUESDAYS = (
    Conflict(
        Submission.DIGEST_CONTEXT,
        "yolanda",
        in_message("part of tomorrow's digest", "Add context"),
        {TEXT: "The college signs on Monday."},
        call("digests", "add_context", "talent-pathways", date(2026, 11, 23), "The county signs too."),
        f"Somebody wrote “The county signs too.” meanwhile. {COPY}",
    ),
    both(
        Submission.EDIT_ASK,
        in_message("Before tomorrow's digest", "Edit"),
        {"What is asked?": "Somebody from the county."},
        {"What is asked?": "An inspector on Dec 8."},
        "On its way to Marcus Teal by Dana Whitlock",
    ),
)


def beside(submission: Submission, opened: Open, mine: Values, theirs: Act, said: str, who: str = "omar") -> Conflict:
    """What each touched is something else: both are kept."""
    return Conflict(submission, who, opened, mine, theirs, said, stores=True)


MERGED = (
    Conflict(
        Submission.BALLOT,
        "grant",
        typed("/decision", "answer D-2"),
        {q("choice"): "0"},
        call("decisions", "respond", "D-2", "abstain", who="marcus", voice="bend-chamber"),
        "Move it, by Grant Okafor. It replaces abstains, by Marcus Teal for Grant Okafor.",
        stores=True,
    ),
    beside(
        Submission.SETTINGS,
        typed("/coalition", "settings"),
        {q("ask_at"): "10:00"},
        call("members", "set_stand_in", "luis", {}, "imani"),
        "I ask at 10:00 AM, or when a round opens later than that.\nImani Rhodes stands in for you.",
        who="luis",
    ),
    beside(
        Submission.MEMBER_EDIT,
        pressed("/coalition", "members Grant", "Edit"),
        {q("email"): "grant@chamber.example"},
        sends("dana", pressed("/coalition", "members Grant", "Edit"), {q("name"): "Grant O. Okafor"}),
        "*Grant O. Okafor* · Bend Area Chamber",
    ),
    beside(
        Submission.MEMBER_ROLES,
        pressed("/coalition", "members Tom", "Roles"),
        {q("roles"): ["steering_member", "observer"]},
        sends("dana", pressed("/coalition", "members Tom", "Roles"), {q("co_chairs"): ["job-quality"]}),
        "*Part:* Steering; Observer; owns Job quality; co-chair of Job quality",
    ),
    beside(
        Submission.OUTCOME,
        outcome,
        {q("due"): "2027-01-31", q("reason"): "No inspector until then."},
        sends("dana", outcome, {q("evidence"): "Two licenses so far."}),
        "Due: Sep 30 → Jan 31, 2027",
    ),
)


@pytest.mark.in_part
async def test_the_later_one_hears_what_the_earlier_one_did(live: Stage) -> None:
    """What both touched stays as the earlier one left it, and the later one's words stay in the form."""
    every = {one.submission for one in (*MONDAYS, *TUESDAYS, *MERGED)}
    assert every | set(ALONE) == set(SUBMISSIONS), "a form without a row in this table"
    assert not every & set(ALONE)
    await live.resume_meetings()
    await play(live, one_in(3, MERGED))
    await play(live, one_in(3, MONDAYS))
    if is_whole():
        await ask(live, "yolanda", "An inspector for two visits.", "harrow")
        await live.go("11-24 15:00")
        await live.go(TUESDAY)
        await play(live, TUESDAYS)


async def test_an_answer_given_meanwhile_is_replaced_only_once_it_was_seen(live: Stage) -> None:
    """The owner wrote, a coordinator answered for them; the owner reads that and sends once more."""
    tom, omar = live.person("tom"), live.person("omar")
    await in_message("*Update:", "Answer")(live, tom)
    await tom.fill({**SAID, BLOCKER: "Two plants are closed."})
    await sends("omar", pressed("/checkin", "status weekly", "Answer for Tom"), {**SAID, BLOCKER: "He is away."})(live)
    assert await tom.submit() is None
    assert "Omar Castellanos answered for Tom Delacroix meanwhile" in words(tom.modal)
    assert "“He is away.”" in words(tom.modal)
    assert await tom.submit() is None
    assert tom.modal is None
    await live.settle()
    assert "*In the way:* Two plants are closed." in words(tom.dm()[0])
    assert "answered for you" not in words(tom.dm()[0])
    assert omar.modal is None
