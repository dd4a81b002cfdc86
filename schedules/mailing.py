"""Sends what goes by mail: what it says becomes a letter, which the mail server gets once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from bot.domain.meetings import MOVED, SKIPPED, MeetingItem
from bot.domain.outbox import Kind
from bot.domain.sending import IN_WORDS, Envelope, MayPost, NotTried, Outcome, refusable
from bot.files.calendar_ics import invitation_of
from bot.mail import CalendarPart, Letter, Mailer, Picture, letter_of
from bot.services import Services
from bot.services.access import clock
from bot.services.people import ABOUT
from bot.services.sending import Claimed
from bot.slack.blocks.charts import Chart
from bot.slack.rendering import picture_of_whole, render_whole, title_of

log = structlog.get_logger(__name__)

# Elapsed seconds after which a letter goes without its picture.
DRAWN_WITHIN = 8.0
# How many pictures are kept: the readers of a digest have the same one, and get their letters soon after each other.
_KEPT = 4


class Mailing:
    """The way out by mail, the same for all workspaces. `draw` gives a picture as PNG."""

    def __init__(self, services: Services, mailer: Mailer, draw: Callable[[Chart], Awaitable[bytes]]) -> None:
        self._services = services
        self._mailer = mailer
        self._draw = draw
        self._under_way = 0
        self._drawing: dict[str, asyncio.Lock] = {}
        self._drawn: dict[str, bytes] = {}

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
            # What can't be refused says no such thing.
            what, stop_words = _what_may_stop(envelope, content)
            stop = links.stop_address(claimed.coalition_id, envelope.member_id, what) if what is not None else None
            choices = links.choices_address(claimed.coalition_id, envelope.member_id)
            envelope = replace(envelope, link=link, stop=stop, stop_words=stop_words, choices=choices)
            messages = [message.blocks for message in render_whole(claimed.kind, content)]
            title = title_of(claimed.kind, content)
            picture = await self._picture(picture_of_whole(claimed.kind, content))
            # Styles and pictures take a while, in which nothing else has to wait.
            calendars = await self._calendars(claimed, content, envelope)
            letter: Letter = await asyncio.to_thread(letter_of, messages, envelope, picture, title, calendars)
            return await self._mailer.send(letter, envelope, may_post=may_post)
        finally:
            self._under_way -= 1

    async def _calendars(self, claimed: Claimed, content: Any, envelope: Envelope) -> tuple[CalendarPart, ...]:
        """What became of meetings that it tells of, for the reader's calendar: a calendar that is subscribed to is read
        once a day in some programs."""
        told = [one.value for one in getattr(content, "items", ()) if isinstance(one.value, MeetingItem)]
        changed = [one.line.ref for one in told if one.what in (MOVED, SKIPPED)]
        host = (envelope.coordinators or (self._mailer.sender,))[0]
        found = []
        for ref in changed:
            event = await self._services.calendars.event(clock(claimed.coalition_id), ref.cadence)
            if event is not None:
                made = invitation_of(
                    event,
                    ref.slot,
                    organizer=(host.name, host.address),
                    attendee=(envelope.to.name, envelope.to.address),
                    made_at=envelope.sent_at,
                )
                found.append(CalendarPart(made.method, made.ics))
        return tuple(found)

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
                return Picture(title=chart.title, alt=chart.alt, png=await self._png_of(chart))
        except Exception as error:
            log.warning("picture_left_out", error=type(error).__name__)
            return None

    async def _png_of(self, chart: Chart) -> bytes:
        """It is drawn once for all letters that show it."""
        key = chart.key
        try:
            async with self._drawing.setdefault(key, asyncio.Lock()):
                png = self._drawn.get(key)
                if png is None:
                    png = self._drawn[key] = await self._draw(chart)
                    for old in list(self._drawn)[:-_KEPT]:
                        del self._drawn[old]
                return png
        finally:
            self._drawing.pop(key, None)


def _what_may_stop(envelope: Envelope, content: Any) -> tuple[str | None, str]:
    """What of a mail its reader may refuse, as the link has it, and in words; None where it holds anything else."""
    if envelope.edition is not None:
        return envelope.edition, "Stop these digests"
    items = getattr(content, "items", ())
    kind = refusable((one.item, one.about, getattr(one.value, "closes_at", None) is not None) for one in items)
    return (f"{ABOUT}{kind}", f"Stop e-mails about {IN_WORDS[kind]}") if kind is not None else (None, "")
