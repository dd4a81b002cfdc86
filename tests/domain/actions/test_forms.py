"""What has to be mended in the form of somebody's actions, by the coalition's own questions."""

from __future__ import annotations

from bot.domain.actions import (
    NEW_DUE,
    STATUS,
    Entered,
    by_action,
    field_of,
    is_touched,
    mistakes_in,
    page_of,
    questions_about_actions,
)
from bot.domain.actions.forms import REASON
from bot.domain.record import Question, QuestionSet, Record
from tests.builders import record
from tests.tables import on_each

SHOWN = Entered(status="in_progress")
BLOCKED = Entered(status="blocked", reason="The bank waits.")


@on_each(
    ("entered", "shown", "mistakes"),
    [
        (Entered("done"), SHOWN, {}),
        (Entered("in_progress", "2026-12-04", "The bank waits."), SHOWN, {}),
        (Entered("blocked", None, "The bank waits."), SHOWN, {}),
        (Entered("done", None, "The bank waits."), BLOCKED, {}),
        (Entered("blocked", "2026-12-04", "The bank waits."), BLOCKED, {}),
        (Entered(None), SHOWN, {STATUS: "Choose where it is."}),
        (Entered("elsewhere"), SHOWN, {STATUS: "Choose where it is."}),
        (Entered("blocked", None, "  "), SHOWN, {REASON: "Add one sentence on what it waits for."}),
        (Entered("in_progress", "2026-12-04"), SHOWN, {REASON: "Add one sentence on why it moves."}),
        (Entered("blocked", None, "x" * 201), SHOWN, {REASON: "Shorten this to 200 characters; it has 201."}),
        (Entered("done", None, "It was easy."), SHOWN, {REASON: "Choose Blocked or a new date above, or clear this."}),
    ],
)
def test_mistakes(sample: Record, entered: Entered, shown: Entered, mistakes: dict[str, str]) -> None:
    assert mistakes_in(questions_about_actions(sample), entered, shown) == mistakes


def test_a_done_action_takes_no_new_date(sample: Record) -> None:
    errors = mistakes_in(questions_about_actions(sample), Entered("done", "2026-12-04", "Later."), SHOWN)
    assert list(errors) == [NEW_DUE]


def test_a_coalition_may_ask_for_less_and_in_other_words() -> None:
    own = QuestionSet(
        id="mine",
        title="Where we are",
        per_item="action",
        questions=(Question(id=REASON, type="text", label="Why?", required_if="status == blocked"),),
    )
    asked = questions_about_actions(record(question_sets=(own,)))
    assert (asked.title, asked.reason.label, asked.status.label) == ("Where we are", "Why?", "Where is it?")
    assert mistakes_in(asked, Entered("in_progress", "2026-12-04"), SHOWN) == {}


def test_only_what_an_action_can_be_is_offered() -> None:
    options = ("in_progress", "waiting", "done")
    own = QuestionSet(
        id="mine",
        title="Where we are",
        per_item="action",
        questions=(Question(id=STATUS, type="choice", label="Where is it?", options=options),),
    )
    asked = questions_about_actions(record(question_sets=(own,)))
    assert asked.status.options == ("in_progress", "done")
    assert list(mistakes_in(asked, Entered("waiting"), SHOWN)) == [STATUS]


def test_a_left_over_reason_alone_says_nothing() -> None:
    assert not is_touched(Entered("blocked", None, "The bank  waits. "), BLOCKED)
    assert is_touched(Entered("blocked", None, "The college waits."), BLOCKED)
    assert is_touched(Entered("blocked", "2026-12-04", "The bank waits."), BLOCKED)
    assert not is_touched(SHOWN, SHOWN)


def test_fields_come_back_by_action() -> None:
    values = {field_of(STATUS, "A-1"): "done", field_of(REASON, "A-2"): "x", "note": "y", "other:A-1": "z"}
    assert by_action(values) == {"A-1": Entered("done"), "A-2": Entered(reason="x")}


def test_the_page_of_an_action() -> None:
    keys = [f"A-{number}" for number in range(25)]
    assert [page_of(keys, [key]) for key in ("A-0", "A-9", "A-10", "A-24", "A-99")] == [0, 0, 1, 2, 0]
