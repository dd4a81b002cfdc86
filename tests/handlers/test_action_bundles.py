"""Action items in people's messages, through the sandbox: what is pressed there changes in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, nothing_regular, only_lists, words
from tests.handlers.test_action_items import typed
from tests.handlers.test_digests import said

SHEET = "Draft the loan pool term sheet"
FORECASTS = "Collect sourcing forecasts from four anchor buyers"
A_DIGEST_OUT = pytest.mark.lived("11-25 07:30")
A_WEDNESDAY = pytest.mark.lived(only_lists, "11-25 07:30")
DUE, REASON = encode_question("due"), encode_question("reason")


async def test_the_monday_list_travels_with_the_checkin_and_changes_in_its_place(live: Stage) -> None:
    grant = live.person("grant")
    [message] = grant.dm()
    assert "*What I ask:* an update on *Supplier and small-firm growth*" in words(message)
    assert "and where your actions stand. About 5 minutes a week." in words(message)
    assert "\nThree things, about 5 minutes.\n" in words(message)
    assert f"*{SHEET}* (A-202)\nDue Nov 12 · in progress · no reason given" in words(message)
    assert message.text.endswith(f"Two actions: {SHEET}, due Nov 12; {FORECASTS}, due Feb 12, 2027.")

    await grant.press(message, f"Done: {SHEET}")
    await grant.press(message, f"Done: {SHEET}")
    await live.settle()
    [message] = grant.dm()
    assert f"*{SHEET}* · done Mon Nov 23\nUndo" in words(message)
    assert "1 of 3 done, about 5 minutes left." in words(message)
    assert "*Update: Supplier and small-firm growth*" in words(message), "the rest of the message stays"

    await grant.press(message, f"Undo: {SHEET}")
    await live.settle()
    assert f"*{SHEET}* (A-202)\nDue Nov 12 · in progress" in words(grant.dm()[0])

    await grant.press(grant.dm()[0], f"New date: {SHEET}")
    await grant.until(lambda: "Why does it move?" in words(grant.modal))
    await grant.fill({DUE: "2026-12-04", REASON: "The banks want a guarantee."})
    assert await grant.submit() is None
    await grant.press(grant.dm()[0], f"In progress: {FORECASTS}")
    await live.settle()
    [message] = grant.dm()
    assert f"*{SHEET}* (A-202)\nDue Fri Dec 4 · in progress" in words(message)
    assert "no reason given" not in words(message)
    assert f"*{FORECASTS}* (A-203)\nDue Feb 12, 2027 · in progress" in words(message)


async def test_whoever_set_it_up_is_not_told_that_they_did(live: Stage) -> None:
    [message] = live.person("omar").dm()
    assert "Hi Omar, I'm Backbeat, set up for the Limestone Bend Good Jobs Compact." in words(message)
    assert "Omar Castellanos" not in f"{words(message)} {message.text}"


async def test_only_owners_of_open_actions_get_a_list(live: Stage) -> None:
    with_list = {"yolanda", "grant", "tom", "imani", "luis", "marcus", "helen", "omar", "dana"}
    for member in (*with_list, "ben", "renata"):
        said = "\n".join(words(message) for message in live.person(member).dm())
        assert ("Due " in said) is (member in with_list), member


@pytest.mark.lived.with_args(nothing_regular)
async def test_another_organization_is_asked_once_and_the_asker_hears_of_it(live: Stage) -> None:
    omar, grant = live.person("omar"), live.person("grant")
    for title in ("Send four buyers the form", "Call the bank"):
        await typed(omar, f"add {title} @grant by Dec 4 in supplier")
        await omar.press(omar.ephemerals[-1], f"Add: {title}")
        await omar.until(lambda: "Grant will be asked." in words(omar.ephemerals[-1]))
    await live.settle()
    assert len(grant.dm()) == 1, "he had his message of the day"

    await live.go("11-24 10:00")
    request = grant.dm()[-1]
    assert "Omar Castellanos (Limestone Bend Partnership) asks whether Bend Area Chamber can take this on." in words(
        request
    )
    assert "Send four buyers the form* (A-504), by Fri Dec 4" in words(request)
    sent = len(grant.dm())
    await grant.press(request, "I'll do it: Send four buyers the form")
    await grant.press(request, "Not mine: Send four buyers the form")
    await grant.until(lambda: grant.ephemerals and "Nothing to answer" in words(grant.ephemerals[-1]))
    await grant.press(request, "Not mine: Call the bank")
    await live.settle()
    assert "*Send four buyers the form* (A-504)\nYours, due Fri Dec 4. Omar knows." in words(grant.dm()[-1])
    assert "*Call the bank* (A-505)\nHanded back. Omar knows." in words(grant.dm()[-1])
    assert len(grant.dm()) == sent, "no second message about it"
    answer = omar.dm()[-1]
    assert "*Send four buyers the form* (A-504)\nGrant took it on, due Fri Dec 4." in words(answer)


@A_WEDNESDAY
async def test_a_due_day_is_told_once_and_not_beside_that_days_list(live: Stage) -> None:
    marcus = live.person("marcus")
    before = len(marcus.dm())
    await live.go("11-26 09:00")
    assert len(marcus.dm()) == before, "his organization is closed on Thanksgiving"
    tom = live.person("tom")
    said = len(tom.dm())
    await live.go("12-09 09:00")
    assert any("Due today" in words(message) for message in tom.dm()[said:])
    told = len(tom.dm())
    await live.go("12-09 15:00")
    assert len(tom.dm()) == told


@A_WEDNESDAY
async def test_next_mondays_list_takes_the_buttons_of_the_one_before(live: Stage) -> None:
    grant = live.person("grant")
    first = grant.dm()[0]
    await live.go("11-30 09:00")
    newest = grant.dm()[-1]
    assert newest.ts != first.ts
    assert f"*{SHEET}* (A-202)" in words(newest)
    old = words(grant.dm()[0])
    assert f"*{SHEET}* · due Nov 12 · in progress" in old
    assert "Done" not in old


@A_DIGEST_OUT
async def test_a_file_moves_an_action_once_more_whatever_it_says_in_its_note(live: Stage) -> None:
    """Two moves here and one by a file, which takes the note with it: it is the third one for every reader."""
    grant = live.person("grant")
    actor = await live.actor("grant")
    for due, reason in ((date(2026, 12, 4), "The banks want a guarantee."), (date(2026, 12, 11), "The board is away.")):
        await live.services.action_items.move(actor, "A-202", due, reason)
    file = await live.services.coalitions.record(await live.actor("omar"))
    file = replace(
        file,
        actions=tuple(
            replace(one, due=date(2027, 1, 15), note="See the bank's letter.", moves=()) if one.id == "A-202" else one
            for one in file.actions
        ),
    )
    for _again in range(2):
        await live.services.coalitions.import_record(file, prefer_file=True)
    live.services.deliveries.on_change()
    await typed(grant, "A-202")
    card = words(grant.ephemerals[-1])
    assert "*Moved:* from Dec 11, third time\n*Note:* See the bank's letter." in card
    asks = "Moved for the third time, to Jan 15, 2027. Renew, drop or get help?"
    assert asks in card
    heard = len(await grant.hears())
    await live.go("11-30 09:00")
    assert asks in "\n".join(words(one) for one in (await grant.hears())[heard:])
    assert f"• A-202 moved to Jan 15, 2027, third time ({SHEET})" in await said(grant, "preview roll-up")
    own = await said(grant, "preview supplier")
    assert f"*New dates:* A-202 moved to Jan 15, 2027, third time ({SHEET})" in own
    await grant.close(is_cleared=True)
    exported = await live.services.coalitions.export(await live.actor("omar"))
    moves = next(one["moves"] for one in exported["actions"] if one["id"] == "A-202")
    assert [one.get("reason") for one in moves] == ["The banks want a guarantee.", "The board is away.", None]
    await typed(grant, "A-202")
    await grant.press(grant.ephemerals[-1], "History")
    await grant.until(lambda: "Moved for the third time" in words(grant.modal))
    assert "By import\n• Moved for the third time" in words(grant.modal)


@A_DIGEST_OUT
async def test_the_third_move_asks_and_the_digest_tells_it(live: Stage) -> None:
    """Where it is moved, and next morning; help is asked for in the mover's name."""
    grant, omar = live.person("grant"), live.person("omar")

    async def move(due: str, reason: str) -> None:
        await grant.press(grant.dm()[0], f"New date: {SHEET}")
        await grant.until(lambda: "Why does it move?" in words(grant.modal))
        await grant.fill({DUE: due, REASON: reason})
        assert await grant.submit() is None
        await grant.until(lambda: "now due" in words(grant.modal))

    await grant.press(grant.dm()[0], f"New date: {SHEET}")
    await grant.until(lambda: "Why does it move?" in words(grant.modal))
    await grant.fill({DUE: "2026-12-04"})
    assert REASON in (await grant.submit() or {}), "the coalition wants a reason for a new date"
    await grant.close()
    await move("2026-12-04", "The banks want a guarantee.")
    await grant.close()
    await move("2026-12-11", "The board meets late.")
    assert "Renew, drop or get help?" not in words(grant.modal)
    await grant.close()
    await move("2027-01-15", "The lawyer is away.")
    asks = "Moved for the third time, to Jan 15, 2027. Renew, drop or get help?"
    assert asks in words(grant.modal)
    await grant.close()
    heard = len(await grant.hears())
    await live.go("11-30 09:00")
    later = "\n".join(words(one) for one in (await grant.hears())[heard:])
    assert asks in later
    before = len(await omar.hears())
    asked = next(one for one in reversed(grant.dm()) if asks in words(one))
    await grant.press(asked, f"Get help: {SHEET}")
    await live.settle()
    letters = "\n".join(words(one) for one in (await omar.hears())[before:])
    assert f"{SHEET} (A-202) has moved for the third time, to Jan 15, 2027: The lawyer is away." in letters
    assert all(asks not in words(one) for one in grant.dm())
    await live.go("12-04 07:30")
    posted = "\n".join(words(one) for one in live.person("marcus").sees("lb-steering") if one.from_bot)
    assert f"• A-202 moved to Jan 15, 2027, third time: The lawyer is away. ({SHEET})" in posted
