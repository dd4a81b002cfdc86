"""What did not arrive, as coordinators find it: typed, in Home, in the brief; and what nobody else sees."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from tests.examples import is_whole
from tests.handlers.stage import Stage, only_updates_and_digests, words
from tests.handlers.test_asks import ask

pytestmark = pytest.mark.lived.with_args(only_updates_and_digests)


async def typed(person: Person, text: str = "deliveries") -> str:
    before = len(person.ephemerals)
    assert (await person.command("/coalition", text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def lose_account(live: Stage, member: str) -> None:
    live.person(member).user.deleted = True
    await live.bot.refresh_directory()


async def luis_is_lost(stage: Stage) -> None:
    assert "Everything of the last two weeks has arrived" in await typed(stage.person("omar"))
    await lose_account(stage, "luis")


# Luis is asked to stand in for Imani at nine.
LUIS_LOST = pytest.mark.lived(only_updates_and_digests, luis_is_lost, "11-24 09:30")


@pytest.mark.in_part
@LUIS_LOST
async def test_the_list_has_a_way_in_from_home_and_from_the_brief(live: Stage) -> None:
    omar = live.person("omar")
    said = await typed(omar)
    assert "*Luis Ferrer*" in said
    assert "the Slack account is deactivated. Link another one." in said
    assert "the request to stand in on Child care and commute access" in said
    assert "Pick account" in said
    assert "What came too late or was refused is listed here since" in said
    await omar.open_home()
    await omar.until(lambda: "did not arrive: Luis Ferrer" in words(omar.home()))
    home = omar.home()
    assert home is not None
    await omar.press(home, "See what did not arrive")
    await omar.until(lambda: "*Did not arrive: " in words(omar.modal))
    await omar.close()
    for moment in ("11-24 10:05", "11-24 15:05", "11-24 16:00"):
        await live.go(moment)
    [brief] = [message for message in omar.dm() if words(message).startswith("Before tomorrow's digest")]
    assert "did not arrive: Luis Ferrer" in words(brief)
    await omar.press(brief, "See what did not arrive")
    await omar.until(lambda: "not sent, it could not be sent while it was of use" in words(omar.modal))
    if is_whole():
        # What came too late is history after two weeks.
        await live.go("12-09 16:00")
        assert "Nov 24" not in await typed(omar)


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_a_channel_without_the_bot_stands_in_home_the_brief_and_the_list(live: Stage) -> None:
    omar = live.person("omar")
    channel = live.sandbox.workspace.channel_called("lb-steering")
    assert channel is not None
    live.sandbox.people.archive(channel.id)
    await live.bot.refresh_directory()
    await live.go("11-24 16:00")
    why = "*#lb-steering:* it is archived. Unarchive it and invite me there, or name another channel."
    await omar.open_home()
    await omar.until(lambda: why in words(omar.home()))
    [brief] = [message for message in omar.dm() if words(message).startswith("Before tomorrow's digest")]
    assert why in words(brief)
    assert why in await typed(omar)
    assert "Next there: the weekly digest" in await typed(omar)


@LUIS_LOST
async def test_nobody_else_reads_it(live: Stage) -> None:
    for member in ("grant", "marcus", "imani"):
        person = live.person(member)
        said = await typed(person)
        assert "Held messages are looked after by the coordinators." in said
        assert "Luis" not in said
        await person.open_home()
        await person.until(person.home)
        assert "did not arrive" not in words(person.home())


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_an_ask_that_reaches_nobody_is_not_said_to_be_sent(live: Stage) -> None:
    yolanda, omar = live.person("yolanda"), live.person("omar")
    await ask(live, "yolanda", "A room at the college.", "bend river")
    await lose_account(live, "helen")
    await live.go("11-24 15:05")
    await yolanda.open_home()
    await yolanda.until(lambda: "doesn't reach Helen Sato: the Slack account is deactivated." in words(yolanda.home()))
    assert "A coordinator can help." in words(yolanda.home())
    assert "link another one" not in words(yolanda.home()).casefold(), "the mend is the coordinators'"
    said = await typed(omar)
    assert "*Helen Sato*" in said
    assert "an ask from Talent pathways" in said


@pytest.mark.lived.with_args(only_updates_and_digests)
async def test_words_to_somebody_out_of_reach_are_not_on_their_way(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    await lose_account(live, "grant")
    await live.go("11-24 16:00")
    [brief] = [message for message in omar.dm() if words(message).startswith("Before tomorrow's digest")]
    await omar.press(brief, "Write to Grant Okafor")
    await omar.until(lambda: "This waits for Grant Okafor: the Slack account is deactivated." in words(omar.modal))
    await omar.fill({"What do you want to say?": "Is there anything new?"})
    assert await omar.submit() is None
    assert "Doesn't reach Grant Okafor: the Slack account is deactivated." in words(omar.modal)
    assert "Link another one." in words(omar.modal), "a coordinator is not sent to a coordinator"
    assert "coordinator can help" not in words(omar.modal)
    assert "on their way" not in words(omar.modal)
    # In the evening words wait for the morning, and say so.
    await live.go("11-24 21:00")
    imani = live.person("imani")
    await imani.command("/coalition", "ask May I bring a guest?")
    await imani.until(lambda: imani.ephemerals)
    await imani.press(imani.ephemerals[-1], "Send")
    await imani.until(lambda: "Goes to Dana Whitlock" in words(imani.ephemerals[-1]))
    assert not any("May I bring a guest?" in words(message) for message in dana.dm())


async def test_an_action_for_somebody_out_of_reach_is_not_said_to_be_asked(live: Stage) -> None:
    omar = live.person("omar")
    await lose_account(live, "grant")
    before = len(omar.ephemerals)
    await omar.command("/action", "add Send four buyers the form @grant by Dec 4 in supplier")
    await omar.until(lambda: len(omar.ephemerals) > before)
    await omar.press(omar.ephemerals[-1], "Add")
    await omar.until(lambda: "Doesn't reach Grant Okafor" in words(omar.ephemerals[-1]))
    assert "will be asked" not in words(omar.ephemerals[-1])
