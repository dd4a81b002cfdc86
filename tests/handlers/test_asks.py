"""Asks through the sandbox: sent at the close or screened in the brief, worded anew, answered, and who hears of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.handlers.stage import BLOCKER, SAID, Stage, at, only_updates_and_digests, words
from tests.handlers.test_digests import said as read

NEED = "What do you need from another partner or from leadership?"
WHO = "Who could provide it?"
INSPECTOR = "An inspector for two December visits."
WAITING = "*Ask to Bend River Community College* from Talent pathways"
ANSWERED = "• Ask answered: Bend River Community College can help, “A room at the college.” (Talent pathways)"


async def ask(stage: Stage, member: str, text: str, whom: str | None, looks: str | None = None) -> None:
    """Sends this person's update with an ask; `looks` is what the form says of it once somebody is named."""
    person = stage.person(member)
    await person.press(person.dm()[0], "Answer")
    view = await person.sees_modal("Weekly priority update")
    entered: dict[str, Any] = {**SAID, BLOCKER: "No inspector.", NEED: text}
    if whom is not None:
        (found,) = await person.options(view, "find_provider", whom)
        entered[WHO] = found
    await person.fill(entered)
    if looks is not None:
        await person.until(lambda: looks in words(person.modal))
    assert await person.submit() is None
    await stage.settle()


def everything(stage: Stage, member: str) -> str:
    return "\n".join(words(one) for one in stage.person(member).dm())


def last(stage: Stage, member: str) -> str:
    """The newest message in somebody's conversation with the bot."""
    messages = stage.person(member).dm()
    return words(messages[-1]) if messages else ""


async def digest_of(stage: Stage, moment: str) -> str:
    """The roll-up that is posted at this moment."""
    await stage.go(moment)
    return posted(stage)


def posted(stage: Stage) -> str:
    """The newest roll-up."""
    return words([one for one in stage.person("marcus").sees("lb-steering") if not one.thread_ts][-1])


async def yolanda_asks(stage: Stage) -> None:
    await ask(stage, "yolanda", "A room at the college.", "bend river")


async def sent_to_helen(stage: Stage) -> Any:
    """Yolanda's ask as it reached Helen on Tuesday; her message."""
    await yolanda_asks(stage)
    await stage.go("11-24 15:00")
    return reached_helen(stage)


def reached_helen(stage: Stage) -> Any:
    """The message that it came in."""
    assert "“A room at the college.”" in last(stage, "helen")
    return stage.person("helen").dm()[-1]


def asked_in(stage: Stage) -> Any:
    """Helen's message with that ask."""
    return next(one for one in stage.person("helen").dm() if "“A room at the college.”" in words(one))


ASKED = pytest.mark.lived(only_updates_and_digests, yolanda_asks)
REACHED_HELEN = pytest.mark.lived(only_updates_and_digests, yolanda_asks, "11-24 15:00")
A_WEEK_LATER = pytest.mark.lived(only_updates_and_digests, yolanda_asks, "11-24 15:00", "12-01 09:00")


@ASKED
async def test_an_ask_goes_out_at_the_close_and_its_answer_goes_around(live: Stage) -> None:
    helen, yolanda, omar = live.person("helen"), live.person("yolanda"), live.person("omar")
    assert "A room" not in everything(live, "helen"), "it goes out when the round closes"
    await live.go("11-24 15:00")
    said = last(live, "helen")
    assert "*Talent pathways* asks Bend River Community College:\n“A room at the college.”" in said
    assert "From Yolanda Briggs, Nov 23. Your answer goes to Yolanda and to the coordinators." in said
    asked = helen.dm()[-1]
    assert "“A room at the college.” Can you help?" in asked.text

    old = copy.deepcopy(asked)
    await helen.press(asked, "I can help")
    await live.go("11-24 15:30")
    assert "You said you can help, Nov 24. Yolanda knows." in last(live, "helen")
    assert "Let's talk" not in last(live, "helen")
    for member in ("yolanda", "omar"):
        heard = everything(live, member)
        assert "*Ask to Bend River Community College*, from Talent pathways" in heard
        assert "Helen Sato said Bend River Community College can help, Nov 24." in heard

    # The button of before, pressed once more, says what is so and changes nothing.
    await live.press_old("helen", old, "I can help")
    await helen.until(lambda: helen.ephemerals)
    assert "You said you can help, Nov 24." in words(helen.ephemerals[-1])
    await live.settle()
    assert everything(live, "yolanda").count("can help, Nov 24.") == 1

    news = next(one for one in yolanda.dm() if "Helen Sato said" in words(one))
    await yolanda.press(news, "Make it an action")
    await yolanda.sees_modal("New action")
    await yolanda.until(lambda: "A room at the college." in str(yolanda.modal and yolanda.modal.blocks))
    assert "talent-pathways" in str(yolanda.modal and yolanda.modal.blocks)
    await live.go("11-24 16:00")
    assert "A room at the college." not in words(omar.dm()[-1]), "nothing about it needs a hand"


async def test_the_brief_screens_an_ask_for_both_coordinators(live: Stage) -> None:
    looks = "Dana, Omar or Priya looks at asks to Harrow County Executive Office first."
    await ask(live, "imani", INSPECTOR, "harrow", looks)
    omar, dana, marcus = (live.person(name) for name in ("omar", "dana", "marcus"))
    await live.go("11-24 16:00")
    assert INSPECTOR not in everything(live, "marcus"), "a coordinator looks first"
    brief = omar.dm()[-1]
    assert words(brief).startswith("Before tomorrow's digest: 8 things, about 20 minutes.")
    assert f"*Ask to Harrow County Executive Office*, from Child care and commute access\n“{INSPECTOR}”" in words(brief)
    assert brief.text.startswith(
        "Before tomorrow's digest: 1 ask, 3 priorities without an update, 6 messages not arrived, 1 difference"
    )
    assert words(dana.dm()[-1]).startswith("Before tomorrow's digest: 8 things")

    await omar.press(brief, "Talk first")
    await omar.until(lambda: omar.ephemerals)
    assert words(omar.ephemerals[-1]) == "Held. Imani knows that you'll talk first."
    await live.go("11-24 16:10")
    assert "Held by Omar Castellanos, to talk first" in everything(live, "dana")
    assert "Held by Omar Castellanos, to talk first" in everything(live, "imani")

    # Both coordinators open the form; the second to send it is told what is so now.
    for person in (omar, dana):
        await person.press(person.dm()[-1], "Edit")
        view = await person.sees_modal("Edit the ask")
        assert INSPECTOR in str(view.blocks)
    await dana.fill({"What is asked?": ""})
    assert await dana.submit() is not None
    await dana.fill({"What is asked?": "An inspector on Dec 8 and 9."})
    await dana.submit()
    assert "On its way to Marcus Teal by Dana Whitlock." in words(dana.modal)
    await omar.fill({"What is asked?": "Something else."})
    await omar.submit()
    assert "On its way to Marcus Teal by Dana Whitlock." in words(omar.modal)
    await live.go("11-24 16:50")
    assert "Sent to Marcus Teal by Dana Whitlock" in everything(live, "omar")
    assert everything(live, "marcus").count("asks Harrow County Executive Office") == 1
    assert "“An inspector on Dec 8 and 9.”" in everything(live, "marcus")
    assert "Worded by Dana Whitlock." in everything(live, "marcus")
    assert "“An inspector on Dec 8 and 9.”\nYou wrote: “An inspector for two December visits.”" in everything(
        live, "imani"
    )

    # "Not us" names who may help instead; the same organization is no help.
    asked = next(one for one in marcus.dm() if "An inspector on Dec 8" in words(one))
    await marcus.press(asked, "Not us; try …")
    view = await marcus.sees_modal("Not us; try …")
    (own,) = await marcus.options(view, "find_provider", "harrow")
    (other,) = await marcus.options(view, "find_provider", "three creeks")
    await marcus.fill({"Who might help instead?": own})
    assert "It was sent there already." in str(await marcus.submit())
    await marcus.fill({"Who might help instead?": other})
    assert await marcus.submit() is None
    assert "You suggested Three Creeks Workforce Board, Nov 24." in words(marcus.modal)
    await live.go("11-24 17:30")
    assert "You suggested Three Creeks Workforce Board" in everything(live, "marcus")
    assert "Marcus Teal suggested Three Creeks Workforce Board" in everything(live, "imani")


@ASKED
async def test_a_withdrawn_ask_is_not_sent_and_one_without_a_name_is_given_one(live: Stage) -> None:
    yolanda, omar = live.person("yolanda"), live.person("omar")
    await yolanda.press(yolanda.dm()[0], "Edit")
    await yolanda.sees_modal("Weekly priority update")
    await yolanda.fill({NEED: "", WHO: None})
    assert await yolanda.submit() is None
    await ask(live, "imani", INSPECTOR, None)
    await live.go("11-24 16:00")
    assert "A room" not in everything(live, "helen")
    brief = omar.dm()[-1]
    assert f"*Ask to whoever can help*, from Child care and commute access\n“{INSPECTOR}”" in words(brief)
    assert "A room at the college." not in words(brief)
    await omar.press(brief, "Choose who is asked")
    view = await omar.sees_modal("Edit the ask")
    (chamber,) = await omar.options(view, "find_provider", "bend area")
    await omar.fill({"Who is asked?": chamber})
    await omar.submit()
    await live.go("11-24 16:30")
    assert "*Child care and commute access* asks Bend Area Chamber:" in last(live, "grant")
    # The digest shows what was sent.
    await live.go("11-25 07:30")
    (digest, *_rest) = [one for one in live.person("marcus").sees("lb-steering") if not one.thread_ts]
    assert "*Ask to Bend Area Chamber* from Child care and commute access" in words(digest)
    # Its button opens the answers for whoever may give them, and tells others who is asked.
    marcus, grant = live.person("marcus"), live.person("grant")
    await marcus.press(digest, "Respond")
    await marcus.until(lambda: "Grant Okafor is asked, or anybody else of Bend Area Chamber." in words(marcus.modal))
    assert "I can help" not in words(marcus.modal)
    await omar.press(omar.dm()[-1], "Preview digest")
    await omar.until(lambda: "Ask to Bend Area Chamber" in words(omar.modal))
    await grant.press(grant.dm()[-1], "Let's talk")
    await live.go("11-25 08:00")
    assert "You would like to talk about it, Nov 25. Imani will write to you." in everything(live, "grant")


async def next_update(stage: Stage) -> None:
    """The following week's update, without an ask."""
    person = stage.person("yolanda")
    message = [one for one in person.dm() if "Update:" in words(one)][-1]
    await person.press(message, "Answer")
    await person.sees_modal("Weekly priority update")
    await person.fill({**SAID, BLOCKER: "Evening pay."})
    assert await person.submit() is None
    await stage.settle()


@A_WEEK_LATER
async def test_an_ask_waits_in_every_digest_until_it_is_answered(live: Stage) -> None:
    assert WAITING in posted(live), "in that of its week"
    # What the owner says a week later takes nothing back: nobody has answered yet.
    await next_update(live)
    live.calendar.set(at("12-02 10:00"))
    digest = await read(live.person("omar"), "preview roll-up")
    assert f"{WAITING}, asked Nov 24, no date set\n“A room at the college.”" in digest


@A_WEEK_LATER
async def test_an_answer_is_told_once_and_so_is_whether_it_came_through(live: Stage) -> None:
    live.calendar.set(at("12-01 10:00"))
    await live.person("helen").press(asked_in(live), "I can help")
    await live.settle()
    yolanda = live.person("yolanda")
    news = next(one for one in yolanda.dm() if "Helen Sato said" in words(one))
    digest = await digest_of(live, "12-04 07:30")
    assert ANSWERED in digest
    assert WAITING not in digest
    assert "I can help, Dec 1" not in digest
    live.calendar.set(at("12-04 10:00"))
    await yolanda.press(news, "It came through")
    await live.settle()
    for member in ("helen", "yolanda"):
        assert "Yolanda Briggs said it came through, Dec 4." in everything(live, member)
    assert "It didn't" not in words(next(one for one in yolanda.dm() if "said it came through" in words(one)))
    said = "• Ask came through: “A room at the college.” (Talent pathways)"
    digest = await digest_of(live, "12-11 07:30")
    assert said in digest
    assert ANSWERED not in digest
    live.calendar.set(at("12-11 10:00"))
    following = await read(live.person("omar"), "preview roll-up")
    assert "*Talent pathways*" in following
    assert "Ask came through" not in following


@REACHED_HELEN
async def test_the_owner_takes_back_an_ask_from_home(live: Stage) -> None:
    yolanda = live.person("yolanda")
    await yolanda.open_home()
    await yolanda.until(lambda: "What I asked for" in words(yolanda.home()))
    home = yolanda.home()
    assert home is not None
    assert "*Ask to Bend River Community College*, asked Nov 24: no answer yet\n“A room at the college.”" in words(home)
    await yolanda.press(home, "Open: ask to Bend River Community College")
    await yolanda.sees_modal("Ask")
    await yolanda.until(lambda: "Withdraw" in words(yolanda.modal))
    assert yolanda.modal is not None
    await yolanda.press(yolanda.modal, "Withdraw")
    await yolanda.until(lambda: "Taken back by Yolanda Briggs" in words(yolanda.modal))
    await live.settle()
    assert "*Talent pathways* took back what it asked. Nothing to do." in everything(live, "helen")
    assert "Ask to Bend River" not in await digest_of(live, "11-25 07:30")
    await yolanda.open_home()
    await yolanda.until(lambda: "What I asked for" not in words(yolanda.home()))


@A_WEEK_LATER
async def test_the_same_words_asked_once_more_are_one_ask(live: Stage) -> None:
    yolanda = live.person("yolanda")
    message = [one for one in yolanda.dm() if "Update:" in words(one)][-1]
    await yolanda.press(message, "Answer")
    view = await yolanda.sees_modal("Weekly priority update")
    (found,) = await yolanda.options(view, "find_provider", "bend river")
    await yolanda.fill({**SAID, BLOCKER: "Evening pay.", NEED: "A room at the college.", WHO: found})
    assert await yolanda.submit() is None
    await live.go("12-03 12:00")
    # Helen is asked once more, in a message of its own, and the digest lists it once.
    assert everything(live, "helen").count("“A room at the college.”") == 2
    digest = await digest_of(live, "12-04 07:30")
    assert digest.count("“A room at the college.”") == 1


@REACHED_HELEN
async def test_a_priority_shows_its_asks_and_their_history(live: Stage) -> None:
    asked = reached_helen(live)
    await live.person("helen").press(asked, "Let's talk")
    await live.settle()
    omar = live.person("omar")
    await omar.command("/priority", "talent")
    await omar.until(lambda: omar.ephemerals)
    card = omar.ephemerals[-1]
    await omar.press(card, "Asks")
    await omar.until(
        lambda: "*Ask to Bend River Community College*, Nov 23: Helen Sato would like" in words(omar.modal)
    )
    await omar.close()
    await omar.command("/priority", "history talent")
    await omar.until(lambda: "Ask sent: “A room at the college.”" in words(omar.ephemerals[-1]))
    assert "Ask answered, let's talk: “A room at the college.”" in words(omar.ephemerals[-1])


@A_WEEK_LATER
async def test_the_next_form_says_what_waits_for_an_answer(live: Stage) -> None:
    yolanda = live.person("yolanda")
    message = [one for one in yolanda.dm() if "Update:" in words(one)][-1]
    await yolanda.press(message, "Answer")
    view = await yolanda.sees_modal("Weekly priority update")
    said = "Your ask to Bend River Community College of Nov 24 has no answer yet and stays in the digest."
    assert said in words(view)
