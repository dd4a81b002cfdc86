"""The round of check-ins, from its preparation to the digest that tells what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.visitor import PHONE, WIDE
from tests.week.work import DECISION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.visitor import Visitor

CONNECTED = ("Yolanda Briggs", "Helen Sato", "Tom Delacroix", "Renata Fuchs", "Ben Adeyemi")


async def coordinator_prepares(v: Visitor) -> None:
    """Monday, 7:00 AM: Omar links the connected people, looks at the week and adds what is agreed already."""
    await links(v, CONNECTED)
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


async def coordinator_connects_one(v: Visitor) -> None:
    """Monday, 7:00 AM: Omar links Yolanda and no one else."""
    await links(v, CONNECTED[:1])


async def links(v: Visitor, names: Sequence[str]) -> None:
    """Omar picks the accounts of these people."""
    await v.act_as("omar", "home")
    for name in names:
        await _link(v, name)


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
    await v.sees("Due Fri Dec 4", asked)
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


async def round_closes(v: Visitor) -> None:
    """Tuesday afternoon: the round closes, Yolanda sees her part of the digest, Omar lets an ask out after a look."""
    await v.act_as("omar")
    await v.jump("2026-11-24T15:00")
    await v.act_as("yolanda")
    await v.sees("this is your part of tomorrow's digest", v.message("It goes out at 7:30 AM either way"))
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
    assert "Child care and commute access · Said for the owner off track (1 week)" in posted
    assert "Job quality · Owner says on track (3 weeks)" in posted
    assert f"D-6, by Fri Dec 11 · Steering Committee · 1 of 7 answered\n{DECISION}" in posted
    assert "Ask to Harrow County Executive Office" not in posted, "an answered ask is not needed any more"
    assert "1 of 13 figures not reported" in posted
    await v.picture("digest-posted", height=1180)
    await digests.first.get_by_test_id("reply-count").click()
    thread = v.page.get_by_test_id("thread")
    await v.sees("The second offer is out.", thread)
    await v.sees("One provider waits until January.", thread)
    await v.sees("answered: can help", thread)
    await v.picture("digest-thread")
    await v.page.get_by_test_id("thread-close").click()
    await v.page.set_viewport_size(PHONE)
    # A narrower window keeps to the end of the channel; the picture is of how the digest begins.
    await v.message("Weekly digest:").evaluate("message => message.scrollIntoView()")
    await v.picture("digest-on-a-phone")
    await v.page.set_viewport_size(WIDE)


async def digest_stands(v: Visitor) -> None:
    """Wednesday, 7:30 AM: the digest stands once, with what Yolanda said."""
    await v.act_as("marcus", "lb-steering")
    await v.jump("2026-11-25T07:30")
    digests = v.page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="Weekly digest")
    await digests.first.wait_for()
    assert await digests.count() == 1
    assert "Talent pathways · Owner says at risk (1 week)" in await digests.first.inner_text()
    await digests.first.get_by_test_id("reply-count").click()
    await v.sees("The second offer is out.", v.page.get_by_test_id("thread"))


async def friday_has_no_second_digest(v: Visitor) -> None:
    """Friday, 7:30 AM: this week's digest was on Wednesday."""
    await v.act_as("marcus", "lb-steering")
    await v.jump("2026-11-27T07:30")
    digests = v.page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="Weekly digest")
    assert await digests.count() == 1


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
