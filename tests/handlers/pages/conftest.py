"""The sample's week with mail and answer pages, over real HTTP and SMTP on this machine."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.addresses import Address
from bot.clock import SystemElapsedTime
from bot.connection.traffic import Traffic
from bot.domain.record import Record
from bot.domain.vocabularies import Access
from bot.http.routes import PagesServer
from bot.sealing import Seal, new_key
from bot.services.meetings import CALENDAR_PATH
from bot.services.people import ANSWER_PATH
from bot.store.record import Snapshots
from handlers import kept_words
from handlers.context import Edge
from handlers.pages import Answering, AnswerPages, CalendarPages, Stopping
from handlers.throttle import Throttle
from tests.handlers.pages.reader import Reader, link_in
from tests.mailbox import Mailbox, mailbox
from tests.schedules.conftest import _no_proxy, live_template, live_url, open_stage
from tests.schedules.stage import Stage, Still, opened
from tests.services.stage import rest_meetings

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


@dataclass(frozen=True)
class Left:
    """What was lived through once, to go on from: its database, Slack and mails, and what its links were made with."""

    database: Path
    still: Still
    seal: Seal
    address: str

    def mails_of(self, address: str) -> list[bytes]:
        """The mails as if the pages had stood at this address, also where a link goes on in the next line."""
        was = re.compile(b"(?:=\r?\n)?".join(re.escape(bytes([one])) for one in self.address.encode()))
        return [was.sub(address.encode(), raw) for raw in self.still.mails]


@asynccontextmanager
async def _answered(
    url: str, sample: Record, left: Left | None = None, copied_from: Path | None = None
) -> AsyncIterator[Answered]:
    served: list[AnswerPages] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await served[0](scope, receive, send)

    async def calendars(scope: Any, receive: Any, send: Any) -> None:
        await read_again[0](scope, receive, send)

    read_again: list[CalendarPages] = []
    routes = {ANSWER_PATH: application, CALENDAR_PATH: calendars}
    server = PagesServer(Traffic(), routes, patience=5.0, trusted_proxies=None)
    await server.start(Address("127.0.0.1", 0))
    seal = left.seal if left is not None else Seal([new_key()])
    sessions: list[aiohttp.ClientSession] = []

    def browser() -> Reader:
        sessions.append(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Reader(sessions[-1])

    async with (
        mailbox() as box,
        opened(
            url,
            sample,
            still=left.still if left is not None else None,
            mailer=box.mailer(),
            seal=seal,
            address=f"http://{server.address}",
        ) as stage,
    ):
        if left is not None:
            for raw in left.mails_of(f"http://{server.address}"):
                mail = message_from_bytes(raw, policy=policy.default)
                assert isinstance(mail, EmailMessage)
                box.taken.append(mail)
                box.raw.append(raw)
        await know_record(stage, copied_from)
        edge = Edge(stage.services, _nothing, fill=kept_words.fill)
        edge.throttle = Throttle(120, SystemElapsedTime())
        answering = Answering(stage.services, edge, seal, is_https=False)
        read_again.append(CalendarPages(stage.services, SystemElapsedTime()))
        served.append(AnswerPages(answering, Stopping(stage.services), SystemElapsedTime(), patience=5.0))
        yield Answered(stage, box, served[0], browser)
        for session in sessions:
            await session.close()
        await server.finish()


# What this process has read of the coalition in a file that databases are copied from.
_read: dict[Path, Snapshots] = {}


async def know_record(stage: Stage, copied_from: Path | None) -> None:
    """What stands in copies of one file is read once."""
    database = stage.services.database
    if copied_from is not None and copied_from in _read:
        database.snapshots = _read[copied_from].copy()
    elif copied_from is not None:
        await stage.record()
        _read[copied_from] = database.snapshots.copy()


@asynccontextmanager
async def going_on(left: Left, url: str, sample: Record) -> AsyncIterator[Answered]:
    """What was lived through once, in a database of one's own."""
    shutil.copy(left.database, url.removeprefix("sqlite:///"))
    async with _answered(url, sample, left, left.database) as running:
        yield running


@pytest.fixture
async def answered(live_template: Path, live_url: str, sample: Record) -> AsyncIterator[Answered]:
    """Monday at seven."""
    async with _answered(live_url, sample, copied_from=live_template) as running:
        yield running


def _live(template: Path, sample: Record, name: str, when: str, begin: Callable[[Answered], Awaitable[None]]) -> Left:
    path = Path(shutil.copy(template, template.with_name(f"pages_{name}.db")))

    async def live() -> Left:
        async with _answered(f"sqlite:///{path}", sample) as running:
            await begin(running)
            await running.stage.go(when)
            stage, box = running.stage, running.box
            assert stage.seal is not None
            assert stage.address is not None
            return Left(path, Still.of(stage, box.raw), stage.seal, stage.address)

    return asyncio.run(live())


@pytest.fixture(scope="session")
def asked_once(live_template: Path, sample: Record) -> Left:
    """What the half hour left in which Grant was asked."""
    return _live(live_template, sample, "asked", "11-23 09:30", lambda running: running.by_mail("grant"))


@pytest.fixture
async def asked(asked_once: Left, live_url: str, sample: Record) -> AsyncIterator[Answered]:
    """Monday at half past nine: Grant, who takes part by e-mail only, is asked for his update."""
    async with going_on(asked_once, live_url, sample) as running:
        yield running


@pytest.fixture(scope="session")
def digest_once(live_template: Path, sample: Record) -> Left:
    """What the days left until the digest."""

    async def begin(_running: Answered) -> None:
        """Everybody takes part as the sample says."""

    return _live(live_template, sample, "digest", "11-25 07:30", begin)


@pytest.fixture(scope="session")
def reminded_once(live_template: Path, sample: Record) -> Left:
    """What the days left until two days before a decision is needed, where nothing else comes by the week."""

    async def begin(running: Answered) -> None:
        await rest_meetings(running.stage.services, running.stage.coalition_id, "reminder", "checkin", "digest")

    return _live(live_template, sample, "reminded", "12-02 10:00", begin)


@pytest.fixture
async def reminded(reminded_once: Left, live_url: str, sample: Record) -> AsyncIterator[Answered]:
    """Two days before a decision is needed: Lorna, who reads by mail, is asked for hers."""
    async with going_on(reminded_once, live_url, sample) as running:
        yield running


@pytest.fixture(scope="session")
def listed_once(live_template: Path, sample: Record) -> Left:
    """What the days left in which Marcus was asked about his actions."""

    async def begin(running: Answered) -> None:
        services, coalition_id = running.stage.services, running.stage.coalition_id
        await rest_meetings(services, coalition_id, "reminder", resume=True)
        await rest_meetings(services, coalition_id, "checkin", "digest")
        await running.by_mail("marcus")

    return _live(live_template, sample, "listed", "11-25 09:30", begin)


@pytest.fixture
async def listed(listed_once: Left, live_url: str, sample: Record) -> AsyncIterator[Answered]:
    """Wednesday morning: Marcus, who takes part by e-mail only, has his list of actions."""
    async with going_on(listed_once, live_url, sample) as running:
        yield running


@pytest.fixture
async def digest_out(digest_once: Left, live_url: str, sample: Record) -> AsyncIterator[Answered]:
    """Wednesday at half past seven: the first digest is out, and its copies went by mail."""
    async with going_on(digest_once, live_url, sample) as running:
        yield running
