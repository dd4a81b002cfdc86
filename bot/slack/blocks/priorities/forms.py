"""The forms of priorities and outcomes, and the list of a priority's outcomes. Cards are in `priorities`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.priorities import MOST_GOAL, MOST_NAME, MOST_REASON, OutcomeForm, OutcomeList, PriorityForm
from bot.domain.record import Outcome
from bot.domain.typed import marks_of
from bot.domain.wording import day, days_overdue, near_day
from bot.errors import UserError
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.forms import keeping
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import OUT_OF_DATE, OUT_OF_DATE_FORM, encode_question
from bot.slack.mrkdwn import bold, cut, own

ADD_TITLE = "New priority"
EDIT_TITLE = "Edit priority"
OUTCOMES_TITLE = "Outcomes"
OUTCOME_TITLE = "Outcome"
MOST_OUTCOMES = 40
PROPOSES = "What you change becomes a decision for steering and counts once it is decided."
_STATES = (("owner_says", "As its owner says each week"), ("paused", "Paused"), ("complete", "Complete"))


@keeping
def priority_view(form: PriorityForm) -> View:
    """A new priority, or one that is there."""
    plan, choices, is_new = form.plan, form.choices, form.priority is None
    owner = kit.option(form.owner.name, form.owner.id) if form.owner is not None else None
    blocks = [
        kit.context(PROPOSES if form.proposes else "Read by everyone who reads this priority."),
        _text("name", "Priority", plan, MOST_NAME),
        _text("goal", "Goal", plan, MOST_GOAL, multiline=True, optional=True),
        kit.input_block(
            "Who owns it?",
            kit.external_select(Search.MEMBER, initial=owner, placeholder="Type a name"),
            encode_question("owner"),
        ),
        _text("channel", "Channel", plan, 81, optional=True, hint="Its name as Slack shows it, such as #lb-talent."),
    ]
    for name, label, offered in (
        ("working_group", "Working group", choices.groups),
        ("headline_metric", "Main figure", choices.metrics),
    ):
        if offered:
            options = {one.id: kit.option(one.name, one.id) for one in offered[: limits.OPTIONS]}
            chosen = options.get(str(plan.get(name)))
            element = kit.static_select(Entry.VALUE, list(options.values()), initial=chosen, placeholder="Choose one")
            blocks.append(kit.input_block(label, element, encode_question(name), optional=True))
    if form.amounts:
        amount, through = plan.get("need") or (None, None)
        number = kit.number_input(Entry.VALUE, decimals=True, initial=f"{amount:f}" if amount is not None else None)
        blocks += [
            kit.input_block(f"Need, in {choices.currency}", number, encode_question("need_amount"), optional=True),
            kit.input_block(
                "Need, through",
                kit.datepicker(Entry.VALUE, initial=through),
                encode_question("need_through"),
                optional=True,
            ),
        ]
    if not is_new:
        states = {value: kit.option(text, value) for value, text in _STATES}
        radio = kit.radio_buttons(Entry.VALUE, list(states.values()), initial=states[str(plan["state"])])
        blocks.append(kit.input_block("How does it stand?", radio, encode_question("state")))
    if form.proposes:
        blocks.append(_reason("Why does it change?"))
    return View(
        title=ADD_TITLE if is_new else EDIT_TITLE,
        callback_id=Submission.PRIORITY_PLAN,
        submit="Add" if is_new else "Propose" if form.proposes else "Save",
        close="Close",
        metadata=encode_form(form.priority.id if form.priority is not None else None, None, plan),
        blocks=tuple(blocks),
    )


def outcomes_view(found: OutcomeList) -> View:
    """A priority's outcomes, what is ahead first, each with its button."""
    blocks: list[Block] = [kit.section(bold(found.priority.name))]
    if found.may_edit and found.proposes:
        blocks.append(kit.context(PROPOSES))
    if not found.outcomes:
        blocks.append(kit.section("There is no outcome yet. An outcome says what will be true by a date."))
    shown = found.outcomes[:MOST_OUTCOMES]
    blocks += [_outcome_row(found, one) for one in shown]
    if len(found.outcomes) > len(shown):
        blocks.append(kit.context(f"{len(shown)} of {len(found.outcomes)}"))
    if found.may_edit:
        blocks.append(kit.actions(kit.button("Add outcome", Action.OUTCOME_ADD, value=found.priority.id)))
    return View(title=OUTCOMES_TITLE, close="Close", blocks=tuple(blocks))


@keeping
def outcome_view(form: OutcomeForm) -> View:
    """A new outcome, or one that is there: its date, and that it is reached."""
    plan, is_new = form.plan, form.outcome is None
    blocks = [
        kit.context(PROPOSES if form.proposes else "Read by everyone who reads this priority, and in the digest."),
        kit.section(bold(form.priority.name)),
        _text("name", "What will be true?", plan, MOST_NAME),
        kit.input_block("By", kit.datepicker(Entry.VALUE, initial=plan.get("due")), encode_question("due")),
    ]
    if not is_new or form.proposes:
        label = "Why?" if is_new else "Why does it change?" if form.proposes else "Why does the date move?"
        blocks.append(_reason(label, optional=not form.proposes))
    blocks += [
        kit.input_block(
            "Reached on",
            kit.datepicker(Entry.VALUE, initial=plan.get("completed")),
            encode_question("completed"),
            optional=True,
        ),
        _text("evidence", "What shows that it is reached?", plan, MOST_REASON, multiline=True, optional=True),
    ]
    return View(
        title=OUTCOME_TITLE,
        callback_id=Submission.OUTCOME,
        submit="Propose" if form.proposes else "Add" if is_new else "Save",
        close="Close",
        metadata=encode_form(form.priority.id, form.outcome.id if form.outcome is not None else None, plan),
        blocks=tuple(blocks),
    )


def encode_outcome(priority: str, outcome: str) -> str:
    """A button's value: an outcome of a priority."""
    return json.dumps({"priority": priority, "outcome": outcome}, separators=(",", ":"))


def decode_outcome(value: str | None) -> tuple[str, str]:
    """The inverse of `encode_outcome`. Raises UserError for a value that this version never made."""
    try:
        found = json.loads(value or "{}")
        return str(found["priority"]), str(found["outcome"])
    except (ValueError, KeyError, TypeError):
        raise UserError(OUT_OF_DATE) from None


def encode_form(priority: str | None, outcome: str | None, plan: Mapping[str, Any]) -> str:
    """A form's private_metadata: what it is about, and marks of the values it was opened with; never the values."""
    return json.dumps({"priority": priority, "outcome": outcome, "marks": marks_of(plan)}, separators=(",", ":"))


def decode_form(text: str) -> tuple[str | None, str | None, Mapping[str, str]]:
    """The inverse of `encode_form`. Raises UserError for a form that this version never made."""
    try:
        found = json.loads(text)
        return found["priority"], found["outcome"], {str(name): str(mark) for name, mark in found["marks"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(OUT_OF_DATE_FORM) from None


def _outcome_row(found: OutcomeList, outcome: Outcome) -> Block:
    words = own(cut(outcome.name, 300))
    evidence = outcome.extra.get("evidence")
    if outcome.completed is not None:
        words += f"\nReached {day(outcome.completed, found.today)}"
        words += f": “{own(cut(str(evidence), 300))}”" if evidence else ""
    else:
        words += f"\n{_due(outcome.due, found.today)}"
    if not found.may_edit:
        return kit.section(words)
    button = kit.button(
        "Change",
        Action.OUTCOME_EDIT,
        value=encode_outcome(found.priority.id, outcome.id),
        label=f"Change: {outcome.name}",
    )
    return kit.section(words, accessory=button, block_id=outcome.id)


def _due(due: date, today: date) -> str:
    if due < today:
        return f"Due {day(due, today)}, {days_overdue((today - due).days)}"
    return f"Due {near_day(due, today)}"


def _text(
    name: str,
    label: str,
    plan: Mapping[str, Any],
    most: int,
    *,
    multiline: bool = False,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=most, initial=plan.get(name), multiline=multiline)
    return kit.input_block(label, element, encode_question(name), optional=optional, hint=hint)


def _reason(label: str, *, optional: bool = False) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=MOST_REASON, multiline=True)
    return kit.input_block(label, element, encode_question("reason"), optional=optional)
