"""What people answered for themselves in a check-in: page by page, and all rounds as a file to one's own messages."""

from __future__ import annotations

import csv
import io

from bot.domain.rights import Right
from bot.slack.blocks.checkins import answers_message, exported_words
from bot.slack.blocks.people import notice_message
from bot.slack.files import give_file
from bot.slack.identifiers import Action
from bot.slack.metadata import ItemPage
from handlers.checkin_rounds import TITLE
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.presses import alone, by_button


async def show(call: Call, typed: str = "") -> None:
    """ "checkin answers access": the newest round's."""
    page = await call.services.checkin_answers.page(await call.actor(), typed)
    await call.answer(answers_message(page), TITLE)


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


LISTENERS = Listeners(
    noun="checkin",
    actions={Action.CHECKIN_ANSWERS: turn, Action.CHECKIN_TABLE: by_button(give_table)},
    lines=(
        Line(
            "answers",
            "what was answered in the newest round",
            alone(show),
            Right.SEE_OWN,
            takes=show,
            usage="[NAME]",
        ),
        Line(
            "export",
            "all rounds' answers as a CSV file, to your messages",
            alone(give_table),
            Right.SEE_OWN,
            takes=give_table,
            usage="[NAME]",
            synonyms=("csv",),
        ),
    ),
)
