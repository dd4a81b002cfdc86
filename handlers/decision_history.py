"""What happened to a decision: by its button, a page at a time, and by a line."""

from __future__ import annotations

from bot.slack.blocks.history import TITLE, history_message, history_view
from bot.slack.identifiers import Action
from bot.slack.metadata import decode_page
from handlers.context import Call


async def turn(call: Call) -> None:
    """[History], and [Older] and [Newer] in it."""
    value = str(call.action.get("value") or "")
    key, page = decode_page(value)
    is_turning = call.is_in_modal and value.startswith("{")
    if not is_turning:
        await call.open(TITLE)
    found = await call.services.decisions.history(await call.actor(), key, page)
    view = history_view(found, Action.DECISION_HISTORY)
    await (call.change_view(view) if is_turning else call.show(view))


async def show_typed(call: Call, typed: str) -> None:
    """ "decision history D-1"."""
    found = await call.services.decisions.history(await call.actor(), typed)
    await call.reply(history_message(found, Action.DECISION_HISTORY))
