"""The coalition as a whole: the week ahead, starting, pausing and resuming."""

from __future__ import annotations

from bot.slack.blocks.home import coalition_message, live_words
from bot.slack.blocks.week import started_view, week_view
from bot.slack.message import View
from bot.slack.moments import Clock
from handlers.context import Call
from handlers.home import refresh_home


async def week(call: Call) -> None:
    """Shows the coming week; a draft is started from there."""
    await call.open("The week ahead")
    actor = await call.actor()
    preview = await call.services.week.preview(actor)
    page = await call.services.home.page(actor)
    may_start = page.coordination is not None and page.coordination.may_configure
    await call.show(week_view(preview, may_start=may_start))


async def start(call: Call) -> None:
    """From now on people hear from the bot."""
    actor = await call.actor()
    await call.services.coalitions.go_live(actor)
    call.services.deliveries.on_change()
    page = await call.services.home.page(actor)
    await call.ack()
    await call.change_view(started_view(Clock(page.zone, page.now), live_words(page)))
    await refresh_home(call)


async def pause(call: Call) -> None:
    """Stops all sending."""
    await call.services.coalitions.pause(await call.actor())
    await show_state(call)


async def resume(call: Call) -> None:
    """Takes up sending again."""
    await call.services.coalitions.resume(await call.actor())
    call.services.deliveries.on_change()
    await show_state(call)


async def show_state(call: Call) -> None:
    """The state after a change, where it was asked for, and in Home."""
    card = coalition_message(await call.services.home.page(await call.actor()))
    if call.is_in_modal:
        await call.change_view(View(title="Sending", close="Close", blocks=card.blocks))
    elif not call.view:
        await call.reply(card, replace=True)
    await refresh_home(call)
