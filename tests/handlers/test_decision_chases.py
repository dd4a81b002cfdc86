"""Decisions that wait, through the sandbox: who is reminded and when, what follows when the day passes or the rule is
met, and who hears how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.sandbox import Person
from bot.slack.metadata import encode_question
from tests.handlers.stage import Stage, nothing_regular, only_updates_and_digests, words
from tests.handlers.test_decisions import answered, opened, typed
from tests.services.stage import rest_meetings

INSPECTOR = "Pay for a contract fire inspector through January"
OUTCOME, REASON = encode_question("outcome"), encode_question("reason")
A_DIGEST_LATER = pytest.mark.lived(only_updates_and_digests, "11-25 07:30")
THREE_DAYS_BEFORE = pytest.mark.lived(nothing_regular, "12-01 09:00")
PASSED = pytest.mark.lived(nothing_regular, "12-01 09:00", "12-04 09:00", "12-07 00:10", "12-07 09:00")


def heard(stage: Stage, member: str, since: int = 0) -> str:
    """What the bot has written to somebody after their first so many messages."""
    return "\n".join(words(one) for one in stage.person(member).dm()[since:])


async def answers(stage: Stage, member: str, key: str, choice: str) -> None:
    person = stage.person(member)
    await typed(person, key)
    await person.press(person.ephemerals[-1], choice)
    await answered(person, "Recorded for")


async def through(stage: Stage, *moments: str) -> None:
    """Goes to each of these moments, as a running bot passes them."""
    for moment in moments:
        await stage.go(moment)


@THREE_DAYS_BEFORE
async def test_those_without_an_answer_are_reminded_two_days_before_and_on_the_day(live: Stage) -> None:
    await answers(live, "grant", "D-1", "Wait")
    await live.settle()
    counts = {who: heard(live, who).count(INSPECTOR) for who in ("marcus", "imani", "grant")}
    assert counts == {"marcus": 0, "imani": 0, "grant": 0}
    await through(live, "12-02 00:10", "12-02 09:00", "12-02 15:00")
    assert "needed by Fri Dec 4" in heard(live, "marcus")
    assert heard(live, "imani").count(INSPECTOR) == 1
    await through(live, "12-03 09:00", "12-04 09:00")
    assert heard(live, "imani").count(INSPECTOR) == 2
    assert "0 of 7" not in heard(live, "imani")
    assert INSPECTOR not in heard(live, "grant"), "the Chamber has answered"
    await through(live, "12-07 09:00")
    assert heard(live, "imani").count(INSPECTOR) == 2, "once the day has passed the voters are left alone"


@PASSED
async def test_when_the_day_passes_proposer_chair_and_coordinators_may_go_on_with_it(live: Stage) -> None:
    said = f"*D-1, due Fri Dec 4, passed: {INSPECTOR}*\n0 of 7 organizations have answered"
    for who in ("marcus", "omar", "dana"):
        assert said in heard(live, who), who
    assert "*D-1, due Fri Dec 4, passed:" not in heard(live, "imani")
    assert heard(live, "imani").count(INSPECTOR) == 1, "on the day, and not on the working day after it"
    omar, imani = live.person("omar"), live.person("imani")
    message = next(one for one in omar.dm() if said in words(one))
    for label in ("Ask again", "New date", "Take to the next meeting", "Take back"):
        assert label in words(message)
    before = len(imani.dm())
    await omar.press(message, "Ask again: D-1")
    await answered(omar, "Asked again: ")
    await live.settle()
    assert INSPECTOR in heard(live, "imani", before)
    # Nobody is asked twice on a day, whoever presses.
    dana = live.person("dana")
    await typed(dana, "D-1")
    await dana.press(dana.ephemerals[-1], "Ask them again: D-1")
    await answered(dana, "They were asked today already")
    await omar.press(message, "New date: D-1")
    await opened(omar, "New date")
    await omar.fill({encode_question("needed_by"): "2026-12-01"})
    assert await omar.submit() == {encode_question("needed_by"): "That day has passed. Choose today or a later day."}
    await omar.fill({encode_question("needed_by"): "2026-12-11"})
    assert await omar.submit() is None
    await live.settle()
    assert "due Fri Dec 4, passed" not in heard(live, "dana")
    assert "needed by Fri Dec 11" in await typed(dana, "D-1")
    await through(live, "12-09 00:10", "12-09 09:00")
    assert INSPECTOR in heard(live, "imani", before + 1)


@PASSED
async def test_it_is_taken_to_the_next_meeting(live: Stage) -> None:
    await live.resume_meetings()
    dana = live.person("dana")
    message = next(one for one in dana.dm() if "due Fri Dec 4, passed" in words(one))
    await dana.press(message, "Take to the next meeting: D-1")
    await live.settle()
    card = await typed(dana, "D-1")
    assert "needed by Feb 3, 2027" in card
    assert INSPECTOR in await typed(dana, "agenda steering", "/meeting")


async def writes_down(stage: Stage, voice: str) -> None:
    """Omar writes down what an organization told him about D-2."""
    omar = stage.person("omar")
    await typed(omar, "D-2")
    await omar.press(omar.ephemerals[-1], "Answer for somebody")
    await opened(omar, "Answer a decision")
    await omar.fill({encode_question("choice"): "Move it", encode_question("voice"): voice})
    assert await omar.submit() is None
    await omar.until(lambda: f"Recorded for {voice}" in words(omar.modal))
    await omar.close()


@pytest.mark.lived.with_args(nothing_regular)
async def test_whoever_may_record_hears_at_once_that_the_rule_is_met(live: Stage) -> None:
    for member in ("grant", "imani"):
        await answers(live, member, "D-2", "Move it")
    await live.go("11-24 10:00")
    before = {who: len(live.person(who).dm()) for who in ("omar", "dana", "marcus")}
    for voice in ("Harrow County Executive Office", "Three Creeks Workforce Board"):
        await writes_down(live, voice)
    await live.settle()
    assert "The answers come to" not in heard(live, "dana"), "four of the five that are needed"
    await writes_down(live, "Kessler Drive Systems")
    await live.go("11-24 10:01")
    assert "The answers come to *Move it*" in heard(live, "dana", before["dana"])
    # Whoever wrote the last one down has read it there, and has it in Home.
    assert "The answers come to" not in heard(live, "omar", before["omar"])
    omar = live.person("omar")
    await omar.open_home()
    await omar.until(lambda: "The answers come to *Move it*." in words(omar.home()))
    await dana_records(live)


async def dana_records(stage: Stage) -> None:
    dana = stage.person("dana")
    message = next(one for one in dana.dm() if "The answers come to *Move it*" in words(one))
    await dana.press(message, "Record: D-2")
    await opened(dana, "Record a decision")
    assert await dana.submit() is None
    await stage.settle()
    assert "D-2 decided on" in heard(stage, "dana")


@A_DIGEST_LATER
async def test_every_channel_that_was_told_it_waits_hears_how_it_ended(live: Stage) -> None:
    marcus, imani = live.person("marcus"), live.person("imani")
    omar = live.person("omar")
    assert "D-1, by Fri Dec 4" in words(imani.sees("lb-access")[-1])
    await typed(omar, "D-1")
    await omar.press(omar.ephemerals[-1], "Record")
    await opened(omar, "Record a decision")
    await omar.fill({OUTCOME: "Wait", encode_question("note"): "at the meeting of Nov 25"})
    assert await omar.submit() is None
    await live.settle()
    steering, access = words(marcus.sees("lb-steering")[-1]), words(imani.sees("lb-access")[-1])
    assert steering.startswith(f"*D-1 decided on Nov 25: Wait*\n{INSPECTOR} · Child care and commute access")
    # Titles of another group's decisions are not for this channel, since they may hold amounts.
    assert access.startswith("*D-1 decided on Nov 25 by the Steering Committee: Wait*")
    assert INSPECTOR not in access
    talent = [words(one) for one in live.person("yolanda").sees("lb-talent")]
    assert not any("D-1" in one for one in talent), "it was told nothing of it"


@A_DIGEST_LATER
async def test_every_channel_that_was_told_it_waits_hears_how_a_file_ended_it_once(live: Stage) -> None:
    marcus, imani, yolanda = (live.person(one) for one in ("marcus", "imani", "yolanda"))
    before = [len(marcus.sees("lb-steering")), len(imani.sees("lb-access")), len(yolanda.sees("lb-talent"))]
    file = await live.services.coalitions.record(await live.actor("omar"))
    ended: dict[str, Any] = {"status": "decided", "decided_on": date(2026, 11, 25), "outcome": "Wait"}
    file = replace(file, decisions=tuple(replace(one, **ended) if one.id == "D-1" else one for one in file.decisions))
    for moment in ("11-25 10:00", "11-25 10:05", "11-26 10:00"):
        await live.go(moment)
        await live.services.coalitions.import_record(file)
        live.services.deliveries.on_change()
        await live.settle()
    steering, access = marcus.sees("lb-steering")[before[0] :], imani.sees("lb-access")[before[1] :]
    assert [words(one).partition("\n")[0] for one in steering] == ["*D-1 decided on Nov 25: Wait*"]
    assert [words(one).partition("\n")[0] for one in access] == [
        "*D-1 decided on Nov 25 by the Steering Committee: Wait*"
    ]
    assert len(yolanda.sees("lb-talent")) == before[2], "it was told nothing of it"


@A_DIGEST_LATER
async def test_a_channel_hears_that_it_was_taken_back(live: Stage) -> None:
    yolanda = live.person("yolanda")
    omar = live.person("omar")
    await typed(omar, "D-2")
    await omar.press(omar.ephemerals[-1], "Put off or take back")
    await opened(omar, "Put off or take back")
    await omar.fill({encode_question("status"): "Take it back", REASON: "The budget was cut by $20,000."})
    assert await omar.submit() is None
    await live.settle()
    said = words(yolanda.sees("lb-talent")[-1])
    assert said.startswith("*D-2 taken back*")
    assert "$" not in said
    assert words(live.person("marcus").sees("lb-steering")[-1]).startswith("*D-2 taken back*")


async def test_of_two_new_dates_the_first_stands_and_the_second_is_told(live: Stage) -> None:
    omar, dana = live.person("omar"), live.person("dana")
    for person in (omar, dana):
        await typed(person, "D-1")
        await person.press(person.ephemerals[-1], "New date: D-1")
        await opened(person, "New date")
    await omar.fill({encode_question("needed_by"): "2026-12-09"})
    assert await omar.submit() is None
    await omar.until(lambda: "D-1 is needed by Wed Dec 9 now." in words(omar.modal))
    await dana.fill({encode_question("needed_by"): "2026-12-10"})
    await dana.submit()
    await dana.until(lambda: "D-1 is needed by Wed Dec 9 now." in words(dana.modal))
    assert "needed by Wed Dec 9" in await typed(omar, "D-1")


@THREE_DAYS_BEFORE
async def test_what_was_planned_for_the_old_day_is_not_sent(live: Stage) -> None:
    """A reminder that stands ready for tomorrow goes by the day that the decision has by then."""
    await live.go("12-01 18:10")
    omar = live.person("omar")
    await typed(omar, "D-1")
    await omar.press(omar.ephemerals[-1], "New date: D-1")
    await opened(omar, "New date")
    await omar.fill({encode_question("needed_by"): "2026-12-09"})
    assert await omar.submit() is None
    await through(live, "12-01 18:20", "12-02 09:00", "12-04 09:00")
    assert INSPECTOR not in heard(live, "imani")
    await through(live, "12-07 00:10", "12-07 09:00")
    assert "D-1, due" not in heard(live, "omar")
    assert INSPECTOR in heard(live, "imani")


async def reads_in_home(person: Person, line: str) -> None:
    await person.open_home()
    await person.until(lambda: line in words(person.home()))


@PASSED
async def test_home_and_the_brief_keep_what_has_passed_until_somebody_goes_on_with_it(live: Stage) -> None:
    await rest_meetings(live.services, live.bot.coalition_id, "digest", "checkin", resume=True)
    await through(live, "12-10 13:00")
    line = f"*D-1, due Fri Dec 4, passed*: {INSPECTOR}\n0 of 7 organizations have answered"
    omar, marcus = live.person("omar"), live.person("marcus")
    assert line in words(next(one for one in reversed(omar.dm()) if words(one).startswith("Before tomorrow's digest")))
    for person in (omar, marcus):
        await reads_in_home(person, line)
    home = omar.home()
    assert home is not None
    await omar.press(home, "Open: D-1")
    await omar.until(lambda: "Take to the next meeting" in words(omar.modal) or "New date" in words(omar.modal))
