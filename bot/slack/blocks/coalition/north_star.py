"""The north star on screen: what it says, and the form to change it."""

from __future__ import annotations

from bot.domain.coalition import MOST_STATEMENT, NorthStarCard, goal_lines, goal_words
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.worded import worded
from bot.slack.forms import PUBLIC, Answered, Form, Keeps, Text, as_typed, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import own

_MOST_GOALS = 10
NORTH_STAR_FORM: Form[NorthStarCard, Answered] = Form(
    as_typed, Submission.NORTH_STAR, "North star", "Save",
    note("Read by everyone; every digest begins with its figure."),
    Text("statement", "What do you want to come true?", MOST_STATEMENT, multiline=True),
    Text("goals", "Goals by year", limits.INPUT_LENGTH, multiline=True, shows=lambda card: goal_lines(card.goals),
        hint="One a line, such as “2027: 60,500”, or with a day “60,500 by Jun 30, 2027”.", optional=True),
    PUBLIC,
    marks=lambda _card: None,
    keeps=Keeps(lambda _metadata: "it"),
)  # fmt: skip


def north_star_message(card: NorthStarCard, note: str | None = None) -> Message:
    """The north star as a message. `note` is what just happened, plain."""
    return worded(_blocks(card, _words(card, note)))


def _words(card: NorthStarCard, note: str | None) -> str:
    lines = [own(note)] if note else []
    if card.statement is None:
        return "\n".join([*lines, "There is no north star yet. It says in a sentence what the coalition is for."])
    lines.append(f"*North star:* {own(card.statement)}")
    if card.metric is not None:
        lines.append(f"*Its figure:* {own(card.metric[1])}")
    elif card.may_edit:
        lines.append("*Its figure:* none yet. Add one, and choose “The north star” as its priority.")
    if card.goals:
        said = " · ".join(goal_words(one, card.unit) for one in card.goals[:_MOST_GOALS])
        more = f" ({_MOST_GOALS} of {len(card.goals)})" if len(card.goals) > _MOST_GOALS else ""
        lines.append(f"*Goals by year:* {own(said + more)}")
    if card.public:
        lines.append("It is shown on the public page.")
    return "\n".join(lines)


def _blocks(card: NorthStarCard, words: str) -> tuple[Block, ...]:
    buttons = []
    if card.metric is not None and card.statement is not None:
        buttons.append(kit.button("Open figure", Action.FIGURE_CARD, value=card.metric[0]))
    elif card.statement is not None and card.may_edit:
        buttons.append(kit.button("Add figure", Action.METRIC_ADD))
    if card.may_edit:
        buttons.append(kit.button("Edit" if card.statement else "Add", Action.EDIT_NORTH_STAR))
    return (kit.section(words), *kit.row(*buttons))
