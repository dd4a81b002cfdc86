"""The coalition as a file: exported to the person's own messages; a file that was given is checked, shown, imported."""

from __future__ import annotations

import asyncio

from bot.domain.rights import Right
from bot.errors import UserError
from bot.files import LoadedFile, dump_coalition_file, own_data_text
from bot.files.reading_apart import LARGEST_IN_SLACK, TOO_LARGE, load_apart
from bot.slack.blocks.coalition import (
    IMPORT_CONFIRM_FORM,
    IMPORT_FORM,
    IMPORT_TITLE,
    PREFER,
    exported_words,
    imported_view,
    offer_message,
    own_data_words,
    preview_view,
    problems_view,
    working_view,
)
from bot.slack.blocks.people import notice_message
from bot.slack.files import give_file, read_file
from bot.slack.forms import given_file
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import OUT_OF_DATE
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

ENDINGS = (".yaml", ".yml")


async def export(call: Call) -> None:
    """Puts the file into the person's direct message."""
    actor = await call.actor()
    record = await call.services.coalitions.whole(actor)
    await call.reply(notice_message("The file is on its way to your messages with me."))
    text = await asyncio.to_thread(dump_coalition_file, record)
    await give_file(call.client, call.user_id, f"{record.coalition.id}.yaml", text, exported_words(record))


async def export_own(call: Call) -> None:
    """The same of what is kept about whoever asks."""
    export = await call.services.own_data.export(await call.actor())
    await call.reply(notice_message("The file is on its way to your messages with me."))
    await give_file(call.client, call.user_id, f"{export.member}.json", own_data_text(export), own_data_words(export))


async def choose(call: Call) -> None:
    """Opens the form that takes a file."""
    actor = await call.actor()
    actor.require("coalitions.import_file")
    await call.show(IMPORT_FORM.view(None))


async def take_file(call: Call) -> None:
    actor = await call.actor()
    actor.require("coalitions.import_file")
    file_id = given_file(call.values)
    await call.become(working_view("Reading the file …"))
    await call.change_view(await _checked(call, file_id))


async def check_sent(call: Call) -> None:
    file_id = call.action.get("value")
    if not file_id:
        raise UserError(OUT_OF_DATE)
    (await call.actor()).require("coalitions.import_file")
    await call.open(IMPORT_TITLE)
    await call.show(await _checked(call, str(file_id)))


async def _checked(call: Call, file_id: str) -> View:
    """What the file would change, or what it has to mend."""
    try:
        loaded = await _load(call, file_id)
        if loaded.record is None:
            return problems_view([(one.line, one.message) for one in loaded.problems])
        result = await call.services.coalitions.import_file(await call.actor(), loaded.record, dry_run=True)
        return preview_view(file_id, result.differences)
    except UserError as error:
        return working_view(error.message)


async def confirm(call: Call) -> None:
    """Brings the file in as it is now: it is read again, so nothing of it travels through Slack."""
    actor = await call.actor()
    actor.require("coalitions.import_file")
    file_id = str(call.view.get("private_metadata") or "")
    prefer = PREFER in IMPORT_CONFIRM_FORM.read(call.values).prefer
    await call.become(working_view("Importing …"))
    try:
        loaded = await _load(call, file_id)
        if loaded.record is None:
            view = problems_view([(one.line, one.message) for one in loaded.problems])
        else:
            result = await call.services.coalitions.import_file(actor, loaded.record, prefer_file=prefer)
            call.services.deliveries.on_change()
            view = imported_view(result.differences)
    except UserError as error:
        view = working_view(error.message)
    await call.change_view(view)
    await refresh_home(call)


async def offer(call: Call) -> bool:
    """A file that somebody sent to the bot; False where it is none that could be imported by them."""
    files = [one for one in call.event.get("files") or () if str(one.get("name") or "").casefold().endswith(ENDINGS)]
    if not files:
        return False
    actor = await call.actor()
    if not actor.standing.may(Right.CONFIGURE):
        return False
    await call.reply(offer_message(str(files[0]["id"]), str(files[0]["name"])))
    return True


async def _load(call: Call, file_id: str) -> LoadedFile:
    content = await read_file(call.client, file_id, LARGEST_IN_SLACK, TOO_LARGE)
    return await load_apart(content, today=await call.services.coalitions.today(await call.actor()))


LISTENERS = Listeners(
    noun="coalition",
    actions={Action.CHECK_FILE: check_sent},
    submissions={Submission.IMPORT_FILE: take_file, Submission.IMPORT_CONFIRM: confirm},
    lines=(
        Line(
            "import",
            "check a coalition file, see what it would change, and bring it in",
            choose,
            Right.CONFIGURE,
            opens_modal=True,
        ),
        Line("export", "the coalition as a file, to your messages", export, Right.EXPORT),
        Line(
            "me export", "everything that is kept about you as a file, to your messages", export_own, words=("my data",)
        ),
    ),
)
