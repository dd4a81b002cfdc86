"""Asks together what is asked at once. What is asked, and what an answer means, is the caller's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Together(Generic[Q, A]):
    """While one statement is under way, whatever else is asked waits and goes with the next: a pass that sends many
    messages has a transaction for several of them where each had one of its own. What is asked alone waits for nobody.

    `ask` gives an answer for each question, in their order; up to `most` go at once. Where it raises, everybody who
    asked hears it.
    """

    def __init__(self, ask: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], most: int = 16) -> None:
        self._ask = ask
        self._most = most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def one(self, question: Q) -> A:
        """The answer to one question, which is asked from now on."""
        return await self.put(question)

    def put(self, question: Q) -> asyncio.Future[A]:
        """Where the answer to a question will be, which is asked from now on."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all(), name="together")
        return answer

    async def _ask_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._ask([question for question, _ in some])
            except asyncio.CancelledError:
                for _, answer in [*some, *self._waiting]:
                    answer.cancel()
                self._waiting.clear()
                raise
            except Exception as error:
                for _, answer in some:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for (_, answer), found in zip(some, answers, strict=True):
                    if not answer.done():
                        answer.set_result(found)
