"""A coordinator's word on a message that may or may not have arrived."""

from __future__ import annotations

from functools import partial

from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Listeners


async def _resolve(call: Call, *, arrived: bool) -> None:
    """Every notice about it changes by itself afterwards; Home is shown anew."""
    delivery_id = call.pressed(int)
    await call.services.unclear_posts.resolve_held(await call.actor(), delivery_id, arrived=arrived)
    await call.ack()
    await refresh_home(call)


LISTENERS = Listeners(
    actions={
        Action.IT_ARRIVED: partial(_resolve, arrived=True),
        Action.SEND_AGAIN: partial(_resolve, arrived=False),
    }
)
