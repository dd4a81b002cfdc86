"""What keeps a coalition in order: its check-ins, people, file and digests, and the words that the bot understands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.visitor import Visitor


async def checkins_are_shaped(v: Visitor) -> None:
    """Monday: a second check-in is added after a look at its dates, moved an hour, paused and taken up again."""
    await v.act_as("omar")
    await v.type("/checkin add")
    await v.fill("Name", "Job quality pulse")
    await v.choose("How often", "Every two weeks")
    await v.choose("On", "Thursday")
    await v.choose("At", "10:00 AM")
    await v.fill("From", "2026-12-03")
    await v.choose("Closes", "(30 hours)")
    await v.choose("Reminder", "(24 hours)")
    await v.choose("Stand-in is asked", "(26 hours)")
    await v.submit()
    await v.sees("Next five", v.modal)
    await v.sees("Thu Dec 3", v.modal)
    await v.sees("Thu Dec 17", v.modal)
    await v.press("Save", v.modal)
    await v.sees("Job quality pulse is added", v.modal)
    await v.close()
    await v.type("/checkin edit job quality pulse")
    await v.choose("At", "11:00 AM")
    await v.submit()
    await v.sees("11:00 AM", v.modal)
    await v.press("Save", v.modal)
    await v.close()
    await v.type("/checkin pause job quality pulse")
    await v.press("Pause", v.message("Pause Job quality pulse?"))
    await v.press("Resume", v.message("is paused"))
    await v.sees("runs again")


async def people_change(v: Visitor) -> None:
    """Monday: somebody new comes from an organization that is new too, gets a role, and a stand-in is named."""
    await v.act_as("dana")
    await v.type("/coalition members")
    await v.press("Add member", v.message("14 members in 9 organizations"))
    await v.fill("Name", "Noor Haddad")
    await v.fill("E-mail", "noor@riverforks.example")
    await v.fill("Or a new organization", "River Forks Library")
    await v.submit()
    await v.sees("River Forks Library", v.modal)
    await v.press("Edit", v.modal)
    await v.fill("Name", "Noor Haddad-Lee")
    await v.submit()
    await v.sees("Noor Haddad-Lee", v.modal)
    await v.close()
    await v.type("/coalition roles noor")
    await v.check("Roles in the whole coalition", "Observer")
    await v.submit()
    await v.sees("Observer", v.modal)
    await v.close()
    await v.type("/coalition stand-in noor")
    await v.search("Who stands in for Noor", "luis", "Luis Ferrer")
    await v.submit()
    await v.sees("Luis Ferrer", v.modal)
    await v.close()


async def the_digest_is_read(v: Visitor) -> None:
    """Wednesday: a leader looks back and ahead, and wants copies; a second post is not made without a question."""
    await v.act_as("marcus")
    await v.type("/digest")
    await v.press("Copies to me", v.message("Digests you get"))
    await v.press("Send me copies", v.message("Copies by direct message"))
    await v.sees("comes to you from the next digest on")
    await v.type("/digest history")
    await v.press("Open", v.message("1 digest so far"))
    await v.sees("Talent pathways", v.modal)
    await v.close()
    await v.type("/digest preview talent")
    await v.sees("Talent pathways", v.modal)
    await v.close()
    await v.act_as("omar")
    await v.type("/digest send")
    await v.sees("Post it again with what is known now?")


async def the_file_goes_and_comes(v: Visitor) -> None:
    """Friday: the coalition is kept as a file, a name is mended there, and the file is looked at before it counts."""
    await v.act_as("omar")
    await v.type("/coalition export")
    saved = v.message("limestone-bend.yaml")
    await saved.wait_for()
    async with v.page.expect_download() as begun:
        await saved.get_by_role("link").last.click()
    text = Path(await (await begun.value).path()).read_text(encoding="utf-8")
    assert "name: Job quality pulse" in text
    mended = text.replace("name: Job quality pulse", "name: Job quality check-in")
    await v.type("/coalition import")
    await v.upload("Coalition file", "limestone-bend.yaml", mended.encode())
    await v.submit()
    await v.sees("name: here Job quality pulse, in the file Job quality check-in", v.modal)
    await v.check("Where both changed", "The file wins")
    await v.submit()
    await v.sees("Imported.", v.modal)
    await v.close()


async def words_are_understood(v: Visitor) -> None:
    """Monday: help says what somebody may do, a slip is answered with the nearest word."""
    await v.act_as("omar")
    await v.type("/action help")
    await v.sees("/action add")
    await v.type("/action ad")
    await v.sees("Did you mean")
    await v.type("/backbeat metric seats")
    await v.sees("by quarter", v.message("Extended-hours child care seats open, by quarter"))
    await v.act_as("yolanda")
    await v.type("chekin")
    await v.sees("Did you mean", v.message("chekin"))


async def days_away_are_noted(v: Visitor) -> None:
    """Wednesday: Imani notes her holidays, looks at her settings, and writes the next update early."""
    await v.act_as("imani")
    await v.type("away Dec 21 to Jan 1")
    await v.sees("away Dec 21 to Jan 1", v.message("Noted"))
    await v.type("answer")
    await v.press("Answer early", v.message("Next update"))
    await v.choose("How does this priority stand today?", "🟡 At risk")
    await v.choose("How likely", "4")
    await v.fill("What changed since last week?", "The county names a date.")
    await v.fill("What is in the way?", "No inspector until January.")
    await v.fill("What will be true by next week?", "Two visits are booked.")
    await v.submit()
    await v.sees("Kept.", v.modal)
    await v.close()
    await v.type("answer")
    await v.sees("written, counts")


async def coordinator_keeps_order(v: Visitor) -> None:
    """Friday: who takes part, what changed and by whom, and past digests."""
    await v.act_as("omar")
    await v.type("/coalition members")
    await v.sees("15 members in 10 organizations")
    await v.type("/coalition audit A-504")
    await v.sees("Omar Castellanos, in Slack")
    await v.type("/digest history")
    await v.sees("Wed Nov 25")


async def sending_rests_for_a_moment(v: Visitor) -> None:
    """Friday: a pause stops everything in one press, and says what its end will send."""
    await v.act_as("dana")
    await v.type("/coalition pause")
    await v.sees("Pause all sending?", v.modal)
    await v.press("Pause sending", v.modal)
    await v.sees("Paused", v.modal)
    await v.close()
    await v.type("/coalition resume")
    await v.press("Resume", v.message("When you resume"))
    await v.sees("Live since")
