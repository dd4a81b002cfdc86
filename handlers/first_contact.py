"""The two buttons of the first message."""

from __future__ import annotations

from bot.slack.blocks.people import notice_message, who_sees_what_view
from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.listeners import Listeners


async def sounds_right(call: Call) -> None:
    """The row of buttons becomes a word of thanks when the message is shown anew."""
    is_new = await call.services.first_contacts.confirm(await call.actor())
    call.services.deliveries.on_change()
    await call.ack()
    if not is_new:
        await call.reply(notice_message("Thanks, that's already noted. Type “my settings” to change anything."))


async def who_sees_what(call: Call) -> None:
    """Says who reads what this person tells the bot."""
    await call.open("Who sees what")
    me = await call.services.home.me(await call.actor())
    readers = tuple((one.name, one.readers) for one in me.priorities or me.covered)
    own = tuple((one.name, one.readers) for one in me.own_checkins)
    await call.show(who_sees_what_view(readers, me.private_readers, me.action_readers, own))


LISTENERS = Listeners(actions={Action.SOUNDS_RIGHT: sounds_right, Action.WHO_SEES_WHAT: who_sees_what})
