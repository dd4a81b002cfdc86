"""Somebody who reads by mail answers on a page: the same services, rights and words, and a link is its reader's own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from bot.errors import Unavailable
from bot.sealing import Seal, new_key
from bot.services.access import operator
from bot.services.people.answer_links import BROKEN, CALLED_BACK, EXPIRED, LASTS, USED
from bot.store.audit import ChangeRow
from bot.store.people import MemberRow
from handlers.pages import application, pressing
from handlers.pages.answering import NOT_KEPT, SAID
from handlers.pages.application import LARGEST, OFTEN
from handlers.pages.client import NO_FILES
from tests.attacks import contents
from tests.examples import part
from tests.handlers.pages.conftest import Answered
from tests.mailbox import words_of
from tests.schedules.stage import START
from tests.tables import on_each

GRANT, LORNA, CHARLOTTE = "grant@mail.example", "executive@harrow-county.example", "charlotte@halvorsen.example"
CONFIDENT = "How likely is this by Feb 28, 2027: Four anchor buyers publish a local sourcing forecast? (0 to 10)"


@asynccontextmanager
async def unchanged(answered: Answered) -> AsyncIterator[None]:
    """Nothing in the database changes meanwhile."""
    path = Path(answered.stage.url.removeprefix("sqlite:///"))
    before = contents(path)
    yield
    assert contents(path) == before


async def last_change(answered: Answered) -> tuple[str, int | None]:
    """By which path the newest change was made, and by whom."""
    async with answered.stage.services.database.read() as session:
        row = (await session.scalars(select(ChangeRow).order_by(ChangeRow.id.desc()).limit(1))).one()
        return row.path, row.actor_id


async def test_a_check_in_is_answered_with_errors_at_its_fields_and_what_was_kept(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    await grant.press("Answer")
    page = await grant.fill("Keep for later", {"What changed since last week?": "Two firms <b>signed</b> & sealed."})
    assert "What you wrote is kept for you. It isn't sent yet." in page.words
    page = await grant.press("Answer")
    assert page.field("What changed since last week?").values == ["Two firms <b>signed</b> & sealed."]
    page = await grant.fill("Send", {"How does this priority stand today?": "🟡 At risk", CONFIDENT: "6"})
    assert "Nothing was sent yet." in page.words
    assert page.html.count('aria-invalid="true"') == 1
    assert page.field("How does this priority stand today?").values == ["at_risk"]
    page = await grant.fill("Send", {"What will be true by next week?": "Three firms."})
    assert "blocker" in page.words.lower() or "in the way" in page.words, page.words
    page = await grant.fill("Send", {"What is in the way?": "The guarantee."})
    assert "Thank you, that is noted." in page.words
    assert "Two firms <b>signed</b> & sealed." in page.words
    assert "Stands 🟡 at risk" in page.words
    path, member = await last_change(asked)
    assert path == "link"
    assert member == (await asked.stage.ask("grant")).member_id


async def test_what_can_t_be_kept_is_not_said_to_be(asked: Answered, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    await grant.press("Answer")

    async def away(*_about: object) -> None:
        raise Unavailable("The database is away.")

    words: dict[str, str | list[str]] = {"What changed since last week?": "Two firms signed."}
    with monkeypatch.context() as broken:
        broken.setattr(asked.stage.services.checkins, "keep_words", away)
        page = await grant.fill("Keep for later", words)
        assert NOT_KEPT in page.words
        assert page.field("What changed since last week?").values == ["Two firms signed."]
    page = await grant.press("Keep for later")
    assert SAID["kept"] in page.words
    page = await grant.press("Answer")
    assert page.field("What changed since last week?").values == ["Two firms signed."]


async def test_no_change_is_said_with_one_press(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    page = await grant.press("No change since Nov 3")
    assert "Thank you, that is noted." in page.words or page.buttons, page.words
    if "Send" in page.buttons:
        page = await grant.press("Send")
    assert "Stands 🟡 at risk" in page.words


async def test_a_decision_is_answered_once_for_the_organization(reminded: Answered) -> None:
    lorna = await reminded.reader(LORNA, "Lorna Pruitt")
    page = await lorna.press("Answer")
    assert "You answer for Harrow County Executive Office." in page.words
    page = await lorna.fill("Send", {"Your answer": "Object"})
    assert "Nothing was sent yet." in page.words or "stands against" in page.words
    page = await lorna.fill("Send", {"Your answer": "Use county reserve", "One sentence": "It is there for this."})
    card = await reminded.stage.services.decisions.show(await reminded.stage.actor("omar"), "D-1")
    assert card.count.answered == 1
    assert dict(card.count.tally)["Use county reserve"] == 1
    assert await last_change(reminded) == ("link", (await reminded.stage.rows("digest_copy", to="lorna"))[0].member_id)


async def test_an_action_is_done_moved_and_blocked(listed: Answered) -> None:
    stage = listed.stage
    marcus = await listed.reader("marcus@mail.example", "Marcus Teal")
    page = await marcus.press("Blocked")
    [label] = [one.label for one in page.fields.values() if one.kind == "text"][:1]
    submit = next(one for one in page.buttons if one not in {"Back", "Keep for later"})
    page = await marcus.fill(submit, {label.removesuffix("(optional)").strip(): "Nobody has the calendar."})
    assert "Nobody has the calendar." in page.words
    page = await marcus.press("New date")
    day = next(one for one in page.fields.values() if one.kind == "date")
    submit = next(one for one in page.buttons if one not in {"Back", "Keep for later"})
    page = await marcus.fill(submit, {day.label: "2026-12-10", "Why does it move?": "The firms asked for it."})
    assert "Dec 10" in page.words
    page = await marcus.press("Done")
    record = await stage.record()
    done = next(one for one in record.actions if one.id == "A-201")
    assert done.status == "done"
    assert await last_change(listed) == ("link", (await stage.rows("prompts", to="marcus"))[0].member_id)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a page may be asked for: in the suite less than people may, since each time takes a while."""
    monkeypatch.setattr(application, "OFTEN", part(12, OFTEN))
    return application.OFTEN


@pytest.mark.in_part
async def test_a_get_changes_nothing_however_often_it_is_followed(often: int, asked: Answered) -> None:
    link = asked.last_link(GRANT)
    async with unchanged(asked), aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as scanner:
        for number in range(often + 3):
            async with scanner.get(link) as reply:
                assert reply.status == (200 if number < often else 429)


async def test_whoever_opens_it_is_asked_who_they_are_before_anything_is_pressed(asked: Answered) -> None:
    forwarded = asked.browser()
    page = await forwarded.open(asked.last_link(GRANT))
    assert "Are you Grant Okafor?" in page.words
    assert set(page.buttons) == {"Yes, I'm Grant Okafor", "No"}
    async with unchanged(asked):
        # Also for whoever knows what the buttons send.
        page = await forwarded.post([("state", page.hidden["state"]), ("press", "4")])
        assert "Are you Grant Okafor?" in page.words
        page = await forwarded.press("No")
        assert "This link was sent to Grant Okafor" in page.words


@on_each("how", ["cut", "another key", "another's", "nothing"])
async def test_what_is_no_link_opens_nothing(digest_out: Answered, how: str) -> None:
    link = digest_out.last_link(LORNA)
    base, _, token = link.rpartition("/")
    forged = {
        "cut": token[:-8],
        "another key": Seal([new_key()]).close("answer link", "[1, 1, 1, 0]", at=1.0),
        "another's": token[:40] + digest_out.last_link(CHARLOTTE).rpartition("/")[2][40:],
        "nothing": "",
    }[how]
    browser = digest_out.browser()
    async with unchanged(digest_out):
        page = await browser.open(f"{base}/{forged}")
        assert browser.status == 404
        assert BROKEN in page.words
        assert "Lorna" not in page.html
        browser.at = f"{base}/{forged}"
        await browser.post([("state", ""), ("press", "me")])
        assert browser.status == 404


async def test_a_link_expires_and_can_be_called_back(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    link, stage = asked.last_link(GRANT), asked.stage
    await stage.services.answer_links.call_back(await stage.actor("omar"), "grant")
    page = await grant.open(link)
    assert (grant.status, CALLED_BACK in page.words) == (404, True)
    page = await grant.post([("state", ""), ("press", "me")])
    assert grant.status == 404
    # What is sent later holds a new one.
    stage.set("11-24 08:00")
    await stage.settle()
    page = await grant.open(asked.last_link(GRANT))
    assert grant.status == 200
    stage.calendar.set(stage.calendar.now() + LASTS + timedelta(seconds=1))
    page = await grant.open(asked.last_link(GRANT))
    assert (grant.status, EXPIRED in page.words) == (404, True)


async def test_only_oneself_and_coordinators_call_links_back(answered: Answered) -> None:
    links = answered.stage.services.answer_links
    assert await links.call_back(await answered.stage.actor("grant"), "grant") == "Grant Okafor"
    with pytest.raises(Exception, match="Grant Okafor or a coordinator calls these links back"):
        await links.call_back(await answered.stage.actor("imani"), "grant")


async def test_whoever_has_left_opens_nothing(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    async with asked.stage.services.database.write(operator(asked.stage.coalition_id).author(START)) as session:
        (row,) = await session.scalars(select(MemberRow).where(MemberRow.key == "grant"))
        row.ended = date(2026, 11, 22)
    page = await grant.open(asked.last_link(GRANT))
    assert grant.status == 404
    assert "You took part in Limestone Bend" in page.words


async def test_a_page_of_one_message_presses_nothing_in_another(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    form = (await grant.press("Answer")).hidden["state"]
    asked.stage.set("11-24 08:00")
    await asked.stage.settle()
    async with unchanged(asked):
        await grant.open(asked.last_link(GRANT))
        page = await grant.post([("state", form), ("press", "submit")])
        assert "older version" in page.words
        for press in ("99", "-1", "x", "find:1", "", "submit"):
            page = await grant.open(asked.last_link(GRANT))
            await grant.post([("state", page.hidden["state"]), ("press", press)])
            assert grant.status == 200


async def test_a_press_that_this_version_doesn_t_know_is_never_thanked_for(
    asked: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    monkeypatch.setattr(pressing, "Action", ())
    async with unchanged(asked):
        page = await grant.press("Answer")
    assert "older version" in page.words
    assert "that is noted" not in page.words


async def test_a_page_that_is_sent_twice_is_stored_once(listed: Answered) -> None:
    marcus = await listed.reader("marcus@mail.example", "Marcus Teal")
    page = await marcus.press("New date")
    day = next(one for one in page.fields.values() if one.kind == "date")
    submit = next(one for one in page.buttons if one not in {"Back", "Keep for later"})
    moves = [("state", page.hidden["state"]), ("press", page.buttons[submit]), (day.name, "2026-12-10")]
    moves += [(page.field("Why does it move?").name, "The firms asked for it.")]
    await marcus.post(moves)
    before = await last_change(listed)
    async with listed.stage.services.database.read() as session:
        count = len((await session.scalars(select(ChangeRow.id))).all())
    await marcus.post(moves)
    async with listed.stage.services.database.read() as session:
        assert len((await session.scalars(select(ChangeRow.id))).all()) == count
    assert await last_change(listed) == before


async def test_what_may_not_be_read_stands_on_no_page(digest_out: Answered) -> None:
    lorna = await digest_out.reader(LORNA, "Lorna Pruitt")
    charlotte = await digest_out.reader(CHARLOTTE, "Charlotte Halvorsen")
    for amount in ("$1,600,000 applied for", "$2,000,000 in talks"):
        assert amount in lorna.page.words
        assert amount not in charlotte.page.words


async def test_a_browser_that_knows_one_person_asks_again_for_another(digest_out: Answered) -> None:
    lorna = await digest_out.reader(LORNA, "Lorna Pruitt")
    page = await lorna.open(digest_out.last_link(CHARLOTTE))
    assert "Are you Charlotte Halvorsen?" in page.words


async def test_pages_are_kept_by_nobody_and_shown_in_no_frame(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    assert grant.headers["cache-control"] == "no-store"
    assert grant.headers["x-robots-tag"].startswith("noindex")
    assert grant.headers["referrer-policy"] == "same-origin"
    policy = grant.headers["content-security-policy"]
    for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "<script" not in grant.page.html
    assert 'name="robots" content="noindex' in grant.page.html
    cookies = list(grant._session.cookie_jar)
    assert [(one.key, one["httponly"], one["samesite"], one["path"]) for one in cookies] == [
        ("backbeat-me", True, "Lax", "/answer/")
    ]


async def test_what_is_no_form_of_a_page_is_refused(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    session, at = grant._session, grant.at
    async with unchanged(asked):
        for method, how, status in (
            ("PUT", {"data": {"press": "me"}}, 405),
            ("POST", {"json": {"press": "me"}}, 415),
            ("POST", {"data": {"press": "me"}, "headers": {"sec-fetch-site": "cross-site"}}, 403),
            ("POST", {"data": {"state": "x" * (LARGEST + 1)}}, 413),
            ("HEAD", {}, 200),
        ):
            async with session.request(method, at, **how) as reply:  # type: ignore[arg-type]
                assert reply.status == status, method
                assert "Traceback" not in await reply.text()


async def test_a_list_is_searched_without_scripts(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    page = await grant.press("Answer")
    find = next(name for name in page.fields if name.startswith("q"))
    data = [("state", page.hidden["state"]), ("press", page.buttons["Find"]), (find, "halvorsen")]
    data += [(page.field("What changed since last week?").name, "Typed before.")]
    page = await grant.post(data)
    assert [one for one in page.field("Who could provide it?").options if one != "None"] == [
        "Halvorsen Family Foundation"
    ]
    assert page.field("What changed since last week?").values == ["Typed before."]


async def test_what_asks_first_is_asked_on_a_page_of_its_own(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    found = re.findall(r'value="(\d+)"[^>]*>I&#39;m away', grant.page.html)
    page = await grant.post([("state", grant.page.hidden["state"]), ("press", found[0])])
    assert page.fields, page.words


async def test_somebody_s_own_page_opens_by_a_link_that_works_once(answered: Answered) -> None:
    base = str(answered.stage.address)
    lorna = answered.browser()
    page = await lorna.open(f"{base}/answer/me")
    assert "Your e-mail address" in page.words
    for address in (LORNA.upper(), LORNA, "nobody@example.org", "imani.rhodes@crossroads.example"):
        page = await lorna.post([("address", address), ("press", "sign-in")])
        assert "a link is on its way there" in page.words
    await answered.stage.settle()
    assert [mail["To"] for mail in answered.box.taken] == [f"Lorna Pruitt <{LORNA}>"]
    # Also at night, once for some minutes, and to nobody who reads in Slack.
    answered.stage.set("11-23 22:00")
    await lorna.post([("address", LORNA), ("press", "sign-in")])
    await answered.stage.settle()
    mails = answered.box.to(LORNA)
    assert len(answered.box.taken) == len(mails) == 2
    (link,) = re.findall(r"https?://\S+/answer/me\S+", words_of(mails[-1]))
    async with unchanged(answered):
        for _ in range(5):
            page = await lorna.open(link)
            assert "Are you Lorna Pruitt?" in page.words
    page = await lorna.press("Yes, I'm Lorna Pruitt")
    assert lorna.at == f"{base}/answer/me"
    assert "Waits for me" in page.words
    assert "Pay for a contract fire inspector" in page.words
    page = await lorna.press("Refresh")
    assert "Waits for me" in page.words
    page = await lorna.press("Answer")
    page = await lorna.fill("Send", {"Your answer": "Wait"})
    assert "Recorded for Harrow County Executive Office: Wait" in page.words
    # Used up, for whoever has it too.
    other = answered.browser()
    page = await other.open(link)
    page = await other.post([("state", page.hidden["state"]), ("press", "me")])
    assert (other.status, USED in page.words) == (404, True)
    # What is called back ends in browsers that know somebody, too.
    await answered.stage.services.answer_links.call_back(await answered.stage.actor("omar"), "lorna")
    page = await lorna.open(f"{base}/answer/me")
    assert "Your e-mail address" in page.words


async def test_whoever_reads_by_mail_since_slack_does_not_reach_them_signs_in_too(answered: Answered) -> None:
    stage = answered.stage
    stage.sandbox.workspace.users["U0GRANT"].no_direct_messages = True
    await stage.go("11-23 09:30")
    (address,) = [one.email for one in (await stage.record()).members if one.id == "grant"]
    assert address is not None
    grant = await answered.reader(address, "Grant Okafor")
    assert "Supplier and small-firm growth" in grant.page.words
    stranger = answered.browser()
    await stranger.open(f"{stage.address}/answer/me")
    await stranger.post([("address", address), ("press", "sign-in")])
    await stage.settle()
    assert re.findall(r"https?://\S+/answer/me\S+", words_of(answered.box.to(address)[-1]))


async def test_a_message_s_page_leads_to_one_s_own(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    assert 'href="/answer/me"' in grant.page.html
    page = await grant.open(f"{asked.stage.address}/answer/me")
    assert "My week" in page.words
    assert "Supplier and small-firm growth" in page.words
    stranger = asked.browser()
    page = await stranger.open(asked.last_link(GRANT))
    assert 'href="/answer/me"' not in page.html


async def test_what_comes_as_a_file_says_so_on_a_page(asked: Answered) -> None:
    grant = await asked.reader(GRANT, "Grant Okafor")
    await grant.open(f"{asked.stage.address}/answer/me")
    await grant.press("Meetings")
    page = await grant.press("Calendar file")
    assert NO_FILES in page.words
