"""My settings: shown, searched in and saved."""

from __future__ import annotations

from bot.slack.blocks.people import SETTINGS_FORM, settings_message
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.metadata import Marked
from handlers.cards import show_stored
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.presses import finds


async def open_form(call: Call) -> None:
    """Opens the form; where none can be opened, says what is set, with a button to change it."""
    if not call.can_open:
        await call.reply(settings_message(await call.services.own_settings.page(await call.actor()), saved=False))
        return
    await call.open(SETTINGS_FORM.title)
    await call.show(SETTINGS_FORM.view(await call.services.own_settings.page(await call.actor())))


async def submit(call: Call) -> None:
    """Stores what was chosen; the modal says what holds from now on."""
    chosen = SETTINGS_FORM.read(call.values)
    opened = call.about(Marked).marks
    settings = await call.services.own_settings.save(
        await call.actor(),
        opened,
        zone=chosen.zone,
        ask_at=chosen.ask_at,
        stand_in=chosen.stand_in,
        no_messages_about=chosen.no_messages_about,
    )
    await show_stored(call, settings_message(settings), SETTINGS_FORM.title)


LISTENERS = Listeners(
    noun="coalition",
    actions={Action.MY_SETTINGS: open_form},
    submissions={Submission.SETTINGS: submit},
    searches={Search.OWN_ZONE: finds(lambda services: services.own_settings.search_zones)},
    lines=(
        Line(
            "settings",
            "your clock, the hour you're asked at, who stands in, and what comes as a message",
            open_form,
            words=("settings", "my settings"),
        ),
    ),
)
