"""The forms of priorities and outcomes, and the list of a priority's outcomes. Cards are in `priorities`."""

from __future__ import annotations

from datetime import date

from bot.domain.endings import EndRef
from bot.domain.priorities import (
    CANVAS_WORDS,
    MOST_CHANNEL,
    MOST_GOAL,
    MOST_NAME,
    MOST_REASON,
    OutcomeForm,
    OutcomeList,
    PriorityForm,
)
from bot.domain.record import EndOf, Noun, Outcome
from bot.domain.typed import marks_of
from bot.domain.vocabularies import Lens, words
from bot.domain.wording import day, days_overdue, near_day
from bot.slack.blocks import kit
from bot.slack.blocks.last_days import end_buttons
from bot.slack.forms import (
    PUBLIC,
    Answered,
    Choice,
    Day,
    Find,
    Form,
    Keeps,
    Number,
    Pick,
    Text,
    about,
    as_typed,
    by,
    named_options,
    note,
)
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import Marked, OutcomeKey, OutcomeOpened, encode
from bot.slack.mrkdwn import bold, cut, own

ADD_TITLE = "New priority"
EDIT_TITLE = "Edit priority"
OUTCOMES_TITLE = "Outcomes"
MOST_OUTCOMES = 40
PROPOSES = "What you change becomes a decision for steering and counts once it is decided."
_STATES = {"owner_says": "As its owner says each week", "paused": "Paused", "complete": "Complete"}
_LENSES = {one: one.capitalize() for one in words(Lens)}
PRIORITY_FORM: Form[PriorityForm, Answered] = Form(
    as_typed, Submission.PRIORITY_PLAN,
    lambda form: ADD_TITLE if form.priority is None else EDIT_TITLE,
    lambda form: "Add" if form.priority is None else "Propose" if form.proposes else "Save",
    note(lambda form: PROPOSES if form.proposes else "Read by everyone who reads this priority."),
    Text("name", "Priority", MOST_NAME),
    Text("goal", "Goal", MOST_GOAL, multiline=True, optional=True),
    Pick("lens", "Lens", _LENSES, optional=True),
    Find("owner", "Who owns it?", Search.MEMBER, shows=lambda form: form.owner),
    Text("channel", "Channel", MOST_CHANNEL, hint="Its name as Slack shows it, such as #lb-talent.", optional=True),
    Pick("working_group", "Working group", lambda form: named_options(form.choices.groups),
        when=lambda form: bool(form.choices.groups), optional=True),
    Pick("headline_metric", "Main figure", lambda form: named_options(form.choices.metrics),
        when=lambda form: bool(form.choices.metrics), optional=True),
    Number("need_amount", lambda form: f"Need, in {form.choices.currency}", of="need",
        shows=lambda form: (form.plan.get("need") or (None,))[0], when=lambda form: form.amounts, optional=True),
    Day("need_through", "Need, through", of="need", shows=lambda form: (form.plan.get("need") or (None, None))[1],
        when=lambda form: form.amounts, optional=True),
    Choice("state", "How does it stand?", _STATES, radio=True, when=lambda form: form.priority is not None),
    Choice("canvas", "A canvas in its channel, kept up by me", CANVAS_WORDS, otherwise=0,
        hint="Figures, actions, decisions and meetings, without amounts. What people write into it is replaced."),
    PUBLIC,
    Text("reason", "Why does it change?", MOST_REASON, multiline=True, when=lambda form: form.proposes),
    values=lambda form: form.plan,
    carries=lambda form: Marked(form.priority.id if form.priority is not None else None, marks_of(form.plan)),
    keeps=Keeps(by(Marked, "id")),
)  # fmt: skip
OUTCOME_FORM: Form[OutcomeForm, Answered] = Form(
    as_typed, Submission.OUTCOME, "Outcome",
    lambda form: "Propose" if form.proposes else "Add" if form.outcome is None else "Save",
    note(lambda form: PROPOSES if form.proposes else "Read by everyone who reads this priority, and in the digest."),
    about(lambda form: bold(form.priority.name)),
    Text("name", "What will be true?", MOST_NAME),
    Day("due", "By"),
    Text("reason", lambda form: _why(form), MOST_REASON, multiline=True,
        when=lambda form: form.outcome is not None or form.proposes, optional=lambda form: not form.proposes),
    Day("completed", "Reached on", optional=True),
    Text("evidence", "What shows that it is reached?", MOST_REASON, multiline=True, optional=True),
    PUBLIC,
    values=lambda form: form.plan,
    carries=lambda form: OutcomeOpened(form.priority.id, _outcome(form), marks_of(form.plan)),
    keeps=Keeps(by(OutcomeOpened, "priority", "outcome")),
)  # fmt: skip


def outcomes_view(found: OutcomeList) -> View:
    """A priority's outcomes, what is ahead first, each with its button."""
    blocks: list[Block] = [kit.section(bold(found.priority.name))]
    if found.may_edit and found.proposes:
        blocks.append(kit.context(PROPOSES))
    if not found.outcomes:
        blocks.append(kit.section("There is no outcome yet. An outcome says what will be true by a date."))
    shown = found.outcomes[:MOST_OUTCOMES]
    blocks += [block for one in shown for block in _outcome_row(found, one)]
    if len(found.outcomes) > len(shown):
        blocks.append(kit.context(f"{len(shown)} of {len(found.outcomes)}"))
    if found.may_edit:
        blocks.append(kit.actions(kit.button("Add outcome", Action.OUTCOME_ADD, value=found.priority.id)))
    return View(title=OUTCOMES_TITLE, close="Close", blocks=tuple(blocks))


def _outcome(form: OutcomeForm) -> str | None:
    return form.outcome.id if form.outcome is not None else None


def _why(form: OutcomeForm) -> str:
    if form.outcome is None:
        return "Why?"
    return "Why does it change?" if form.proposes else "Why does the date move?"


def _outcome_row(found: OutcomeList, outcome: Outcome) -> list[Block]:
    told = own(cut(outcome.name, 300))
    evidence = outcome.extra.get("evidence")
    if outcome.completed is not None:
        told += f"\nReached {day(outcome.completed, found.today)}"
        told += f": “{own(cut(str(evidence), 300))}”" if evidence else ""
    else:
        told += f"\n{_due(outcome.due, found.today)}"
    told += " · on the public page" if outcome.public else ""
    told += f" · ends {near_day(outcome.ended, found.today)}" if outcome.ended is not None else ""
    if not found.may_edit:
        return [kit.section(told)]
    button = kit.button(
        "Change", Action.OUTCOME_EDIT, value=encode(OutcomeKey(found.priority.id, outcome.id)), about=outcome.name
    )
    row = kit.section(told, accessory=button, block_id=outcome.id)
    if found.proposes:
        return [row]
    end = end_buttons(EndOf(EndRef(Noun.OUTCOME, outcome.id).text, outcome.ended, may_end=True), outcome.name)
    return [row, *kit.row(*end)]


def _due(due: date, today: date) -> str:
    if due < today:
        return f"Due {day(due, today)}, {days_overdue((today - due).days)}"
    return f"Due {near_day(due, today)}"
