"""The plan through the sandbox: typed, turned by pages, its picture once, and opened from Home; each by their right."""

from __future__ import annotations

from functools import partial

from bot.sandbox import Person
from bot.sandbox.workspace import Message
from bot.slack.identifiers import Action
from tests.handlers.stage import Stage, words
from tests.handlers.test_home import home_of
from tests.handlers.test_pictures import drawn, pictures


async def test_it_is_read_page_by_page_in_one_message_that_only_its_reader_sees(live: Stage) -> None:
    live.show_pictures(drawn)
    omar = live.person("omar")
    await omar.command("/priority", "plan")
    await omar.until(lambda: bool(omar.ephemerals))
    for page in range(2, 7):
        await omar.press(omar.ephemerals[-1], Action.PLAN_TURN)
        await omar.until(partial(_is_on, omar, page))
    await omar.until(lambda: bool(pictures(omar.ephemerals[-1])))
    assert len(omar.ephemerals) == 1
    last: Message = omar.ephemerals[-1]
    assert "Federal regional workforce award" in words(last)
    [picture] = pictures(last)
    assert picture["title"]["text"] == "Secured money by year and capital type"
    assert str(picture["alt_text"]).startswith("Column chart of secured money by year. 2025: public $402,920")
    await omar.press(last, Action.PLAN_BACK)
    await omar.until(lambda: "Page 5 of 6" in words(omar.ephemerals[-1]))
    await omar.press(omar.ephemerals[-1], Action.PLAN_TURN)
    await omar.until(lambda: bool(pictures(omar.ephemerals[-1])))
    assert len(live.calls("files.getUploadURLExternal")) == 1
    assert not live.calls("chat.postMessage")


async def test_leadership_opens_it_from_home(live: Stage) -> None:
    marcus = live.person("marcus")
    await marcus.press(await home_of(marcus), Action.PLAN)
    await marcus.until(lambda: "Page 1 of 6" in words(marcus.modal))
    await marcus.press(await marcus.sees_modal(), Action.PLAN_TURN)
    await marcus.until(lambda: "Page 2 of 6" in words(marcus.modal))
    assert "Three providers are licensed" in words(marcus.modal)


async def test_each_reads_what_is_theirs(live: Stage) -> None:
    told = {}
    for who in ("ben", "luis"):
        person = live.person(who)
        # Connected people have no commands.
        await person.says("plan")
        await person.until(partial(_has_read, person))
        told[who] = next(words(one) for one in person.dm() if "The plan:" in words(one))
    assert "$1,500,000 secured" in told["ben"]
    assert "$600,000 secured" in told["luis"]
    assert "9,430,000" not in str(told)


def _is_on(person: Person, page: int) -> bool:
    return f"Page {page} of 6" in words(person.ephemerals[-1])


def _has_read(person: Person) -> bool:
    return any("The plan:" in words(one) for one in person.dm())
