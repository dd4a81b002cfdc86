"""What a check-in was answered: page by page, and all rounds as a file to one's own messages."""

from __future__ import annotations

import csv
import io

from slack_sdk.errors import SlackApiError

from bot.domain.checkins import RoundsChart
from bot.slack.blocks.checkins import answers_message, exported_words, pictures_message
from bot.slack.blocks.people import notice_message
from bot.slack.files import give_file
from bot.slack.identifiers import Action
from bot.slack.metadata import ItemPage
from handlers.checkin_rounds import TITLE
from handlers.context import Call
from handlers.listeners import Listeners
from handlers.presses import by_button


async def turn(call: Call) -> None:
    """[All answers], [More answers]."""
    about = call.pressed(ItemPage)
    page = await call.services.checkin_answers.page(await call.actor(), about.id, about.page)
    await call.answer(answers_message(page), TITLE)


async def give_table(call: Call, typed: str = "") -> None:
    """Puts all rounds' answers as a CSV file into the person's direct message."""
    table = await call.services.checkin_answers.table(await call.actor(), typed)
    await call.reply(notice_message("The file is on its way to your messages with me."))
    written = io.StringIO()
    csv.writer(written).writerows(table.rows)
    # With the mark by which spreadsheets know the encoding.
    await give_file(
        call.client, call.user_id, f"{table.id}.csv", written.getvalue().encode("utf-8-sig"), exported_words(table)
    )


async def show_pictures(call: Call, typed: str = "") -> None:
    """The words at once, and each picture as soon as it is drawn and uploaded; without pictures the words stay."""
    found, pictures = await call.services.checkin_answers.pictures(await call.actor(), typed), call.pictures
    await call.answer(pictures_message(found), TITLE)
    shown: list[tuple[RoundsChart, str]] = []
    for chart in found.charts if pictures is not None else ():
        file_id = await pictures.file_of(chart) if pictures is not None else None
        shown += [(chart, file_id)] if file_id is not None else []
    if not shown or pictures is None:
        return
    try:
        await call.answer(pictures_message(found, shown), TITLE)
    except SlackApiError:
        # Slack doesn't show one of the files any more.
        for chart, _file_id in shown:
            await pictures.forget(chart)


LISTENERS = Listeners(
    noun="checkin",
    actions={
        Action.CHECKIN_ANSWERS: turn,
        Action.CHECKIN_TABLE: by_button(give_table),
        Action.CHECKIN_PICTURES: by_button(show_pictures),
    },
)
