"""Too much by one person: one clear word, then nothing until the minute is over. Others notice nothing."""

from __future__ import annotations

import pytest

from bot.clock import SystemElapsedTime
from handlers.throttle import MOST, Throttle
from tests.handlers.stage import Stage, commanded, words
from tests.handlers.test_action_items import DUE, PRIORITY, TITLE

pytestmark = pytest.mark.at_once

WORD = "That was more than 3 presses and commands in a minute."


class Passing(SystemElapsedTime):
    """Elapsed time that passes when a test says so."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def elapsed(live: Stage) -> Passing:
    found = Passing()
    live.edge.throttle = Throttle(3, found, lambda: live.wakes.append(0))
    return found


async def test_one_word_and_then_nothing_until_the_minute_is_over(live: Stage, elapsed: Passing) -> None:
    grant, marcus = live.person("grant"), live.person("marcus")
    for _ in range(3):
        assert "A-202" in words(await commanded(grant, "/action", "A-202"))
    assert WORD in words(await commanded(grant, "/action", "A-202"))
    said = len(grant.ephemerals)
    elapsed.now += 59
    for _ in range(5):
        assert (await grant.command("/action", "A-202")).ok, "it is acknowledged"
        assert (await grant.press(grant.ephemerals[0], "Done")).ok
    assert "A-202" in words(await commanded(marcus, "/action", "A-202")), "others notice nothing"
    assert len(grant.ephemerals) == said
    actor = await live.actor("grant")
    assert any(card.id == "A-202" and card.is_open for card in await live.services.action_items.mine(actor))
    assert live.wakes.count(0) == 11
    elapsed.now += 1
    assert "A-202" in words(await commanded(grant, "/action", "A-202"))


async def test_words_to_the_bot_are_counted_and_searches_are_not(live: Stage, elapsed: Passing) -> None:
    omar = live.person("omar")
    assert (await omar.command("/action", "add")).ok
    await omar.until(lambda: "What will be done?" in words(omar.modal))
    form = omar.modal
    assert form is not None
    for _ in range(9):
        assert await omar.options(form, "find_member", "okaf")
    before = len(omar.dm())
    for text in ("help", "help"):
        await omar.says(text)
    await omar.until(lambda: len(omar.dm()) >= before + 4)
    await omar.says("help")
    await omar.until(lambda: WORD in words(omar.dm()[-1]) or WORD in omar.dm()[-1].text)


async def test_a_form_keeps_what_was_entered(live: Stage, elapsed: Passing) -> None:
    grant = live.person("grant")
    assert (await grant.command("/action", "add")).ok
    await grant.until(lambda: "What will be done?" in words(grant.modal))
    form = grant.modal
    supplier = "Supplier and small-firm growth"
    await grant.fill({TITLE: "Call the bank", DUE: "2026-12-04", PRIORITY: supplier})
    for _ in range(3):
        assert (await grant.command("/action", "A-202")).ok
    assert await grant.submit() is None
    assert "Send this again in a minute." in words(grant.modal)
    await grant.close()
    assert grant.modal is form


def test_memory_is_bounded() -> None:
    throttle = Throttle(3, Passing())
    for number in range(MOST + 500):
        throttle._count(f"T1:U{number}")
    assert len(throttle._counts) == MOST
    assert "T1:U0" not in throttle._counts


async def test_without_a_limit_nobody_is_held(live: Stage) -> None:
    live.edge.throttle = Throttle(0, Passing())
    grant = live.person("grant")
    for _ in range(10):
        assert "A-202" in words(await commanded(grant, "/action", "A-202"))
