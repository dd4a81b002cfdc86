"""A pack through the sandbox: typed, turned by pages with their pictures, and opened from the post in the channel."""

from __future__ import annotations

from functools import partial

from bot.sandbox import Person
from bot.slack.identifiers import Action
from tests.handlers.stage import Stage, words
from tests.handlers.test_pictures import drawn, pictures


async def test_it_is_read_page_by_page_in_one_message_that_only_its_reader_sees(live: Stage) -> None:
    live.show_pictures(drawn)
    omar = live.person("omar")
    await omar.command("/meeting", "pack steering")
    await omar.until(lambda: bool(omar.ephemerals))
    assert "Pack: Steering Committee" in words(omar.ephemerals[-1])
    await omar.press(omar.ephemerals[-1], Action.PACK_TURN)
    await omar.until(partial(_is_on, omar, 2))
    await omar.until(lambda: bool(pictures(omar.ephemerals[-1])))
    [picture] = pictures(omar.ephemerals[-1])
    assert picture["title"]["text"] == "Residents holding a good job, by year"
    await omar.press(omar.ephemerals[-1], Action.PACK_TURN)
    await omar.until(lambda: "page 3 of" in words(omar.ephemerals[-1]) and bool(pictures(omar.ephemerals[-1])))
    assert str(pictures(omar.ephemerals[-1])[0]["alt_text"]).startswith("Line chart of extended-hours child care seats")
    await omar.press(omar.ephemerals[-1], Action.PACK_BACK)
    await omar.until(partial(_is_on, omar, 2))
    assert len(omar.ephemerals) == 1
    await omar.press(omar.ephemerals[-1], Action.MEETING_AGENDA)
    await omar.until(lambda: "Agenda: Steering Committee" in words(omar.modal))
    assert not live.calls("chat.postMessage")


def _is_on(person: Person, page: int) -> bool:
    return f"page {page} of" in words(person.ephemerals[-1])
