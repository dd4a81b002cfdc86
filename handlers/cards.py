"""What nouns with cards share: an answer in its place, a form that is stored, a history by pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.histories import ItemHistory
from bot.slack.blocks.histories import TITLE as HISTORY_TITLE
from bot.slack.blocks.histories import history_view
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.metadata import ItemPage
from handlers.context import Call
from handlers.home import refresh_home


async def show_stored(call: Call, message: Message, title: str) -> None:
    """A form was stored; the modal says what became of it."""
    call.services.deliveries.on_change()
    await call.become(message.view(title))
    await refresh_home(call)


async def show_history(call: Call, read: Callable[[str, int], Awaitable[ItemHistory]], action: Action) -> None:
    """[History], and [Older] and [Newer] in it."""
    at = call.pressed(ItemPage)
    is_turning = call.is_in_modal and call.value != at.id
    if not is_turning:
        await call.open(HISTORY_TITLE)
    view = history_view(await read(at.id, at.page), action)
    await (call.change_view(view) if is_turning else call.show(view))
