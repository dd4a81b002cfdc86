"""Check-ins through the sandbox: asked, opened, refused, sent, sent again, edited, stood in for, closed."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from bot.sandbox import Person
from bot.sandbox.forms import elements
from bot.sandbox.workspace import Message
from bot.slack.metadata import encode_question
from tests.handlers.conftest import FIRST_CONTACT
from tests.handlers.stage import BLOCKER, SAID, Stage, answer_to, commanded, words
from tests.tables import on_each


async def test_first_message_says_who_set_it_up_and_asks(live: Stage) -> None:
    (message,) = await live.person("yolanda").hears()
    said = words(message)
    assert "Hi Yolanda, I'm Backbeat. Omar Castellanos (Limestone Bend Partnership) set me up" in said
    assert "*Talent pathways*" in said
    assert "None" not in said


async def test_answer_is_refused_under_the_field_then_taken(live: Stage) -> None:
    yolanda = live.person("yolanda")
    (message,) = await yolanda.hears()
    assert (await yolanda.press(message, "Answer")).ok
    await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill(SAID)
    assert await yolanda.submit() == {encode_question("blocker"): "Add one sentence, or choose On track."}
    await yolanda.fill({BLOCKER: "Evening pay is below the private market."})
    assert await yolanda.submit() is None
    assert yolanda.modal is None
    await live.settle()
    said = words(yolanda.dm()[0])
    assert "6 of 10, was 5" in said
    assert "Evening pay is below the private market." in said
    assert len(yolanda.dm()) == 1


async def test_numbers_and_promise_stand_in_the_form(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    form = words(await yolanda.sees_modal("Weekly priority update"))
    assert "Numbers say at risk: 196 people (Jul–Sep, provisional), 215 expected." in form
    assert "Last week you said: “Second candidate has an offer.”" in form
    assert "by Dec 31: Employers co-write the curriculum for six occupations" in form
    assert "Last week: 5" in form


@on_each(
    ("who", "said", "last"),
    [
        ("imani", "Last week Luis said for you: “The steering decision is on the table.”", "Last week: 3"),
        ("grant", "On Nov 3 you said: “A draft term sheet goes round.”", "Nov 3: 6"),
    ],
)
async def test_a_form_tells_who_said_what_it_goes_on_from_and_when(live: Stage, who: str, said: str, last: str) -> None:
    person = live.person(who)
    await person.press(person.dm()[0], "Answer")
    form = words(await person.sees_modal("Weekly priority update"))
    assert said in form
    assert last in form


async def test_nobody_hears_that_nothing_waits_where_only_no_checkin_is_open(live: Stage) -> None:
    """Helen has two decisions to answer and two actions, and no check-in."""
    helen = live.person("helen")
    before = len(helen.dm())
    await helen.says("answer")
    await helen.until(lambda: len(helen.dm()) > before + 1)
    assert "No check-in is open for you." in words(helen.dm()[-1])


async def test_edit_brings_the_answer_back_and_changes_it(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.sees_modal("Weekly priority update")
    assert await yolanda.options(yolanda.modal, "find_provider", "steer")  # type: ignore[arg-type]
    (steering,) = await yolanda.options(yolanda.modal, "find_provider", "steer")  # type: ignore[arg-type]
    asked = {
        BLOCKER: "Pay.",
        "What do you need from another partner or from leadership?": "Approval.",
        "Who could provide it?": steering,
        "Did that come true?": "in_part",
    }
    await yolanda.fill({**SAID, **asked})
    assert await yolanda.submit() is None
    await live.settle()
    assert ", goes out Tue Nov 24, 3:00 PM Central>: “Approval.”" in words(yolanda.dm()[0])
    await yolanda.press(yolanda.dm()[0], "Edit")
    await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({encode_question("confidence"): "7"})
    assert await yolanda.submit() is None
    await live.settle()
    said = words(yolanda.dm()[0])
    assert "7 of 10, was 5" in said
    assert "edited" in said
    assert "*Ask:* Steering Committee" in said


async def test_same_form_sent_twice_is_one_answer(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    view = await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({**SAID, BLOCKER: "Pay."})
    payload = live.sandbox.submissions._payload(yolanda.user, view, "view_submission")
    payload["trigger_id"] = "1.2.3"
    deliver = live.sandbox._delivery.request
    first = await deliver("interactions", payload)
    second = await deliver("interactions", payload)
    assert (first.error, second.error) == (None, None)
    assert not second.body or second.body == {"text": ""}
    await live.settle()
    assert "edited" not in words(yolanda.dm()[0])


async def test_no_change_repeats_the_last_answer(live: Stage) -> None:
    tom = live.person("tom")
    await tom.press(tom.dm()[0], "No change since Nov 17")
    await live.settle()
    said = words(tom.dm()[0])
    assert "no change since Nov 17" in said
    assert "🟢 on track" in said


@pytest.mark.lived("11-24 09:00")
async def test_stand_in_answers_and_owner_can_change_it(live: Stage) -> None:
    luis = live.person("luis")
    request = luis.dm()[-1]
    assert "could you stand in for Imani Rhodes?" in words(request)
    await luis.press(request, "Not this time: Child care and commute access")
    await live.settle()
    request = luis.dm()[-1]
    assert "Not this time: noted. Should that change, it is open" in words(request)
    assert "Not this time\n" not in words(request)
    assert "Luis Ferrer can't this time" in words(live.person("imani").dm()[0])
    status = words(await answer_to(live.person("omar"), "/checkin", "status"))
    assert re.search(r"stand-in Luis Ferrer.*, not this time", status)
    await luis.press(request, "Answer for Imani")
    form = await luis.sees_modal("Weekly priority update")
    assert "for Imani Rhodes" in words(form)
    await luis.fill(
        {**SAID, "How does this priority stand today?": "off_track", BLOCKER: "No inspector until January."}
    )
    assert await luis.submit() is None
    await live.settle()
    assert "Recorded as Luis Ferrer for Imani Rhodes" in words(luis.dm()[-1])
    asked = live.person("imani").dm()[0]
    assert "*Luis Ferrer answered for you*" in words(asked)
    imani = live.person("imani")
    await imani.press(asked, "Change it")
    await imani.sees_modal("Weekly priority update")
    await imani.fill({"What changed since last week?": "One provider waits until January."})
    assert await imani.submit() is None
    await live.settle()
    assert "Imani has answered. Nothing to do." in words(luis.dm()[-1])


@pytest.mark.lived("11-24 09:00")
async def test_note_to_the_coordinators_is_not_shown_to_somebody_else(live: Stage) -> None:
    luis, imani = live.person("luis"), live.person("imani")
    await luis.press(luis.dm()[-1], "Answer for Imani")
    await luis.sees_modal("Weekly priority update")
    note = {"Anything for the coordinator only? (not published)": "A secret."}
    await luis.fill({**SAID, BLOCKER: "No inspector.", **note})
    assert await luis.submit() is None
    await live.settle()
    assert "A secret." not in words(imani.dm()[0]) + words(luis.dm()[-1])
    await imani.press(imani.dm()[0], "Change it")
    assert "A secret." not in str((await imani.sees_modal("Weekly priority update")).blocks)


async def test_refusal_replaces_what_says_opening(live: Stage) -> None:
    """A press in a direct message has an address to answer to, and still the modal says what is wrong."""
    tom, grant = live.person("tom"), live.person("grant")
    await grant.press(grant.dm()[0], "Answer")
    await grant.sees_modal("Weekly priority update")
    await grant.close()
    foreign = next(one for block in tom.dm()[0].blocks or [] for one in block.get("elements", []) if "value" in one)
    own = next(one for block in grant.dm()[0].blocks or [] for one in block.get("elements", []) if "value" in one)
    own["value"] = foreign["value"]
    await grant.press(grant.dm()[0], "Answer")
    await grant.until(lambda: "is given by its owner" in words(grant.modal))
    assert "Opening" not in words(grant.modal)


async def test_old_button_shows_that_the_round_is_closed(live: Stage) -> None:
    grant = live.person("grant")
    old = grant.dm()[0]
    live.calendar.set(live.calendar.now().replace(day=25))
    await grant.press(old, "Answer")
    await grant.until(lambda: "round closed" in words(grant.modal))
    assert "Omar Castellanos can help" in words(grant.modal) or "Dana Whitlock can help" in words(grant.modal)
    await grant.close()
    await grant.press(old, "No change since Nov 3")
    await grant.until(lambda: grant.ephemerals)
    assert "round closed" in words(grant.ephemerals[-1])


@pytest.mark.lived(FIRST_CONTACT)
async def test_first_contact_has_few_buttons_which_unfold_once_it_sounds_right(live: Stage) -> None:
    tom, grant = live.person("tom"), live.person("grant")
    first = grant.dm()[0]
    buttons = [one["text"]["text"] for _block, one in elements(first.blocks or []) if one["type"] == "button"]
    assert buttons == ["Sounds right", "Different time", "I'm away", "Who sees what?", "Answer"]
    menus = [one for _block, one in elements(first.blocks or []) if one["type"] == "overflow"]
    assert [option["text"]["text"] for option in menus[1]["options"]] == ["Done", "New date", "Blocked"]
    block = next(one for one in first.blocks or [] if one.get("accessory") == menus[1])
    await live.sandbox.interactions.message_action(
        grant.id, first.channel, first.ts, block["block_id"], "more", {"selected_option": menus[1]["options"][0]}
    )
    await live.settle()
    assert "*Draft the loan pool term sheet* · done Mon Nov 23" in words(grant.dm()[0])
    await tom.press(tom.dm()[0], "Sounds right")
    await live.settle()
    assert "Thanks. You can change this any time." in words(tom.dm()[0])
    await tom.press(tom.dm()[0], "No change since Nov 17")
    await live.settle()
    assert "Thanks. You can change this any time." in words(tom.dm()[0])


@pytest.mark.lived(FIRST_CONTACT)
async def test_who_sees_what_names_the_readers(live: Stage) -> None:
    tom = live.person("tom")
    await tom.press(tom.dm()[0], "Who sees what?")
    await tom.until(lambda: "Never published" in words(tom.modal))
    assert "#lb-job-quality" in words(tom.modal)
    assert "Dana Whitlock" in words(tom.modal)


async def test_somebody_who_is_not_known_is_told_who_can_help(live: Stage) -> None:
    outsider = live.sandbox.person("U0OUTSIDER")
    await commanded(outsider, "/checkin")
    assert "I don't know you yet. Dana Whitlock can link your account." in words(outsider.ephemerals[-1])


async def test_outsider_who_presses_a_button_changes_nothing(live: Stage) -> None:
    """A message's button is pressed by somebody who may not: a forged press of the same button."""
    tom, outsider = live.person("tom"), live.sandbox.person("U0OUTSIDER")
    message = tom.dm()[0]
    block, element = outsider._element(message.blocks or [], "No change since Nov 17")
    interactions = live.sandbox.interactions
    payload: dict[str, Any] = interactions._envelope(outsider.user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": False,
        },
        "channel": {"id": message.channel, "name": "directmessage"},
        "actions": [interactions._action(block, element, {"value": element["value"]})],
    }
    await live.sandbox._delivery.request("interactions", payload)
    await live.settle()
    assert "no change since" not in words(tom.dm()[0])


async def test_member_without_the_right_is_refused_with_who_can_help(live: Stage) -> None:
    tom, renata = live.person("tom"), live.person("grant")
    message = tom.dm()[0]
    block, element = tom._element(message.blocks or [], "Answer")
    interactions = live.sandbox.interactions
    payload: dict[str, Any] = interactions._envelope(renata.user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": False,
        },
        "channel": {"id": message.channel, "name": "directmessage"},
        "actions": [interactions._action(block, element, {"value": element["value"]})],
    }
    await live.sandbox._delivery.request("interactions", payload)
    await renata.until(lambda: "is given by its owner" in words(renata.modal))
    assert "Tom Delacroix or Dana Whitlock can help." in words(renata.modal)


async def test_search_offers_what_fits(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    form = await yolanda.sees_modal("Weekly priority update")
    assert await yolanda.options(form, "find_provider", "")
    assert not await yolanda.options(form, "find_provider", "zzz-nothing")


async def file_given(person: Person) -> Message:
    await person.until(lambda: any(one.files for one in person.dm()))
    [message] = [one for one in person.dm() if one.files]
    return message


async def test_all_answers_on_priorities_come_as_a_file_to_whoever_reads_them(live: Stage) -> None:
    """A coordinator gets those on all priorities, a co-chair those on their own."""
    written = {}
    for who in ("omar", "luis"):
        person = live.person(who)
        card = await commanded(person, "/checkin", "weekly priority check-in")
        await person.press(card, "All rounds as CSV")
        message = await file_given(person)
        assert "from all rounds" in message.text
        assert ("on the priorities that you read" in message.text) is (who == "luis")
        table = (message.files[0].content or b"").decode("utf-8-sig")
        written[who] = list(csv.DictReader(io.StringIO(table)))
    assert {one["Priority"] for one in written["luis"]} == {"Child care and commute access"}
    assert len({one["Priority"] for one in written["omar"]}) > 1
    assert all(one in written["omar"] for one in written["luis"])
