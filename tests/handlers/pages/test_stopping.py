"""Copies of a digest are stopped from a mail: by a press in the reader's program or on a page, never by looking."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import aiohttp
from sqlalchemy import select

from bot.sealing import Seal, new_key
from bot.store.digests import DigestSubscriptionRow
from tests.handlers.pages.conftest import Answered, Left
from tests.handlers.pages.test_answering import CHARLOTTE, GRANT, LORNA, last_change, unchanged
from tests.handlers.pages.test_calendars import move, with_meetings
from tests.mailbox import page_of, words_of
from tests.tables import on_each

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def stop_link(mail: EmailMessage) -> str:
    """Where a mail says that it can be refused, the same for programs and for readers."""
    found = re.fullmatch(r"<(\S+)>", str(mail["List-Unsubscribe"]))
    assert found is not None, mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1] in words_of(mail)
    assert found[1] in page_of(mail)
    return found[1]


async def chosen(answered: Answered, name: str) -> dict[str, bool]:
    """Whether somebody wants copies, by edition, where they ever said so."""
    member_id = (await answered.stage.rows("digest_copy", to=name))[0].member_id
    async with answered.stage.services.database.read() as session:
        rows = await session.scalars(select(DigestSubscriptionRow).filter_by(member_id=member_id))
        return {row.edition: row.active for row in rows}


def digests_to(answered: Answered, address: str) -> list[EmailMessage]:
    return [mail for mail in answered.box.to(address) if str(mail["Subject"]).startswith("Weekly digest")]


async def test_the_press_of_a_mail_program_stops_one_reader_s_copies(digest_out: Answered) -> None:
    link = stop_link(digest_out.box.to(LORNA)[-1])
    # It stands whole in one line, as programs read it.
    assert (
        f"List-Unsubscribe: <{link}>\r\n".encode()
        in digest_out.box.raw[digest_out.box.taken.index(digest_out.box.to(LORNA)[-1])]
    )
    async with aiohttp.ClientSession() as server, server.post(link, data=ONE_CLICK, allow_redirects=False) as reply:
        assert reply.status == 200
    assert await chosen(digest_out, "lorna") == {"roll_up:": False}
    path, member = await last_change(digest_out)
    assert (path, member) == ("link", (await digest_out.stage.rows("digest_copy", to="lorna"))[0].member_id)
    await digest_out.stage.go("12-04 12:00")
    # What asks her still comes.
    assert "Decision D-1" in str(digest_out.box.to(LORNA)[-1]["Subject"])
    # So do everybody else's copies.
    assert len(digests_to(digest_out, CHARLOTTE)) == 2
    assert len(digests_to(digest_out, LORNA)) == 1


async def test_it_may_come_as_a_form_in_parts(digest_out: Answered) -> None:
    link = stop_link(digest_out.box.to(CHARLOTTE)[-1])
    with aiohttp.MultipartWriter("form-data") as parts:
        parts.append("One-Click").set_content_disposition("form-data", name="List-Unsubscribe")
    async with aiohttp.ClientSession() as server, server.post(link, data=parts) as reply:
        assert reply.status == 200
    assert list((await chosen(digest_out, "charlotte")).values()) == [False]


async def test_looking_only_asks_and_a_press_can_be_taken_back(digest_out: Answered) -> None:
    browser = digest_out.browser()
    async with unchanged(digest_out):
        page = await browser.open(stop_link(digest_out.box.to(LORNA)[-1]))
        assert browser.status == 200
        assert "Lorna Pruitt" in page.words
        assert list(page.buttons) == ["Stop it"]
        assert "noindex" in browser.headers["x-robots-tag"]
        # A press of nothing that is there.
        await browser.post([("press", "4")])
        assert list(browser.page.buttons) == ["Stop it"]
    page = await browser.press("Stop it")
    assert "It isn't sent to Lorna Pruitt anymore." in page.words
    page = await browser.press("Send it again")
    assert list(page.buttons) == ["Stop it"]
    assert await chosen(digest_out, "lorna") == {"roll_up:": True}


def test_what_asks_for_an_answer_can_t_be_refused(asked_once: Left, reminded_once: Left) -> None:
    sent = [
        message_from_bytes(raw, policy=policy.default)
        for left in (asked_once, reminded_once)
        for raw in left.still.mails
    ]
    asking = [one for one in sent if GRANT in str(one["To"]) or "Decision" in str(one["Subject"])]
    assert len(asking) >= 2
    for mail in asking:
        assert isinstance(mail, EmailMessage)
        assert mail["List-Unsubscribe"] is None
        assert mail["List-Unsubscribe-Post"] is None
        assert "/answer/stop-" not in words_of(mail)


@on_each("how", ["cut", "another key", "an answer's", "nothing"])
async def test_what_is_no_link_stops_nothing(digest_out: Answered, how: str) -> None:
    mail = digest_out.box.to(LORNA)[-1]
    base, _, token = stop_link(mail).rpartition("/stop-")
    forged = {
        "cut": token[:-8],
        "another key": Seal([new_key()]).close("stop link", '[1, 1, 1, "roll_up:"]', at=1.0),
        "an answer's": digest_out.last_link(LORNA).rpartition("/")[2],
        "nothing": "",
    }[how]
    url = f"{base}/stop-{forged}"
    async with unchanged(digest_out), aiohttp.ClientSession() as server, server.post(url, data=ONE_CLICK) as reply:
        assert reply.status == 404
        assert "Lorna" not in await reply.text()


async def test_links_that_were_called_back_stop_nothing(digest_out: Answered) -> None:
    link = stop_link(digest_out.box.to(LORNA)[-1])
    await digest_out.stage.services.answer_links.call_back(await digest_out.stage.actor("omar"), "lorna")
    async with unchanged(digest_out), aiohttp.ClientSession() as server, server.post(link, data=ONE_CLICK) as reply:
        assert reply.status == 404


async def test_a_kind_of_message_that_may_be_refused_is_stopped_from_its_mail(asked: Answered) -> None:
    await with_meetings(asked)
    await move(asked, await asked.stage.actor("omar"))
    asked.stage.set("11-25 12:00")
    await asked.stage.settle()
    mail = asked.box.to(GRANT)[-1]
    link = stop_link(mail)
    assert "Stop e-mails about meetings" in words_of(mail)
    browser = asked.browser()
    async with unchanged(asked):
        page = await browser.open(link)
    assert "Stop e-mails about meetings?" in page.words
    async with aiohttp.ClientSession() as server, server.post(link, data=ONE_CLICK, allow_redirects=False) as reply:
        assert reply.status == 200
    grant = next(one for one in (await asked.stage.record()).members if one.id == "grant")
    assert grant.no_messages_about == ("meetings",)
    assert (await last_change(asked))[0] == "link"
    page = await browser.open(link)
    assert "E-mails about meetings are stopped" in page.words
    await browser.press("Send them again")
    grant = next(one for one in (await asked.stage.record()).members if one.id == "grant")
    assert grant.no_messages_about == ()


async def test_what_asks_for_a_check_in_says_nothing_of_stopping(asked: Answered) -> None:
    (mail,) = asked.box.to(GRANT)
    assert mail["List-Unsubscribe"] is None
    assert "Stop e-mails" not in words_of(mail)
