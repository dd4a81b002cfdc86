"""Days away, my settings, asking the stand-in or the coordinators, and answering early, by what the person reads."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from bot.slack.metadata import encode_question
from tests.handlers.stage import SAID, Stage, only_updates_and_digests, words

BLOCKER = "What is in the way?"
START, END, TEXT = (encode_question(name) for name in ("start", "end", "text"))
ZONE, ASK_AT, STAND_IN, QUIET = (encode_question(name) for name in ("zone", "ask_at", "stand_in", "no_messages_about"))


async def typed(person: Person, text: str, command: str = "/checkin") -> str:
    """What the person reads in answer to a command."""
    before = len(person.ephemerals)
    assert (await person.command(command, text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def told(person: Person, text: str) -> str:
    """The bot's answer to a direct message."""
    before = len(person.dm())
    await person.says(text)
    await person.until(lambda: len(person.dm()) > before + 1)
    return words(person.dm()[-1])


async def test_days_away_in_words_and_their_likeliest_mistakes(live: Stage) -> None:
    rows = (
        ("grant", "away Dec 20 to Jan 3", "*Noted: away Dec 20 to Jan 3, 2027.*"),
        ("grant", "away Dec 20 to Jan 3", "Already noted: away Dec 20 to Jan 3, 2027."),
        ("grant", "away Jan 4 to Jan 6", "*Noted: away Dec 20 to Jan 6, 2027.*"),
        ("grant", "away Nov 31", "November has 30 days."),
        ("grant", "away 2026-12-24 to 2026-12-20", "Dec 20 comes before Dec 24."),
        ("grant", "away for a while", "I can't read “for a while” as days. Try “away Dec 20 to Jan 3”"),
        ("grant", "away 2026-11-01", "Those days have passed."),
        ("grant", "back", "No days away are noted for today, so nothing was changed."),
        ("marcus", "away tomorrow", "On these days I write nothing to you."),
    )
    for who, text, said in rows:
        found = await typed(live.person(who), text)
        assert said in found, (text, found)
    grant = live.person("grant")
    assert "Marcus Teal is asked instead." in await told(grant, "I'm away until Fri")
    assert "*Welcome back.*" in await told(grant, "I'm back")
    await grant.press(grant.dm()[-1], "Add days away")
    await grant.until(lambda: "First day" in words(grant.modal))
    await grant.fill({START: "2026-12-10", END: "2026-12-01"})
    assert await grant.submit() == {END: "Dec 1 comes before Dec 10. Choose a last day that is not earlier."}
    await grant.fill({END: "2026-12-11"})
    assert await grant.submit() is None
    assert "*Noted: away Thu Dec 10 to Fri Dec 11.*" in words(grant.modal)


async def test_away_owner_is_not_asked_and_the_stand_in_is(live: Stage) -> None:
    """The button in the message: the stand-in is asked now, and the owner gets no reminder."""
    imani, luis = live.person("imani"), live.person("luis")
    before = len(luis.dm())
    button = next(
        element
        for block in imani.dm()[0].blocks or []
        for element in block.get("elements", [])
        if element.get("action_id") == "away"
    )
    assert button["text"]["text"] == "I'm away"
    await typed(imani, "away until Wed")
    assert "Luis Ferrer is asked for your update on Child care and commute access now." in words(imani.ephemerals[-1])
    await live.settle()
    assert len(luis.dm()) == before + 1
    assert "could you stand in for Imani Rhodes?" in words(luis.dm()[-1])
    await live.go("11-24 07:00")
    assert len(imani.dm()) == 1, "no reminder on a day away"
    await live.go("11-24 10:30")
    assert len(luis.dm()) == before + 1, "asked once"
    assert "stand-in Luis Ferrer<!date" in await typed(live.person("omar"), "status weekly")


async def test_reminder_lets_the_stand_in_be_asked_at_once(live: Stage) -> None:
    await live.go("11-24 06:00")
    imani, luis = live.person("imani"), live.person("luis")
    reminder = imani.dm()[-1]
    assert "The only reminder this round." in words(reminder)
    before = len(luis.dm())
    await imani.press(reminder, "Ask Luis Ferrer")
    await imani.until(lambda: imani.ephemerals)
    assert "Luis Ferrer is asked for your update" in words(imani.ephemerals[-1])
    await live.go("11-24 07:05")
    assert len(luis.dm()) == before + 1
    assert "Luis Ferrer is asked too." in words(imani.dm()[-1])
    assert "Ask Luis Ferrer" not in words(imani.dm()[-1])
    await live.go("11-24 10:30")
    assert len(luis.dm()) == before + 1, "asked once"


async def test_a_stand_in_without_an_account_is_not_said_to_be_asked(live: Stage) -> None:
    await live.go("11-24 06:00")
    imani, luis, omar = (live.person(one) for one in ("imani", "luis", "omar"))
    luis.user.deleted = True
    await live.bot.refresh_directory()
    await imani.press(imani.dm()[-1], "Ask Luis Ferrer")
    await imani.until(lambda: imani.ephemerals)
    assert "I can't reach Luis Ferrer: the Slack account is deactivated." in words(imani.ephemerals[-1])
    await live.go("11-24 07:05")
    assert "is asked too" not in words(imani.dm()[-1])
    await live.go("11-24 10:30")
    assert "is asked too" not in words(imani.dm()[-1])
    assert "stand-in Luis Ferrer asked" not in await typed(omar, "status weekly")


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_answer_before_the_round_opens_counts_from_its_opening(live: Stage) -> None:
    grant = live.person("grant")
    await grant.press(grant.dm()[0], "No change since Nov 3")
    await live.go("11-24 16:00")
    said = await typed(grant, "")
    assert "Next update: Supplier and small-firm growth, " in said
    await grant.press(grant.ephemerals[-1], "Answer early")
    await grant.until(lambda: "What you send now is kept for it" in words(grant.modal))
    await grant.fill({**SAID, "How does this priority stand today?": "at_risk"})
    assert await grant.submit() == {encode_question("blocker"): "Add one sentence, or choose On track."}
    await grant.fill({BLOCKER: "Two plants are closed."})
    assert await grant.submit() is None
    assert "counts from Tue Dec 1, 9:00 AM Central" in words(grant.modal)
    await grant.close()
    assert "Change it" in await typed(grant, "")
    await grant.press(grant.ephemerals[-1], "Change it")
    await grant.until(lambda: "What you send now is kept for it" in words(grant.modal))
    assert "Two plants are closed." in str(grant.modal.blocks if grant.modal else "")
    await grant.fill({encode_question("confidence"): "4"})
    assert await grant.submit() is None
    await grant.close()
    before = len(grant.dm())
    await live.go("12-01 09:00")
    assert not [one for one in grant.dm()[before:] if "Open until" in words(one)], "nothing is asked"
    assert "1 of 4 answered" in await typed(live.person("omar"), "status weekly")
    assert "Update: Supplier and small-firm growth, open" in await typed(grant, "")
    await grant.press(grant.ephemerals[-1], "Edit")
    await grant.until(lambda: "Two plants are closed." in str(grant.modal.blocks if grant.modal else ""))


async def test_what_stands_in_a_closed_form_is_there_again(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.until(lambda: "What changed since last week?" in words(yolanda.modal))
    await yolanda.fill({"What changed since last week?": "The second offer is out."})
    view = yolanda.modal
    assert view is not None
    await yolanda.fill({"How does this priority stand today?": "at_risk"})
    await live.sandbox.settled()
    await yolanda.close()
    await yolanda.press(yolanda.dm()[0], "Answer")
    await yolanda.until(lambda: "The second offer is out." in str(yolanda.modal.blocks if yolanda.modal else ""))


@pytest.mark.lived("11-25 07:30")
async def test_my_settings_change_when_i_am_asked_and_who_stands_in(live: Stage) -> None:
    grant = live.person("grant")
    await grant.press(grant.dm()[0], "My settings")
    await grant.until(lambda: "Ask me at" in words(grant.modal))
    form = grant.modal
    assert form is not None
    assert [one["value"] for one in await grant.options(form, "find_own_zone", "denv")] == ["America/Denver"]
    me = {"text": {"type": "plain_text", "text": "Grant Okafor"}, "value": "grant"}
    await grant.fill({ASK_AT: "14:00", STAND_IN: me})
    assert await grant.submit() == {STAND_IN: "Choose somebody other than yourself, or leave it empty."}
    lorna = {"text": {"type": "plain_text", "text": "Lorna Pruitt"}, "value": "lorna"}
    await grant.fill({STAND_IN: lorna})
    assert "takes part by e-mail only" in str(await grant.submit())
    helen = {"text": {"type": "plain_text", "text": "Helen Sato"}, "value": "helen"}
    await grant.fill({STAND_IN: helen, QUIET: ["actions", "meetings"]})
    assert await grant.submit() is None
    assert "No messages about actions or meetings: that waits in Home." in words(grant.modal)
    assert "I ask at 2:00 PM, or when a round opens later than that." in words(grant.modal)
    assert "Helen Sato stands in for you." in words(grant.modal)
    await grant.close()
    before = len(grant.dm())
    await live.go("12-01 09:00")
    assert not [one for one in grant.dm()[before:] if "*Update: Supplier" in words(one)]
    await live.go("12-01 14:00")
    assert "*Update: Supplier and small-firm growth*" in words(grant.dm()[-1])
    assert "(A-" not in words(grant.dm()[-1])
    card = await typed(live.person("omar"), "members Grant", "/coalition")
    assert "*No messages about:* actions and meetings" in card
    assert "Who stands in for you:* Helen Sato" in await typed(grant, "me", "/coalition")


async def test_words_reach_the_coordinators_once(live: Stage) -> None:
    grant, omar = live.person("grant"), live.person("omar")
    before = len(omar.dm())
    said = await told(grant, "ask Can we meet on <Friday>?")
    assert "To Dana, Omar and Priya, as a message from you:" in said
    assert "Not sent yet." in said
    await live.settle()
    assert len(omar.dm()) == before
    await grant.press(grant.dm()[-1], "Send")
    await grant.until(lambda: "Sent to Dana, Omar and Priya as a message" in words(grant.dm()[-1]))
    await live.settle()
    assert "Can we meet on" in words(omar.dm()[-1])
    assert len(omar.dm()) == before + 1
    await grant.says("menu")
    await grant.until(lambda: "What would you like to do?" in words(grant.dm()[-1]))
    await grant.press(grant.dm()[-1], "Ask the coordinator")
    await grant.until(lambda: "Never published" in words(grant.modal))
    await grant.fill({TEXT: "And on Monday?"})
    assert await grant.submit() is None
    assert "Sent to Dana, Omar and Priya" in words(grant.modal)
    await live.settle()
    assert len(omar.dm()) == before + 2


async def test_the_stand_in_gets_the_preview_of_somebody_who_is_away(live: Stage) -> None:
    imani, luis = live.person("imani"), live.person("luis")
    await imani.command("/checkin", "away Nov 24 to Nov 25")
    await imani.until(lambda: "Nov 24" in words(imani.ephemerals[-1] if imani.ephemerals else imani.modal))
    await live.go("11-24 15:05")
    seen = next(one for one in reversed(await luis.hears()) if "tomorrow's digest" in words(one))
    assert "this is a part of tomorrow's digest. Imani Rhodes is away and named you as stand-in." in words(seen)
    assert "*Child care and commute access*" in words(seen)
    assert all("tomorrow's digest" not in words(one) for one in imani.dm())


async def test_a_coordinator_reads_whether_somebody_hears_of_days_that_were_noted_for_them(live: Stage) -> None:
    omar = live.person("omar")
    assert "Tom Delacroix hears of it" in await typed(omar, "away Dec 20 to Jan 3 for Tom Delacroix")
    said = await typed(omar, "away Dec 20 to Jan 3 for Lorna Pruitt")
    assert "hears of it" not in said, "she reads e-mail only"
    assert "I can't reach them, so please tell them." in said
    await omar.press(omar.ephemerals[-1], "Take back")
    await omar.until(lambda: "Taken back" in words(omar.ephemerals[-1]))
    assert "Lorna Pruitt is asked again on these days." in words(omar.ephemerals[-1])
