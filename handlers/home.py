"""App Home: shown when it is opened, and anew after what somebody did there."""

from __future__ import annotations

import structlog

from bot.slack.blocks.home import home_view, stranger_view
from bot.slack.identifiers import Action
from bot.slack.metadata import decode_pages
from handlers.context import Call
from handlers.listeners import Listeners

log = structlog.get_logger(__name__)


async def opened(call: Call) -> None:
    """Somebody looks at Home. The Messages tab of the same app reports itself too, and has nothing to show."""
    if call.event.get("tab", "home") == "home":
        await show_home(call)


async def refresh(call: Call) -> None:
    await show_home(call, pages=decode_pages(call.action.get("value")))


async def turn_page(call: Call) -> None:
    await show_home(call, pages=decode_pages(call.action.get("value")))


async def check_channels(call: Call) -> None:
    """Looks at Slack once more: somebody has invited the bot."""
    await call.ack()
    await call.edge.directory_changed()
    await show_home(call, pages=decode_pages(call.action.get("value")))


async def show_home(call: Call, *, pages: dict[str, int] | None = None, note: str | None = None) -> None:
    """Publishes this person's Home."""
    await call.ack()
    actor = await call.actor_if_known()
    if actor is None:
        await call.publish_home(stranger_view(await call.services.home.coordinator_of(call.team_id)))
        return
    await call.publish_home(home_view(await call.services.home.page(actor, whole=True), pages, note=note))


async def refresh_home(call: Call) -> None:
    """Shows Home anew after something else was stored: it may be open beside it, and may be opened anew if not."""
    # Before waiting for others' acknowledgements: whoever waits for its own waits too long for Slack.
    await call.ack()
    try:
        async with call.edge.backstage():
            await show_home(call)
    except Exception as error:
        # What the person did is stored; telling them that something went wrong would be wrong.
        log.warning("home_not_shown", error=type(error).__name__, team=call.team_id)


LISTENERS = Listeners(
    actions={
        Action.REFRESH: refresh,
        Action.CHECK_CHANNELS: check_channels,
        Action.TURN_PAGE: turn_page,
    },
)
