"""What the coalition is called and how figures and dates are written in it: the form, and what came of it."""

from __future__ import annotations

from bot.domain.coalition import MOST_NAME, MOST_SHORT_NAME, CoalitionForm
from bot.domain.typed import Known
from bot.domain.wording import locale_title
from bot.slack.blocks import kit
from bot.slack.forms import Answered, Find, Form, Keeps, Text, about, as_typed, note
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Message
from bot.slack.mrkdwn import bold, own, unmark

COALITION_FORM: Form[CoalitionForm, Answered] = Form(
    as_typed, Submission.COALITION, "Edit the coalition", "Save",
    note("Read by everyone: the name in messages and digests, and every figure and date."),
    about(lambda form: f"Written now: {own(form.written)}"),
    Text("name", "Name", MOST_NAME),
    Text("short_name", "Short name", MOST_SHORT_NAME, optional=True,
        hint="Where there is little room, such as a digest's title. Empty: the name."),
    Find("locale", "Figures and dates", Search.LOCALE,
        shows=lambda form: Known(form.locale, locale_title(form.locale)),
        placeholder="Type a country",
        hint="How numbers, money, dates and times are written from now on. Words stay English."),
    marks=lambda _form: None,
    keeps=Keeps(lambda _metadata: "it"),
)  # fmt: skip


def edited_message(form: CoalitionForm) -> Message:
    """What holds from now on."""
    short = f" ({own(form.short_name)})" if form.short_name else ""
    words = f"Saved. {bold(form.name)}{short}\nFigures and dates: {own(locale_title(form.locale))}, {own(form.written)}"
    edit = kit.button("Edit", Action.EDIT_COALITION)
    return Message.of(unmark(words).replace("\n", ". "), kit.section(words), kit.actions(edit))
