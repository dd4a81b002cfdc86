"""App Home: shown when it is opened, and anew after what somebody did who has it before them."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.errors import Former
from bot.slack.blocks.home import former_view, home_view, stranger_view
from bot.slack.identifiers import Action
from bot.slack.metadata import ListPages
from handlers.context import Call, Kind
from handlers.home_looks import OPEN_FOR
from handlers.listeners import Listeners

log = structlog.get_logger(__name__)


async def opened(call: Call) -> None:
    """Somebody looks at Home. The Messages tab of the same app reports itself too, and has nothing to show."""
    if _is_in_home(call):
        await show_home(call)


async def refresh(call: Call) -> None:
    await show_home(call, pages=call.pressed(ListPages).at)


async def check_channels(call: Call) -> None:
    """Looks at Slack once more: somebody has invited the bot."""
    await call.ack()
    await call.edge.directory_changed(call.team_id)
    await show_home(call, pages=call.pressed(ListPages).at)


async def show_home(call: Call, *, pages: Mapping[str, int] | None = None, note: str | None = None) -> None:
    await call.ack()
    try:
        actor = await call.actor_if_known()
    except Former as gone:
        await call.publish_home(former_view(gone.message))
        return
    if actor is None:
        await call.publish_home(stranger_view(await call.services.home.coordinator_of(call.team_id)))
        return
    await call.publish_home(home_view(await call.services.home.page(actor, whole=True), pages, note=note))


async def refresh_home(call: Call) -> None:
    """Shows Home anew after something was stored, to somebody who is likely to have it before them.

    Whoever has not is shown it anew by opening it.
    """
    # Before waiting for others' acknowledgements: whoever waits for its own waits too long for Slack.
    await call.ack()
    who, looks = _who(call), call.edge.looks
    try:
        # That is asked of the database too.
        await call.edge.calm()
        if not await _is_before(call) or not looks.want(who):
            return
        async with call.edge.backstage():
            looks.begin(who)
            await show_home(call)
    except Exception as error:
        # What the person did is stored; telling them that something went wrong would be wrong.
        log.warning("home_not_shown", error=type(error).__name__, team=call.team_id)


def note_look(call: Call) -> bool:
    """Notes whoever opens Home or presses something in it; whether other processes are to be told."""
    return _is_in_home(call) and call.edge.looks.note(_who(call), call.services.calendar.now())


def _is_in_home(call: Call) -> bool:
    if call.kind is Kind.EVENT:
        return call.event.get("type") == "app_home_opened" and call.event.get("tab", "home") == "home"
    return call.kind is Kind.ACTION and call.view.get("type") == "home"


async def tell_of_look(call: Call) -> None:
    """Tells other processes that this person is in Home: any of them may get what is done next."""
    at = call.edge.looks.last(_who(call))
    if at is not None:
        await call.services.inbox.note_home(*_who(call), at)


async def _is_before(call: Call) -> bool:
    now = call.services.calendar.now()
    who = _who(call)
    return call.edge.looks.is_there(who, now) or await call.services.inbox.was_home(*who, now - OPEN_FOR)


def _who(call: Call) -> tuple[str, str]:
    return call.team_id, call.user_id


LISTENERS = Listeners(
    actions={
        Action.REFRESH: refresh,
        Action.CHECK_CHANNELS: check_channels,
        Action.TURN_PAGE: refresh,
    },
)
