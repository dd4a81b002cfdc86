"""The forms of action items: a new one, and a date with a reason. Cards and lists are in `items`."""

from __future__ import annotations

from datetime import date

from bot.domain.actions import ActionCard, ActionForm, shown_of
from bot.domain.typed import Known, marks_of
from bot.domain.wording import near_day
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.actions.items import from_message
from bot.slack.blocks.people import actions_are_read_by
from bot.slack.forms import keeping
from bot.slack.identifiers import Entry, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import ActionOpened, NewActionOpened, encode, encode_question
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed

NEW_TITLE = "New action"
WHOLE_COALITION = "*"
MOST = 150
MOST_REASON = 200
CHANGE_TITLES = {"move": "New date", "block": "Blocked", "offer": "Other date"}


@keeping
def action_form_view(form: ActionForm) -> View:
    """The form of a new action, filled in as far as it is known."""
    return View(
        title=NEW_TITLE,
        callback_id=Submission.NEW_ACTION,
        submit="Add",
        close="Close",
        metadata=encode(NewActionOpened(form.token, form.link)),
        blocks=(
            kit.context(f"Read by {own(listed(form.readers))}."),
            *([kit.context(from_message(form.link))] if form.link else []),
            *(kit.section(own(words)) for words in form.problems),
            _text("title", "What will be done?", form.title),
            _text("deliverable", "What shows that it's done?", "", optional=True),
            kit.input_block(
                "Who",
                kit.external_select(Search.MEMBER, initial=_chosen(form.owner), placeholder="Type a name"),
                encode_question("owner"),
            ),
            kit.input_block(
                "Due",
                kit.datepicker(Entry.VALUE, initial=form.due),
                encode_question("due"),
                hint=_meeting(form),
            ),
            kit.input_block("Priority", _priorities(form), encode_question("priority")),
            kit.input_block(
                "Waits for another organization?",
                kit.external_select(Search.ORGANIZATION, placeholder="Type a name"),
                encode_question("waiting_on"),
                optional=True,
            ),
        ),
    )


@keeping
def change_form_view(card: ActionCard, what: str, due: date | None = None) -> View:
    """A date and a reason. `what` is move, block or offer; `due` a date that was typed already."""
    is_blocked = what == "block"
    return View(
        title=CHANGE_TITLES[what],
        callback_id=Submission.CHANGE_ACTION,
        submit="Save",
        close="Close",
        metadata=encode(ActionOpened(card.id, what, marks_of(shown_of(card)))),
        blocks=(
            kit.context(f"Read by {own(actions_are_read_by(card.readers))}."),
            kit.section(f"{bold(card.title)} ({own(card.id)}), due {near_day(card.due, card.today)}"),
            kit.input_block(
                "New date if it moves" if is_blocked else "New date",
                kit.datepicker(Entry.VALUE, initial=due),
                encode_question("due"),
                optional=is_blocked,
            ),
            kit.input_block(
                "What does it wait for?" if is_blocked else "Why does it move?",
                kit.plain_text_input(
                    Entry.VALUE,
                    max_length=MOST_REASON,
                    initial=(card.reason or "")[:MOST_REASON] if is_blocked else None,
                    multiline=True,
                ),
                encode_question("reason"),
                optional=not (is_blocked or (what == "move" and card.wants_reason)),
            ),
        ),
    )


def options_of(found: tuple[Known, ...]) -> list[kit.Element]:
    """What a search offers."""
    return [kit.option(one.name, one.id) for one in found[: limits.OPTIONS]]


def _text(question: str, label: str, initial: str, *, optional: bool = False) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=MOST, initial=initial)
    return kit.input_block(label, element, encode_question(question), optional=optional)


def _chosen(known: Known | None) -> kit.Element | None:
    return kit.option(known.name, known.id) if known is not None else None


def _priorities(form: ActionForm) -> kit.Element:
    options = [kit.option(one.name, one.id) for one in form.priorities[: limits.OPTIONS - 1]]
    options.append(kit.option("The whole coalition", WHOLE_COALITION))
    chosen = next((one for one in options if one["value"] == form.priority), options[-1])
    return kit.static_select(Entry.VALUE, options, initial=chosen)


def _meeting(form: ActionForm) -> str | None:
    if form.next_meeting is None:
        return None
    return f"The group's next meeting: {near_day(form.next_meeting, form.today)}."
