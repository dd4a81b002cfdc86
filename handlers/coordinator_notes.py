"""Words to the coordinators: typed behind "ask" and read back before they go, or in a form."""

from __future__ import annotations

import re

from bot.domain.rights import Right
from bot.slack.blocks.people import NOTE_FORM, NoteForm, note_hint_message, note_read_back_message, note_sent_message
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message
from bot.slack.moments import Clock
from handlers.context import Call
from handlers.listeners import Line, Listeners

# "Ask the coordinators whether …": whom it goes to is no part of the letter.
_TO_WHOM = re.compile(r"(?:the |my |our )?coordinators?[,:]?\s+", re.IGNORECASE)


async def open_form(call: Call) -> None:
    """Opens the form; where none can be opened, says how to type it."""
    if not call.can_open:
        await call.reply(note_hint_message(await _readers(call)))
        return
    await call.open(NOTE_FORM.title)
    await call.show(NOTE_FORM.view(NoteForm(await _readers(call))))


async def _readers(call: Call) -> tuple[str, ...]:
    return (await call.services.home.me(await call.actor())).private_readers


async def take_typed(call: Call, typed: str) -> None:
    """ "ask Can we meet on Friday?": read back, and sent by a press."""
    to_whom = _TO_WHOM.match(typed)
    text = typed[to_whom.end() :] if to_whom is not None else typed
    await call.reply(note_read_back_message(await call.services.letters.read_back(await call.actor(), text)))


async def send_read_back(call: Call) -> None:
    """[Send] below words that were read back."""
    actor, token = await call.actor(), call.pressed(str)
    text = await call.services.letters.kept(actor, token)
    await call.reply(await _send(call, f"read back:{token}", text), replace=True)


async def _send(call: Call, key: str, text: str) -> Message:
    """Sends words to the coordinators, once for each key; says where they are."""
    actor = await call.actor()
    await call.services.letters.send(actor, key, [], text)
    call.services.deliveries.on_change()
    wheres, me = await call.services.letters.where(actor, key), await call.services.home.me(actor)
    return note_sent_message(wheres, Clock(me.zone, me.now), text, may_mend=actor.standing.may(Right.MANAGE_MEMBERS))


async def change_read_back(call: Call) -> None:
    """[Change]: the form with these words."""
    await call.open(NOTE_FORM.title)
    text = await call.services.letters.kept(await call.actor(), call.pressed(str))
    await call.show(NOTE_FORM.view(NoteForm(await _readers(call), text)))


async def submit(call: Call) -> None:
    """Brings what was written to the coordinators; the modal says so."""
    text = NOTE_FORM.read(call.values)
    await call.become((await _send(call, call.form_key, text)).view(NOTE_FORM.title))


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.WRITE_TO_COORDINATORS: open_form,
        Action.SEND_NOTE: send_read_back,
        Action.CHANGE_NOTE: change_read_back,
    },
    submissions={Submission.NOTE: submit},
    lines=(
        Line(
            "ask",
            "write to the coordinators",
            open_form,
            words=("ask",),
            takes=take_typed,
            usage="[WORDS]",
            hint="ask Can we meet on Friday?",
        ),
    ),
)
