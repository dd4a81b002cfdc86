"""A group is asked how the priority stands that it works on: each answers, and its owner's word is what counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.checkins import summarize
from bot.domain.coalition_file import check, to_file
from bot.domain.digests import compose
from bot.domain.people import topics_of
from bot.domain.record import Record
from bot.domain.vocabularies import Assessment
from bot.services import Services
from bot.services.checkins import Stored
from bot.slack.blocks.checkins import answers_message, summary_post
from tests.builders import day, group, priority
from tests.services.group_checkin import group_checkin, say, with_group_checkin
from tests.services.lived import once
from tests.services.own_set import live
from tests.services.reading import messages, read
from tests.services.stage import Stage

TUESDAY, WEDNESDAY, FRIDAY = "2026-11-24", "2026-11-25", "2026-11-27"
WHOSE = "About Priority p1. How it stands in the digest is what its owner says, Ana."
BEN = {"assessment": "off_track", "confidence": "3", "moved": "Nothing.", "blocker": "Pay.", "next": "A talk."}
ANA = {"assessment": "at_risk", "confidence": "6", "moved": "A letter.", "blocker": "Time.", "next": "An answer."}


def told_by_group(**fields: Any) -> Record:
    """The weekly questions asked of the group that works on the priority, on Wednesdays; its owner is one of them."""
    usual: dict[str, Any] = {
        "groups": (
            group(channel="leaders", members=("ana", "ben")),
            group(
                "wg",
                name="Working Group",
                kind="working_group",
                members=("ana", "ben", "cal"),
                channel="wg-room",
                priority="p1",
            ),
        ),
        "priorities": (priority(channel="p-one", working_group="wg"),),
    }
    checkin = group_checkin(question_set="weekly", summary="channel", name="How the group sees it")
    return with_group_checkin(checkin, **(usual | fields))


@pytest.fixture
@once
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    found = await Stage.with_record(services, calendar, told_by_group())
    found.at(f"{TUESDAY}T08:00")
    await found.link()
    await found.join_channels()
    await found.go_live()
    await live(found, f"{TUESDAY}T09:00")
    await found.answer("ana", "p1", assessment="on_track")
    await live(found, f"{TUESDAY}T09:05", f"{WEDNESDAY}T09:00")
    return found


async def test_each_says_it_and_what_the_owner_says_weekly_is_what_stands(stage: Stage) -> None:
    for who in ("ana", "ben", "cal"):
        [asked] = [one for one in await messages(stage, who) if "Weekly" in one and WHOSE in one]
        assert "Read by" in asked
    assert isinstance(await say(stage, "ben", BEN), Stored)
    assert isinstance(await say(stage, "ana", ANA), Stored)
    record = await stage.record()
    assert {one.member for one in record.member_answers} == {"ana", "ben"}
    [response] = record.responses
    assert (response.cadence, response.assessment) == ("weekly", "on_track")
    [part] = compose(record, stage.calendar.now()).priorities
    assert (part.standing.assessment, part.standing.by) == ("on_track", "ana")
    page = await stage.services.checkin_answers.page(await stage.actor("lou"), "how the group")
    assert WHOSE in read(answers_message(page))
    assert "off track" in read(answers_message(page))


async def test_what_they_said_is_told_counted_with_whose_word_counts(stage: Stage) -> None:
    await say(stage, "ben", BEN)
    await say(stage, "cal", BEN | {"assessment": "at_risk"})
    await live(stage, f"{FRIDAY}T12:00")
    record = await stage.record()
    [cadence] = [one for one in record.cadences if one.id == "group-checkin"]
    summary = summarize(record, cadence, day(WEDNESDAY), stage.calendar.now())
    assert summary is not None
    shown = read(summary_post(summary))
    assert WHOSE in shown
    assert "off track" in shown


async def test_nobody_is_asked_where_it_rests_or_the_group_works_on_several() -> None:
    for fields in (
        {"priorities": (priority(assessment=Assessment.PAUSED, working_group="wg"),)},
        {"priorities": (priority(working_group="wg"), priority("p2", working_group="wg"))},
        {"priorities": (priority("p2"),)},
    ):
        record = told_by_group(**fields)
        [cadence] = [one for one in record.cadences if one.id == "group-checkin"]
        assert topics_of(record, cadence) == ()


def test_a_file_takes_it_and_lets_it_feed_no_digest() -> None:
    record = told_by_group()
    assert check(to_file(record))[1] == []
    feeding = [replace(one, feeds="friday") if one.id == "group-checkin" else one for one in record.cadences]
    read_again, problems = check(to_file(replace(record, cadences=tuple(feeding))))
    assert read_again is None
    assert ["Only what priority_owners say feeds a digest: leave it out." in one.message for one in problems] == [True]
