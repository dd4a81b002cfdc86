"""What is asked at once is asked together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.services.sending.together import Together


class Clerk:
    """Answers with the double, one lot after the other and only when told to; keeps what was asked together."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.may_answer = asyncio.Event()

    async def ask(self, questions: Sequence[int]) -> Sequence[int]:
        self.asked.append([*questions])
        await self.may_answer.wait()
        if 13 in questions:
            raise ValueError(13)
        return [2 * one for one in questions]


async def test_what_is_asked_meanwhile_goes_together_and_each_has_its_own_answer() -> None:
    clerk = Clerk()
    together = Together(clerk.ask, most=3)
    first = asyncio.create_task(together.one(1))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(together.one(number)) for number in (2, 3, 4, 5)]
    await asyncio.sleep(0.01)
    assert clerk.asked == [[1]], "what is asked alone waits for nobody"
    clerk.may_answer.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10]
    assert clerk.asked == [[1], [2, 3, 4], [5]]


async def test_who_was_asked_for_together_hears_of_its_fault_and_nobody_else() -> None:
    clerk = Clerk()
    clerk.may_answer.set()
    together = Together(clerk.ask, most=2)
    found = await asyncio.gather(*(together.one(number) for number in (12, 13, 14)), return_exceptions=True)
    assert [type(one) for one in found] == [ValueError, ValueError, int]
    assert await together.one(15) == 30, "it goes on"


async def test_who_no_longer_waits_takes_nobodys_answer_away() -> None:
    clerk = Clerk()
    together = Together(clerk.ask)
    gone, there = asyncio.create_task(together.one(1)), asyncio.create_task(together.one(2))
    await asyncio.sleep(0.01)
    gone.cancel()
    clerk.may_answer.set()
    assert await there == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
