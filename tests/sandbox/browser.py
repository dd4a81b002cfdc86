"""A headless Chromium for tests of pages. Where there is none a test is skipped with the reason, unless
BACKBEAT_TEST_REQUIRE (comma separated) names "browser": then it fails. No page and no bot is known here."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of ours alone: no process for each site, none for drawing.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--in-process-gpu",
)


def required() -> bool:
    """Whether a missing browser is a failure."""
    return "browser" in [word.strip() for word in os.environ.get("BACKBEAT_TEST_REQUIRE", "").split(",")]


def executable() -> str | None:
    """The browser on PATH, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def missing() -> str | None:
    """Why no browser can be driven here, or None."""
    if executable() is None:
        return f"none of {', '.join(NAMES)} is on PATH"
    try:
        import playwright.async_api  # noqa: F401
    except ImportError:
        return "the package playwright is not installed"
    return None


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser of one's own."""
    reason = missing()
    if reason is not None:
        if required():
            pytest.fail(f"A browser is required, but {reason}.")
        pytest.skip(f"No browser: {reason}.")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=executable(), headless=True, args=list(ARGUMENTS))
        try:
            yield started
        finally:
            await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of a worker, which share its loop: `pytest.mark.asyncio(loop_scope="session")`."""
    async with launched() as started:
        yield started
