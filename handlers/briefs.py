"""The coordinators' brief: what its buttons do that no other noun's do."""

from __future__ import annotations

from bot.domain.actions import ListQuery, UnknownList
from bot.domain.rights import Right
from bot.slack.blocks.actions import TITLE, list_message
from bot.slack.blocks.people import figures_asked_message
from bot.slack.identifiers import Action
from bot.slack.moments import Clock
from handlers.checkins import show_form
from handlers.context import Call
from handlers.listeners import Listeners


async def ask_for_figures(call: Call) -> None:
    """Writes to the stewards; the briefs change by themselves."""
    actor, round_id = await call.actor(), call.pressed(int)
    await call.services.briefs.ask_for_figures(actor, round_id)
    call.services.deliveries.on_change()
    wheres, me = await call.services.letters.where(actor, f"figures:{round_id}"), await call.services.home.me(actor)
    await call.reply(
        figures_asked_message(wheres, Clock(me.zone, me.now), may_mend=actor.standing.may(Right.MANAGE_MEMBERS))
    )


async def see_overdue(call: Call) -> None:
    """The list of overdue actions, on top of the message."""
    await call.open(TITLE)
    found = await call.services.action_items.find(await call.actor(), ListQuery(kind="overdue"))
    if not isinstance(found, UnknownList):
        await call.show(list_message(found).view("Actions"))


async def answer_for(call: Call) -> None:
    """[Answer for Grant]: the round opens once more for this priority, and the form with it."""
    subject_id = call.pressed(int)
    await call.open("Your update")
    actor = await call.actor()
    await call.services.briefs.open_again(actor, subject_id)
    call.services.deliveries.on_change()
    await show_form(call, subject_id)


LISTENERS = Listeners(
    actions={
        Action.ASK_FOR_FIGURES: ask_for_figures,
        Action.SEE_OVERDUE: see_overdue,
        Action.ANSWER_FOR: answer_for,
    }
)
