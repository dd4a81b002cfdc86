"""Who sees an action, an issue or a decision: [Who sees it] on its card."""

from __future__ import annotations

from bot.slack.blocks.visibility import TITLE, VISIBILITY_FORM, sight_message
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import Marked
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Listeners


async def choose(call: Call) -> None:
    """Opens the form of the one whose card it is."""
    key = call.pressed(str)
    await call.open(TITLE)
    await call.show(VISIBILITY_FORM.view(await call.services.visibilities.form(await call.actor(), key)))


async def submit(call: Call) -> None:
    visibility = VISIBILITY_FORM.read(call.values)
    form = call.about(Marked)
    sight = await call.services.visibilities.keep_to(await call.actor(), form.id or "", visibility, form.marks)
    await call.become(sight_message(sight).view(TITLE))
    await refresh_home(call)


LISTENERS = Listeners(noun="action", actions={Action.VISIBILITY: choose}, submissions={Submission.VISIBILITY: submit})
