"""What comes to somebody by mail, on a page: all of it, what of it they may stop with a press, and why not the rest."""

from __future__ import annotations

import re

from bot.domain.sending import ALWAYS
from bot.sealing import Seal, new_key
from bot.services.people.answer_links import BROKEN, CALLED_BACK
from tests.handlers.pages.conftest import Answered
from tests.handlers.pages.reader import Reader
from tests.handlers.pages.test_answering import CHARLOTTE, GRANT, last_change, unchanged
from tests.handlers.pages.test_stopping import chosen as subscribed
from tests.mailbox import page_of, words_of
from tests.tables import on_each

_LINK = re.compile(r"https?://\S+/answer/choices-\S+")


def choices_link(answered: Answered, address: str) -> str:
    """The link in the newest mail there."""
    mail = answered.box.to(address)[-1]
    (found,) = _LINK.findall(words_of(mail))
    assert f'href="{found}"' in page_of(mail)
    return str(found)


async def chosen(answered: Answered, address: str, name: str) -> Reader:
    """The page of whoever got the newest mail there, who has said who they are."""
    browser = answered.browser()
    await browser.open(choices_link(answered, address))
    await browser.press(f"Yes, I'm {name}")
    return browser


async def test_everything_that_comes_is_listed_with_what_may_be_stopped_and_why_not_the_rest(
    digest_out: Answered,
) -> None:
    charlotte = await chosen(digest_out, CHARLOTTE, "Charlotte Halvorsen")
    words = charlotte.page.words
    assert "Digests by e-mail, when one goes out" in words
    assert "Funder edition: Halvorsen" in words
    assert "Actions (the weekly list, and the day one is due) · comes to you" in words
    for one in ALWAYS:
        assert f"{one.words}: {one.why}" in words
    assert "No messages from 8:00 PM to 7:00 AM your time" in words
    assert charlotte.page.html.count("My week") == 2


async def test_a_kind_is_stopped_and_sent_again_with_one_press_each(asked: Answered) -> None:
    grant = await chosen(asked, GRANT, "Grant Okafor")
    page = await pressed(grant, "Stop it: Actions")
    assert "Thank you, that is noted." in page
    assert "Actions (the weekly list, and the day one is due) · not sent to you" in page
    assert await unwanted(asked, "grant") == ("actions",)
    path, member = await last_change(asked)
    assert (path, member) == ("link", (await asked.stage.ask("grant")).member_id)
    # Sent twice it is as once.
    await grant.post([("state", grant.page.hidden["state"]), ("press", "99")])
    await pressed(grant, "Stop it: Meetings")
    assert await unwanted(asked, "grant") == ("actions", "meetings")
    page = await pressed(grant, "Send it to me: Actions")
    assert "Actions (the weekly list, and the day one is due) · comes to you" in page
    assert await unwanted(asked, "grant") == ("meetings",)


async def test_a_digest_is_stopped_and_sent_again(digest_out: Answered) -> None:
    charlotte = await chosen(digest_out, CHARLOTTE, "Charlotte Halvorsen")
    stop = next(one for one in labels(charlotte) if one.startswith("Stop it: "))
    await pressed(charlotte, stop)
    assert list((await subscribed(digest_out, "charlotte")).values()) == [False]
    await pressed(charlotte, stop.replace("Stop it", "Send it to me"))
    assert list((await subscribed(digest_out, "charlotte")).values()) == [True]


async def test_settings_and_days_away_lie_on_it_and_lead_back(asked: Answered) -> None:
    grant = await chosen(asked, GRANT, "Grant Okafor")
    page = await grant.press("My settings")
    assert "Who stands in for me" in page.words
    page = await grant.fill("Save", {"Don't message me about": ["meetings"]})
    assert "No messages about meetings" in page.words
    page = await grant.press("Done")
    assert "Meetings (agendas, changes and reminders) · not sent to you" in page.words
    assert await unwanted(asked, "grant") == ("meetings",)


async def test_looking_changes_nothing_and_asks_who_sits_there(asked: Answered) -> None:
    link = choices_link(asked, GRANT)
    async with unchanged(asked):
        scanner = asked.browser()
        page = await scanner.open(link)
        assert "Are you Grant Okafor?" in page.words
        assert "comes to you" not in page.words.replace("What comes to you", "")
        page = await scanner.post([("state", page.hidden["state"]), ("press", "0")])
        assert "Are you Grant Okafor?" in page.words
        page = await scanner.press("Yes, I'm Grant Okafor")
        assert "Actions" in page.words
        # From then on it is one of their own pages in this browser.
        page = await scanner.open(link.partition("/answer/")[0] + "/answer/me")
        assert "What I owe" in page.words
        page = await scanner.open(link.partition("/answer/")[0] + "/answer/choices")
        assert "What you may stop" in page.words
        stranger = asked.browser()
        page = await stranger.open(link.partition("/answer/")[0] + "/answer/choices")
        assert "Your e-mail address" in page.words


@on_each("how", ["cut", "another key", "an answer link"])
async def test_what_is_no_link_opens_nothing(digest_out: Answered, how: str) -> None:
    base, _, token = choices_link(digest_out, CHARLOTTE).partition("/choices-")
    forged = {
        "cut": token[:-8],
        "another key": Seal([new_key()]).close("choices link", "[1, 1, 0]", at=1.0),
        "an answer link": digest_out.last_link(CHARLOTTE).rpartition("/")[2],
    }[how]
    browser = digest_out.browser()
    page = await browser.open(f"{base}/choices-{forged}")
    assert (browser.status, BROKEN in page.words) == (404, True)
    page = await browser.open(f"{base}/{token}")
    assert browser.status == 404, "and it opens no message"


async def test_links_that_were_called_back_open_nothing(digest_out: Answered) -> None:
    link = choices_link(digest_out, CHARLOTTE)
    await digest_out.stage.services.answer_links.call_back(await digest_out.stage.actor("omar"), "charlotte")
    browser = digest_out.browser()
    page = await browser.open(link)
    assert (browser.status, CALLED_BACK in page.words) == (404, True)


def labels(reader: Reader) -> list[str]:
    """What the buttons say to whoever hears the page."""
    return re.findall(r'aria-label="([^"]*)"', reader.page.html)


async def pressed(reader: Reader, label: str) -> str:
    """The page after a button that is read out so."""
    (press,) = re.findall(rf'value="(\d+)"[^>]*aria-label="{re.escape(label)}"', reader.page.html)
    page = await reader.post([("state", reader.page.hidden["state"]), ("press", press)])
    return page.words


async def unwanted(answered: Answered, member: str) -> tuple[str, ...]:
    """Of what they want no messages."""
    record = await answered.stage.record()
    return next(one.no_messages_about for one in record.members if one.id == member)
