"""The north star: what it says, and changing it."""

from __future__ import annotations

from bot.slack.blocks.coalition import NORTH_STAR_FORM, north_star_message
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import Marked
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.presses import shows, tells
from handlers.rosters import show_saved


async def submit(call: Call) -> None:
    opened = call.about(Marked).marks
    answers = NORTH_STAR_FORM.read(call.values)
    card = await call.services.north_stars.edit(await call.actor(), opened, answers)
    await show_saved(call, north_star_message(card, "Saved.").view(NORTH_STAR_FORM.title))


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.EDIT_NORTH_STAR: shows(
            NORTH_STAR_FORM.title, lambda services: services.north_stars.form, NORTH_STAR_FORM.view
        )
    },
    submissions={Submission.NORTH_STAR: submit},
    lines=(
        Line(
            "northstar",
            "what the coalition is for, and its figure",
            tells(lambda services: services.north_stars.card, north_star_message),
            words=("northstar", "north star"),
            synonyms=("north-star", "north star"),
        ),
    ),
)
