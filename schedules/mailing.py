"""Sends what goes by mail: what it says becomes a letter, which the mail server gets once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from bot.domain.outbox import Kind
from bot.domain.sending import MayPost, NotTried, Outcome
from bot.mail import Letter, Mailer, Picture, letter_of
from bot.services import Services
from bot.services.sending import Claimed
from bot.slack.blocks.charts import Chart
from bot.slack.rendering import picture_of_whole, render_whole, title_of

log = structlog.get_logger(__name__)

# Elapsed seconds after which a letter goes without its picture.
DRAWN_WITHIN = 8.0


class Mailing:
    """The way out by mail, the same for all workspaces. `draw` gives a picture as PNG."""

    def __init__(self, services: Services, mailer: Mailer, draw: Callable[[Chart], Awaitable[bytes]]) -> None:
        self._services = services
        self._mailer = mailer
        self._draw = draw
        self._under_way = 0

    async def send(self, claimed: Claimed, content: Any, *, may_post: MayPost) -> Outcome | NotTried:
        """What became of a delivery that this process has claimed. Raises where it can't be put together."""
        self._under_way += 1
        try:
            envelope = await self._services.envelopes.of(claimed.id, claimed.address or "")
            links = self._services.answer_links
            link = (
                links.sign_in_address(claimed.coalition_id, envelope.member_id)
                if claimed.kind == Kind.SIGN_IN
                else links.address_of(claimed.coalition_id, claimed.id, envelope.member_id)
            )
            envelope = replace(envelope, link=link)
            messages = [message.blocks for message in render_whole(claimed.kind, content)]
            title = title_of(claimed.kind, content)
            picture = await self._picture(picture_of_whole(claimed.kind, content))
            # Styles and pictures take a while, in which nothing else has to wait.
            letter: Letter = await asyncio.to_thread(letter_of, messages, envelope, picture, title)
            return await self._mailer.send(letter, envelope, may_post=may_post)
        finally:
            self._under_way -= 1

    @property
    def room(self) -> int:
        """How many more letters can be under way now."""
        return max(0, self._mailer.at_once - self._under_way)

    async def _picture(self, chart: Chart | None) -> Picture | None:
        """A picture that can't be had in time is none: the words go without it."""
        if chart is None:
            return None
        try:
            async with asyncio.timeout(DRAWN_WITHIN):
                return Picture(title=chart.title, alt=chart.alt, png=await self._draw(chart))
        except Exception as error:
            log.warning("picture_left_out", error=type(error).__name__)
            return None
