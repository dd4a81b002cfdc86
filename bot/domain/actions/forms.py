"""The form of all of somebody's open actions: what it asks of each, what was entered, what has to be mended. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.actions.pages import ActionCard
from bot.domain.record import ActionItem, Question, Record
from bot.domain.required_if import evaluate
from bot.domain.vocabularies import ActionStatus, words
from bot.domain.wording import one_line, readers_together

PER_PAGE = 10
# So many actions one form takes; the earliest due come first.
MOST_IN_FORM = 100
STATUS, NEW_DUE, REASON = "status", "new_due", "reason"

TITLE = "Your open actions"
# What is asked where the coalition's file has no question set about each action.
_USUAL = (
    Question(
        id=STATUS,
        type="choice",
        label="Where is it?",
        options=("not_started", "in_progress", "blocked", "done"),
        required=True,
    ),
    Question(id=NEW_DUE, type="date", label="New date if it moves"),
    Question(
        id=REASON,
        type="text",
        label="Why blocked or moved?",
        max_length=200,
        required_if="status == blocked or new_due",
    ),
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the fields of one action."""

    status: str | None = None
    new_due: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ActionQuestions:
    title: str
    status: Question
    new_due: Question
    reason: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAction:
    """One action of a form. `changed_at`: somebody changed it after it was shown, `changed_by_name` if that is known.

    `problems` are sentences about what has to be mended where they can't stand under their fields.
    """

    card: ActionCard
    entered: Entered
    may_change: bool = True
    changed_at: datetime | None = None
    changed_by_name: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsForm:
    """One page of the form. `token` identifies the form as it was opened."""

    token: str
    questions: ActionQuestions
    actions: tuple[FormAction, ...]
    page: int
    total: int
    zone: str
    now: datetime

    @property
    def readers(self) -> tuple[str, ...]:
        """Who reads the actions of this page."""
        return readers_together(one.card.readers for one in self.actions)

    @property
    def start(self) -> int:
        """How many actions come before these."""
        return self.page * PER_PAGE


@dataclass(frozen=True, slots=True)
class SavedForm:
    """The form is saved: the actions that it changed, as they are now."""

    cards: tuple[ActionCard, ...]


def questions_about_actions(record: Record) -> ActionQuestions:
    """What the coalition asks about each action."""
    found = next((one for one in record.question_sets if one.per_item == "action"), None)
    asked = {one.id: one for one in found.questions} if found is not None else {}
    status, new_due, reason = (asked.get(usual.id, usual) for usual in _USUAL)
    # A coalition may offer fewer statuses, and none that no rule knows.
    status = replace(status, options=tuple(one for one in status.options if one in words(ActionStatus)))
    return ActionQuestions(found.title if found is not None else TITLE, status, new_due, reason)


def field_of(question: str, action: str) -> str:
    """The field of a question about one action."""
    return f"{question}:{action}"


def by_action(values: Mapping[str, str | None]) -> dict[str, Entered]:
    """What was entered, by action, of the fields of a page."""
    found: dict[str, dict[str, str | None]] = {}
    for name, value in values.items():
        question, _, action = name.partition(":")
        if action and question in (STATUS, NEW_DUE, REASON):
            found.setdefault(action, {})[question] = value
    return {action: Entered(**answers) for action, answers in found.items()}


def as_shown(action: ActionItem) -> Entered:
    """What stands in an action's fields before anybody entered something."""
    return Entered(status=action.status, reason=action.blocked_reason if action.is_blocked else None)


def is_touched(entered: Entered, shown: Entered) -> bool:
    """Whether somebody entered something. A reason that is left over says nothing by itself."""
    changed = entered.status != shown.status or bool(entered.new_due)
    return changed or one_line(entered.reason or "") != one_line(shown.reason or "")


def mistakes_in(questions: ActionQuestions, entered: Entered, shown: Entered) -> dict[str, str]:
    """What has to be mended in one action's fields: question → sentence."""
    given = {
        question: value
        for question, value in ((STATUS, entered.status), (NEW_DUE, entered.new_due), (REASON, entered.reason))
        if value and value.strip()
    }
    errors: dict[str, str] = {}
    if STATUS not in given or given[STATUS] not in questions.status.options:
        errors[STATUS] = "Choose where it is."
    if given.get(STATUS) == "done" and NEW_DUE in given:
        errors[NEW_DUE] = "Clear the date, or choose where it is until then: what is done keeps the date it had."
    for question in (questions.new_due, questions.reason):
        needed = question.required or (question.required_if is not None and evaluate(question.required_if, given))
        if needed and question.id not in given and question.id not in errors:
            errors[question.id] = "Choose a day." if question.id == NEW_DUE else _missing_reason(given)
    reason = one_line(entered.reason or "")
    most = questions.reason.max_length
    if most is not None and len(reason) > most:
        errors[REASON] = f"Shorten this to {most} characters; it has {len(reason)}."
    is_new = reason and reason != one_line(shown.reason or "")
    if is_new and given.get(STATUS) != "blocked" and NEW_DUE not in given and REASON not in errors:
        errors[REASON] = "Choose Blocked or a new date above, or clear this."
    return errors


def page_of(keys: Sequence[str], wanted: Iterable[str]) -> int:
    """The page on which the first of these actions stands."""
    found = set(wanted)
    return next((at // PER_PAGE for at, key in enumerate(keys) if key in found), 0)


def _missing_reason(given: Mapping[str, str]) -> str:
    if given.get(STATUS) == "blocked":
        return "Add one sentence on what it waits for."
    return "Add one sentence on why it moves."
