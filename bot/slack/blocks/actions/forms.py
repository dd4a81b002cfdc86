"""The forms of action items: a new one, and a date with a reason. Cards and lists are in `items`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.actions import MOST_REASON, MOST_TITLE, ActionCard, ActionForm, NewAction, shown_of
from bot.domain.typed import marks_of
from bot.domain.wording import near_day
from bot.slack.blocks import kit
from bot.slack.blocks.actions.items import from_message
from bot.slack.blocks.people import actions_are_read_by
from bot.slack.forms import PRIORITY, VISIBILITY, Day, Find, Form, Keeps, Text, about, by, each, note
from bot.slack.identifiers import Search, Submission
from bot.slack.metadata import ActionOpened, NewActionOpened
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed

CHANGE_TITLES = {"move": "New date", "block": "Blocked", "offer": "Other date"}


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What the form with a date and a reason is opened with. `what` is move, block or offer; `due` was typed."""

    card: ActionCard
    what: str
    due: date | None = None

    @property
    def is_blocked(self) -> bool:
        return self.what == "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAndReason:
    due: date | None
    reason: str


NEW_ACTION_FORM: Form[ActionForm, NewAction] = Form(
    NewAction, Submission.NEW_ACTION, "New action", "Add",
    note(lambda form: f"Read by {own(listed(form.readers))}, unless you choose others below."),
    lambda form: [kit.context(from_message(form.link))] if form.link else [],
    each(lambda form: form.problems),
    Text("title", "What will be done?", MOST_TITLE),
    Text("deliverable", "What shows that it's done?", MOST_TITLE, optional=True),
    Find("owner", "Who", Search.MEMBER),
    Day("due", "Due", hint=lambda form: _meeting(form)),
    PRIORITY,
    Find("waiting_on", "Waits for another organization?", Search.ORGANIZATION, optional=True),
    VISIBILITY,
    carries=lambda form: NewActionOpened(form.token, form.link),
    keeps=Keeps(by(NewActionOpened, "link"), is_new=True),
)  # fmt: skip
CHANGE_ACTION_FORM: Form[ChangeForm, DateAndReason] = Form(
    DateAndReason, Submission.CHANGE_ACTION, lambda form: CHANGE_TITLES[form.what], "Save",
    note(lambda form: f"Read by {own(actions_are_read_by(form.card.readers))}."),
    about(lambda form: _due(form.card)),
    Day("due", lambda form: "New date if it moves" if form.is_blocked else "New date",
        optional=lambda form: form.is_blocked),
    Text("reason", lambda form: "What does it wait for?" if form.is_blocked else "Why does it move?", MOST_REASON,
        multiline=True, shows=lambda form: form.card.reason if form.is_blocked else None,
        optional=lambda form: not (form.is_blocked or (form.what == "move" and form.card.wants_reason))),
    carries=lambda form: ActionOpened(form.card.id, form.what, marks_of(shown_of(form.card))),
    keeps=Keeps(by(ActionOpened, "action", "what")),
)  # fmt: skip


def _due(card: ActionCard) -> str:
    return f"{bold(card.title)} ({own(card.id)}), due {near_day(card.due, card.today)}"


def _meeting(form: ActionForm) -> str | None:
    if form.next_meeting is None:
        return None
    return f"The group's next meeting: {near_day(form.next_meeting, form.today)}."
