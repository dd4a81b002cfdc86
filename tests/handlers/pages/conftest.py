"""The sample's week with mail and answer pages, over real HTTP and SMTP on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest

from bot.addresses import Address
from bot.clock import SystemElapsedTime
from bot.connection.traffic import Traffic
from bot.domain.vocabularies import Access
from bot.http.routes import PagesServer
from bot.sealing import Seal, new_key
from bot.services.meetings import CALENDAR_PATH
from bot.services.people import ANSWER_PATH
from handlers import kept_words
from handlers.context import Edge
from handlers.pages import Answering, AnswerPages, CalendarPages, Stopping
from handlers.throttle import Throttle
from tests.handlers.pages.reader import Reader, link_in
from tests.mailbox import Mailbox, mailbox
from tests.schedules.conftest import Opener, _no_proxy, live_template, live_url, open_stage
from tests.schedules.stage import Stage

__all__ = ["_no_proxy", "live_template", "live_url", "open_stage"]


@dataclass
class Answered:
    """Everything that a test of pages touches."""

    stage: Stage
    box: Mailbox
    pages: AnswerPages
    browser: Callable[[], Reader]

    async def by_mail(self, *members: str) -> None:
        """Lets these take part by e-mail only."""
        record = await self.stage.record()
        changed = tuple(
            replace(one, access=Access.EMAIL_ONLY, email=f"{one.id}@mail.example") if one.id in members else one
            for one in record.members
        )
        await self.stage.change(replace(record, members=changed))

    def last_link(self, address: str) -> str:
        """The link in the newest mail to this address."""
        return link_in(self.box.to(address)[-1])

    async def reader(self, address: str, name: str) -> Reader:
        """The browser of whoever got the newest mail there, in which they have said who they are."""
        browser = self.browser()
        await browser.open(self.last_link(address))
        await browser.press(f"Yes, I'm {name}")
        return browser


async def _nothing(_team: str) -> None:
    """No account changes on a page."""


@pytest.fixture
async def answered(open_stage: Opener) -> AsyncIterator[Answered]:
    served: list[AnswerPages] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await served[0](scope, receive, send)

    async def calendars(scope: Any, receive: Any, send: Any) -> None:
        await read_again[0](scope, receive, send)

    read_again: list[CalendarPages] = []
    routes = {ANSWER_PATH: application, CALENDAR_PATH: calendars}
    server = PagesServer(Traffic(), routes, patience=5.0, trusted_proxies=None)
    await server.start(Address("127.0.0.1", 0))
    seal = Seal([new_key()])
    sessions: list[aiohttp.ClientSession] = []

    def browser() -> Reader:
        sessions.append(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Reader(sessions[-1])

    async with (
        mailbox() as box,
        open_stage(mailer=box.mailer(), seal=seal, address=f"http://{server.address}") as stage,
    ):
        edge = Edge(stage.services, _nothing, fill=kept_words.fill)
        edge.throttle = Throttle(120, SystemElapsedTime())
        answering = Answering(stage.services, edge, seal, is_https=False)
        read_again.append(CalendarPages(stage.services, SystemElapsedTime()))
        served.append(AnswerPages(answering, Stopping(stage.services), SystemElapsedTime(), patience=5.0))
        yield Answered(stage, box, served[0], browser)
        for session in sessions:
            await session.close()
        await server.finish()
