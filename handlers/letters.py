"""Writing to somebody through the bot, also in reply to a note to the coordinators; and that such a note was seen."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.checkins import seen_message
from bot.slack.blocks.people import LETTER_FORM, letter_sent_words, notice_view
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import LetterOpened, decode
from bot.slack.moments import Clock
from handlers.context import TITLE, Call
from handlers.home import refresh_home
from handlers.listeners import Listeners


async def open_form(call: Call) -> None:
    """[Write to Grant]: the button carries who is written to."""
    await call.open("Write")
    to = str(call.action.get("value") or "")
    await call.show(LETTER_FORM.view(await call.services.letters.form(await call.actor(), to)))


async def submit(call: Call) -> None:
    """Sends it, once however often the form arrives."""
    form = call.about(LetterOpened)
    text = LETTER_FORM.read(call.values)
    key, actor = call.form_key, await call.actor()
    if form.note is not None:
        await call.services.private_notes.reply(actor, key, form.note, text)
    else:
        await call.services.letters.send(actor, key, [decode(str, form.receiver)], text)
    call.services.deliveries.on_change()
    wheres, me = await call.services.letters.where(actor, key), await call.services.home.me(actor)
    may_mend = actor.standing.may(Right.MANAGE_MEMBERS)
    sent = notice_view(TITLE, letter_sent_words(wheres, Clock(me.zone, me.now), may_mend=may_mend))
    await call.become(sent)


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


LISTENERS = Listeners(
    actions={Action.WRITE_TO: open_form, Action.SEE_NOTE: see, Action.REPLY_TO_NOTE: open_reply},
    submissions={Submission.LETTER: submit},
)
