"""Notes to the coordinators: seen, and the form to reply. What is written there goes out as a letter (`letters`)."""

from __future__ import annotations

from bot.slack.blocks.checkins import seen_message
from bot.slack.blocks.people import LETTER_FORM
from bot.slack.identifiers import Action
from bot.slack.moments import Clock
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Listeners


async def see(call: Call) -> None:
    """[Seen]: Home shows it by itself; any other screen is told beside it, since a brief of long ago stays as it is."""
    actor = await call.actor()
    note = await call.services.private_notes.see(actor, call.pressed(int))
    call.services.deliveries.on_change()
    if call.view.get("type") != "home":
        page = await call.services.home.me(actor)
        await call.reply(seen_message(note, Clock(page.zone, page.now)))
    await refresh_home(call)


async def open_reply(call: Call) -> None:
    """[Reply]: the form to write to the note's author, with their words on top."""
    await call.open("Write")
    form = await call.services.private_notes.reply_form(await call.actor(), call.pressed(int))
    await call.show(LETTER_FORM.view(form))


LISTENERS = Listeners(actions={Action.SEE_NOTE: see, Action.REPLY_TO_NOTE: open_reply})
