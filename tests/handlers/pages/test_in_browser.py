"""Mails and pages in Chromium: readable for everybody, without scripts, by keyboard, at the width of a phone."""

from __future__ import annotations

from email.message import EmailMessage
from importlib import resources

import pytest
from playwright.async_api import Browser, Page

from bot.domain.record import Record
from tests.examples import is_whole, part
from tests.handlers.pages.conftest import Left, going_on
from tests.handlers.pages.test_answering import CONFIDENT, GRANT, LORNA
from tests.handlers.pages.test_choices import choices_link
from tests.handlers.pages.test_stopping import stop_link
from tests.mailbox import page_of
from tests.visitor import PHONE

# One browser for all pages, so one loop; what is lived through before is opened in it too.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The package has no types, and only its script is of use here.
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


async def complaints(page: Page) -> list[str]:
    """What axe-core finds wrong with a page: its rules, each with the elements."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run()")
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found["violations"]]


async def looks_right(page: Page) -> None:
    """Everybody can read it, and nothing of it stands outside a phone's screen."""
    assert await complaints(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.in_part
async def test_pages_and_mails_are_for_everybody(
    browser: Browser, asked_once: Left, live_url: str, sample: Record
) -> None:
    async with going_on(asked_once, live_url, sample) as asked:
        # Scripts run for axe-core only: pages have none, and their own policy would refuse it.
        context = await browser.new_context(viewport=PHONE, bypass_csp=True)
        page = await context.new_page()
        await page.goto(asked.last_link(GRANT))
        await looks_right(page)
        await page.get_by_role("button", name="Yes, I'm Grant Okafor").click()
        await looks_right(page)
        await page.get_by_role("button", name="I'm away").click()
        await looks_right(page)
        await page.goto(asked.last_link(GRANT))
        await page.locator("button", has_text="Answer").first.click()
        if is_whole():
            await looks_right(page)  # and below with what is missing
        await page.get_by_role("button", name="Send", exact=True).last.click()
        assert await page.get_by_role("alert").is_visible()
        await looks_right(page)
        await page.goto(asked.last_link(GRANT)[:-9])
        await looks_right(page)
        await asked.stage.go("11-25 07:30")
        # Two get the same digest, each with their own words at its end.
        by_subject = {str(mail["subject"]): mail for mail in asked.box.taken}
        for mail in part(list(by_subject.values()), asked.box.taken):
            await page.set_content(_shown(mail))
            await looks_right(page)
        await page.goto(stop_link(asked.box.to(LORNA)[-1]))
        await looks_right(page)
        await page.goto(choices_link(asked, LORNA))
        await page.get_by_role("button", name="Yes, I'm Lorna Pruitt").click()
        if is_whole():
            await looks_right(page)  # and below with something stopped
        await page.get_by_role("button", name="Stop it: Actions").click()
        await looks_right(page)
        await page.get_by_role("button", name="My settings").click()
        await looks_right(page)
        if is_whole():
            await page.goto(asked.last_link(LORNA))
            await looks_right(page)
        await context.close()


async def test_a_check_in_is_answered_without_scripts_and_without_a_mouse(
    browser: Browser, asked_once: Left, live_url: str, sample: Record
) -> None:
    async with going_on(asked_once, live_url, sample) as asked:
        context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
        page = await context.new_page()
        await page.goto(asked.last_link(GRANT))
        await by_keyboard(page, "Yes, I'm Grant Okafor")
        await by_keyboard(page, "Answer")
        await page.get_by_label("On track").focus()
        await page.keyboard.press("Space")
        await page.get_by_label(CONFIDENT).focus()
        await page.keyboard.type("8")
        await page.get_by_label("What changed since last week?").focus()
        await page.keyboard.type("Two firms signed.")
        await by_keyboard(page, "Send")
        # Where something is missing, the first thing that is read says so, and leads there.
        await page.get_by_role("link", name="What will be true by next week?").press("Enter")
        await page.keyboard.press("Tab")
        await page.get_by_label("What will be true by next week?").focus()
        await page.keyboard.type("Three firms.")
        await by_keyboard(page, "Send")
        assert "Thank you, that is noted." in await page.inner_text("main")
        assert "Two firms signed." in await page.inner_text("main")
        await context.close()


async def by_keyboard(page: Page, name: str) -> None:
    """Reaches a button by the tab key alone, and presses it."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = page.locator("button:focus")
        if await focused.count() and (await focused.inner_text()).strip() == name:
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} can't be reached by keyboard")


def _shown(mail: EmailMessage) -> str:
    """A mail's HTML as a reader's program shows it, but for its picture."""
    return page_of(mail).replace('src="cid:', 'src="data:image/png;base64," data-cid="')
