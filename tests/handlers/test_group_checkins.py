"""A coordinator makes a check-in for a working group; it is asked, answered by three people and read by its readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.record import MemberAnswer, Record, Round
from bot.sandbox import Person
from bot.services import Services
from bot.slack.metadata import encode_question
from bot.store.database import Database, database_url
from tests.conftest import MONDAY_SEVEN
from tests.handlers.conftest import opened
from tests.handlers.stage import Stage, commanded, nothing_regular, words
from tests.handlers.test_pictures import drawn, pictures
from tests.services.group_checkin import WORK, group_checkin

NAME = "Access look"
QUESTIONS = "Monthly stocktake"
MADE = {
    "Name": NAME,
    "What is asked": QUESTIONS,
    "Who is asked": "wg-access",
    "How often": "weekly",
    "On": "WE",
    "At": "10:00",
    "From": "2026-12-02",
    "Feeds which digest": "none",
    "Where the answers are told": "channel",
}
SAID = {
    "Is the headline measure bending the right way?": "flat",
    "Where will it be on the target date if nothing changes?": "48.5",
    "What explains the trend?": "Two <sites> opened & one waits.",
    "What will we start, stop or change before the next stocktake?": "=HYPERLINK(1)",
}


async def make(omar: Person, **other: str) -> None:
    await omar.command("/checkin", "add")
    await omar.until(lambda: "What is asked" in words(omar.modal))
    await omar.fill(MADE | other)
    assert await omar.submit() is None


async def save(omar: Person) -> None:
    assert omar.modal is not None
    await omar.press(omar.modal, "Save")
    await omar.until(lambda: f"*{NAME}* is added." in words(omar.modal))
    await omar.close()


async def answer(person: Person, **other: str) -> None:
    """Answers what the newest message asks them for themselves."""
    message = next(one for one in reversed(person.dm()) if QUESTIONS in words(one))
    await person.press(message, f"Answer: {QUESTIONS}")
    await person.until(lambda: "Is the headline measure" in words(person.modal))
    assert (
        "Read by #lb-access, the Family Access Working Group and the Steering Committee, and by the coordinators."
        in (words(person.modal))
    )
    await person.fill(SAID | other)
    assert await person.submit() is None


@pytest.mark.lived(nothing_regular, "12-01 09:00")
async def test_a_working_group_is_asked_answers_and_reads(live: Stage) -> None:
    omar, imani, luis, marcus, priya, grant = (
        live.person(who) for who in ("omar", "imani", "luis", "marcus", "priya", "grant")
    )
    await make(omar)
    seen = words(omar.modal)
    assert "*Asked for themselves, then stand-in*" in seen
    assert "Imani Rhodes (Eastern) → Luis Ferrer" in seen
    assert "Wed Dec 2 · Wed Dec 9 · Wed Dec 16 · Wed Dec 23 · Wed Dec 30" in seen
    assert "Nothing is saved yet." in seen
    await save(omar)
    await live.go("12-02 11:01")
    for person in (imani, luis, marcus, priya):
        assert any(QUESTIONS in words(one) for one in person.dm()), person
    assert not any(QUESTIONS in words(one) for one in grant.dm())
    await answer(imani)
    await answer(luis, **{"What explains the trend?": "Nothing new."})
    await live.settle()
    asked = next(one for one in reversed(imani.dm()) if QUESTIONS in words(one))
    assert "Two <sites> opened & one waits." in words(asked).replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&"
    )
    # A coordinator answers on behalf, from the round's status.
    status = await commanded(omar, "/checkin", "status access look")
    assert "2 of 4 answered" in words(status)
    await omar.press(status, "Answer for Marcus")
    await omar.until(lambda: "Is the headline measure" in words(omar.modal))
    await omar.fill(SAID)
    assert await omar.submit() is None
    await live.settle()
    assert any("Omar Castellanos answered for you" in words(one) for one in marcus.dm())
    card = await commanded(luis, "/checkin", "access look")
    assert "3 of 4 answered" in words(card)
    assert "by Omar Castellanos" in words(card)
    assert "All rounds as CSV" in words(card)
    before = len(luis.dm())
    await luis.press(card, "All rounds as CSV")
    await luis.until(lambda: len(luis.dm()) > before)
    await live.go("12-04 14:05")
    posts = [words(one) for one in imani.sees("lb-access") if NAME in words(one)]
    assert len(posts) == 1
    assert "3 of 4 answered" in posts[0]
    assert "flat: 3" in posts[0]
    assert "Imani Rhodes, Crossroads Child and Family Services" in posts[0] or "Imani Rhodes, " in posts[0]
    assert "Priya" not in posts[0]


async def test_what_does_not_fit_together_is_said_at_its_field(live: Stage) -> None:
    omar = live.person("omar")
    audience, people, told = (encode_question(one) for one in ("audience", "people", "summary"))
    await omar.command("/checkin", "add")
    await omar.until(lambda: "What is asked" in words(omar.modal))
    await omar.fill(MADE | {"What is asked": "Weekly priority update", "Who is asked": "all_members"})
    assert await omar.submit() == {
        audience: "How a priority stands is asked of its owner, or of a group that works on one. Choose one of them, "
        "or ask something else."
    }
    await omar.fill({"What is asked": "Metric refresh"})
    assert await omar.submit() == {
        audience: "These questions are for the stewards of figures. Choose them, or ask something else."
    }
    await omar.fill({"What is asked": QUESTIONS, "Who is asked": "picked"})
    assert await omar.submit() == {people: "Pick at least one person."}
    await omar.fill({"Who is asked": "all_members"})
    assert await omar.submit() == {
        told: "Those who are asked have no channel of their own. Choose each reader, or nowhere."
    }


async def test_pictures_over_the_rounds_follow_their_words(sqlite_url: str, sample: Record) -> None:
    days = (date(2026, 11, 11), date(2026, 11, 18))
    asked = ("imani", "luis", "marcus")
    record = replace(
        sample,
        cadences=(*sample.cadences, group_checkin(audience="wg-access")),
        question_sets=(*sample.question_sets, WORK),
        rounds=tuple(
            Round(
                cadence="group-checkin",
                day=day,
                opens_at=datetime.combine(day, time(15), UTC),
                closes_at=datetime.combine(day, time(21), UTC),
                member=one,
            )
            for day in days
            for one in asked
        ),
        member_answers=tuple(
            MemberAnswer(
                cadence="group-checkin",
                round=day,
                member=one,
                by=one,
                answers={"pace": "right" if one == "imani" else "too_fast"},
                answered_at=datetime.combine(day, time(16), UTC),
            )
            for day in days
            for one in asked
        ),
    )
    database = Database(database_url(sqlite_url))
    calendar = FixedCalendar(MONDAY_SEVEN)
    await Services(database, calendar, SystemElapsedTime()).coalitions.import_record(record)
    await database.close()
    async with opened(sqlite_url, calendar, record) as stage:
        stage.show_pictures(drawn)
        omar = stage.person("omar")
        await omar.command("/checkin", "group check-in")
        await omar.until(lambda: "Picture over rounds" in words(omar.ephemerals[-1]))
        await omar.press(omar.ephemerals[-1], "Picture over rounds")
        await omar.until(lambda: any(pictures(one) for one in omar.ephemerals))
        [picture] = pictures(omar.ephemerals[-1])
        assert picture["title"]["text"] == "Is the pace right? By round"
        assert "Nov 18: 3 answers: right (1), too fast (2)" in picture["alt_text"]
        assert "*Group check-in* over its rounds." in words(omar.ephemerals[-1])
