"""Figures from a file: it is checked, shown, and recorded as a whole or not at all."""

from __future__ import annotations

import asyncio

from bot.domain.rights import Right
from bot.errors import UserError
from bot.files import LARGEST_TABLE, LoadedTable, load_figure_table
from bot.slack.blocks.metrics import (
    TABLE_FORM,
    TABLE_TITLE,
    table_offer_message,
    table_problems_view,
    table_recorded_view,
    table_view,
    table_words_view,
)
from bot.slack.files import read_file
from bot.slack.forms import given_file
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import OUT_OF_DATE
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

ENDINGS = (".csv", ".tsv")
_TOO_LARGE = "A table may have 1 MB. Split it."


async def choose(call: Call) -> None:
    """Opens the form that takes a file, for whoever records any figure."""
    await call.services.figure_tables.check(await call.actor(), ())
    await call.show(TABLE_FORM.view(None))


async def take_file(call: Call) -> None:
    file_id = given_file(call.values)
    await call.become(table_words_view("Reading the file …"))
    await call.change_view(await _checked(call, file_id))


async def check_sent(call: Call) -> None:
    """[Check the figures] below a file that was sent to the bot."""
    file_id = call.action.get("value")
    if not file_id:
        raise UserError(OUT_OF_DATE)
    await call.open(TABLE_TITLE)
    await call.show(await _checked(call, str(file_id)))


async def confirm(call: Call) -> None:
    """Records the file as it is now: it is read again, so nothing of it travels through Slack."""
    actor = await call.actor()
    file_id = str(call.view.get("private_metadata") or "")
    await call.become(table_words_view("Recording …"))
    try:
        loaded = await _load(call, file_id)
        if loaded.problems:
            view = table_problems_view(loaded.problems)
        else:
            view = table_recorded_view(await call.services.figure_tables.record(actor, loaded.lines))
            call.services.deliveries.on_change()
    except UserError as error:
        view = table_words_view(error.message)
    await call.change_view(view)
    await refresh_home(call)


async def offer(call: Call) -> bool:
    """A table that somebody sent to the bot; False where it is none, or they record nothing."""
    files = [one for one in call.event.get("files") or () if str(one.get("name") or "").casefold().endswith(ENDINGS)]
    if not files or not (await call.actor()).standing.may_anywhere(Right.RECORD_READING):
        return False
    await call.reply(table_offer_message(str(files[0]["id"]), str(files[0]["name"])))
    return True


async def _checked(call: Call, file_id: str) -> View:
    """What the file would record, or what it has to mend."""
    try:
        loaded = await _load(call, file_id)
        if loaded.problems:
            return table_problems_view(loaded.problems)
        return table_view(file_id, await call.services.figure_tables.check(await call.actor(), loaded.lines))
    except UserError as error:
        return table_words_view(error.message)


async def _load(call: Call, file_id: str) -> LoadedTable:
    content = await read_file(call.client, file_id, LARGEST_TABLE, _TOO_LARGE)
    return await asyncio.to_thread(load_figure_table, content)


LISTENERS = Listeners(
    noun="metric",
    actions={Action.CHECK_FIGURES: check_sent},
    submissions={Submission.FIGURE_TABLE: take_file, Submission.FIGURE_TABLE_CONFIRM: confirm},
    lines=(
        Line(
            "import",
            "figures from a file (CSV): checked, shown, then recorded together",
            choose,
            Right.RECORD_READING,
            ("import figures",),
            opens_modal=True,
        ),
    ),
)
