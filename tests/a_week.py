"""One week of the sample coalition at the demo's page, as its people live it: Monday 7:00 AM to Friday.

The suite runs it as far as Wednesday's digest; `python -m tests.a_week` runs the whole. With BACKBEAT_SCREENSHOTS
naming a folder the pictures of the README are written there.
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
from tests.visitor import PHONE, WIDE, Visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

DECISION = "Move the mock interview day to February"
CONNECTED = ("Yolanda Briggs", "Helen Sato", "Tom Delacroix", "Renata Fuchs", "Ben Adeyemi")


async def coordinator_prepares(v: Visitor) -> None:
    """Monday, 7:00 AM: Omar links the connected people, looks at the week and adds what is agreed already."""
    await v.act_as("omar", "home")
    for name in CONNECTED:
        await _link(v, name)
    await v.picture("coordinator-home")
    await v.act_as("omar")
    await v.type("/checkin preview weekly")
    await v.sees("Next five", v.message("Weekly priority check-in"))
    await v.type("/action add Send four buyers the forecast form @grant by Dec 4 in supplier")
    await v.press("Add", v.message("Not added yet. Grant is asked first"))
    await v.sees("Added as A-504")
    await v.type("/metric update placed 48.5 as of Jun 30 provisional")
    await v.press("Record", v.message("Not recorded yet"))
    await v.sees("Recorded: 48.5%")


async def owner_answers_on_a_phone(v: Visitor) -> None:
    """Monday, 9:00 AM: Yolanda meets the bot, answers, first without a required sentence, and closes an action."""
    await v.act_as("yolanda")
    await v.jump("2026-11-23T09:00")
    await v.page.set_viewport_size(PHONE)
    asked = v.message("Update: Talent pathways")
    await v.picture("check-in-asked")
    await v.press("Sounds right", asked)
    await v.sees("You can change this any time.")
    await v.press("Answer", asked)
    await v.sees("How does this priority stand today?", v.modal)
    await v.choose("How does this priority stand today?", "🟡 At risk")
    await v.choose("How likely", "6")
    await v.fill("What changed since last week?", "The second offer is out.")
    await v.fill("What do you need from another partner", "Approval to move money from spring marketing.")
    await v.search("Who could provide it?", "steer", "Steering Committee")
    await v.sees("first", v.modal)
    await v.fill("What will be true by next week?", "The second contract is signed.")
    await v.submit()
    await v.sees("Add one sentence, or choose On track.", v.modal)
    await v.picture("check-in-error")
    await v.fill("What is in the way?", "Evening pay is below the private market.")
    await v.submit()
    await v.modal.wait_for(state="hidden")
    await v.sees("Evening pay is below the private market.", asked)
    await v.picture("check-in-answered")
    await v.press("New date", asked)
    await v.fill("New date", "2026-12-04")
    await v.fill("Why", "The college has not returned its privacy wording.")
    await v.submit()
    await v.sees("Due Dec 4", asked)
    await v.close()
    await v.page.set_viewport_size(WIDE)


async def others_answer(v: Visitor) -> None:
    """Monday: Grant takes on what he was asked for, Tom answers from the menu."""
    await v.act_as("grant")
    asked = v.message("Send four buyers the forecast form")
    await v.press("I'll do it", asked)
    await v.sees("Yours, due Fri Dec 4", asked)
    await v.act_as("tom")
    await v.type("good morning")
    await v.press("Answer check-in", v.message("What would you like to do?"))
    await v.choose("How does this priority stand today?", "🟢 On track")
    await v.choose("How likely", "8")
    await v.fill("What changed since last week?", "Two employers asked for a sample plan.")
    await v.fill("What will be true by next week?", "One of them signs.")
    await v.submit()
    await v.modal.wait_for(state="hidden")


async def stand_in_answers(v: Visitor) -> None:
    """Tuesday, 10:00 AM Eastern: Luis, a guest, answers for Imani, with an ask to the county."""
    await v.act_as("luis")
    await v.jump("2026-11-24T10:00")
    asked = v.message("could you stand in for Imani Rhodes?")
    await v.press("Answer for Imani", asked)
    await v.choose("How does this priority stand today?", "🔴 Off track")
    await v.choose("How likely", "2")
    await v.fill("What changed since last week?", "One provider waits until January.")
    await v.fill("What is in the way?", "No inspector until January.")
    await v.fill("What do you need from another partner", "An inspector for two December visits.")
    await v.search("Who could provide it?", "harrow", "Harrow County")
    await v.fill("What will be true by next week?", "A date is in writing.")
    await v.submit()
    await v.modal.wait_for(state="hidden")
    await v.sees("Recorded as Luis Ferrer for Imani Rhodes", v.message("Thank you"))


async def work_goes_up(v: Visitor) -> None:
    """Tuesday: Omar escalates an issue, Yolanda proposes a decision, Marcus answers it for the county."""
    await v.act_as("omar")
    await v.type("/issue escalate I-2 to steering")
    await v.sees("with the Steering Committee", v.message("Evening teaching pay is below the private market"))
    await v.act_as("yolanda")
    await v.type(f"decision add {DECISION} by Dec 11 in talent for steering: Move it / Keep the plan")
    await v.press("Propose", v.message("Keep the plan").filter(has=v.page.locator("button.button")))
    await v.sees("Proposed as D-6.")
    await v.act_as("marcus", "lb-steering")
    asked = v.message(DECISION)
    await v.press("Move it", asked)
    await v.sees("Recorded for Harrow County Executive Office: Move it")
    await v.sees("1 of 7 organizations", asked)
    await v.picture("decision")


async def round_closes(v: Visitor) -> None:
    """Tuesday afternoon: the round closes, Yolanda sees her part of the digest, Omar lets an ask out after a look."""
    await v.act_as("omar")
    await v.jump("2026-11-24T15:00")
    await v.act_as("yolanda")
    await v.sees("this is your part of tomorrow's digest", v.message("It goes out tomorrow, 7:30 AM either way"))
    await v.picture("owner-preview")
    await v.act_as("omar")
    await v.jump("2026-11-24T16:00")
    brief = v.message("Before tomorrow's digest")
    await v.picture("coordinators-brief")
    await v.press("Send", brief)
    await v.sees("Sent to Marcus Teal by Omar Castellanos", brief)
    await v.act_as("marcus")
    asked = v.message("An inspector for two December visits.")
    await v.press("I can help", asked)
    await v.sees("You said you can help", asked)
    await v.act_as("marcus", "home")
    await v.sees("Waits for me", v.home)
    await v.picture("leadership-home")


async def digest_tells_what_happened(v: Visitor) -> None:
    """Wednesday, 7:30 AM: the digest stands once, on time, and says what was done since Monday."""
    await v.act_as("marcus", "lb-steering")
    await v.jump("2026-11-25T07:30")
    digests = v.page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="Weekly digest")
    await digests.first.wait_for()
    assert await digests.count() == 1
    posted = await digests.first.inner_text()
    assert "instead of 7:30" not in posted
    assert "Talent pathways · Owner says at risk (1 week)" in posted
    assert "Child care and commute access · Owner says off track (1 week)" in posted
    assert "Job quality · Owner says on track (3 weeks)" in posted
    assert f"D-6, by Fri Dec 11 · Steering Committee\n{DECISION}" in posted
    assert "answered: can help" in posted
    assert "1 of 13 figures not reported" in posted
    await v.picture("digest-posted")
    await digests.first.get_by_test_id("reply-count").click()
    thread = v.page.get_by_test_id("thread")
    await v.sees("The second offer is out.", thread)
    await v.sees("One provider waits until January.", thread)
    await v.picture("digest-thread")
    await v.page.get_by_test_id("thread-close").click()
    await v.page.set_viewport_size(PHONE)
    await v.picture("digest-on-a-phone")
    await v.page.set_viewport_size(WIDE)


async def friday_has_no_second_digest(v: Visitor) -> None:
    """Friday, 7:30 AM: this week's digest was on Wednesday."""
    await v.act_as("marcus", "lb-steering")
    await v.jump("2026-11-27T07:30")
    digests = v.page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="Weekly digest")
    assert await digests.count() == 1


async def coordinator_plans(v: Visitor) -> None:
    """Monday: a meeting is scheduled, seen with its dates before it is saved, and in everybody's calendar."""
    await v.act_as("omar")
    await v.type("/meeting add")
    await v.fill("Name", "Budget check")
    await v.choose("Who meets", "Backbone Team")
    await v.fill("First day", "2026-11-25")
    await v.submit()
    await v.sees("Next dates", v.modal)
    await v.picture("meeting-dates")
    await v.submit()
    await v.sees("Budget check")
    await v.close()
    await v.type("/meeting calendar")
    await v.sees("meetings for your calendar")
    await v.type("/metric seats")
    await v.sees("by quarter", v.message("Extended-hours child care seats open, by quarter"))
    await v.picture("figure")
    await v.type("/priority talent")
    await v.sees("Outcomes", v.message("Goal:"))


async def meeting_is_held(v: Visitor) -> None:
    """Wednesday: Omar says he comes, adds a point, writes the notes; they stand in the group's channel."""
    await v.act_as("omar")
    await v.jump("2026-11-25T09:00")
    reminder = v.message("Budget check")
    await v.press("I'll be there", reminder)
    await v.jump("2026-11-25T11:30")
    await v.type("/meeting notes budget")
    await v.sees("Who was present?", v.modal)
    await v.search("Who was present?", "dana", "Dana Whitlock")
    await v.fill("What was decided?", "The steering pack shows the gap by priority.")
    await v.fill("Who delivers what by when?", "Send the gap table @priya")
    await v.submit()
    await v.sees("Line 1 has no date.", v.modal)
    await v.fill("Who delivers what by when?", "Send the gap table @priya by Dec 4")
    await v.submit()
    await v.sees("Fri Dec 4", v.modal)
    await v.submit()
    await v.close()
    await v.act_as("dana", "lb-backbone")
    await v.sees("The steering pack shows the gap by priority.", v.message("Notes: Budget check"))
    await v.picture("meeting-notes")


async def steering_decides(v: Visitor) -> None:
    """Wednesday: Dana records what steering said, with the reason; the post in the channel says it."""
    await v.act_as("dana")
    await v.type("/decision record D-6")
    await v.sees("1 of 7 organizations have answered.", v.modal)
    await v.choose("What was decided?", "Move it")
    await v.fill("Where was it decided?", "By telephone on Nov 25, five of seven agreed.")
    await v.picture("decision-record")
    await v.submit()
    await v.close()
    await v.act_as("marcus", "lb-steering")
    await v.sees("D-6 decided on", v.message("D-6 decided on"))


async def coordinator_keeps_order(v: Visitor) -> None:
    """Friday: members and roles, what changed and by whom, a copy of it all, a pause and its end."""
    await v.act_as("omar")
    await v.type("/coalition members")
    await v.sees("14 members in 9 organizations")
    await v.type("/coalition export")
    await v.sees("limestone-bend.yaml")
    await v.type("/coalition audit A-504")
    await v.sees("Omar Castellanos, in Slack")
    await v.type("/digest history")
    await v.sees("Wed Nov 25")


async def money_and_outcomes_move(v: Visitor) -> None:
    """Wednesday: an application is awarded, an outcome is added, an issue raised; a funder sees its own grant only."""
    await v.act_as("omar")
    await v.type("/funding update State child care expansion")
    await v.choose("How far is it?", "awarded")
    await v.submit()
    await v.sees("applied → awarded", v.modal)
    await v.close()
    await v.type("/priority outcome access")
    await v.press("Add outcome", v.modal)
    await v.fill("What will be true?", "Two employers pay for shift-time care")
    await v.fill("By", "2027-03-31")
    await v.submit()
    await v.sees("Two employers pay for shift-time care", v.modal)
    await v.close()
    await v.type("/issue add Parking at the evening site in talent")
    await v.press("Raise", v.message("Not raised yet."))
    await v.sees("Raised as I-")
    await v.act_as("ben")
    await v.type("funding")
    own = v.message("Your grants")
    await v.sees("Next Rung outcomes grant", own)
    assert "State child care" not in await own.inner_text()


async def sending_rests_for_a_moment(v: Visitor) -> None:
    """Friday: a pause stops everything in one press, and says what its end will send."""
    await v.act_as("dana")
    await v.type("/coalition pause")
    await v.press("Pause sending", v.message("Pause all sending?"), confirm=True)
    await v.sees("Paused")
    await v.type("/coalition resume")
    await v.press("Resume", v.message("resume"))
    await v.sees("Live since")


async def _link(v: Visitor, name: str) -> None:
    """Picks the account of a person in the coordinator's Home."""
    row = v.home.locator(".block.section", has_text=name).first
    await row.locator('[data-testid="field-pick_account"]').click()
    await v.page.get_by_test_id("options").get_by_text(name).first.click()
    await v.page.wait_for_function(
        "name => ![...document.querySelectorAll('[data-testid=home] [data-testid=field-pick_account]')]"
        ".some(field => field.closest('.block.section')?.innerText.includes(name))",
        arg=name,
    )


# As far as the digest: what the suite runs.
TO_THE_DIGEST: tuple[Callable[[Visitor], Awaitable[None]], ...] = (
    coordinator_prepares,
    owner_answers_on_a_phone,
    others_answer,
    stand_in_answers,
    work_goes_up,
    round_closes,
    digest_tells_what_happened,
    friday_has_no_second_digest,
)


THE_WHOLE_WEEK = (
    coordinator_prepares,
    coordinator_plans,
    owner_answers_on_a_phone,
    others_answer,
    stand_in_answers,
    work_goes_up,
    round_closes,
    digest_tells_what_happened,
    meeting_is_held,
    steering_decides,
    money_and_outcomes_move,
    friday_has_no_second_digest,
    coordinator_keeps_order,
    sending_rests_for_a_moment,
)


@asynccontextmanager
async def visit(browser: Browser, database: Path) -> AsyncIterator[Visitor]:
    """A demo of its own, and somebody at its page. A mistake of the page's own program is a failure."""
    async with RunningDemo(database=database) as demo:
        context = await browser.new_context(viewport=WIDE, color_scheme="light")
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
