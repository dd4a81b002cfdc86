"""Check-ins by command: each subcommand's golden path and its likeliest mistakes, by what the person reads."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from bot.slack.metadata import encode_question
from tests.handlers.stage import SAID, Stage, only_updates_and_digests, words

WEEKLY = "*Weekly priority check-in*"


async def read(person: Person, text: str, command: str = "/checkin") -> str:
    """What the person reads in answer to a command."""
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def test_preview_says_dates_receivers_and_minutes(stage: Stage) -> None:
    said = await read(stage.person("omar"), "preview weekly")
    assert "Mon Nov 23 (moved from Tue Nov 24), closes Tue Nov 24, 3:00 PM" in said
    assert "Tue Dec 1 · Tue Dec 8 · Tue Dec 15 · Tue Dec 22, each closes Thursday at noon" in said
    assert "Yolanda Briggs (Central) → Helen Sato (Eastern)" in said
    assert "Tom Delacroix (Central) → Renata Fuchs (Berlin)" in said
    assert "Imani Rhodes (Eastern) → Luis Ferrer" in said
    assert "3 each, 6 with everything else I ask" in said or "3 to 6 with everything else I ask" in said
    assert "Mon Nov 23 is short: stand-ins are asked Tue Nov 24, 10:00 AM, 5 hours before the close." in said


async def test_a_nudge_is_one_more_message_and_asks_before_repeating(live: Stage) -> None:
    omar, tom, grant = live.person("omar"), live.person("tom"), live.person("grant")
    await tom.press(tom.dm()[0], "No change since Nov 17")
    await live.go("11-23 10:00")
    said = await read(omar, "nudge weekly")
    assert "Ask Yolanda Briggs, Grant Okafor and Imani Rhodes once more about" in said
    await live.settle()
    assert len(grant.dm()) == 1
    await omar.press(omar.ephemerals[-1], "Ask all of them")
    await omar.until(lambda: "Grant Okafor and Imani Rhodes. 1 has answered." in words(omar.ephemerals[-1]))
    await live.settle()
    assert len(tom.dm()) == 1
    again = grant.dm()[-1]
    assert "Omar Castellanos asks once more." in words(again)
    await live.go("11-23 11:00")
    await read(omar, "nudge")
    question = omar.ephemerals[-1]
    assert "asked again about" in words(question)
    await live.settle()
    assert len(grant.dm()) == 2
    await omar.press(question, "Ask all of them")
    await omar.until(lambda: "*Asked again:*" in words(omar.ephemerals[-1]))
    await live.settle()
    assert len(grant.dm()) == 3


async def test_the_button_below_a_status_asks_first_and_asks_one_alone(live: Stage) -> None:
    omar, grant, yolanda = live.person("omar"), live.person("grant"), live.person("yolanda")
    await live.go("11-23 10:00")
    await read(omar, "status weekly")
    await omar.press(omar.ephemerals[-1], "Ask again")
    await omar.until(lambda: "once more about" in words(omar.ephemerals[-1]))
    assert "Nobody has been asked again yet." in words(omar.ephemerals[-1])
    await live.settle()
    assert len(grant.dm()) == 1
    await omar.choose(omar.ephemerals[-1], "more", "Only Grant Okafor")
    await omar.until(lambda: "*Asked again:* Grant Okafor." in words(omar.ephemerals[-1]))
    await live.settle()
    assert len(grant.dm()) == 2
    assert len(yolanda.dm()) == 1


async def test_status_leads_to_answering_on_behalf_and_the_owner_sees_it(live: Stage) -> None:
    omar, grant = live.person("omar"), live.person("grant")
    await read(omar, "status weekly")
    await omar.press(omar.ephemerals[-1], "Answer for Grant")
    form = await omar.sees_modal("Weekly priority update")
    assert ", for Grant Okafor" in words(form)
    await omar.fill({**SAID, "What is in the way?": "The guarantee."})
    assert await omar.submit() is None
    await live.settle()
    said = words(grant.dm()[0])
    assert "*Omar Castellanos answered for you*" in said
    assert "Change it" in said
    assert "Supplier and small-firm growth · Omar Castellanos for Grant Okafor" in await read(omar, "status weekly")


async def test_a_closed_round_opens_again_until_a_chosen_moment(live: Stage) -> None:
    omar, yolanda = live.person("omar"), live.person("yolanda")
    assert "is open until Tue Nov 24, 3:00 PM." in await modal_words(omar, "reopen weekly")
    await omar.close()
    await read(omar, "close weekly")
    await live.settle()
    assert "Answer" not in words(yolanda.dm()[0]).split("\n")
    await omar.command("/checkin", "reopen weekly")
    form = await omar.sees_modal("Open again")
    assert "Nobody is written to by this." in words(form)
    date, at = encode_question("date"), encode_question("time")
    await omar.fill({date: "2026-11-23", at: "08:00"})
    assert await omar.submit() == {at: "That moment has passed. Choose a later one."}
    await omar.fill({date: "2026-12-03"})
    assert "The next round opens Tue Dec 1, 8:00 AM." in (await omar.submit() or {})[at]
    await omar.fill({date: "2026-11-24", at: "12:00"})
    assert await omar.submit() is None
    assert "is open again" in words(omar.modal)
    await live.settle()
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.sees_modal("Weekly priority update")


async def modal_words(person: Person, text: str) -> str:
    """What the modal says that a command opens."""
    await person.command("/checkin", text)
    await person.until(lambda: person.modal is not None and "Opening" not in words(person.modal))
    return words(person.modal)


async def test_one_date_is_moved_skipped_and_put_back(live: Stage) -> None:
    omar = live.person("omar")
    slot, date, at, closes = (encode_question(name) for name in ("slot", "date", "time", "closes"))
    await omar.command("/checkin", "move weekly")
    await omar.until(lambda: "Tue Dec 1, 9:00 AM" in words(omar.modal))
    assert "Nov 23" not in words(omar.modal), "what is open is what it is"
    await omar.fill({slot: "2026-12-01T09:00:00", date: "2026-12-08", at: "10:00"})
    assert await omar.submit() == {date: "Another round opens on Tue Dec 8, 9:00 AM. Choose another day."}
    await omar.fill({date: "2026-11-30", closes: "30"})
    assert await omar.submit() is None
    assert "opens Mon Nov 30, 10:00 AM Central" in words(omar.modal)
    assert "The digest goes out" in words(omar.modal)
    assert "Mon Nov 30 (moved from Tue Dec 1), closes Tue Dec 1, 4:00 PM" in await read(omar, "preview weekly")
    await omar.press(omar.modal, "Undo")  # type: ignore[arg-type]
    await omar.until(lambda: "is as usual again" in words(omar.modal))
    await omar.close()
    await omar.command("/checkin", "skip weekly")
    await omar.until(lambda: "Which one" in words(omar.modal))
    await omar.fill({slot: "2026-12-01T09:00:00"})
    assert await omar.submit() is None
    assert "is left out" in words(omar.modal)
    said = await read(omar, "preview weekly")
    assert "Dec 1 ·" not in said
    assert "Tue Dec 8 · Tue Dec 15" in said


@pytest.mark.lived("11-25 07:30")
@pytest.mark.parametrize("starts_on", ["2026-11-27"])
async def test_a_checkin_is_added_after_a_look_and_changed(live: Stage, starts_on: str) -> None:
    omar = live.person("omar")
    name, closes, reminder, stand_in = (encode_question(one) for one in ("name", "closes", "reminder", "stand_in"))
    await omar.command("/checkin", "add")
    await omar.sees_modal("Check-in")
    await omar.until(lambda: "Nothing" not in words(omar.modal) and "What is asked" in words(omar.modal))
    assert "Partner pulse" in words(omar.modal)
    assert "Close the meeting" not in words(omar.modal), "only what a check-in can ask is offered"
    await omar.fill({name: "Weekly priority check-in", closes: "20"})
    assert await omar.submit() == {
        name: "There is something else of this name. Choose another one.",
        reminder: "The reminder goes out before the close. Give fewer hours.",
        stand_in: "The stand-in is asked before the close. Give fewer hours.",
    }
    await omar.fill(
        {
            name: "Monthly look",
            "What is asked": "Monthly stocktake",
            "How often": "monthly1",
            "On": "WE",
            "At": "10:00",
            "From": starts_on,
            closes: "48",
            "Feeds which digest": "none",
        }
    )
    assert await omar.submit() is None
    seen = words(omar.modal)
    assert "*Monthly look* · First Wednesday of the month, 10:00 AM on each owner's clock" in seen
    assert "Wed Dec 2" in seen
    assert "Nothing is saved yet." in seen
    await omar.press(omar.modal, "Back")  # type: ignore[arg-type]
    await omar.until(lambda: "What is asked" in words(omar.modal))
    assert await omar.submit() is None
    assert "Weekly priority check-in" in await read(omar, "status")
    view = omar.modal
    assert view is not None
    await omar.press(view, "Save")
    await omar.until(lambda: "*Monthly look* is added." in words(omar.modal))
    await omar.close()
    assert "*Monthly look* · first Wednesday of the month" in await read(omar, "monthly look")
    assert "Which one? There are “Weekly priority check-in”, “Monthly look”." in await read(omar, "status")
    await omar.command("/checkin", "edit monthly")
    await omar.until(lambda: "What is asked" in words(omar.modal))
    await omar.fill({"On": "TH"})
    assert await omar.submit() is None
    assert "First Thursday of the month" in words(omar.modal)
    await omar.press(omar.modal, "Save")  # type: ignore[arg-type]
    await omar.until(lambda: "*Monthly look* is changed." in words(omar.modal))
    await omar.close()
    await omar.command("/checkin", "add")
    await omar.until(lambda: "What is asked" in words(omar.modal))
    asks = {"What is asked": "Metric refresh", "How often": "monthly1", "On": "TH", "At": "10:00", "From": starts_on}
    await omar.fill({name: "Figures", **asks, closes: "48"})
    assert await omar.submit() is None
    assert "*Asked, where a figure is due then*\nPriya Raman (Mountain)" in words(omar.modal)
    await omar.press(omar.modal, "Save")  # type: ignore[arg-type]
    await omar.until(lambda: "*Figures* is added." in words(omar.modal))
    await omar.close()
    await pause(omar, "monday")
    await live.go("12-03 10:00")
    asked = words(live.person("yolanda").dm()[-1])
    assert "Update: Talent pathways" in asked
    assert "*Completers placed in a good job within 90 days*" in asked, "by the new round: the Monday list is paused"


async def test_a_new_day_for_a_check_in_begins_after_the_open_round(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/checkin", "edit weekly")
    await omar.until(lambda: "What is asked" in words(omar.modal))
    await omar.fill({"On": "TU", "From": "2026-11-24"})
    assert await omar.submit() == {
        encode_question("starts_on"): "That day has passed or belongs to a round. Choose a later one."
    }


async def pause(person: Person, checkin: str) -> str:
    """Pauses a check-in after a look at what that keeps back; returns what the question said."""
    said = await read(person, f"pause {checkin}")
    before = len(person.ephemerals)
    await person.press(person.ephemerals[-1], "Pause")
    await person.until(lambda: "is paused. Nobody is asked or reminded" in words(person.ephemerals[-1]))
    assert len(person.ephemerals) == before, "in its place"
    return said


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_a_pause_that_is_taken_back_at_once_loses_nothing(live: Stage) -> None:
    """Asked on Monday, paused and resumed at noon: the reminder, the stand-in's request and the close come as planned,
    and the question had said that they would not while it is paused."""
    omar, imani, luis, grant = (live.person(one) for one in ("omar", "imani", "luis", "grant"))
    await grant.press(grant.dm()[0], "No change since Nov 3")
    await live.go("11-23 12:00")
    asked = await pause(omar, "weekly")
    assert "Not sent until somebody resumes it:" in asked
    assert "• Reminder to Imani Rhodes" in asked
    assert "• Stand-in request to " in asked
    assert "Luis Ferrer" in asked
    assert "Grant" not in asked, "his update is in"
    assert "Marcus" not in asked, "nor is his stand-in asked"
    assert "The open round takes answers" in asked
    resumed = await read(omar, "resume weekly")
    assert "runs again. Its open round goes on:" in resumed
    assert "• Reminder to Imani Rhodes" in resumed
    before = len(imani.dm()), len(luis.dm()), len(grant.dm())
    await live.go("11-24 06:00")
    assert len(imani.dm()) == before[0] + 1
    assert "The only reminder this round." in words(imani.dm()[-1])
    await live.go("11-24 09:00")
    assert "could you stand in for Imani Rhodes?" in words(luis.dm()[-1])
    assert len(grant.dm()) == before[2], "nothing for whoever has answered"
    await live.go("11-24 15:01")
    assert any("The round closed" in words(message) for message in imani.dm())


async def test_what_came_due_during_a_pause_goes_out_late_while_the_round_is_open(live: Stage) -> None:
    omar, imani, luis = (live.person(one) for one in ("omar", "imani", "luis"))
    await live.go("11-23 12:00")
    await pause(omar, "weekly")
    await live.go("11-24 11:00")
    before = len(imani.dm()), len(luis.dm())
    resumed = await read(omar, "resume weekly")
    assert "• Reminder to " in resumed
    assert ", now" in resumed
    await live.settle()
    assert (len(imani.dm()), len(luis.dm())) == (before[0] + 1, before[1] + 1)
    assert "The only reminder this round." in words(imani.dm()[-1])
    await live.settle()
    assert (len(imani.dm()), len(luis.dm())) == (before[0] + 1, before[1] + 1), "once"


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_a_pause_that_lasts_past_the_close_sends_nothing_of_the_round(live: Stage) -> None:
    omar, imani, luis = (live.person(one) for one in ("omar", "imani", "luis"))
    await live.go("11-23 12:00")
    await pause(omar, "weekly")
    before = len(imani.dm()), len(luis.dm())
    await live.go("11-24 15:05")
    resumed = await read(omar, "resume weekly")
    assert "Its open round goes on" not in resumed
    await live.settle()
    assert len(luis.dm()) == before[1]
    assert not any("reminder" in words(message) for message in imani.dm()[before[0] :])
