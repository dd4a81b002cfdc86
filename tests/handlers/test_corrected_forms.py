"""A form that makes something, sent again with a correction: it changes what the first one made, and makes no second.

Slack says "trouble connecting" where an answer is late, and keeps the form: people mend a word and press again.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.sandbox.people import Refused
from bot.slack.identifiers import Submission
from bot.store.actions import ActionItemRow
from bot.store.base import Base
from bot.store.decisions import DecisionRow
from bot.store.funding import FundingSourceRow
from bot.store.issues import IssueRow
from bot.store.meetings import AgendaPointRow
from bot.store.metrics import MetricRow, ReadingRow
from bot.store.organizations import GroupRow, OrganizationRow
from bot.store.people import AwayRow, LetterRow, MemberRow
from bot.store.priorities import OutcomeRow, PriorityRow
from bot.store.rhythm import QuestionSetRow
from tests.examples import one_in
from tests.handlers.every_form import FORMS, Form
from tests.handlers.forms import q
from tests.handlers.stage import Stage, answer_to, answer_words, words

# What each form makes: the field that is corrected, to what, the table, and where it is read afterwards.
Corrected = tuple[str, str, type[Base], str, str, str]
MAKES: dict[Submission, Corrected] = {
    Submission.NEW_ACTION: ("title", "Call the bank", ActionItemRow, "/action", "A-504", "Call the bank"),
    Submission.NEW_ISSUE: ("title", "The bank is slow", IssueRow, "/issue", "I-4", "The bank is slow"),
    Submission.NEW_DECISION: ("title", "Hire two inspectors", DecisionRow, "/decision", "D-6", "Hire two inspectors"),
    Submission.FIGURE: ("value", "47.5", ReadingRow, "/metric", "placed", "47.5%"),
    Submission.METRIC_PLAN: ("name", "Adults in day classes", MetricRow, "/metric", "day classes", "Adults in day"),
    Submission.PRIORITY_PLAN: ("name", "Homes near work", PriorityRow, "/priority", "homes near", "Homes near work"),
    Submission.OUTCOME: ("name", "A bus runs south", OutcomeRow, "/priority", "outcome family", "A bus runs south"),
    Submission.MEMBER_ADD: ("name", "Nora Vanse", MemberRow, "/coalition", "members Nora", "Nora Vanse"),
    Submission.ORGANIZATION: (
        "name", "East Side Transit", OrganizationRow, "/coalition", "organizations east side", "East Side Transit"
    ),
    Submission.GROUP: ("name", "Data team", GroupRow, "/coalition", "groups data team", "Data team"),
    Submission.FUNDING_SOURCE: ("name", "Bus pilot", FundingSourceRow, "/funding", "bus pilot", "Bus pilot"),
    Submission.MEETING_POINT: (
        "text", "Parking at the day site", AgendaPointRow, "/meeting", "agenda talent", "Parking at the day site"
    ),
    Submission.QUESTION_SET: (
        "title", "Yearly look", QuestionSetRow, "/checkin", "questions yearly look", "Yearly look"
    ),
    Submission.AWAY: ("end", "2026-12-23", AwayRow, "/checkin", "away", "Dec 21 to Dec 23"),
    Submission.NOTE: ("text", "Can we meet on Monday?", LetterRow, "", "", "Can we meet on Monday?"),
}  # fmt: skip
# Forms that make nothing new, each with why; what they set is set anew when they are sent again.
SETS = {
    Submission.CHECKIN: "an answer, which is replaced",
    Submission.CHECKIN_AHEAD: "an answer, which is replaced",
    Submission.PULSE_DONE: "what was done about a round that is there",
    Submission.PULSE: "an answer that nobody can change: in test_pulses",
    Submission.QUESTION: "a question of what is in hand, replaced by its id: in test_question_sets",
    Submission.QUESTIONS_PREVIEW: "stores nothing",
    Submission.CHECKIN_DRAFT: "keeps a draft, saved by the next form's button",
    Submission.MOVE_ROUND: "a date of a check-in",
    Submission.MOVE_DIGEST: "a date of a digest",
    Submission.SKIP_ROUND: "a date of a check-in",
    Submission.SETTINGS: "one's own settings",
    Submission.FIGURE_CONFIRM: "has no fields",
    Submission.METRIC_TARGET: "a target",
    Submission.METRIC_SERIES: "where a figure comes from",
    Submission.CHANGE_ACTION: "an action that is there",
    Submission.OWN_ACTIONS: "actions that are there",
    Submission.MEMBER_EDIT: "a member who is there",
    Submission.MEMBER_ROLES: "a member's roles",
    Submission.STAND_IN: "a stand-in",
    Submission.END_COALITION: "the coalition's last day",
    Submission.END_THING: "a thing's last day, and where what hangs on it is",
    Submission.MEMBER_LEAVES: "a member's last day, and who has what is theirs",
    Submission.NORTH_STAR: "the north star",
    Submission.COALITION: "the coalition's own fields",
    Submission.BALLOT: "an answer, which is replaced",
    Submission.RECORD_DECISION: "a decision that is there",
    Submission.SET_ASIDE: "a decision that is there",
    Submission.REOPEN_DECISION: "a decision that is there",
    Submission.DECISION_DATE: "a decision that is there",
    Submission.ESCALATE_ISSUE: "an issue that is there",
    Submission.CLOSE_ISSUE: "an issue that is there",
    Submission.VISIBILITY: "who sees one that is there",
    Submission.MEETING_PLAN: "keeps a draft, saved by the next form's button",
    Submission.MEETING_SAVE: "has no fields",
    Submission.MEETING_MOVE: "a date of a meeting",
    Submission.MEETING_SKIP: "a date of a meeting",
    Submission.MEETING_SUBSTITUTE: "an answer, which is replaced",
    Submission.MEETING_NOTES: "keeps a draft, saved by the next form's button",
    Submission.MEETING_NOTES_POST: "has no fields",
    Submission.FUNDING_ALLOCATION: "a source that is there",
    Submission.FUNDING_REPORT: "a source that is there",
    Submission.IMPORT_FILE: "a file, compared anew",
    Submission.FIGURE_TABLE: "a file, compared anew",
    Submission.FIGURE_TABLE_CONFIRM: "has no fields",
    Submission.IMPORT_CONFIRM: "has no fields",
    Submission.DIGEST_CONTEXT: "one's words for a digest",
    Submission.EDIT_ASK: "an ask that is there",
    Submission.TRY_ANOTHER: "an answer, which is replaced",
    Submission.LETTER: "as the words to the coordinators, which are written by the same service",
    Submission.REOPEN_ROUND: "a moment of a round",
}


def rows_that_make() -> list[Form]:
    """The row of each form that makes something: of a form that also changes, the one that adds."""
    adders = {one.submission: one for one in FORMS if one.submission in MAKES}  # the last row of each
    return list(adders.values())


def corrected(entry: dict[str, Any], field: str, value: str) -> dict[str, Any]:
    """The same delivery with another value in one field."""
    again = copy.deepcopy(entry)
    values = again["request"]["payload"]["view"]["state"]["values"]
    block = next(key for key in values if key == q(field) or key.startswith(f"{q(field)}:"))
    for element in values[block].values():
        entered = next(name for name in ("value", "selected_date") if name in element)
        element[entered] = value
    return again


async def count(stage: Stage, table: type[Base]) -> int:
    async with stage.services.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def problems_of(stage: Stage, form: Form) -> list[str]:
    field, value, table, command, text, said = MAKES[form.submission]
    person = stage.person(form.who)
    await form.open(stage, person)
    await person.fill(form.values)
    before = await count(stage, table)
    wrong = []
    outcome = await person.submit()
    await stage.edge.drain()
    if outcome:
        wrong.append(f"refused: {outcome}")
    made = await count(stage, table)
    if made - before < 1:
        wrong.append("made nothing")
    answer = answer_words(await stage.redeliver(corrected(stage.submissions()[-1], field, value)))
    await stage.edge.drain()
    if await count(stage, table) != made:
        wrong.append(f"made another one: {answer}")
    if person.modal is not None:
        await person.close(is_cleared=True)
    if command:
        shown = words(await answer_to(person, command, text))
        if said not in shown:
            wrong.append(f"answered {answer!r}, and they read: {shown}")
    else:
        await stage.settle()
        letters = [words(one) for one in stage.person("omar").dm()]
        if sum(said in one for one in letters) != 1:
            wrong.append(f"answered {answer!r}, and {letters[-2:]} were read")
    return wrong


def test_every_form_makes_something_or_sets_something() -> None:
    assert MAKES.keys() | SETS.keys() == {one.submission for one in FORMS}
    assert not MAKES.keys() & SETS.keys()


@pytest.mark.in_part
async def test_a_correction_changes_what_the_form_made(live: Stage) -> None:
    await live.resume_meetings()
    wrong: dict[str, list[str]] = {}
    for form in one_in(2, rows_that_make()):
        try:
            found = await problems_of(live, form)
        except (Refused, LookupError, TimeoutError, AssertionError) as error:
            found = [repr(error)]
        if found:
            wrong[str(form.submission)] = found
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
