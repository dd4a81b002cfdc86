"""Canvases in priorities' channels: the coordinators' list, making one again, and asking Slack once more."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.canvases import TITLE, canvases_message
from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import tells

show = tells(lambda services: services.canvases.page, canvases_message)


async def press(call: Call) -> None:
    """[Canvases]."""
    await call.open(TITLE)
    await show(call)


async def make(call: Call) -> None:
    """[Make it again] and [Make it beside]: done in a moment, by whoever keeps canvases up."""
    actor = await call.actor()
    await call.services.canvases.make_again(actor, call.pressed(str))
    call.services.deliveries.on_change()
    await call.answer(canvases_message(await call.services.canvases.page(actor)), TITLE)
    await refresh_home(call)


async def make_told(call: Call) -> None:
    """The same in the message that told of it, which changes by itself; where they all are comes below it."""
    actor = await call.actor()
    await call.services.canvases.make_again(actor, call.pressed(str))
    call.services.deliveries.on_change()
    await call.reply(canvases_message(await call.services.canvases.page(actor)))
    await refresh_home(call)


async def ask(call: Call) -> None:
    """[Ask again]."""
    found = await call.services.canvases.ask_again(await call.actor())
    await call.answer(canvases_message(found), TITLE)


LISTENERS = Listeners(
    noun="priority",
    actions={
        Action.CANVASES: press,
        Action.CANVAS_MAKE: make,
        Action.CANVAS_MAKE_TOLD: make_told,
        Action.CANVASES_ASK: ask,
    },
    lines=(
        Line(
            "canvases",
            "the canvases that I keep up in their channels",
            show,
            Right.RESOLVE_HELD,
            words=("canvases", "canvas"),
            synonyms=("canvas",),
        ),
    ),
)
