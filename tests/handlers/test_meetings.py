"""Meetings through the sandbox: commands, buttons, forms and posts, and what people read in answer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Person
from bot.services.access import operator
from bot.slack.metadata import encode_question
from tests.handlers.conftest import DRAFT
from tests.handlers.stage import Stage, answer_to, commanded, nothing_regular, words
from tests.handlers.test_action_items import typed


def chosen(key: str) -> dict[str, Any]:
    """Somebody picked from a search."""
    return {"text": {"type": "plain_text", "text": key}, "value": key}


def field(name: str) -> str:
    return encode_question(name)


def posts(stage: Stage, channel: str, beginning: str) -> list[str]:
    """What stands in a channel, oldest first, of those that begin so."""
    places = [one for one in stage.sandbox.workspace.channels.values() if one.name == channel]
    found = [words(message) for place in places for message in place.messages.values()]
    return [text for text in found if text.startswith(beginning)]


async def opened(person: Person, said: str) -> None:
    """Waits until the modal on top is filled and says this."""
    await person.until(lambda: person.modal is not None and said in words(person.modal))


def spoken(person: Person, said: str) -> Any:
    """The newest direct message that says this."""
    return next(message for message in reversed(person.dm()) if said in words(message))


async def with_meetings(stage: Stage) -> None:
    """The sample goes live with every meeting that it has."""
    await stage.go_live(meetings=True)


async def meetings_alone(stage: Stage) -> None:
    """What else comes by the week rests."""
    await nothing_regular(stage)
    await stage.resume_meetings()


MONDAY = (DRAFT, with_meetings, "11-23 09:00")
# Each test begins on that Monday, or on the day of a meeting.
pytestmark = pytest.mark.lived(*MONDAY)
ON_THE_DAY = pytest.mark.lived(*MONDAY, meetings_alone, "12-09 07:00")
REMINDED = pytest.mark.lived(*MONDAY, meetings_alone, "12-09 07:00", "12-09 09:00")


COMMANDS = [
    ("grant", "", "*Your next 6 meetings*\n*Monthly priority stocktake*"),
    ("imani", "", "90 minutes (1:00 PM Central)"),
    ("omar", "access", "75 minutes (11:00 AM Eastern)"),
    ("omar", "list", "*10 meetings ahead*"),
    ("luis", "list", "meetings ahead*"),
    ("marcus", "supplier", "Second Thursday of the month, 3:00 PM"),
    ("marcus", "wg-supplier-monthly", "*Supplier growth working group*"),
    ("marcus", "lb-suppliers", "*Supplier growth working group*"),
    ("omar", "working", "*4 meetings could be meant*"),
    ("omar", "talnt", "I don't know “talnt”. Did you mean *Talent working group*?"),
    ("omar", "qqqq", "I don't know “qqqq”."),
    ("luis", "talent", "Yolanda Briggs or Dana Whitlock can help."),
    ("omar", "agenda talent", "*From last time, Nov 11*\n• Confirm 40 paid placements"),
    ("omar", "agenda talent", "*Overdue, 3*\n• Send the shared intake form to legal at all three partners"),
    ("omar", "agenda talent", "*Decision with the Steering Committee:* D-2, by Fri Dec 11"),
    ("omar", "agenda steering", "*Decisions needed:*\n• D-1: Pay for a contract fire inspector"),
    ("omar", "agenda talnt", "Did you mean *Talent working group*?"),
    ("luis", "agenda talent", "Yolanda Briggs or Dana Whitlock can help."),
    ("omar", "notes", "*Your next"),
    ("luis", "notes talent", "Notes of Talent working group are written by its group."),
    ("omar", "notes talnt", "Did you mean *Talent working group*?"),
    ("grant", "skip talent", "Talent working group is planned by its group's chair or a coordinator."),
    ("omar", "skip qqqq", "I don't know “qqqq”."),
    ("omar", "skp talent", "Did you mean *meeting skip talent*?"),
    ("grant", "move talent", "Yolanda Briggs or Dana Whitlock can help."),
    ("omar", "move talnt", "Did you mean *Talent working group*?"),
    ("grant", "edit talent", "Yolanda Briggs or Dana Whitlock can help."),
    ("omar", "edit qqqq", "I don't know “qqqq”."),
    ("grant", "calendar", "6 meetings, twelve months ahead."),
    ("omar", "calendar talent", "1 meeting, twelve months ahead."),
    ("omar", "calendar qqqq", "I don't know the meeting “qqqq”."),
    ("luis", "calendar talent", "Yolanda Briggs or Dana Whitlock can help."),
    ("omar", "help", "`/meeting move NAME` another time, once"),
    ("omar", "hepl", "Did you mean *meeting help*?"),
]


async def test_commands(live: Stage) -> None:
    for who, text, said in COMMANDS:
        found = words(await answer_to(live.person(who), "/meeting", text))
        assert said in found, (who, text, found)
    assert "*Your next" in await typed(live.person("grant"), "meetings", "/backbeat")
    helped = await typed(live.person("priya"), "help", "/meeting")
    assert "skip" in helped
    [upload, _other] = live.calls("files.completeUploadExternal")
    assert upload["response"]["files"][0]["name"] == "meetings.ics"


@REMINDED
async def test_a_week_around_a_meeting(live: Stage) -> None:
    """Reminder and answer, substitute, point, notes with a mistake, posted once, edited, and the next agenda."""
    omar, tom = live.person("omar"), live.person("tom")
    reminder = spoken(tom, "*Talent working group* today at 2:00 PM, 75 minutes")
    await tom.press(reminder, "I'll be there")
    await live.settle()
    assert "· you'll be there" in words(spoken(tom, "*Talent working group*"))
    agenda = posts(live, "lb-talent", "Agenda: Talent working group")
    assert len(agenda) == 1
    assert "*Added by members:* none yet" in agenda[0]

    shown = spoken(tom, "*Talent working group*")
    await tom.press(shown, "Agenda")
    await opened(tom, "Added by members")
    await tom.press(tom.modal, "Add a point")  # type: ignore[arg-type]
    await opened(tom, "What should be talked about?")
    await tom.fill({field("text"): "Parking <at> the evening site"})
    assert await tom.submit() is None
    await live.settle()
    [agenda_text] = posts(live, "lb-talent", "Agenda: Talent working group")
    assert "*Added by members:* Parking &lt;at&gt; the evening site (Kessler Drive Systems)" in agenda_text

    await live.go("12-09 15:30")
    await omar.command("/meeting", "notes talent")
    await opened(omar, "Who was present?")
    assert "Tom Delacroix" in words(omar.modal)
    await omar.fill(
        {
            field("present"): [chosen(key) for key in ("yolanda", "helen", "tom", "priya")],
            field("decided"): "Evening cohorts start on Jan 18, 2027.",
            field("actions"): "Send privacy wording @helen by Dec 14\nCall the college @yolanda\nAsk @nobody",
            field("parked"): "Parking at the evening site",
        }
    )
    errors = await omar.submit()
    assert errors == {
        field("actions"): "Line 2 has no date. Add one, such as “by Dec 16”. Line 3: I don't know “@nobody”. Write a "
        "member's name, such as “@dana”."
    }
    await omar.fill({field("actions"): "Send privacy wording @helen by Dec 14"})
    assert await omar.submit() is None
    check = words(omar.modal)
    assert "*Present:* Yolanda Briggs, Helen Sato, Tom Delacroix and Priya Raman. 4 of 4 organizations." in check
    assert "Helen Sato (Bend River Community College) · Mon Dec 14 · Talent pathways · asked first" in check
    await omar.press(omar.modal, "Back")  # type: ignore[arg-type]
    await opened(omar, "Who was present?")
    assert await omar.submit() is None
    assert posts(live, "lb-talent", "Notes:") == []
    assert await omar.submit() is None
    assert "Posted in #lb-talent. 1 action added." in words(omar.modal)
    await live.settle()
    [notes] = posts(live, "lb-talent", "Notes: Talent working group, Dec 9")
    assert "*Decided:* Evening cohorts start on Jan 18, 2027." in notes
    assert "*Actions:* Send privacy wording (Bend River Community College), Mon Dec 14, A-504" in notes
    following = await typed(omar, "agenda talent", "/meeting")
    assert "*From last time, Dec 9*\n• Send privacy wording (Bend River Community College)" in following
    assert "*Added by members:* Parking at the evening site (from last time)" in following

    await omar.close(is_cleared=True)
    await omar.command("/meeting", "notes talent")
    await opened(omar, "Who was present?")
    assert "Send privacy wording (A-504)" in words(omar.modal)
    await omar.fill({field("actions"): "Call the bank @omar by Dec 18", field("decided"): "Evening cohorts wait."})
    assert await omar.submit() is None
    await live.go("12-09 16:02")
    assert await omar.submit() is None
    await live.settle()
    [edited] = posts(live, "lb-talent", "Notes: Talent working group, Dec 9")
    assert "edited Wed Dec 9, 4:02 PM" in edited
    assert edited.count("A-504") == edited.count("A-505") == 1
    record = await live.services.coalitions.record(operator(live.bot.coalition_id))
    made = [one for one in record.decisions if one.decided_on is not None and one.decided_on.month == 12]
    assert [(one.title, one.outcome, one.decider) for one in made] == [
        ("Evening cohorts wait.", "Evening cohorts wait.", "wg-talent")
    ]
    # Whoever got something to do from somebody of another organization is asked whether they take it on.
    await live.go("12-10 10:00")
    asked = words(spoken(live.person("helen"), "asks whether Bend River Community College can take this on"))
    assert "*Send privacy wording* (A-504), by Mon Dec 14" in asked


@ON_THE_DAY
async def test_moving_skipping_and_sending_somebody(live: Stage) -> None:
    omar, grant = live.person("omar"), live.person("grant")
    await omar.command("/meeting", "move supplier")
    await opened(omar, "New day")
    assert "#lb-suppliers and 3 people will hear of it." in words(omar.modal)
    await omar.fill({field("day"): "2026-12-01"})
    assert await omar.submit() == {field("day"): "That time has passed. Choose a later one."}
    await omar.fill({field("day"): "2026-12-11", field("time"): "14:00"})
    assert await omar.submit() is None
    assert "moved from Thu Dec 10 to Fri Dec 11, 2:00 PM" in words(omar.modal)
    assert "3 people will hear of it." in words(omar.modal)
    await live.go("12-09 09:00")
    assert "moved from Thu Dec 10 to Fri Dec 11, 2:00 PM" in words(spoken(grant, "*Supplier growth working group*"))
    [agenda] = posts(live, "lb-suppliers", "Agenda: Supplier growth working group")
    assert "Moved from Thu Dec 10 to Fri Dec 11, 2:00 PM" in agenda

    await commanded(grant, "/meeting", "supplier")
    await grant.press(grant.ephemerals[-1], "Send a substitute")
    await opened(grant, "Who goes in your place?")
    await grant.fill({field("substitute"): chosen("marcus")})
    errors = await grant.submit()
    assert errors is not None
    assert "Marcus Teal comes to this meeting anyway" in errors[field("substitute")]
    await grant.fill({field("substitute"): chosen("luis")})
    assert await grant.submit() is None
    assert "Luis Ferrer is asked to go in your place" in words(grant.modal)
    await live.go("12-10 09:00")
    luis = live.person("luis")
    asked = spoken(luis, "Grant Okafor asks whether you can go in their place")
    await luis.press(asked, "Can't come")
    await live.settle()
    assert "Luis Ferrer can't go in your place" in words(spoken(grant, "Luis Ferrer can't go"))

    await omar.close(is_cleared=True)
    await omar.command("/meeting", "skip supplier")
    await opened(omar, "Which one")
    assert await omar.submit() is None
    assert "no meeting on" in words(omar.modal)
    await live.settle()
    [gone] = posts(live, "lb-suppliers", "Agenda: Supplier growth working group")
    assert "No meeting on" in gone


@REMINDED
async def test_whoever_goes_in_a_place_hears_of_the_move_and_every_reminder_says_the_new_time(live: Stage) -> None:
    await live.go("12-09 10:00")
    omar, tom, luis = live.person("omar"), live.person("tom"), live.person("luis")
    reminder = "*Talent working group* today at 2:00 PM"
    assert spoken(omar, reminder)
    await tom.press(spoken(tom, reminder), "Send a substitute")
    await opened(tom, "Who goes in your place?")
    await tom.fill({field("substitute"): chosen("luis")})
    assert await tom.submit() is None
    await live.go("12-09 10:05")
    assert "Tom Delacroix asks whether you can go in their place" in words(spoken(luis, "in their place"))
    await omar.command("/meeting", "move talent")
    await opened(omar, "New day")
    assert "#lb-talent and 5 people will hear of it." in words(omar.modal)
    await omar.fill({field("day"): "2026-12-09", field("time"): "16:00"})
    assert await omar.submit() is None
    assert "moved from {time}|moved from 2:00 PM>" in words(omar.modal)
    assert "5 people will hear of it." in words(omar.modal)
    await live.go("12-09 10:10")
    assert "*Talent working group* today at 4:00 PM" in words(spoken(omar, "*Talent working group*"))
    assert "(4:00 PM Central)" in words(spoken(luis, "in their place"))
    assert "moved from {time}|moved from 3:00 PM>" in words(spoken(luis, "moved from"))


async def test_a_meeting_is_shown_before_it_is_saved_once(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/meeting", "schedule Data team")
    await opened(omar, "Repeats")
    await omar.fill({field("audience"): "wg-quality", field("first"): "2026-11-20", field("at"): "14:00"})
    assert await omar.submit() == {field("first"): "The first time has passed. Choose a later day."}
    await omar.fill({field("first"): "2026-12-03", field("repeats"): "biweekly", field("minutes"): "30"})
    assert await omar.submit() is None
    shown = words(omar.modal)
    assert "*Data team*\nEvery two weeks on Thursdays, 2:00 PM" in shown
    assert "*#lb-job-quality:* the agenda, 7 days ahead" in shown
    assert "Not saved yet." in shown
    await omar.press(omar.modal, "Back")  # type: ignore[arg-type]
    await opened(omar, "Repeats")
    assert await omar.submit() is None
    assert await omar.submit() is None
    assert "Saved. Type “meeting data-team” to see it again." in words(omar.modal)
    assert "Every two weeks on Thursdays, 2:00 PM" in await typed(omar, "data team", "/meeting")

    await omar.close(is_cleared=True)
    await omar.command("/meeting", "edit data team")
    await opened(omar, "Repeats")
    await omar.fill({field("name"): "Numbers team", field("minutes"): "45"})
    assert await omar.submit() is None
    assert await omar.submit() is None
    card = await typed(omar, "data-team", "/meeting")
    assert "*Numbers team*\nEvery two weeks on Thursdays, 2:00 PM" in card
    assert "45 minutes" in card


async def test_a_meeting_in_one_line_and_what_it_overlaps_with_before_it_is_saved(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/meeting", "add Budget table on Dec 9 at 2:30pm for talent, 1 hour")
    await opened(omar, "Not saved yet.")
    said = words(omar.modal)
    assert "Once, on December 9, 2026, 2:30 PM" in said
    assert "*At the same time, for the same people*\n• Wed Dec 9, 2:30 PM: Talent working group, 2:00 PM (" in said
    assert await omar.submit() is None
    assert "Saved." in words(omar.modal)
    await omar.close(is_cleared=True)


async def test_a_typed_move_is_about_the_date_that_is_nearest_to_where_it_goes(live: Stage) -> None:
    omar = live.person("omar")
    for line, chosen in (
        ("move backbone to Dec 15", "Dec 14, 10:00 AM"),
        ("move backbone to 9:00", "Mon Nov 30"),
        ("move backbone to Mar 9", "Mar 8"),
        ("move backbone from Nov 30 to Dec 15", "Mon Nov 30"),
    ):
        form = await answer_to(omar, "/meeting", line)
        select = next(block["element"] for block in form.blocks or [] if "initial_option" in block.get("element", {}))
        assert chosen in select["initial_option"]["text"]["text"], line


async def test_a_move_in_one_line_says_what_it_overlaps_with_before_it_moves(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/meeting", "move talent to Dec 10 at 3pm")
    await opened(omar, "To *Thu Dec 10, 3:00 PM*")
    assert await omar.submit() is None
    said = words(omar.modal)
    assert "*At the same time, for the same people*" in said
    assert "Supplier growth working group, 3:00 PM (" in said
    assert "Press Move again to move it there all the same." in said
    assert "Wed Dec 9" in words(await answer_to(live.person("dana"), "/meeting", "talent"))
    assert await omar.submit() is None
    assert "moved from Wed Dec 9 to Thu Dec 10, 3:00 PM" in words(omar.modal)
    await omar.close(is_cleared=True)
    await omar.command("/meeting", "move backbone to Dec 1 9:00")
    await opened(omar, "To *Tue Dec 1, 9:00 AM*")


@pytest.mark.lived(*MONDAY, meetings_alone)
async def test_an_agenda_is_not_said_to_stand_in_a_channel_that_its_reader_is_not_in(live: Stage) -> None:
    await live.go("11-27 15:00")
    await live.go("11-30 09:30")

    def told(who: str) -> str:
        found = [words(one) for one in live.person(who).dm() if "The agenda is open for points." in words(one)]
        return found[-1]

    assert "Monthly priority stocktake" in told("yolanda")
    assert "“Agenda” opens it here." in told("yolanda")
    assert "#lb-backbone" not in told("yolanda")
    assert "It's in #lb-backbone." in told("omar")
    message = next(one for one in live.person("yolanda").dm() if "The agenda is open" in words(one))
    yolanda = live.person("yolanda")
    await yolanda.press(message, "Agenda")
    await yolanda.until(lambda: yolanda.modal is not None and "Monthly priority stocktake" in words(yolanda.modal))
