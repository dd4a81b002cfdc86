"""Decisions through the sandbox: commands, the post and its buttons, forms, and what people read in answer."""

from __future__ import annotations

from datetime import date

import pytest

from bot.sandbox import Person
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, nothing_regular, only_updates_and_digests, words
from tests.handlers.test_digests import said as typed_of_digests
from tests.tables import on_each

TITLE = "Move $150,000 from spring marketing to instructor pay"
ADD = "add Hire a second inspector by Dec 9 in family-access for steering: County reserve / Wait"
CHOICE, REASON, VOICE = (encode_question(name) for name in ("choice", "reason", "voice"))
OUTCOME, NOTE = encode_question("outcome"), encode_question("note")
THREE_DAYS_BEFORE = pytest.mark.lived(nothing_regular, "12-01 09:00")


async def typed(person: Person, text: str, command: str = "/decision", channel: str | None = None) -> str:
    """What the person reads in answer to a command."""
    before = len(person.ephemerals)
    assert (await person.command(command, text, channel=channel)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return words(person.ephemerals[-1])


async def answered(person: Person, said: str) -> None:
    """Waits until the newest thing that only this person sees says this."""
    await person.until(lambda: person.ephemerals and said in words(person.ephemerals[-1]))


async def opened(person: Person, title: str) -> View:
    """The modal of this title, once it is filled."""
    await person.until(
        lambda: (
            person.modal is not None
            and person.modal.body["title"]["text"] == title
            and "Opening" not in words(person.modal)
        )
    )
    assert person.modal is not None
    return person.modal


async def read(person: Person, text: str) -> Message:
    """The bot's answer to a direct message."""
    before = len(person.dm())
    await person.says(text)
    await person.until(lambda: len(person.dm()) > before + 1)
    return person.dm()[-1]


async def proposed(stage: Stage, line: str = ADD, who: str = "yolanda") -> Message:
    """Somebody proposes a decision in one line; the post in steering's channel."""
    person = stage.person(who)
    back = await read(person, f"decision {line}")
    await person.press(back, "Propose")
    await person.until(lambda: "Proposed as D-6" in words(person.dm()[-1]))
    await stage.settle()
    return post(stage)


def post(stage: Stage, channel: str = "lb-steering") -> Message:
    """The newest message in a channel."""
    return stage.person("marcus").sees(channel)[-1]


# Who types what after /decision, and a part of what they read. The three last of each are likely mistakes.
COMMANDS: list[tuple[str, str, str]] = [
    ("marcus", "", "*2 decisions wait for you*"),
    ("marcus", "", f"*D-2, by Fri Dec 11* · Steering Committee\n{TITLE} (Talent pathways)"),
    ("omar", "", "No decision waits for you or your groups."),
    ("marcus", "D-2", f"*Decision D-2: {TITLE}*\nTalent pathways · proposed by Three Creeks Workforce Board"),
    (
        "marcus",
        "D-2",
        "Consensus; if an objection stands on Dec 11, two thirds of those answering. 5 of 7 organizations needed, one "
        "voice each. The next meeting is Feb 3, 2027, so answers are collected here.",
    ),
    ("marcus", "d2", "Move it\nKeep the plan\nAbstain\nObject\nTalk first\n0 of 7 organizations have answered"),
    ("marcus", "D-1", "*Options:* Use county reserve / Ask Halvorsen for a bridge / Wait"),
    ("marcus", "D-3", "*D-3 decided on Feb 4: Adopted with a yearly review*"),
    ("marcus", "D-9", "I don't know the decision D-9. Type “decision log” to see them all."),
    ("luis", "D-2", TITLE),  # he stands in for Imani, who sits in the group
    ("luis", "D-5", "Decisions on Talent pathways are read by its working group, steering and the coordinators."),
    ("ben", "D-2", "Decisions on Talent pathways are read by its working group"),
    ("marcus", "log", "*5 decisions*"),
    ("marcus", "log decided", "*3 decisions made*"),
    ("marcus", "list talent", "*2 decisions: Talent pathways*"),
    ("marcus", "log steering", "*4 decisions: Steering Committee*"),
    ("marcus", "log decied", "Did you mean *decided*?"),
    ("marcus", "log qqqq", "I don't know “qqqq”."),
    ("luis", "log talent", "*1 decision: Talent pathways*"),
    ("ben", "log talent", "Decisions on Talent pathways are read by its working group"),
    ("yolanda", ADD, "*Hire a second inspector*\nChild care and commute access · decided by the Steering Committee"),
    (
        "yolanda",
        ADD,
        "*Options:* County reserve / Wait\nNot proposed yet. It goes to #lb-steering once you propose it.",
    ),
    ("yolanda", ADD.replace("add", "propose"), "needed by Wed Dec 9"),
    ("ben", ADD, "Decisions are proposed by priority owners, steering and the coordinators. Dana Whitlock can help."),
    ("marcus", "answer qqqq", "I don't know the decision “qqqq”. Type “decision log” to see them all."),
    ("omar", "record", "*5 decisions*"),
    ("omar", "record qqqq", "I don't know the decision “qqqq”."),
    ("omar", "defer soon", "I don't know the decision “soon”."),
    ("marcus", "contract fire", "*Decision D-1: Pay for a contract fire inspector through January*"),
    ("marcus", "recrod D-1", "I don't know “recrod D-1”. Did you mean *decision record D-1*?"),
    ("marcus", "help", "`/decision add [WHAT by DATE in PRIORITY for GROUP: OPTION / OPTION]`"),
    ("marcus", "help", "`/decision log [needed | decided | deferred | withdrawn | PRIORITY | GROUP]`"),
]


async def test_commands(live: Stage) -> None:
    for who, text, said in COMMANDS:
        person = live.person(who)
        if who in {"yolanda", "renata", "ben"}:
            # Connected people have no commands: they write to the bot.
            found = words(await read(person, f"decision {text}"))
        else:
            found = await typed(person, text)
        assert said in found, (who, text, found)


async def test_the_same_words_work_in_the_direct_message_and_after_backbeat(live: Stage) -> None:
    marcus = live.person("marcus")
    assert TITLE in words(await read(marcus, "D-2"))
    assert "wait for you" in words(await read(marcus, "my decisions"))
    assert TITLE in await typed(marcus, "decision D-2", "/backbeat")


async def test_from_a_line_to_what_was_decided(live: Stage) -> None:
    message = await proposed(live)
    assert words(message).split("\n")[:3] == [
        "*Decision D-6: Hire a second inspector*",
        "Child care and commute access · proposed by Three Creeks Workforce Board · needed by Wed Dec 9",
        "Consensus; if an objection stands on Dec 9, two thirds of those answering. 5 of 7 organizations needed, one "
        "voice each. The next meeting is Feb 3, 2027, so answers are collected here.",
    ]
    assert "0 of 7 organizations have answered" in words(message)
    assert all(not one.get("style") for block in message.blocks or [] for one in block.get("elements", []))
    marcus, grant, imani = live.person("marcus"), live.person("grant"), live.person("imani")
    await marcus.press(message, "County reserve")
    await answered(
        marcus,
        "Recorded for Harrow County Executive Office: County reserve, by Marcus Teal for Lorna Pruitt. You can answer "
        "for Bend Area Chamber too. You can change it until the decision is recorded.",
    )
    await marcus.press(message, "County reserve")
    await grant.press(message, "Wait")
    await answered(grant, "Recorded for Bend Area Chamber: Wait, by Grant Okafor.")
    await live.settle()
    assert "2 of 7 organizations have answered" in words(post(live))
    assert "Marcus" not in words(post(live)), "who said what is not posted"
    await grant.press(grant.ephemerals[-1], "Change")
    form = await opened(grant, "Answer a decision")
    assert "Recorded for Bend Area Chamber: Wait, by Grant Okafor" in words(form)
    await grant.fill({CHOICE: "County reserve"})
    assert await grant.submit() is None
    await grant.until(lambda: "Recorded for Bend Area Chamber: County reserve" in words(grant.modal))
    await imani.press(post(live), "Object")
    await opened(imani, "Answer a decision")
    assert await imani.submit() == {REASON: "Add one sentence: what stands against it?"}
    await imani.fill({REASON: "Families can't wait until February."})
    assert await imani.submit() is None
    await imani.until(lambda: "Recorded for Crossroads Neighborhood Alliance: objects" in words(imani.modal))
    await live.settle()
    assert "3 of 7 organizations have answered · 1 objection" in words(post(live))
    await typed(grant, "D-6")
    old_card = grant.ephemerals[-1]
    omar = live.person("omar")
    await omar.command("/decision", "record D-6")
    form = await opened(omar, "Record a decision")
    assert "The answers don't decide it: 2 more answers are needed." in words(form)
    assert "Crossroads Neighborhood Alliance: objects, by Imani Rhodes. “Families can't wait" in words(form)
    await omar.fill({OUTCOME: "County reserve"})
    errors = await omar.submit()
    assert errors is not None
    assert "The answers don't come to this." in errors[NOTE]
    await omar.fill({NOTE: "from Lorna Pruitt's e-mail of Dec 9"})
    assert await omar.submit() is None
    await omar.until(lambda: "*D-6 decided on Nov 23: County reserve*" in words(omar.modal))
    await live.settle()
    assert words(post(live)).split("\n")[:3] == [
        "*D-6 decided on Nov 23: County reserve*",
        "Hire a second inspector · Child care and commute access",
        "3 of 7 organizations answered: 2 for, 1 objected. Recorded by Omar Castellanos from Lorna Pruitt's e-mail of "
        "Dec 9.",
    ]
    await grant.press(old_card, "Wait")
    await answered(grant, "D-6 was decided on Mon Nov 23: County reserve. Open it to see more.")


async def test_whoever_has_no_voice_is_told_who_is_asked(live: Stage) -> None:
    said = "D-2 is answered by the Steering Committee: its organizations, one voice each. Dana Whitlock can help."
    assert said in words(await read(live.person("ben"), "decision answer D-2"))


async def test_a_coordinator_writes_an_answer_down_for_whoever_told_them(live: Stage) -> None:
    omar = live.person("omar")
    await typed(omar, "D-2")
    await omar.press(omar.ephemerals[-1], "Answer for somebody")
    await opened(omar, "Answer a decision")
    await omar.fill({CHOICE: "Move it", VOICE: "Harrow County Executive Office"})
    assert await omar.submit() is None
    said = "Recorded for Harrow County Executive Office: Move it, by Omar Castellanos for Lorna Pruitt."
    await omar.until(lambda: said in words(omar.modal))


async def test_a_stand_in_answers_for_each_of_theirs_but_not_over_their_own_word(live: Stage) -> None:
    message = await proposed(live)
    marcus, grant = live.person("marcus"), live.person("grant")
    await typed(marcus, "D-6")
    await marcus.press(marcus.ephemerals[-1], "Talk first")
    await answered(marcus, "Recorded for Harrow County Executive Office: talk first, by Marcus Teal for Lorna Pruitt.")
    await marcus.press(marcus.ephemerals[-1], "Change")
    await opened(marcus, "Answer a decision")
    await marcus.fill({VOICE: "Bend Area Chamber", CHOICE: "Abstain"})
    assert await marcus.submit() is None
    await marcus.until(lambda: "Bend Area Chamber: abstains, by Marcus Teal for Grant Okafor" in words(marcus.modal))
    await grant.press(message, "Wait")
    await answered(
        grant,
        "Recorded for Bend Area Chamber: Wait, by Grant Okafor. It replaces abstains, by Marcus Teal for Grant Okafor.",
    )
    await marcus.close()
    await marcus.command("/decision", "answer D-6")
    await opened(marcus, "Answer a decision")
    await marcus.fill({VOICE: "Bend Area Chamber", CHOICE: "Abstain"})
    await marcus.submit()
    await marcus.until(lambda: "Their own answer goes before yours." in words(marcus.modal))


async def test_the_form_proposes_and_says_under_the_field_what_is_wrong(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/decision", "add Hire a second inspector in family-access")
    form = await opened(omar, "Propose a decision")
    titles = [block["element"].get("initial_value") for block in form.blocks if block["type"] == "input"]
    assert titles[0] == "Hire a second inspector"
    fields = {name: encode_question(name) for name in ("options", "needed_by", "recommended")}
    await omar.fill({fields["options"]: "Do it\nDo it"})
    assert await omar.submit() == {fields["options"]: "Two options are the same. Each needs words of its own."}
    await omar.fill({fields["options"]: "Do it\nWait", fields["needed_by"]: "2026-11-01"})
    assert await omar.submit() == {fields["needed_by"]: "That day has passed. Choose today or a later day."}
    await omar.fill({fields["needed_by"]: "2026-12-09", fields["recommended"]: "Do it now"})
    errors = await omar.submit()
    assert errors is not None
    assert "isn't one of the options" in errors[fields["recommended"]]
    await omar.fill({fields["recommended"]: "Do it"})
    assert await omar.submit() is None
    await omar.until(lambda: "Proposed as D-6. The Steering Committee is asked, by Wed Dec 9." in words(omar.modal))
    await live.settle()
    assert "Recommended" not in words(post(live))
    imani = live.person("imani")
    await imani.press(post(live), "Object")
    assert "*Recommended:* Do it" in words(await opened(imani, "Answer a decision"))


async def test_proposing_twice_proposes_once_and_an_old_button_tells_what_is_so(live: Stage) -> None:
    yolanda = live.person("yolanda")
    back = await read(yolanda, f"decision {ADD}")
    await yolanda.press(back, "Propose")
    await yolanda.until(lambda: "Proposed as D-6." in words(yolanda.dm()[-1]))
    await yolanda.press(yolanda.dm()[-1], "Open")
    await yolanda.until(lambda: "*Decision D-6" in words(yolanda.modal))
    again = await read(yolanda, "decision log access")
    assert words(again).count("Hire a second inspector") == 1
    message = await read(yolanda, "D-6")
    assert yolanda.modal is not None
    await yolanda.close()
    await yolanda.press(message, "Put off or take back")
    await opened(yolanda, "Put off or take back")
    await yolanda.fill({REASON: "The county hired one.", encode_question("status"): "Take it back"})
    assert await yolanda.submit() is None
    await yolanda.until(lambda: "*D-6 taken back*" in words(yolanda.modal))
    await live.settle()
    assert "*Why:* The county hired one." in words(post(live))


async def test_what_was_put_off_is_asked_again(live: Stage) -> None:
    await proposed(live)
    omar = live.person("omar")
    await omar.command("/decision", "defer D-6")
    await opened(omar, "Put off or take back")
    await omar.fill({REASON: "Until the budget is through."})
    assert await omar.submit() is None
    await omar.until(lambda: "*D-6 put off*" in words(omar.modal))
    await omar.close()
    assert "*1 decision put off*" in await typed(omar, "log deferred")
    await typed(omar, "D-6")
    await omar.press(omar.ephemerals[-1], "Ask again")
    await opened(omar, "Ask again")
    await omar.fill({encode_question("needed_by"): "2026-12-16"})
    assert await omar.submit() is None
    await omar.until(lambda: "D-6 is open again, by Dec 16." in words(omar.modal))
    await live.settle()
    assert "needed by Dec 16" in words(post(live))


@on_each(("who", "decision"), [("grant", "D-2"), ("imani", "D-1")])
async def test_only_those_who_may_record(live: Stage, who: str, decision: str) -> None:
    """What is steering's to decide is not the priority's owner's to record, who may be the one who asks for it."""
    person = live.person(who)
    await person.command("/decision", f"record {decision}")
    refusal = f"{decision} is recorded by steering's chair or a coordinator. Dana Whitlock can"
    await person.until(lambda: refusal in words(person.modal))


def asked(person: Person) -> Message:
    """The message in which somebody is asked for their voice in D-1."""
    return next(one for one in reversed(person.dm()) if "*Decision D-1" in words(one))


@THREE_DAYS_BEFORE
async def test_those_whose_voice_is_missing_are_asked_two_days_before(live: Stage) -> None:
    marcus, imani = live.person("marcus"), live.person("imani")
    # Each is asked on their own clock.
    for moment in ("12-02 00:10", "12-02 09:00", "12-02 15:00"):
        await live.go(moment)
    for person in (marcus, imani):
        assert "*Decision D-1: Pay for a contract fire inspector through January*" in words(asked(person))
    await marcus.press(asked(marcus), "decision_answer")
    form = await opened(marcus, "Answer a decision")
    assert "*Recommended:* Ask Halvorsen for a bridge" in words(form), "those who decide see it where they answer"
    await marcus.fill({CHOICE: "Ask Halvorsen for a bridge"})
    assert await marcus.submit() is None
    await marcus.until(lambda: "Recorded for Harrow County Executive Office" in words(marcus.modal))
    await imani.press(asked(imani), "decision_answer")
    await opened(imani, "Answer a decision")
    await imani.fill({CHOICE: "Abstain"})
    assert await imani.submit() is None
    await live.settle()
    assert "Recorded for Crossroads Neighborhood Alliance: abstains" in words(asked(imani))
    assert "decision_answer" not in str(asked(imani).blocks), "what is answered has no button anymore"


async def test_who_only_stands_in_reads_for_whom_they_are_asked(live: Stage) -> None:
    renata = live.person("renata")
    await renata.open_home()
    why = "You are asked for Kessler Drive Systems: you stand in for Tom Delacroix."
    await renata.until(lambda: why in words(renata.home()))


async def test_a_vote_never_looks_lost_where_somebody_is_asked_for_two(live: Stage) -> None:
    """Marcus sits there for the county and stands in for Grant: once one voice is recorded he reads which, and why he
    is asked once more."""
    await proposed(live)
    marcus = live.person("marcus")
    await marcus.press(post(live), "Wait")
    await answered(marcus, "Recorded for Harrow County Executive Office: Wait")
    recorded = "Recorded for Harrow County Executive Office: Wait, by Marcus Teal for Lorna Pruitt."
    why = "You are asked once more for Bend Area Chamber: you stand in for Grant Okafor."
    await marcus.open_home()
    await marcus.until(lambda: recorded in words(marcus.home()))
    assert why in words(marcus.home())
    home = marcus.home()
    assert home is not None
    await marcus.press(home, "Answer: D-6")
    form = await opened(marcus, "Answer a decision")
    assert recorded in words(form)
    assert why in words(form)
    # The form opens for the voice that is missing, so that the recorded one is not replaced by mistake.
    await marcus.fill({CHOICE: "County reserve"})
    assert await marcus.submit() is None
    await marcus.until(lambda: "Recorded for Bend Area Chamber: County reserve" in words(marcus.modal))
    await marcus.close()
    await live.settle()
    assert "2 of 7 organizations have answered" in words(post(live))
    # What was said of the first one opens that one again, with its answer.
    await marcus.press(next(one for one in marcus.ephemerals if "Recorded for Harrow" in words(one)), "Change")
    form = await opened(marcus, "Answer a decision")
    assert "harrow-county" in str([block for block in form.blocks if "voice" in str(block.get("block_id"))])


async def test_a_wish_to_talk_first_is_kept_and_asked_about(live: Stage) -> None:
    await proposed(live)
    grant = live.person("grant")
    await grant.press(post(live), "Talk first")
    await answered(grant, "Recorded for Bend Area Chamber: talk first")
    await grant.open_home()
    await grant.until(lambda: "Recorded for Bend Area Chamber: talk first, by Grant Okafor." in words(grant.home()))


@pytest.mark.lived(only_updates_and_digests, "11-25 07:30")
async def test_answers_are_counted_and_a_day_that_has_passed_is_said_wherever_a_decision_waits(live: Stage) -> None:
    """In the digest, in the priority's channel, in Home and on the card."""
    grant, marcus = live.person("grant"), live.person("marcus")
    await typed(grant, "D-1")
    await grant.press(grant.ephemerals[-1], "Wait")
    await answered(grant, "Recorded for Bend Area Chamber: Wait")
    await live.services.decision_chases.move(await live.actor("omar"), "D-1", date(2026, 12, 3))
    preview = await typed_of_digests(live.person("omar"), "preview roll-up")
    assert "*D-1, by Thu Dec 3* · Steering Committee · 1 of 7 answered" in preview
    await live.go("12-04 07:30")
    digest = words([one for one in marcus.sees("lb-steering") if not one.thread_ts][-1])
    assert "*D-1, due Thu Dec 3, passed* · Steering Committee · 1 of 7 answered" in digest
    assert "2 decisions wait for the Steering Committee, the first was due Thu Dec 3." in digest
    imani = live.person("imani")
    edition = words([one for one in imani.sees("lb-access") if not one.thread_ts][-1])
    assert "*Waiting with the Steering Committee:* D-1, due Thu Dec 3, passed, 1 of 7 answered" in edition
    await marcus.open_home()
    line = "*D-1, due Thu Dec 3, passed*: Pay for a contract fire inspector through January\n1 of 7 organizations has"
    await marcus.until(lambda: line in words(marcus.home()))
    card = await typed(marcus, "D-1")
    assert "proposed by Harrow County Executive Office · due Thu Dec 3, passed" in card
    assert "1 of 7 organizations has answered" in card
