"""What did not arrive: the coordinators' list, typed, from Home and from the brief."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.sending import TITLE, undelivered_message
from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.listeners import Line, Listeners


async def show(call: Call) -> None:
    """The list, where it was asked for."""
    await call.reply(undelivered_message(await call.services.undeliveries.page(await call.actor())))


async def press(call: Call) -> None:
    """[See]: the list on top of Home or of the brief."""
    await call.open(TITLE)
    await show(call)


async def turn(call: Call) -> None:
    page = call.pressed(int)
    message = undelivered_message(await call.services.undeliveries.page(await call.actor()), page)
    await call.answer(message, TITLE)


LISTENERS = Listeners(
    noun="coalition",
    actions={Action.DELIVERIES: press, Action.TURN_DELIVERIES: turn},
    lines=(
        Line(
            "deliveries",
            "what did not arrive, for whom and why",
            show,
            Right.RESOLVE_HELD,
            words=("deliveries", "not arrived"),
            synonyms=("undelivered",),
        ),
    ),
)
