"""What the coalition is called, and how figures and dates are written in it: changed by its leads."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.coalition import COALITION_FORM, edited_message
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import Marked
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.presses import shows
from handlers.rosters import show_saved

open_form = shows(COALITION_FORM.title, lambda services: services.coalition_particulars.form, COALITION_FORM.view)


async def submit(call: Call) -> None:
    opened = call.about(Marked).marks
    saved = await call.services.coalition_particulars.edit(await call.actor(), opened, COALITION_FORM.read(call.values))
    await show_saved(call, edited_message(saved).view(COALITION_FORM.title))


LISTENERS = Listeners(
    noun="coalition",
    actions={Action.EDIT_COALITION: open_form},
    submissions={Submission.COALITION: submit},
    lines=(
        Line(
            "edit",
            "its name, and how figures and dates are written",
            open_form,
            Right.CONFIGURE,
            synonyms=("name", "locale"),
            opens_modal=True,
        ),
    ),
)
