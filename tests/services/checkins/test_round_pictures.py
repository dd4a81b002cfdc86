"""Pictures over a check-in's rounds: what is counted in them, for whom, and never what is too little or still open; and
the answers on priorities, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.clock import FixedCalendar
from bot.domain.vocabularies import AnswerReaders
from bot.errors import Refused
from bot.services import Services
from bot.slack.blocks.checkins import answers_message, checkin_card, pictures_message
from tests.builders import group, priority
from tests.conftest import Beginnings
from tests.services import pulse_rounds
from tests.services.checkins.test_pulses import told
from tests.services.group_checkin import ANA, BEN, WORK, say, with_group_checkin
from tests.services.lived import once
from tests.services.own_set import live
from tests.services.pulse_rounds import PEOPLE, PULSE
from tests.services.reading import read
from tests.services.small import questions
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

FIRST, CLOSED, SECOND, OVER = "2026-11-25T09:00", "2026-11-27T12:05", "2026-12-02T09:00", "2026-12-04T12:05"
QUICK = replace(
    WORK,
    questions=(
        replace(WORK.questions[0], label="Is it quick enough?", options=("too_slow", "fine", "too_fast")),
        *WORK.questions[1:],
    ),
)


@once
async def began(services: Services, calendar: FixedCalendar, readers: AnswerReaders) -> Stage:
    record = with_group_checkin(question_sets=(questions(), replace(WORK, readers=readers)))
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    await live(stage, FIRST)
    await say(stage, "ana", ANA)
    await say(stage, "ben", BEN)
    await live(stage, CLOSED)
    return stage


async def pictures(stage: Stage, who: str, checkin: str = "group") -> dict[str, list[dict[str, int]]]:
    found = await stage.services.checkin_answers.pictures(await stage.actor(who), checkin)
    return {
        chart.label: [
            {words: count for words, count in zip(chart.choices, one.counts, strict=True) if count}
            for one in chart.columns
        ]
        for chart in found.charts
    }


async def test_each_round_is_counted_in_its_own_words(services: Services, calendar: FixedCalendar) -> None:
    stage = await began(services, calendar, AnswerReaders.STEERING)
    await services.coalitions.import_record(
        with_group_checkin(question_sets=(questions(), replace(QUICK, readers=AnswerReaders.STEERING)))
    )
    await live(stage, SECOND)
    await say(stage, "ana", {"pace": "fine", "use": "5"})
    # What is still open is told by nobody's first answer.
    assert await pictures(stage, "ana") == {}
    await live(stage, OVER)
    assert await pictures(stage, "ana") == {
        "Is it quick enough?": [{"right": 1, "too slow": 1}, {"fine": 1}],
        "How useful were the meetings?": [{"4": 1, "2": 1}, {"5": 1}],
    }
    found = await stage.services.checkin_answers.pictures(await stage.actor("ana"), "group")
    alt = found.charts[1].alt
    assert "Nov 25: 2 answers: 2 (1), 4 (1), median 3. Dec 2: 1 answer: 5 (1), median 5." in alt
    assert alt in pictures_message(found).text
    for who in ("out", "cal"):
        actor = await stage.actor(who)
        if who == "out":
            with pytest.raises(Refused, match="is read by"):
                await stage.services.checkin_answers.pictures(actor, "group")
        else:
            assert len(await pictures(stage, who)) == 2


async def test_what_few_were_told_to_read_is_in_nobody_elses_picture(
    services: Services, calendar: FixedCalendar
) -> None:
    """Also where the next round's answers are opened to the group."""
    stage = await began(services, calendar, AnswerReaders.COORDINATORS)
    await services.coalitions.import_record(
        with_group_checkin(question_sets=(questions(), replace(WORK, readers=AnswerReaders.STEERING)))
    )
    await live(stage, SECOND)
    await say(stage, "ana", ANA, form="another view")
    await live(stage, OVER)
    assert await pictures(stage, "ana") == {}
    assert {one: len(columns) for one, columns in (await pictures(stage, "lou")).items()} == {
        "Is the pace right?": 2,
        "How useful were the meetings?": 2,
    }


async def test_of_one_round_a_line_says_so(services: Services, calendar: FixedCalendar) -> None:
    stage = await began(services, calendar, AnswerReaders.STEERING)
    lou = await stage.actor("lou")
    card = checkin_card(await stage.services.checkin_cadences.show(lou, "group"))
    assert "Picture over rounds" in str(card.blocks)
    words = pictures_message(await stage.services.checkin_answers.pictures(lou, "group"))
    assert "one round was counted. A picture comes with the second one that has closed" in read(words)
    assert [one["type"] for one in words.blocks] == ["section"]


@pytest.fixture
async def told_stage(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    """After a round of the pulse that six have answered."""
    async with sqlite_beginnings.after("a_pulse_told", told) as stage:
        yield stage


async def test_a_pulse_shows_counts_of_five_and_more(told_stage: Stage) -> None:
    """A round that four have answered is in no picture, and what people wrote isn't either."""
    stage = told_stage
    for opens, closes, people in (
        (SECOND, OVER, PEOPLE[:4]),
        ("2026-12-09T09:00", "2026-12-11T12:05", PEOPLE[:5]),
    ):
        await live(stage, opens)
        for who in people:
            await pulse_rounds.say(stage, who)
        await live(stage, closes)
    found = await stage.services.checkin_answers.pictures(await stage.actor("hal"), PULSE)
    assert [[one.on.day for one in chart.columns] for chart in found.charts] == [[25, 9], [25, 9]]
    assert [one.answered for one in found.charts[0].columns] == [6, 5]
    assert found.charts[0].is_scale
    assert "words of number" not in str(found)
    card = checkin_card(await stage.services.checkin_cadences.show(await stage.actor("hal"), PULSE))
    assert "Picture over rounds" in str(card.blocks)


async def test_answers_on_priorities_are_read_page_by_page_by_right(
    services: Services, calendar: FixedCalendar
) -> None:
    many = tuple(priority(f"p{number}", name=f"Priority {number}", channel=None) for number in range(1, 8))
    record = with_group_checkin(
        priorities=(replace(many[0], working_group="wg"), *many[1:]),
        groups=(group("wg", kind="working_group", members=("ben",), priority="p1"),),
        cadences=tuple(one for one in with_group_checkin().cadences if one.id in {"weekly", "friday"}),
    )
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    await live(stage, "2026-11-24T09:00")
    for number in range(1, 8):
        await stage.answer("ana", f"p{number}", form=f"view-{number}", moved=f"Moved {number}.")
    answers = stage.services.checkin_answers
    # Who has not answered yet is between them and the coordinators.
    early = await answers.page(await stage.actor("ben"), "weekly")
    assert (early.on, early.asked, early.lines) == (None, None, ())
    assert "no round has closed yet" in read(answers_message(early))
    assert (await answers.page(await stage.actor("lou"), "weekly")).answered == 7
    await live(stage, CLOSED)
    for who, seen, asked in (("lou", 7, 7), ("ben", 1, None)):
        page = await answers.page(await stage.actor(who), "weekly")
        assert (page.answered, page.asked, page.pages) == (seen, asked, 2 if seen > 5 else 1), who
        card = await stage.services.checkin_cadences.show(await stage.actor(who), "weekly")
        assert card.answers == page
    second = await answers.page(await stage.actor("lou"), "weekly", 1)
    assert [one.name for one in second.lines] == ["Priority 6", "Priority 7"]
    text = read(answers_message(second))
    assert "Moved? “Moved 7.”" in text
    assert "All rounds as CSV" in text
    assert "on the priorities that you read" in read(
        answers_message(await answers.page(await stage.actor("ben"), "weekly"))
    )
    with pytest.raises(Refused):
        await answers.page(await stage.actor("cal"), "weekly")
