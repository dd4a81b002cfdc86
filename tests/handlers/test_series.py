"""Figures that others publish, all the way: a server has one, its steward reads of it and says what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.sandbox import Person
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.series import SeriesReader
from bot.slack.metadata import encode_question
from schedules.series import SeriesWatch
from tests.examples import is_whole, part
from tests.handlers.stage import Stage, nothing_regular, only_updates_and_digests, words
from tests.handlers.test_action_items import typed
from tests.series.publisher import Publisher, publishing

PLACED = "Completers placed in a good job within 90 days"
FILE = "period,share\n2025-H2,44.0\n2026-H1,{}\n"


def q(name: str) -> str:
    return encode_question(name)


@dataclass
class Scene:
    """The sample, live; a publisher; and what looks there."""

    stage: Stage
    publisher: Publisher
    watch: SeriesWatch
    address: str = ""

    def publish(self, value: object = "48.5", content: str = FILE) -> None:
        headers = {"Last-Modified": "Thu, 19 Nov 2026 15:00:00 GMT"}
        self.address = self.publisher.says("/placed.csv", content.format(value), headers=headers)

    async def follow(self, **more: object) -> Person:
        """A coordinator names the series of Yolanda's figure."""
        omar = self.stage.person("omar")
        assert (await omar.command("/metric", "series placed")).ok
        await omar.until(lambda: "Who publishes new figures?" in words(omar.modal))
        said = {"provider": "csv", "address": self.address, "period_column": "period", "value_column": "share"}
        await omar.fill({q(name): value for name, value in {**said, **more}.items()})
        assert await omar.submit() is None
        await omar.until(lambda: "Changed." in words(omar.modal))
        return self.stage.person("yolanda")

    async def look(self) -> int:
        taken = await self.watch.run()
        await self.stage.settle()
        return taken


@pytest.fixture
async def scene(live: Stage) -> AsyncIterator[Scene]:
    async with publishing() as publisher:
        reader: SeriesReader = publisher.reader()
        live.services.database.fetches = True
        scene = Scene(live, publisher, SeriesWatch(live.services, reader, pause=0))
        scene.publish()
        yield scene
        live.services.database.fetches = False


def told(person: Person) -> str:
    return "\n".join(words(one) for one in person.dm())


@pytest.mark.in_part
@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_a_published_figure_is_proposed_and_recorded_by_a_press(scene: Scene) -> None:
    yolanda = await scene.follow()
    assert await scene.look() == 1
    await scene.stage.go("11-24 07:30")
    host = f"127.0.0.1:{scene.publisher.port}"
    proposed = f"{host} has 48.5% (Jan–Jun, provisional), file of Nov 19. Yours is 44% (Dec 31, 2025)."
    [message] = [one for one in yolanda.dm() if proposed in words(one)]
    assert "Earlier" not in await card(scene), "nothing is recorded by itself"
    await yolanda.open_home()
    await yolanda.until(lambda: proposed in words(yolanda.home()))

    await yolanda.press(message, f"Record it: {PLACED}")
    await yolanda.until(lambda: "Recorded: 48.5% (Jan–Jun, provisional)." in words(answer(yolanda)))
    await scene.stage.settle()
    assert f"48.5% (Jan–Jun, provisional) from {host} is recorded. Thank you." in told(yolanda)
    await yolanda.until(lambda: "has 48.5%" not in words(yolanda.home()))
    shown = await card(scene)
    assert f"About Jun 30: “From {host}, file of Nov 19, 2026.”" in shown
    assert "Earlier: 44% (Dec 31, 2025)" in shown
    assert f"From {host}, looked at every week; what is new is proposed to the steward" in shown
    assert "last looked at Nov 23" in shown
    assert "last proposed Nov 23, for Jun 30" in shown
    assert "48.5%, provisional. “From" in await typed(scene.stage.person("omar"), "history placed", "/metric")

    await scene.stage.go("11-25 07:30")
    digest = "\n".join(words(one) for one in scene.stage.person("omar").sees("lb-talent"))
    assert "48.5% (Jan–Jun, provisional)" in digest

    if is_whole():
        said = len(yolanda.dm())
        await scene.stage.go("11-30 09:00")
        assert await scene.look() == 1, "a week later it is looked at again"
        await scene.stage.go("12-01 09:00")
        assert "has 48.5%" not in "\n".join(words(one) for one in yolanda.dm()[said:])


@pytest.mark.in_part
@pytest.mark.lived.with_args(nothing_regular)
async def test_what_isnt_wanted_is_not_proposed_again_until_it_changes(scene: Scene) -> None:
    yolanda = await scene.follow(looks="daily")
    await scene.look()
    await scene.stage.go("11-24 07:30")
    await yolanda.press(proposal(yolanda), f"Not this one: {PLACED}")
    await scene.stage.settle()
    assert "isn't recorded, as you said." in told(yolanda)
    said = len(yolanda.dm())
    for day in part(("11-25 07:00",), ("11-25 08:00", "11-30 09:00")):
        await scene.stage.go(day)
        assert await scene.look() == 1
    assert "has 48.5%" not in "\n".join(words(one) for one in yolanda.dm()[said:])
    scene.publish("48.7")
    await scene.stage.go("12-01 07:00")
    assert await scene.look() == 1
    await scene.stage.go("12-02 09:00")
    assert "has 48.7% (Jan–Jun, provisional)" in told(yolanda)
    assert "44%" in (await card(scene)).partition("From ")[0], "nothing was recorded"


@pytest.mark.lived.with_args(nothing_regular)
async def test_a_value_can_be_changed_in_the_form(scene: Scene) -> None:
    yolanda = await scene.follow()
    await scene.look()
    await scene.stage.go("11-24 07:30")
    await yolanda.press(proposal(yolanda), f"Change it: {PLACED}")
    await yolanda.until(lambda: "Latest value" in words(yolanda.modal))
    assert "file of Nov 19, 2026." in str(yolanda.modal and yolanda.modal.blocks)
    await yolanda.fill({q("value"): "48.4", q("quality"): "final"})
    assert await yolanda.submit() is None
    await yolanda.until(lambda: "Recorded: 48.4%" in words(yolanda.modal))
    await scene.stage.settle()
    assert "48.5% (Jan–Jun, provisional) from" in told(yolanda)
    assert "there is a newer word on this period." in told(yolanda)


@pytest.mark.lived.with_args(nothing_regular)
async def test_what_goes_by_itself_is_told_and_can_be_taken_back(scene: Scene) -> None:
    yolanda = await scene.follow(record_by_itself="yes")
    assert await scene.look() == 1
    shown = await card(scene)
    assert "48.5%" in shown
    assert "what is new is recorded by itself" in shown
    history = await typed(scene.stage.person("omar"), "history placed", "/metric")
    assert "From its series" in history
    await scene.stage.go("11-24 07:30")
    [message] = [one for one in yolanda.dm() if "I recorded 48.5% (Jan–Jun, provisional)" in words(one)]
    await yolanda.press(message, f"Take it back: {PLACED}")
    await yolanda.until(lambda: "Undone." in words(answer(yolanda)))
    await scene.stage.settle()
    assert "isn't this period's figure any more." in told(yolanda)
    assert "48.5%" not in (await card(scene)).partition("From ")[0]
    await scene.stage.go("11-30 09:00")
    assert await scene.look() == 1
    assert "48.5%" not in (await card(scene)).partition("From ")[0], "what was taken back doesn't come again"


@pytest.mark.lived.with_args(nothing_regular)
async def test_what_is_unusual_never_goes_by_itself(scene: Scene) -> None:
    scene.publish("485")
    yolanda = await scene.follow(record_by_itself="yes")
    await scene.look()
    await scene.stage.go("11-24 07:30")
    await yolanda.press(proposal(yolanda), f"Record it: {PLACED}")
    await yolanda.until(lambda: "That's outside what we've seen" in words(answer(yolanda)))
    question = answer(yolanda)
    assert question is not None
    await yolanda.press(question, "Yes, record it")
    await yolanda.until(lambda: "Recorded: 485%" in words(answer(yolanda)))
    await scene.stage.settle()
    assert "is recorded. Thank you." in told(yolanda)


@pytest.mark.in_part
@pytest.mark.lived.with_args(nothing_regular)
async def test_trouble_is_told_once_and_stands_where_it_can_be_mended(scene: Scene) -> None:
    yolanda = await scene.follow(looks="daily")
    scene.publisher.says("/placed.csv", "month,percentage\n2026-06,48.5\n")
    await scene.look()
    why = "has no column “period” any more."
    shown = await card(scene)
    assert why in shown
    omar = scene.stage.person("omar")
    await omar.open_home()
    await omar.until(lambda: f"No figures come from the series of *{PLACED}*" in words(omar.home()))
    assert why in await typed(omar, "health", "/coalition")
    for day in part(("11-24 07:30", "11-25 07:00", "11-25 09:30"), ("11-24 07:30", "11-25 09:00", "11-30 09:00")):
        await scene.stage.go(day)
        await scene.look()
    assert told(yolanda).count(why) == 1
    scene.publish()
    await scene.stage.go(part("11-26 07:15", "12-01 09:00"))
    await scene.look()
    assert why not in await card(scene)


async def test_without_a_figure_of_its_own_nothing_is_asked(scene: Scene) -> None:
    assert await scene.look() == 0
    assert scene.publisher.asked == []


def answer(person: Person) -> Message | View | None:
    """What a press was answered with."""
    return person.modal or next(reversed(person.ephemerals), None)


def proposal(person: Person) -> Message:
    """The message that proposes a value."""
    [message] = [one for one in person.dm() if "Record it" in words(one)]
    return message


async def card(scene: Scene) -> str:
    """The figure's card, as a coordinator reads it."""
    return await typed(scene.stage.person("omar"), "placed", "/metric")
