"""Anonymous check-ins: sending the form, which leaves nothing behind that leads to whoever sent it, and writing what
was done about what all said."""

from __future__ import annotations

from bot.domain.typed import Mistakes
from bot.services.checkins import NotYet, RoundClosed
from bot.slack.blocks.checkins import PULSE_DONE_FORM, closed_view, done_message, took_part_view
from bot.slack.forms import read_typed
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import AnswerOpened, Marked
from bot.slack.moments import Clock
from handlers.cards import show_stored
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Listeners


async def submit(call: Call) -> None:
    """Stores what was written; the message that asked changes some minutes later, with those of others."""
    form = call.about(AnswerOpened)
    reply = await call.services.pulses.submit(await call.actor(), form.subject, read_typed(call.values))
    title, now = str(call.view["title"]["text"]), call.services.calendar.now()
    if isinstance(reply, NotYet):
        raise Mistakes(reply.errors)
    if isinstance(reply, RoundClosed):
        closed = closed_view(
            title,
            Clock(reply.zone, now),
            closed_at=reply.closed_at,
            next_opens_at=reply.next_opens_at,
            coordinator=reply.coordinator,
            words_kept=False,
        )
        await call.become(closed)
        return
    await call.become(took_part_view(title, Clock(reply.zone, now), closes_at=reply.closes_at, already=reply.already))
    await refresh_home(call)


async def open_done(call: Call) -> None:
    """[Say what was done]: the button carries the round."""
    about = call.pressed(str)
    await call.open(PULSE_DONE_FORM.title)
    await call.show(PULSE_DONE_FORM.view(await call.services.pulses.done_form(await call.actor(), about)))


async def say_done(call: Call) -> None:
    """Stores what was done about what all said."""
    form = call.about(Marked)
    text = PULSE_DONE_FORM.read(call.values)
    summary = await call.services.pulses.say_done(await call.actor(), form.id or "", text, form.marks)
    await show_stored(call, done_message(summary), PULSE_DONE_FORM.title)


LISTENERS = Listeners(
    noun="checkin",
    actions={Action.SAY_DONE: open_done},
    submissions={Submission.PULSE: submit, Submission.PULSE_DONE: say_done},
)
