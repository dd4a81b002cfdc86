"""What did not arrive: the coordinators' list, typed, from Home and from the brief, and their word on what may have."""

from __future__ import annotations

from functools import partial

from bot.domain.rights import Right
from bot.slack.blocks.sending import TITLE, undelivered_message
from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.home import refresh_home
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


async def _resolve(call: Call, *, arrived: bool) -> None:
    """Every notice about it changes by itself afterwards; Home is shown anew."""
    delivery_id = call.pressed(int)
    await call.services.unclear_posts.resolve_held(await call.actor(), delivery_id, arrived=arrived)
    await call.ack()
    await refresh_home(call)


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.DELIVERIES: press,
        Action.TURN_DELIVERIES: turn,
        Action.IT_ARRIVED: partial(_resolve, arrived=True),
        Action.SEND_AGAIN: partial(_resolve, arrived=False),
    },
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
