"""Packs: the one of a meeting, page by page, each with its picture. Their lines and buttons are the meetings'."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.domain.meetings import MeetingRef, UnknownMeeting
from bot.domain.packs import Pack
from bot.slack.blocks.charts import with_picture
from bot.slack.blocks.meetings import unknown_meeting_message
from bot.slack.blocks.packs import PACK_TITLE, pack_message, picture_of_pack
from bot.slack.metadata import PackKey
from handlers.context import Call


async def show_typed(call: Call, typed: str) -> None:
    """ "meeting pack steering": the pack of the next meeting that was named, as whoever asks may read it."""
    call.title = PACK_TITLE
    found = await call.services.packs.find(await call.actor(), typed)
    if isinstance(found, UnknownMeeting):
        await call.reply(unknown_meeting_message(found, "pack"))
        return
    await call.answer(pack_message(found), PACK_TITLE)


async def read(call: Call) -> None:
    """[Read the pack], [Pack]: its first page, for whoever pressed only."""
    ref = call.pressed(MeetingRef)
    call.title = PACK_TITLE
    await call.answer(pack_message(await call.services.packs.show(await call.actor(), ref)), PACK_TITLE)


async def turn(call: Call) -> None:
    """Another page in its place; its picture follows as soon as it is drawn and uploaded."""
    at = call.pressed(PackKey)
    pack = await call.services.packs.show(await call.actor(), at.ref)
    await call.answer(pack_message(pack, at.page), PACK_TITLE)
    await _illustrate(call, pack, at.page)


async def _illustrate(call: Call, pack: Pack, number: int) -> None:
    chart, pictures = picture_of_pack(pack, number), call.pictures
    if chart is None or pictures is None:
        return
    file_id = await pictures.file_of(chart)
    if file_id is None:
        return
    try:
        await call.answer(with_picture(pack_message(pack, number), chart, file_id), PACK_TITLE)
    except SlackApiError:
        # Slack doesn't show this file any more; the words stand already.
        await pictures.forget(chart)
