"""`backbeat run` with a mail server and an address of its own sends mail and serves the pages that it leads to."""

from __future__ import annotations

import socket

import aiohttp
import pytest

from bot.addresses import LOOPBACK, Address
from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.sealing import new_key
from tests.connection.stage import Way, connected
from tests.examples import part
from tests.handlers.pages.reader import Reader, link_in
from tests.mailbox import mailbox
from tests.schedules.conftest import _no_proxy, live_template, live_url
from tests.schedules.stage import at

__all__ = ["_no_proxy", "live_template", "live_url"]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.mark.in_part
@pytest.mark.parametrize("way", part(["socket"], ["socket", "http"]))
async def test_a_mail_leads_to_a_page_that_is_served(way: Way, live_url: str, sample: Record) -> None:
    calendar, port = FixedCalendar(at("11-25 07:00")), free_port()
    async with (
        mailbox() as box,
        connected(
            way,
            live_url,
            sample,
            calendar,
            smtp_url=f"smtp://{LOOPBACK}:{box.port}",
            mail_from="backbeat@partner.example",
            public_url=f"http://{LOOPBACK}:{port}",
            token_keys=new_key(),
            http_address=Address(LOOPBACK, port),
        ) as running,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        calendar.set(at("11-25 07:30"))
        running.sandbox.clock.sleep(calendar.now())
        await running.bot.settle()
        (mail,) = box.to("executive@harrow-county.example")
        link = link_in(mail)
        assert link.startswith(f"http://{LOOPBACK}:{port}/answer/")
        if running.bot.requests_at is not None:
            # There one server takes both, at a port that it was given.
            link = link.replace(f"http://{LOOPBACK}:{port}", running.bot.requests_at.removesuffix("/slack/events"))
        lorna = Reader(session)
        page = await lorna.open(link)
        assert "Are you Lorna Pruitt?" in page.words
        page = await lorna.press("Yes, I'm Lorna Pruitt")
        page = await lorna.press("Answer")
        page = await lorna.fill("Send", {"Your answer": "Wait"})
        assert "Recorded for Harrow County Executive Office: Wait, by Lorna Pruitt." in page.words
