"""The sample coalition's week at the demo's page in headless Chromium, from Monday 7:00 AM to the digest and after."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.a_week import ONE_ANSWER, TO_THE_DIGEST, visit
from tests.examples import part

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.in_part
async def test_from_monday_to_the_digest(browser: Browser, tmp_path: Path, sqlite_template: Path) -> None:
    database = tmp_path / "demo.db"
    shutil.copy(sqlite_template, database)
    async with visit(browser, database) as visitor:
        for happens in part(ONE_ANSWER, TO_THE_DIGEST):
            await happens(visitor)
