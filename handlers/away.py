"""Days away: said in words or in a form, listed, taken back, ended early."""

from __future__ import annotations

from bot.domain.checkins import AwayPage
from bot.slack.blocks.people import AWAY_FORM, away_message
from bot.slack.identifiers import Action, Submission
from handlers.cards import show_stored
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners


async def open_form(call: Call) -> None:
    """Opens the form; where none can be opened, lists the days away and says how to type them."""
    if not call.can_open:
        await call.reply(away_message(await call.services.absences.page(await call.actor())))
        return
    await call.open(AWAY_FORM.title)
    await call.show(AWAY_FORM.view(await call.services.absences.page(await call.actor())))


async def take_typed(call: Call, typed: str) -> None:
    """ "away Dec 20 to Jan 3"."""
    page = await call.services.absences.read(await call.actor(), typed)
    call.services.deliveries.on_change()
    await call.reply(away_message(page))
    await refresh_home(call)


async def submit(call: Call) -> None:
    """Stores the days; the modal says what follows."""
    days = AWAY_FORM.read(call.values)
    page = await call.services.absences.add(await call.actor(), call.form_key, days.start, days.end)
    await show_stored(call, away_message(page), AWAY_FORM.title)


async def come_back(call: Call) -> None:
    await _tell(call, await call.services.absences.come_back(await call.actor()))


async def cancel(call: Call) -> None:
    away_id = call.pressed(int)
    await _tell(call, await call.services.absences.cancel(await call.actor(), away_id))


async def _tell(call: Call, page: AwayPage) -> None:
    await call.answer(away_message(page), AWAY_FORM.title)
    await refresh_home(call)


_OTHER_WORDS = (
    "ooo", "out", "out of office", "out of the office", "off", "pto", "vacation", "leave", "holiday", "on vacation",
    "on leave", "gone", "i'm", "i’m", "im", "i am",
)  # fmt: skip
LISTENERS = Listeners(
    noun="checkin",
    actions={Action.AWAY: open_form, Action.COME_BACK: come_back, Action.CANCEL_AWAY: cancel},
    submissions={Submission.AWAY: submit},
    lines=(
        Line(
            "away",
            "say when you're away; your stand-in is asked then",
            open_form,
            words=("away", "i'm away", "i am away"),
            takes=take_typed,
            usage="[FROM to TO] [for @member]",
            hint="away Dec 20 to Jan 3",
            synonyms=_OTHER_WORDS,
        ),
        Line("back", "you're back earlier", come_back, words=("back", "i'm back", "i am back")),
    ),
)
