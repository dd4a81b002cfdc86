"""Every line on a screen that says who reads something, by reflection, and a test that they do.

A new line fails here until it has a row: a check of its own (`readers_kept`), or the test elsewhere that shows it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import FixedCalendar
from bot.services import Services
from tests.examples import one_in
from tests.sample import sample_record
from tests.services import readers_kept as kept
from tests.services.lived import once
from tests.services.stage import Stage

ROOT = Path(__file__).parents[2]
BLOCKS, EDITIONS = ROOT / "bot/slack/blocks", ROOT / "bot/domain/digests/editions.py"
PROMISE = re.compile(
    r"\b[Rr]ead by\b|\bare read by\b|\b[Rr]eads? (?:this|it|only)\b|\bSeen by\b|[Nn]ever published|\bthey see it\b"
    r"|[Oo]nly those who decide see it|'reads'\)?\} this"
)


def _constants(node: ast.AST, inside: str) -> Iterator[tuple[str, str]]:
    """Every string that is no docstring, with the function or the table that it stands in."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        name = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else inside
        if isinstance(node, ast.Module) and isinstance(child, ast.Assign | ast.AnnAssign):
            named, name = True, ast.unparse(child.target if isinstance(child, ast.AnnAssign) else child.targets[0])
        is_docstring = isinstance(node, ast.Expr)
        if isinstance(child, ast.JoinedStr):
            yield inside, ast.unparse(child)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str) and not is_docstring:
            yield inside, child.value
        yield from _constants(child, name if named else inside)


def promises() -> set[str]:
    """Where a screen says who reads something: "module.function"."""
    modules = {path: ".".join(path.relative_to(BLOCKS).with_suffix("").parts) for path in BLOCKS.rglob("*.py")}
    modules[EDITIONS] = ".".join(("digests", "editions"))
    return {
        f"{module}.{name}"
        for path, module in modules.items()
        for name, words in _constants(ast.parse(path.read_text(encoding="utf-8")), "module")
        if PROMISE.search(words)
    }


# What somebody says in words of their own, and who is told to read it.
KEPT: dict[str, kept.Check] = {
    "checkins.forms._readers": kept.an_update,
    "checkins.checkins.read_by": kept.an_update,
    "people.first_contact.first_contact_blocks": kept.an_update,
    "people.first_contact.first_contact_text": kept.an_update,
    "digests.owner_previews._readers": kept.an_update,
    "digests.digests.roll_up": kept.an_update,
    "digests.editions.channel_page": kept.an_update,
    "checkins.forms._hint": kept.a_note,
    "people.first_contact.who_sees_what_view": kept.a_note,
    "checkins.private_notes._seen": kept.a_note,
    "checkins.lists.my_checkins_message": kept.an_answer_on_behalf,
    "checkins.rounds.status_message": kept.a_status,
    "people.coordinator_notes.NOTE_FORM": kept.words_to_the_coordinators,
    "people.coordinator_notes.note_read_back_message": kept.words_to_the_coordinators,
    "people.letters._reads": kept.a_letter,
    "actions.forms.NEW_ACTION_FORM": kept.an_action,
    "actions.forms.CHANGE_ACTION_FORM": kept.a_reason,
    "actions.own_actions_form.OWN_ACTIONS_FORM": kept.a_reason,
    "issues.NEW_ISSUE_FORM": kept.an_issue,
    "issues.CLOSE_ISSUE_FORM": kept.how_an_issue_ended,
    "decisions.forms.NEW_DECISION_FORM": kept.a_decision,
    "decisions.forms._FOR_DECIDERS": kept.what_is_recommended,
    "decisions.forms.ASIDE_FORM": kept.why_a_decision_was_set_aside,
    "decisions.words.readers_line": kept.a_voice,
    "meetings.agendas.POINT_FORM": kept.a_point,
    "meetings.notes.NOTES_FORM": kept.meeting_notes,
    "digests.owner_previews.CONTEXT_FORM": kept.context_in_the_digest,
    "asks.TRY_FORM": kept.somebody_else_to_ask,
    "metrics.forms._first_line": kept.a_figures_note,
    "metrics.plans._READERS": kept.a_figures_plan,
    "metrics.tables._READERS": kept.a_figure_of_a_table,
    "priorities.forms.PRIORITY_FORM": kept.a_priority,
    "priorities.forms.OUTCOME_FORM": kept.an_outcome,
    "coalition.north_star.NORTH_STAR_FORM": kept.the_north_star,
    "coalition.particulars.COALITION_FORM": kept.the_coalitions_name,
    "organizations.groups.GROUP_FORM": kept.a_group,
    "organizations.organizations.ORGANIZATION_FORM": kept.an_organization,
    "meetings.forms.PLAN_FORM": kept.a_meeting,
    "people.members.SEEN_BY": kept.a_members_entry,
    "people.members.STAND_IN_FORM": kept.a_stand_in,
    "people.own_settings.SETTINGS_FORM": kept.own_settings,
}
# What is set rather than said: the rights' tests read each of these screens as everybody whom part 7 names.
_LISTS = "tests/services/test_rights_of_lists.py"
_BY_MAIL = "tests/schedules/test_paths.py::test_whom_slack_takes_nothing_to_reads_by_mail_once"
_FORWARDING = "tests/handlers/test_digest_forwarding.py"
_ROLES = "tests/services/test_rights_by_role.py::test_every_role_may_do_what_part_7_says_and_nothing_else"
_PAGES = "tests/slack/blocks/digests/test_pages.py"
_NOTES = "tests/services/checkins/test_private_notes.py"
_OWN_QUESTIONS = "tests/services/checkins/test_own_questions.py::test_what_few_read_is_told_to_nobody_else"
_OWN_ANSWERS = "tests/services/checkins/test_group_checkins.py::test_answers_are_read_by_their_readers"
ELSEWHERE: dict[str, str] = {
    "checkins.checkins._read_by": _OWN_QUESTIONS,
    "checkins.rounds.checkin_card": _OWN_QUESTIONS,
    "checkins.own_answers._ONLY": _OWN_ANSWERS,
    "checkins.question_sets.set_message": _OWN_QUESTIONS,
    "checkins.question_sets._more": f"{_NOTES}::test_nobody_else_reads_it_and_no_post_holds_it",
    "digests.editions.funder_page": f"{_PAGES}::test_a_funder_sees_no_other_funders_amounts",
    "digests.forwarding.text_view": f"{_FORWARDING}::test_a_text_is_copied_with_the_amounts_of_its_reader",
    "digests.reading.overview_message": f"{_LISTS}::test_digests",
    "funding.funding._money_message": f"{_LISTS}::test_funding",
    "funding.forms.READERS": f"{_LISTS}::test_funding",
    "funding.forms.REPORT_READERS": f"{_LISTS}::test_funding",
    "metrics.plans._QUESTIONS": "tests/services/test_rights_of_lists.py::test_figures",
    "coalition.files._SEEN_BY": _ROLES,
    "people.people.link_view": _ROLES,
    "people.people._why": _BY_MAIL,
    "people.members._reached": _BY_MAIL,
    "health.health_message": _ROLES,
    "endings.leaving.LEAVING_FORM": _ROLES,
    "coalition.setup.BEGINS": _ROLES,
    "coalition.setup.SEEN_BY": _ROLES,
    "checkins.own_answers.PULSE_DONE_FORM": "tests/services/checkins/test_pulses.py::test_you_said_we_did",
}


@once
async def _asked(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await Stage.with_record(services, calendar, sample_record())
    await kept.begin(stage)
    return stage


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Monday at nine, once everybody is asked."""
    return await _asked(services, calendar)


def test_every_line_that_names_readers_has_a_row() -> None:
    found = promises()
    assert len(found) > 40
    rows = KEPT.keys() | ELSEWHERE.keys()
    assert found - rows == set(), "say in a test that these readers see the words"
    assert rows - found == set(), "no line says this any more"


def test_what_is_shown_elsewhere_is_there() -> None:
    for place in ELSEWHERE.values():
        path, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), place


@pytest.mark.in_part
@pytest.mark.parametrize("check", one_in(3, [*dict.fromkeys(KEPT.values())]), ids=lambda check: check.__name__)
async def test_its_readers_see_the_words(stage: Stage, check: kept.Check) -> None:
    await check(stage)
