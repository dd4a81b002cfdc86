"""The demo as its people see it, in headless Chromium: a coordinator links an owner, the owner answers, the digest
stands. With BACKBEAT_SCREENSHOTS naming a folder the pictures of the README are written there."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.demo import Demo, RunningDemo, user_id_of
from tests.sandbox.browser import browser

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page, ViewportSize

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("browser")]

WIDE: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Stage:
    demo: Demo
    page: Page

    async def act_as(self, member: str, place: str) -> None:
        """Opens a place as a person: `home`, `app` (the bot's messages) or the name of a channel."""
        user = user_id_of(member)
        await self.page.goto(f"{self.demo.url}/#/as/{user}/home")
        await self.page.get_by_test_id("person-switcher").wait_for()
        await self.page.locator(f'[data-testid="person-switcher"][data-person="{user}"]').wait_for()
        target = {"home": "app-home", "app": "app-dm"}.get(place, f"channel-{place}")
        await self.page.get_by_test_id(target).click()

    async def jump(self, moment: str) -> None:
        """Jumps on the acting person's clock, through the clock's own panel."""
        await self.page.get_by_test_id("clock-jump").click()
        await self.page.get_by_test_id("clock-jump-to").fill(moment)
        await self.page.get_by_test_id("clock-jump-go").click()
        await self.page.get_by_test_id("clock-busy").wait_for(state="hidden", timeout=60_000)
        panel = self.page.get_by_test_id("clock-jump-panel")
        if await panel.is_visible():
            await self.page.keyboard.press("Escape")

    async def picture(self, name: str) -> None:
        folder = os.environ.get("BACKBEAT_SCREENSHOTS")
        if folder:
            # What slides into place has then arrived.
            await self.page.wait_for_timeout(500)
            await self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def messages(self, text: str) -> Locator:
        return self.page.get_by_test_id("message").filter(has_text=text)


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    async with RunningDemo(database=tmp_path / "demo.db") as demo:
        context = await browser.new_context(viewport=WIDE, color_scheme="light")
        page = await context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Stage(demo, page)
        await context.close()
        assert not errors


async def test_an_owner_is_linked_answers_and_is_in_wednesdays_digest_once(stage: Stage) -> None:
    page = stage.page
    await stage.act_as("omar", "home")
    await page.get_by_test_id("home").get_by_text("Yolanda Briggs").wait_for()
    await stage.picture("coordinator-home")
    await _link(stage, "Yolanda Briggs")

    await stage.act_as("yolanda", "app")
    await stage.jump("2026-11-23T09:00")
    asked = stage.messages("Talent pathways").last
    await asked.wait_for()
    await stage.picture("check-in-asked")
    await asked.get_by_test_id("button-answer").click()
    await _answer_in_two_tries(stage)
    said = stage.messages("One instructor candidate signed").last
    await said.wait_for()
    await said.get_by_text("at risk").first.wait_for()
    await said.get_by_role("button", name="Edit").wait_for()
    await stage.picture("check-in-answered")

    await stage.act_as("marcus", "lb-steering")
    await stage.jump("2026-11-25T07:30")
    digests = page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="Weekly digest")
    await digests.first.wait_for()
    assert await digests.count() == 1
    assert "instead of 7:30" not in await digests.first.inner_text()
    await stage.picture("digest-posted")
    await digests.first.get_by_test_id("reply-count").click()
    await page.get_by_test_id("thread").get_by_text("One instructor candidate signed").wait_for()
    await stage.picture("digest-thread")

    await stage.jump("2026-11-27T07:30")
    assert await digests.count() == 1
    await page.get_by_test_id("thread-close").click()
    await page.set_viewport_size(PHONE)
    await stage.picture("digest-on-a-phone")


async def _link(stage: Stage, name: str) -> None:
    """Picks the account of a person in the coordinator's Home."""
    home = stage.page.get_by_test_id("home")
    row = home.locator(".block.section", has_text=name).first
    await row.locator('[data-testid="field-pick_account"]').click()
    await stage.page.get_by_test_id("options").get_by_text(name).first.click()
    await stage.page.wait_for_function(
        "name => ![...document.querySelectorAll('[data-testid=home] [data-testid=field-pick_account]')]"
        ".some(field => field.closest('.block.section')?.innerText.includes(name))",
        arg=name,
    )


async def _answer_in_two_tries(stage: Stage) -> None:
    """Sends the form first without what is in the way, which an answer at risk needs."""
    modal = stage.page.get_by_test_id("modal")
    await modal.get_by_text("How does this priority stand today?").wait_for()
    await modal.get_by_test_id("option-at_risk").click()
    await _choose(stage, modal, "How likely", "6")
    await _write(modal, "What changed since last week?", "One instructor candidate signed.")
    await _write(modal, "What will be true by next week?", "The second contract is signed.")
    await stage.page.get_by_test_id("modal-submit").click()
    await modal.get_by_test_id("field-error").get_by_text("Add one sentence, or choose On track.").wait_for()
    await stage.picture("check-in-error")
    await _write(modal, "What is in the way?", "Evening pay is below the private market.")
    await stage.page.get_by_test_id("modal-submit").click()
    await modal.wait_for(state="hidden")


async def _write(modal: Locator, label: str, text: str) -> None:
    await modal.get_by_label(label).fill(text)


async def _choose(stage: Stage, modal: Locator, label: str, option: str) -> None:
    await modal.locator(".block.input", has_text=label).locator('[data-testid="field-value"]').click()
    await stage.page.get_by_test_id(f"option-{option}").click()
