"""The form of all of somebody's open actions: opening it, turning its pages, saving it."""

from __future__ import annotations

from bot.domain.actions import SavedForm
from bot.errors import UserError
from bot.slack.blocks.actions import OWN_ACTIONS_FORM, OWN_ACTIONS_TITLE, own_actions_view, saved_view
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import OUT_OF_DATE_FORM, ItemPage
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Listeners
from handlers.presses import shows


async def turn(call: Call) -> None:
    """Another page in its place; what was entered in this one is kept."""
    at = call.pressed(ItemPage)
    entered = OWN_ACTIONS_FORM.read(call.values)
    form = await call.services.own_actions.turn(await call.actor(), at.id, at.page, entered)
    await call.change_view(own_actions_view(form))


async def save(call: Call) -> None:
    """Stores everything, and says what has changed; or shows what has to be looked at first."""
    token = str(call.view.get("private_metadata") or "")
    if not token:
        raise UserError(OUT_OF_DATE_FORM)
    entered = OWN_ACTIONS_FORM.read(call.values)
    result = await call.services.own_actions.save(await call.actor(), token, entered)
    if not isinstance(result, SavedForm):
        await call.become(own_actions_view(result))
        return
    call.services.deliveries.on_change()
    await call.become(saved_view(str(call.view["title"]["text"]), result))
    await refresh_home(call)


LISTENERS = Listeners(
    actions={
        Action.ALL_ACTIONS: shows(OWN_ACTIONS_TITLE, lambda services: services.own_actions.open, own_actions_view),
        Action.ACTION_FORM_NEXT: turn,
        Action.ACTION_FORM_BACK: turn,
    },
    submissions={Submission.OWN_ACTIONS: save},
)
