"""One week of the sample coalition at the demo's page, as its people live it: Monday 7:00 AM to Friday.

The suite runs one owner's answer and the digest, CI everybody's as far as Wednesday; `python -m tests.a_week` runs
the whole. With BACKBEAT_SCREENSHOTS naming a folder the pictures of the README are written there.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo import RunningDemo
from bot.log import configure_logging
from tests.sandbox.browser import ARGUMENTS, executable
from tests.visitor import WIDE, Visitor
from tests.week import round, upkeep, work

if TYPE_CHECKING:
    from playwright.async_api import Browser


# One owner's answer and the digest with it: what the suite runs.
ONE_ANSWER: tuple[Callable[[Visitor], Awaitable[None]], ...] = (
    round.coordinator_connects_one,
    round.owner_answers_on_a_phone,
    round.digest_stands,
)


# As far as the digest, by all who take part: what CI runs beside the suite.
TO_THE_DIGEST: tuple[Callable[[Visitor], Awaitable[None]], ...] = (
    round.coordinator_prepares,
    round.owner_answers_on_a_phone,
    round.others_answer,
    round.stand_in_answers,
    work.work_goes_up,
    round.round_closes,
    round.digest_tells_what_happened,
    round.friday_has_no_second_digest,
)


THE_WHOLE_WEEK = (
    # Monday
    round.coordinator_prepares,
    work.coordinator_plans,
    upkeep.checkins_are_shaped,
    upkeep.people_change,
    upkeep.words_are_understood,
    round.owner_answers_on_a_phone,
    round.others_answer,
    # Tuesday
    round.stand_in_answers,
    work.work_goes_up,
    work.actions_go_on,
    round.round_closes,
    # Wednesday
    round.digest_tells_what_happened,
    work.meeting_is_held,
    work.steering_decides,
    work.money_and_outcomes_move,
    work.figures_are_kept,
    work.meetings_shift,
    work.issues_end,
    upkeep.the_digest_is_read,
    upkeep.days_away_are_noted,
    # Friday
    round.friday_has_no_second_digest,
    upkeep.the_file_goes_and_comes,
    upkeep.coordinator_keeps_order,
    upkeep.sending_rests_for_a_moment,
)


@asynccontextmanager
async def visit(browser: Browser, database: Path) -> AsyncIterator[Visitor]:
    """A demo of its own, and somebody at its page. A mistake of the page's own program is a failure."""
    async with RunningDemo(database=database) as demo:
        context = await browser.new_context(viewport=WIDE, color_scheme="light")
        # The guide is for whoever comes for the first time.
        await context.add_init_script("localStorage.setItem('sandbox-guide-closed', 'yes')")
        page = await context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Visitor(page, demo.url)
        await context.close()
        assert not errors, errors


async def live_through(stages: Sequence[Callable[[Visitor], Awaitable[None]]]) -> None:
    """The stages, one after the other, in a browser of their own; says how long each took."""
    from playwright.async_api import async_playwright

    with tempfile.TemporaryDirectory(prefix="backbeat-week-") as folder:
        async with async_playwright() as playwright:
            started = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
            async with visit(started, Path(folder) / "demo.db") as visitor:
                for stage in stages:
                    began = time.monotonic()
                    await stage(visitor)
                    print(f"{stage.__name__.replace('_', ' ')}: {time.monotonic() - began:.1f} s")
            await started.close()


if __name__ == "__main__":
    configure_logging("CRITICAL")
    asyncio.run(live_through(THE_WHOLE_WEEK))
