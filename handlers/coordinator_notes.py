"""Words to the coordinators: typed behind "ask", or in a form."""

from __future__ import annotations

from bot.slack.blocks.coordinator_notes import TITLE, note_form_view, note_hint_message, note_sent_message
from bot.slack.forms import read_answers
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from handlers.context import Call
from handlers.listeners import Line, Listeners


async def open_form(call: Call) -> None:
    """Opens the form; where none can be opened, says how to type it."""
    if not call.can_open:
        await call.reply(note_hint_message(await _readers(call)))
        return
    await call.open(TITLE)
    await call.show(note_form_view(await _readers(call)))


async def _readers(call: Call) -> tuple[str, ...]:
    return (await call.services.home.me(await call.actor())).private_readers


async def take_typed(call: Call, typed: str) -> None:
    """ "ask Can we meet on Friday?"."""
    # The event or command that brought the words, so that one which arrives twice is one note.
    key = str(call.body.get("event_id") or call.body.get("trigger_id") or call.event.get("ts") or "")
    names = await call.services.letters.send(await call.actor(), f"typed:{key}", [], typed)
    call.services.deliveries.on_change()
    await call.reply(note_sent_message(names, typed))


async def submit(call: Call) -> None:
    """Brings what was written to the coordinators; the modal says so."""
    answers = read_answers(call.view["state"]["values"])
    key = f"{call.team_id}:{call.view['id']}:{Submission.NOTE}"
    text = answers.get("text") or ""
    names = await call.services.letters.send(await call.actor(), key, [], text)
    call.services.deliveries.on_change()
    told = View(title=TITLE, close="Close", blocks=note_sent_message(names, text).blocks)
    await call.ack(response_action="update", view=dict(told.payload()))


LISTENERS = Listeners(
    actions={Action.WRITE_TO_COORDINATORS: open_form},
    submissions={Submission.NOTE: submit},
    lines=(
        Line(
            "coalition",
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
