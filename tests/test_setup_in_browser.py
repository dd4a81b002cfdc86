"""A new coalition in headless Chromium: from an empty database to the first answered check-in, with the bot started
anew after step 2. How long that takes is printed with the other figures."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.app import running_bot
from bot.demo import user_id_of, workspace_of
from bot.domain.record import Record
from bot.sandbox import Sandbox, SandboxClock
from bot.sandbox import Settings as SandboxSettings
from bot.settings import Settings, read_settings
from bot.slack.manifest import manifest
from tests.conftest import MONDAY_SEVEN

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STEP = "Set up, step {} of 5"


@dataclass
class Stage:
    """A sandbox with the sample's people, a bot that can be started anew, and a page."""

    sandbox: Sandbox
    settings: Settings
    clock: SandboxClock
    page: Page
    running: AsyncExitStack

    async def start_bot(self) -> None:
        await self.running.aclose()
        self.running = AsyncExitStack()
        bot = await self.running.enter_async_context(running_bot(self.settings, calendar=self.clock))
        self.clock.hook = bot
        self.clock.live()

    async def act_as(self, member: str) -> None:
        user = user_id_of(member)
        await self.page.goto(f"{self.sandbox.url}/#/as/{user}/home")
        await self.page.locator(f'[data-testid="person-switcher"][data-person="{user}"]').wait_for()
        await self.page.get_by_test_id("app-dm").click()

    async def command(self, text: str) -> None:
        composer = self.page.get_by_test_id("composer")
        await composer.fill(text)
        await self.page.get_by_test_id("send").click()

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal")

    async def sees(self, text: str) -> None:
        await self.modal.get_by_text(text).first.wait_for()

    async def submit(self) -> None:
        await self.page.get_by_test_id("modal-submit").click()

    async def choose(self, label: str, option: str) -> None:
        """Sets a field to the option of that value."""
        await self._field(label).click()
        await self.page.get_by_test_id("options").get_by_test_id(f"option-{option}").click()

    async def write(self, label: str, text: str) -> None:
        await self._field(label).fill(text)

    def _field(self, label: str) -> Locator:
        return self.modal.locator(".block.input", has_text=label).first.locator("input").first


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, sqlite_url: str, sample: Record) -> AsyncIterator[Stage]:
    clock = SandboxClock(MONDAY_SEVEN, running=False)
    sandbox = await Sandbox.start(
        manifest(), workspace_of(sample), 0, settings=SandboxSettings(zone=sample.coalition.timezone), clock=clock
    )
    settings = read_settings(
        _env_file=None,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        slack_signing_secret=SecretStr(sandbox.signing_secret),
        slack_api_url=sandbox.api_url,
        database_url=sqlite_url,
        post_spacing_seconds=0.0,
    )
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = await context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    stage = Stage(sandbox, settings, clock, page, AsyncExitStack())
    yield stage
    await context.close()
    await stage.running.aclose()
    await sandbox.stop()
    assert not errors


async def test_from_an_empty_database_to_the_first_answer(
    stage: Stage, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    page = stage.page
    channel = {
        name: stage.sandbox.workspace.channel_called(name) for name in ("lb-talent", "lb-job-quality", "lb-backbone")
    }
    ids = {name: found.id for name, found in channel.items() if found is not None}
    await stage.start_bot()
    await stage.act_as("dana")
    await stage.command("/coalition setup")
    await stage.sees("Nothing is sent until you press Start.")
    await stage.write("Coalition name", "River Forks Compact")
    await stage.choose("Its sector", "nonprofit")
    await stage.submit()
    await stage.sees(STEP.format(2))
    await _priority(stage, "", "Talent pathways", "yolanda", ids["lb-talent"])
    await page.get_by_test_id("button-setup_add_priority").click()
    await stage.sees("Priority 2")
    await _priority(stage, " 2", "Job quality", "tom", ids["lb-job-quality"])
    await stage.submit()
    await stage.sees("found in 2 channels")
    await page.get_by_test_id("modal-close").click()
    await stage.modal.wait_for(state="hidden")
    two_steps = time.monotonic() - began

    await stage.start_bot()
    await stage.command("/coalition setup")
    await stage.sees(STEP.format(3))
    await stage.sees("found in 2 channels")
    await stage.choose("Stand-in for Yolanda Briggs", user_id_of("helen"))
    await stage.submit()
    await stage.sees(STEP.format(4))
    for field in await stage.modal.locator(".block.input").all():
        label = await field.locator(".input-label").inner_text()
        if label.startswith("Organization of") and not await field.locator("input").first.input_value():
            await field.locator("input").first.fill(label.replace("Organization of", "Organization with"))
        elif label.startswith("Sector of"):
            await field.locator("input").first.click()
            await page.get_by_test_id("options").get_by_test_id("option-public").click()
    await stage.submit()
    await stage.sees(STEP.format(5))
    await stage.choose("Roll-up channel", ids["lb-backbone"])
    await stage.submit()
    await stage.sees("Week one, before anything is sent")
    await page.get_by_test_id("button-start").click()
    await page.get_by_role("button", name="Start", exact=True).last.click()
    await stage.sees("People hear from me as shown.")
    started = time.monotonic() - began

    await stage.act_as("yolanda")
    await page.get_by_test_id("clock-jump").click()
    await page.get_by_test_id("clock-jump-to").fill("2026-11-24T09:00")
    await page.get_by_test_id("clock-jump-go").click()
    await page.get_by_test_id("clock-busy").wait_for(state="hidden")
    if await page.get_by_test_id("clock-jump-panel").is_visible():
        await page.keyboard.press("Escape")
    asked = page.get_by_test_id("message").filter(has_text="set me up for the River Forks Compact").last
    await asked.get_by_test_id("button-answer").click()
    await stage.modal.get_by_test_id("option-on_track").click()
    await stage.choose("How likely", "7")
    await stage.modal.get_by_label("What changed since last week?").fill("Two providers said yes.")
    await stage.modal.get_by_label("What will be true by next week?").fill("One of them has signed.")
    await stage.submit()
    await stage.modal.wait_for(state="hidden")
    await page.get_by_test_id("message").filter(has_text="Two providers said yes.").last.wait_for()
    took = time.monotonic() - began
    figures = f"setup in Chromium: two steps {two_steps:.1f} s, started {started:.1f} s, first answer {took:.1f} s"
    record_property("figures", figures)
    with capsys.disabled():
        print(f"\n{figures}")


async def _priority(stage: Stage, number: str, name: str, owner: str, channel: str) -> None:
    await stage.write(f"Priority{number}", name)
    await stage.choose(f"Owner{number}", user_id_of(owner))
    await stage.choose(f"Channel{number}", channel)
