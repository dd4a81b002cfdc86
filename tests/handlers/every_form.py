"""Every form that people send: who opens it and how, what they enter, and what they read then. Asserted elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.identifiers import Submission
from tests.handlers.forms import (
    MONDAY,
    NOTES,
    PLAN,
    TUESDAY,
    Open,
    Values,
    after,
    figure_table,
    figure_table_confirm,
    import_confirm,
    import_file,
    in_message,
    new_outcome,
    on_top,
    picked,
    pressed,
    q,
    typed,
)
from tests.handlers.stage import BLOCKER, SAID
from tests.handlers.test_metric_plans import NEW as NEW_FIGURE


@dataclass(frozen=True)
class Form:
    """One form as somebody sends it. `said`: what they read then; `when`: it can be come by from then on."""

    submission: Submission
    who: str
    open: Open
    values: Values
    said: str
    when: str = MONDAY


# In an order in which all of them can be sent on one stage.
FORMS = (
    Form(
        Submission.CHECKIN,
        "imani",
        in_message("*Update:", "Answer"),
        {
            **SAID,
            BLOCKER: "No inspector.",
            "What do you need from another partner or from leadership?": "An inspector for two visits.",
            "Who could provide it?": picked("harrow-county", "Harrow County Executive Office"),
        },
        "",
    ),
    Form(
        Submission.CHECKIN_DRAFT,
        "omar",
        typed("/checkin", "edit weekly"),
        {q("name"): "Weekly look"},
        "Nothing is saved yet.",
    ),
    Form(
        Submission.QUESTION,
        "omar",
        on_top(typed("/checkin", "questions edit stocktake"), "Add a question"),
        {q("label"): "What surprised you?"},
        "7. *What surprised you?*",
    ),
    Form(
        Submission.QUESTIONS_PREVIEW,
        "omar",
        pressed("/checkin", "questions pulse", "Preview"),
        {q("worth"): "4", q("voice"): "3"},
        "nothing was sent, and nothing is kept",
    ),
    Form(
        Submission.QUESTION_SET,
        "omar",
        pressed("/checkin", "questions stocktake", "Copy"),
        {q("title"): "Quarterly look"},
        "Quarterly look is added.",
    ),
    Form(
        Submission.MOVE_ROUND,
        "omar",
        typed("/checkin", "move weekly"),
        {q("date"): "2026-11-30"},
        "The digest goes out",
    ),
    Form(
        Submission.MOVE_DIGEST,
        "omar",
        typed("/digest", "move"),
        {q("slot"): "2026-12-11T07:30:00", q("date"): "2026-12-10"},
        "*Weekly priority check-in*, which it tells of,",
    ),
    Form(
        Submission.SKIP_ROUND,
        "omar",
        typed("/checkin", "skip weekly"),
        {q("slot"): "2026-12-08T09:00:00"},
        "left out",
    ),
    Form(
        Submission.AWAY,
        "grant",
        typed("/checkin", "away"),
        {q("start"): "2026-12-21", q("end"): "2026-12-24"},
        "Away: Dec 21 to Dec 24",
    ),
    Form(
        Submission.SETTINGS,
        "luis",
        typed("/coalition", "settings"),
        {q("ask_at"): "10:00", q("stand_in"): picked("omar")},
        "Omar Castellanos stands in for you.",
    ),
    Form(
        Submission.NOTE,
        "grant",
        typed("/coalition", "ask"),
        {q("text"): "Can we meet on Friday?"},
        "Sent to Dana, Omar and Priya as a message from you.",
    ),
    Form(
        Submission.FIGURE,
        "omar",
        pressed("/metric", "placed", "Update"),
        {q("value"): "48.5", q("period_end"): "2026-06-30", q("quality"): "final"},
        "Recorded: 48.5% (Jan–Jun).",
    ),
    Form(
        Submission.FIGURE_CONFIRM,
        "omar",
        after(
            pressed("/metric", "seats", "Update"),
            {q("value"): "140", q("period_end"): "2026-09-30", q("quality"): "final", q("note"): "Two were left out."},
        ),
        {},
        "Recorded: 140 seats (Jul–Sep).",
    ),
    Form(
        Submission.METRIC_PLAN,
        "omar",
        typed("/metric", "edit seats"),
        {q("source"): "Monthly provider call"},
        "Source: Provider call round → Monthly provider call",
    ),
    Form(
        Submission.METRIC_PLAN,
        "omar",
        typed("/metric", "add"),
        {**NEW_FIGURE, "Priority": "talent-pathways"},
        "Adults in evening classes*\nAdded.",
    ),
    Form(
        Submission.METRIC_TARGET,
        "omar",
        typed("/metric", "retarget seats"),
        {q("target_value"): "200", q("reason"): "Two providers left."},
        "Target: 220 by Dec 31 → 200 by Dec 31",
    ),
    Form(
        Submission.PRIORITY_PLAN,
        "omar",
        typed("/priority", "edit job"),
        {q("goal"): "Better work for everybody."},
        "→ Better work for everybody.",
    ),
    Form(
        Submission.PRIORITY_PLAN,
        "omar",
        typed("/priority", "add"),
        {q("name"): "Housing near work", q("owner"): picked("grant")},
        "Housing near work*\nAdded.",
    ),
    Form(
        Submission.OUTCOME,
        "omar",
        new_outcome,
        {q("name"): "A bus runs to the west side", q("due"): "2027-06-30"},
        "A bus runs to the west side*\nAdded.",
    ),
    Form(
        Submission.NEW_ACTION,
        "omar",
        typed("/action", "add"),
        {q("title"): "Call the college", q("owner"): picked("grant"), q("priority"): "supplier-growth"},
        "as A-504",
    ),
    Form(
        Submission.CHANGE_ACTION,
        "grant",
        pressed("/action", "A-504", "Other date"),
        {q("due"): "2026-12-18"},
        "You offered Dec 18.",
    ),
    Form(
        Submission.CHANGE_ACTION,
        "grant",
        pressed("/action", "A-202", "New date"),
        {q("due"): "2026-12-04", q("reason"): "The bank is slow."},
        "due Fri Dec 4",
    ),
    Form(
        Submission.CHANGE_ACTION,
        "marcus",
        pressed("/action", "A-201", "Blocked"),
        {q("reason"): "No rooms in December."},
        "blocked: No rooms in December.",
    ),
    Form(
        Submission.OWN_ACTIONS,
        "grant",
        in_message("*Update:", "All actions in one form"),
        {q("status:A-203"): "blocked", q("reason:A-203"): "Two buyers answer in January."},
        "Saved: 1 action.",
    ),
    Form(
        Submission.MEMBER_ADD,
        "omar",
        typed("/coalition", "members add"),
        {q("account"): "U0OUTSIDER", q("new_organization"): "Riverside Housing"},
        "Otis Outsider is a member now.",
    ),
    Form(
        Submission.MEMBER_ADD,
        "omar",
        typed("/coalition", "members add"),
        {q("name"): "Nora Vance", q("email"): "nora@riverside.example", q("organization"): picked("lbp")},
        "Nora Vance is a member now.",
    ),
    Form(
        Submission.MEMBER_EDIT,
        "omar",
        pressed("/coalition", "members Grant", "Edit"),
        {q("email"): "grant@chamber.example"},
        "*E-mail:* grant@chamber.example",
    ),
    Form(
        Submission.MEMBER_ROLES,
        "omar",
        pressed("/coalition", "members Tom", "Roles"),
        {q("roles"): ["steering_member", "observer"]},
        "*Part:* Steering; Observer; owns Job quality",
    ),
    Form(
        Submission.STAND_IN,
        "omar",
        pressed("/coalition", "members Tom", "Change stand-in"),
        {q("stand_in"): picked("grant")},
        "*Stand-in:* Grant Okafor",
    ),
    Form(
        Submission.MEMBER_LEAVES,
        "omar",
        pressed("/coalition", "members Ben", "Hand over and leave"),
        {q("last_day"): "2027-01-31"},
        "*Ben Adeyemi* takes part until",
    ),
    Form(
        Submission.END_THING,
        "omar",
        typed("/coalition", "end outcome Twenty"),
        {q("last_day"): "2026-12-31"},
        "ends Dec 31",
    ),
    Form(
        Submission.ORGANIZATION,
        "omar",
        typed("/coalition", "organizations edit chamber"),
        {q("closed_days"): "Dec 24"},
        "*Closed:* Dec 24",
    ),
    Form(
        Submission.ORGANIZATION,
        "omar",
        typed("/coalition", "organizations add"),
        {q("name"): "West Side Transit", q("sector"): "public"},
        "West Side Transit is added.",
    ),
    Form(
        Submission.GROUP, "dana", typed("/coalition", "groups edit talent"), {q("quorum"): "2"}, "Consensus · quorum 2"
    ),
    Form(
        Submission.GROUP,
        "dana",
        typed("/coalition", "groups add"),
        {q("name"): "Data circle", q("kind"): "working_group", q("decision_rule"): "majority", q("voices"): "person"}
        | {q("members"): [picked("omar"), picked("priya")]},
        "Data circle is added.",
    ),
    Form(
        Submission.NORTH_STAR,
        "dana",
        pressed("/coalition", "northstar", "Edit"),
        {q("statement"): "A good job for everyone."},
        "*North star:* A good job for everyone.",
    ),
    Form(
        Submission.NEW_DECISION,
        "omar",
        typed("/decision", "add Hire a second inspector in family-access"),
        {},
        "as D-6",
    ),
    Form(
        Submission.BALLOT,
        "marcus",
        typed("/decision", "answer D-1"),
        {q("choice"): "object", q("reason"): "The reserve is small."},
        "Recorded for Harrow County Executive Office: objects",
    ),
    Form(
        Submission.RECORD_DECISION,
        "omar",
        typed("/decision", "record D-1"),
        {q("outcome"): "0", q("note"): "at the meeting of Nov 23"},
        "on Nov 23: Use county reserve*",
    ),
    Form(
        Submission.SET_ASIDE,
        "omar",
        typed("/decision", "defer D-2"),
        {q("reason"): "Until the budget is through."},
        "*Why:* Until the budget is through.",
    ),
    Form(
        Submission.REOPEN_DECISION,
        "omar",
        pressed("/decision", "D-2", "Ask again"),
        {q("needed_by"): "2026-12-16"},
        "D-2 is",
    ),
    Form(
        Submission.DECISION_DATE,
        "omar",
        pressed("/decision", "D-2", "New date"),
        {q("needed_by"): "2026-12-17"},
        "D-2 is needed by Dec 17 now",
    ),
    Form(Submission.NEW_ISSUE, "omar", typed("/issue", "add"), {q("title"): "The bank is silent"}, "as I-4"),
    Form(
        Submission.ESCALATE_ISSUE,
        "omar",
        typed("/issue", "escalate I-1"),
        {q("group"): "backbone"},
        "with the Backbone Team",
    ),
    Form(
        Submission.CLOSE_ISSUE,
        "omar",
        typed("/issue", "park I-1"),
        {q("note"): "Until the county hires."},
        ": Until the county hires.",
    ),
    Form(
        Submission.CLOSE_ISSUE,
        "omar",
        typed("/issue", "resolve I-2"),
        {q("note"): "Pay rises in January."},
        ": Pay rises in January.",
    ),
    Form(Submission.MEETING_PLAN, "omar", typed("/meeting", "schedule Data team"), PLAN, "Not saved yet."),
    Form(
        Submission.MEETING_SAVE,
        "omar",
        after(typed("/meeting", "schedule Data team"), PLAN),
        {},
        "Saved. Type “meeting data-team” to see it again.",
    ),
    Form(
        Submission.MEETING_MOVE,
        "omar",
        typed("/meeting", "move supplier"),
        {q("day"): "2026-12-11", q("time"): "14:00"},
        "moved from Thu Dec 10 to Fri Dec 11, 2:00 PM",
    ),
    Form(Submission.MEETING_SKIP, "omar", typed("/meeting", "skip access"), {}, "no meeting on Dec 15"),
    Form(
        Submission.MEETING_SUBSTITUTE,
        "grant",
        pressed("/meeting", "supplier", "Send a substitute"),
        {q("substitute"): picked("luis")},
        "to go in your place",
    ),
    Form(
        Submission.MEETING_POINT,
        "omar",
        pressed("/meeting", "agenda talent", "Add a point"),
        {q("text"): "Parking at the evening site"},
        "*Added by members:* Parking at the evening site",
    ),
    Form(Submission.MEETING_NOTES, "omar", typed("/meeting", "notes talent"), NOTES, "Not posted yet."),
    Form(
        Submission.MEETING_NOTES_POST,
        "omar",
        after(typed("/meeting", "notes talent"), NOTES),
        {},
        "in #lb-talent.",
    ),
    Form(
        Submission.FUNDING_SOURCE,
        "omar",
        typed("/funding", "update F-3"),
        {q("received"): "1000"},
        "Received to date: $0 → $1,000",
    ),
    Form(
        Submission.FUNDING_SOURCE,
        "omar",
        typed("/funding", "add"),
        {q("name"): "Transit pilot", q("capital_type"): "public", q("status"): "applied", q("amount"): "300000"}
        | {q("funder"): "State transit agency"},
        "Transit pilot*\nAdded.",
    ),
    Form(
        Submission.FUNDING_ALLOCATION,
        "omar",
        typed("/funding", "allocate F-3"),
        {q("to:family-access"): "300000"},
        "$350,000 → $300,000",
    ),
    Form(
        Submission.FUNDING_REPORT,
        "omar",
        pressed("/funding", "F-8", "Report sent"),
        {q("report_due"): "2027-05-31"},
        "Report sent Nov 23",
    ),
    Form(Submission.FIGURE_TABLE, "omar", figure_table, {}, "140 seats"),
    Form(
        Submission.FIGURE_TABLE_CONFIRM, "omar", figure_table_confirm, {}, "*Every figure in the file is here already,*"
    ),
    Form(Submission.IMPORT_FILE, "omar", import_file, {}, "name: Talent pathways → Talent and training"),
    Form(Submission.IMPORT_CONFIRM, "omar", import_confirm, {}, "*Everything in the file is already here,*"),
    Form(
        Submission.CHECKIN_AHEAD,
        "imani",
        pressed("/checkin", "", "Answer early"),
        {**SAID, BLOCKER: "No inspector."},
        "*Kept.* Your update on Child care and commute access",
        TUESDAY,
    ),
    Form(
        Submission.DIGEST_CONTEXT,
        "yolanda",
        in_message("part of tomorrow's digest", "Add context"),
        {q("text"): "The college signs on Monday."},
        "Saved: “The college signs on Monday.”",
        TUESDAY,
    ),
    Form(
        Submission.EDIT_ASK,
        "omar",
        in_message("Before tomorrow's digest", "Edit"),
        {"What is asked?": "An inspector on Dec 8."},
        "On its way to Marcus Teal by Omar Castellanos",
        TUESDAY,
    ),
    Form(
        Submission.TRY_ANOTHER,
        "marcus",
        in_message("asks Harrow County Executive Office", "Not us; try …"),
        {"Who might help instead?": picked("three-creeks-wdb", "Three Creeks Workforce Board")},
        "You suggested Three Creeks Workforce Board",
        TUESDAY,
    ),
    Form(
        Submission.LETTER,
        "omar",
        in_message("Before tomorrow's digest", "Write to Grant"),
        {q("text"): "Is there anything new?"},
        "Your words are on their way to Grant Okafor.",
        TUESDAY,
    ),
    Form(Submission.REOPEN_ROUND, "omar", typed("/checkin", "reopen weekly"), {}, "open", TUESDAY),
)
# Those of a coalition that is not there yet need an empty stage.
SETUP = tuple(one for one in Submission if one.startswith("setup_"))
