"""The form of all of somebody's open actions, ten a page, and what saving it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.domain.actions import PER_PAGE, ActionQuestions, ActionsForm, FormAction, SavedForm, field_of
from bot.domain.wording import part_of, plural, sentence, status
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.actions.items import due_day, state_of, third_move_blocks
from bot.slack.blocks.people import actions_are_read_by
from bot.slack.forms import Answered, Choice, Day, Field, Form, Keeps, Text, as_typed, fixed, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import ItemPage, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own

OWN_ACTIONS_TITLE = "Your open actions"
_MOST_TITLE = 150
_MOST_SAVED = 40


def own_actions_view(form: ActionsForm) -> View:
    """A page of the form; where nothing is open, that."""
    if not form.actions:
        return View(title=_title(form), close="Close", blocks=(kit.section("You have no open actions."),))
    return OWN_ACTIONS_FORM.view(form)


def _title(form: ActionsForm) -> str:
    return cut(form.questions.title, limits.VIEW_TITLE)


def _page(form: ActionsForm) -> Iterator[Field[object] | Block]:
    reader = Clock(form.zone, form.now)
    for at, one in enumerate(form.actions):
        yield from ([kit.divider()] if at else [])
        yield from _fields(one, form.questions, reader)
    if form.total > PER_PAGE:
        yield kit.context(part_of(form.start, len(form.actions), form.total))
        yield kit.actions(*_turns(form))


# Its fields are the questions of the coalition's set, once for each action.
OWN_ACTIONS_FORM: Form[ActionsForm, Answered] = Form(
    as_typed, Submission.OWN_ACTIONS, _title, "Save",
    note(lambda form: f"Read by {own(actions_are_read_by(form.readers))}."),
    _page,
    carries=lambda form: form.token,
    keeps=Keeps(lambda _metadata: "mine"),
)  # fmt: skip


def saved_view(title: str, saved: SavedForm) -> View:
    """What was changed, each in its own line."""
    if not saved.cards:
        return View(title=title, close="Close", blocks=(kit.section("Nothing was changed."),))
    lines = []
    for card in saved.cards[:_MOST_SAVED]:
        due = f"due {due_day(card)} · " if card.is_open else ""
        lines.append(kit.section(f"{bold(cut(card.title, _MOST_TITLE))} · {due}{state_of(card)}"))
        if card.is_asked:
            lines += third_move_blocks(card)
    more = len(saved.cards) - len(lines)
    if more:
        lines.append(kit.context(f"{more} more"))
    return View(
        title=title, close="Close", blocks=(kit.section(f"Saved: {plural(len(saved.cards), 'action')}."), *lines)
    )


def _fields(one: FormAction, questions: ActionQuestions, reader: Clock) -> Iterator[Field[object] | Block]:
    card, entered = one.card, one.entered
    now = "" if card.is_open else f" · {state_of(card)}"
    yield kit.section(f"{bold(cut(card.title, _MOST_TITLE))} ({own(card.id)}), due {due_day(card)}{now}")
    if not one.may_change:
        yield kit.section(f"{own(card.owner_name)} has it now. Nothing to do here.")
        return
    if one.changed_at is not None:
        who = f" by {own(one.changed_by_name)}" if one.changed_by_name else ""
        yield kit.section(
            f"{reader.token(one.changed_at, f'Changed{who} ')}: now {state_of(card)}, due {due_day(card)}. "
            "What you entered is kept below. Save stores it, or change it first."
        )
    for words in one.problems:
        yield kit.section(own(words))
    chosen = date.fromisoformat(entered.new_due) if entered.new_due else None
    most = min(questions.reason.max_length or limits.INPUT_LENGTH, limits.INPUT_LENGTH)
    options = {option: sentence(status(option)) for option in questions.status.options}
    for question, field in (
        (questions.status, Choice("", questions.status.label, options, shows=fixed(entered.status))),
        (questions.new_due, Day("", questions.new_due.label, shows=fixed(chosen))),
        (questions.reason, Text("", questions.reason.label, most, multiline=True, shows=fixed(entered.reason))),
    ):
        # Slack's client can't know a condition: whether a field is needed is checked when the form is sent.
        yield replace(field, name=field_of(question.id, card.id), optional=not question.required)


def _turns(form: ActionsForm) -> Iterator[kit.Element]:
    """To the page before and the one after."""
    left = form.total - form.start - len(form.actions)
    if form.page:
        value = encode(ItemPage(form.token, form.page - 1))
        yield kit.button(f"Back to {form.start - PER_PAGE + 1}–{form.start}", Action.ACTION_FORM_BACK, value=value)
    if left:
        value = encode(ItemPage(form.token, form.page + 1))
        yield kit.button(f"Next {min(left, PER_PAGE)}", Action.ACTION_FORM_NEXT, value=value)
