"""What people do for the work itself: actions, figures, meetings, decisions, issues, money and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.visitor import Visitor

DECISION = "Move the mock interview day to February"


async def actions_go_on(v: Visitor) -> None:
    """Tuesday: an action comes from what somebody wrote, one from a form; one is done and undone, one is blocked."""
    await v.act_as("yolanda", "lb-talent")
    await v.type("The board needs a list of the eight employers by Friday.")
    await v.act_as("omar", "lb-talent")
    await v.use_shortcut(v.message("The board needs a list"), "message_to_action")
    await v.fill("What will be done?", "List the eight employers")
    await v.search("Who", "helen", "Helen Sato")
    await v.fill("Due", "2026-12-01")
    await v.submit()
    await v.sees("Added as")
    await v.close()
    await v.act_as("priya")
    await v.type("/action add")
    await v.fill("What will be done?", "Check the wage table")
    await v.fill("Due", "2026-12-02")
    await v.submit()
    await v.sees("Added as")
    await v.close()
    await v.type("/action done wage table")
    await v.press("Undo", v.message("Check the wage table"))
    await v.sees("Undone.")
    await v.type("/action wage table")
    await v.press("Blocked", v.message("Check the wage table"))
    await v.fill("What does it wait for?", "The state publishes it in December.")
    await v.submit()
    await v.sees("blocked: The state publishes it in December.", v.modal)
    await v.close()
    await v.type("/action list overdue")
    await v.press("By organization", v.message("overdue actions in"))
    await v.sees("By date", v.message("overdue actions in"))


async def figures_are_kept(v: Visitor) -> None:
    """Wednesday: a figure is added, recorded by a form, restated with a reason, and its target proposed anew."""
    await v.act_as("priya")
    await v.type("/metric add")
    await v.fill("Name", "Night buses in service")
    await v.fill("Unit", "buses")
    await v.choose("Priority", "Child care and commute access")
    await v.search("Who looks after it?", "luis", "Luis Ferrer")
    await v.press("More", v.modal)
    await v.choose("Which way is better?", "More")
    await v.choose("Level", "Contributing")
    await v.choose("When does it move?", "Within two years")
    await v.choose("What does each figure cover?", "A day")
    await v.choose("How often", "Monthly")
    await v.submit()
    await v.sees("Night buses in service")
    await v.close()
    await v.type("/metric update night buses")
    await v.fill("Latest value", "3")
    await v.fill("Last day the value covers", "2026-11-23")
    await v.choose("Is it final?", "Final")
    await v.submit()
    await v.sees("Recorded: 3 buses")
    await v.close()
    await v.type("/metric update night buses 4 as of Nov 23 note One more line runs")
    await v.press("Restate", v.message("4 buses"))
    await v.sees("Recorded: 4 buses")
    await v.type("/metric retarget night buses")
    await v.fill("Target", "10")
    await v.fill("By", "2027-06-30")
    await v.fill("Why does it change?", "The county pays for ten.")
    await v.submit()
    await v.sees("Target: none → 10 by Jun 30, 2027", v.modal)
    await v.close()


async def meetings_shift(v: Visitor) -> None:
    """Wednesday: one meeting moves a day, another is left out; both say how many hear of it."""
    await v.act_as("omar")
    await v.type("/meeting move talent working group")
    await v.fill("New day", "2026-12-10")
    await v.submit()
    await v.sees("moved from")
    await v.close()
    await v.type("/meeting skip supplier")
    await v.submit()
    await v.sees("no meeting on")
    await v.close()


async def issues_end(v: Visitor) -> None:
    """Wednesday: an issue is resolved with how, another is parked until when."""
    await v.act_as("omar")
    await v.type("/issue park parking: Until the site opens in March")
    await v.sees("Parked: Until the site opens in March")
    await v.act_as("marcus", "lb-steering")
    await v.press("Resolve", v.message("Evening teaching pay is below the private market"))
    await v.fill("How was it resolved?", "The college raises evening pay in January.")
    await v.submit()
    await v.close()
    await v.sees("Resolved Nov", v.message("Evening teaching pay is below the private market"))


async def work_goes_up(v: Visitor) -> None:
    """Tuesday: Omar reads an escalation back and makes it, Yolanda proposes a decision, Marcus answers it."""
    await v.act_as("omar")
    await v.type("/issue escalate I-2 to steering")
    await v.press("Escalate", v.message("Not escalated yet. It's posted in #lb-steering then"))
    await v.sees("(I-2) · with the Steering Committee")
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
    await v.sees("1 of 7 organizations has answered.", v.modal)
    await v.choose("What was decided?", "Move it")
    await v.fill("Where was it decided?", "By telephone on Nov 25, five of seven agreed.")
    await v.picture("decision-record")
    await v.submit()
    await v.close()
    await v.act_as("marcus", "lb-steering")
    await v.sees("D-6 decided on", v.message("D-6 decided on"))


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
