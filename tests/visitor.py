"""Somebody at the sandbox's page in a real browser: goes to a place, types, presses and fills in forms.

Knows the page, and nothing of the bot but its people's ids.
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo import user_id_of

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Visitor:
    """One browser window, in which one acts as one person after the other."""

    page: Page
    url: str

    async def act_as(self, member: str, place: str = "app") -> None:
        """Opens a place as a person: `home`, `app` (the bot's messages) or the name of a channel."""
        user = user_id_of(member)
        await self.page.goto(f"{self.url}/#/as/{user}/home")
        await self.page.locator(f'[data-testid="person-switcher"][data-person="{user}"]').wait_for()
        target = self.page.get_by_test_id({"home": "app-home", "app": "app-dm"}.get(place, f"channel-{place}"))
        if not await target.is_visible():
            await self.page.get_by_test_id("sidebar-toggle").click()
        await target.click()
        await self.page.get_by_test_id("home" if place == "home" else "messages").wait_for()

    async def jump(self, moment: str) -> None:
        """Jumps on the acting person's clock, through the clock's own panel."""
        await self.page.get_by_test_id("clock-jump").click()
        await self.page.get_by_test_id("clock-jump-to").fill(moment)
        await self.page.get_by_test_id("clock-jump-go").click()
        await self.page.get_by_test_id("clock-busy").wait_for(state="hidden", timeout=60_000)
        panel = self.page.get_by_test_id("clock-jump-panel")
        if await panel.is_visible():
            await self.page.keyboard.press("Escape")

    async def type(self, text: str) -> None:
        """Types into the place's own field and sends it."""
        composer = self.page.get_by_test_id("composer")
        await composer.fill(text)
        await self.page.keyboard.press("Escape")  # closes what is suggested
        await composer.press("Enter")

    def message(self, text: str) -> Locator:
        """The newest message with these words, in the place or in an open thread."""
        return self.page.get_by_test_id("message").filter(has_text=text).last

    @property
    def home(self) -> Locator:
        return self.page.get_by_test_id("home")

    @property
    def modal(self) -> Locator:
        """The form on top."""
        return self.page.get_by_test_id("modal").last

    async def press(self, name: str, within: Locator | None = None, *, confirm: bool = False) -> None:
        """Presses the first button of this name, and the question after it with `confirm`."""
        scope = within if within is not None else self.page.locator("body")
        await scope.locator("button.button", has_text=name).first.click()
        if confirm:
            await self.page.get_by_test_id("confirm-yes").click()

    async def fill(self, label: str, text: str) -> None:
        """Writes into a text, number or date field of the form."""
        await self.field(label).locator("input, textarea").first.fill(text)

    async def choose(self, label: str, option: str) -> None:
        """Picks one of a menu's or a radio group's options, by its words."""
        field = self.field(label)
        await field.wait_for()
        radio = field.get_by_label(option, exact=True)
        if await radio.count():
            await radio.first.check()
            return
        await field.locator('[data-testid^="field-"]').first.click()
        await self.page.get_by_test_id("options").locator('[data-testid^="option-"]', has_text=option).first.click()

    async def check(self, label: str, option: str) -> None:
        """Ticks one of a form's boxes, by the words that it begins with."""
        begins = re.compile(rf"^\s*{re.escape(option)}\s*(\n|$)")
        await self.field(label).locator("label").filter(has=self.page.get_by_text(begins)).first.click()

    async def upload(self, label: str, name: str, content: bytes) -> None:
        """Puts a file into the form."""
        chosen = self.field(label).locator("input[type=file]").first
        await chosen.set_input_files({"name": name, "mimeType": "text/yaml", "buffer": content})

    async def use_shortcut(self, message: Locator, callback_id: str) -> None:
        """Chooses a shortcut from a message's own menu."""
        await message.hover()
        await message.get_by_test_id("message-menu").click()
        await self.page.get_by_test_id(f"shortcut-{callback_id}").click()

    async def reply(self, message: Locator, text: str) -> Locator:
        """Writes under a message; returns the thread beside, which stays open."""
        await message.hover()
        await message.get_by_test_id("message-reply").click()
        composer = self.page.get_by_test_id("thread-composer")
        await composer.fill(text)
        await self.page.keyboard.press("Escape")
        await composer.press("Enter")
        return self.page.get_by_test_id("thread")

    async def search(self, label: str, typed: str, option: str) -> None:
        """Types into a menu that searches, and picks what was found."""
        await self.field(label).locator("input").first.fill(typed)
        await self.page.get_by_test_id("options").locator('[data-testid^="option-"]', has_text=option).first.click()

    def field(self, label: str) -> Locator:
        """The field whose label begins with these words."""
        begins = re.compile(rf"^\s*{re.escape(label)}")
        return self.modal.locator(".block.input").filter(has=self.page.locator(".input-label", has_text=begins)).first

    async def submit(self) -> None:
        await self.page.get_by_test_id("modal-submit").last.click()

    async def close(self) -> None:
        """Closes every form. One that closes by itself meanwhile is no longer there to be pressed."""
        from playwright.async_api import Error as PlaywrightError

        while await self.page.get_by_test_id("modal").count():
            with contextlib.suppress(PlaywrightError):
                await self.page.get_by_test_id("modal-close").last.click(timeout=2_000)
            await self.page.wait_for_timeout(50)

    async def sees(self, text: str, within: Locator | None = None) -> None:
        """Waits until these words are there."""
        scope = within if within is not None else self.page.locator("body")
        await scope.get_by_text(text).first.wait_for()

    async def picture(self, name: str, height: int | None = None) -> None:
        """Keeps a picture, where BACKBEAT_SCREENSHOTS names a folder; `height` (pixels) for what a window cuts."""
        folder = os.environ.get("BACKBEAT_SCREENSHOTS")
        if folder:
            usual = self.page.viewport_size
            if height is not None and usual is not None:
                await self.page.set_viewport_size({"width": usual["width"], "height": height})
            # What slides into place has then arrived.
            await self.page.wait_for_timeout(500)
            await self.page.screenshot(path=str(Path(folder) / f"{name}.png"))
            if height is not None and usual is not None:
                await self.page.set_viewport_size(usual)
