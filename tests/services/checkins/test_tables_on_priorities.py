"""All rounds' answers on priorities as a table: a row for each answer, to whoever reads it on the priority's card."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.domain.record import record as values
from bot.domain.vocabularies import AnswerReaders
from bot.errors import Refused
from bot.services import Services
from bot.slack.blocks.checkins import answers_message, exported_words
from tests.builders import group, member, metric, priority, reading
from tests.examples import one_in
from tests.services.checkins.test_stocktakes import TOLD as TAKEN
from tests.services.checkins.test_stocktakes import begun, taking_stock
from tests.services.lived import once
from tests.services.own_set import STOCK, TOLD, answered_both, live, say, with_own_set
from tests.services.reading import read
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

ASKED, CLOSED, AGAIN, OVER = "2026-11-24T09:00", "2026-11-26T12:05", "2026-12-01T09:00", "2026-12-03T12:05"


def of_two(readers: AnswerReaders = AnswerReaders.STEERING, **fields: Any) -> Record:
    """Ana's two priorities, of which Ben's working group works on the first; Out steers, Dan is a member only."""
    found = small(
        priorities=(priority("p1", working_group="wg", channel=None), priority("p2", channel=None)),
        groups=(
            group(channel="leaders", members=("out",)),
            group("wg", name="Working Group", kind="working_group", members=("ben",), priority="p1"),
        ),
        cadences=(friday(), weekly()),
        question_sets=(replace(questions(), readers=readers),),
    )
    steers = (values.Role(role="steering_member", scope="coalition"),)
    people = tuple(replace(one, roles=steers) if one.id == "out" else one for one in found.members)
    return replace(found, members=(*people, member("dan")), **fields)


@once
async def start(services: Services, calendar: FixedCalendar, record: Record) -> Stage:
    stage = await Stage.with_record(services, calendar, record)
    await stage.link()
    await stage.go_live()
    return stage


async def table(stage: Stage, who: str, checkin: str = "weekly") -> list[dict[str, str]]:
    found = await stage.services.checkin_answers.table(await stage.actor(who), checkin)
    return [dict(zip(found.rows[0], row, strict=True)) for row in found.rows[1:]]


async def test_each_answer_is_a_row_with_who_gave_it_and_no_formula(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await start(services, calendar, of_two())
    await live(stage, ASKED)
    await stage.answer("ana", "p1", moved="=1+1", ask="A van", ask_from="other", for_coordinator="Between us.")
    await stage.answer("lou", "p2", "view-2", assessment="at_risk", blocker="-2 people")
    await live(stage, CLOSED, AGAIN)
    await stage.answer("ana", "p1", "view-3")
    first = {
        "Round": "2026-12-01",
        "Priority": "Priority p1",
        "Answered by": "Ana",
        "On behalf of": "",
        "Answered at": "2026-12-01 09:00",
        "No change": "",
        "How?": "on_track",
        "Sure?": "7",
        "Moved?": "Moved.",
        "Way?": "",
        "Need?": "",
        "Who?": "",
        "Next?": "Next.",
    }
    assert await table(stage, "lou") == [
        first,
        first
        | {"Round": "2026-11-24", "Answered at": "2026-11-24 09:00"}
        | {"Moved?": "'=1+1", "Need?": "A van", "Who?": "Other"},
        first
        | {"Round": "2026-11-24", "Answered at": "2026-11-24 09:00", "Priority": "Priority p2"}
        | {"Answered by": "Lou", "On behalf of": "Ana", "How?": "at_risk", "Way?": "'-2 people"},
    ]


async def test_a_part_is_read_by_whoever_reads_that_priority_once_rounds_have_closed(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await start(services, calendar, of_two())
    await live(stage, ASKED)
    for key in ("p1", "p2"):
        await stage.answer("ana", key, key)
    # Who has not answered yet is between them and the coordinators.
    assert len(await table(stage, "lou")) == 2
    assert await table(stage, "ben") == []
    await live(stage, CLOSED)
    seen = {who: {one["Priority"] for one in await table(stage, who)} for who in ("lou", "ana", "out", "ben")}
    both = {"Priority p1", "Priority p2"}
    assert seen == {"lou": both, "ana": both, "out": both, "ben": {"Priority p1"}}
    for who in ("cal", "dan"):
        with pytest.raises(Refused, match="is read by each priority's working group, the Group steering"):
            await table(stage, who)
    for who, about in (("lou", ""), ("ben", " on the priorities that you read")):
        found = await services.checkin_answers.table(await stage.actor(who), "weekly")
        assert exported_words(found) == (
            f"Cadence weekly: {2 if who == 'lou' else 1} answer{'s' if who == 'lou' else ''} from all rounds{about}, "
            "without what was for the coordinators only."
        )
    # The next round is open and nobody has answered: what was answered before it can be had all the same.
    await live(stage, AGAIN)
    page = answers_message(await services.checkin_answers.page(await stage.actor("lou"), "weekly"))
    assert "0 of 2 answered" in read(page)
    assert "All rounds as CSV" in read(page)


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("readers", "who"),
    one_in(
        4,
        [
            (AnswerReaders.STEERING, {"lou", "ana", "ben", "out"}),
            (AnswerReaders.GROUP, {"lou", "ana", "ben"}),
            (AnswerReaders.COORDINATORS, {"lou"}),
            (AnswerReaders.EVERYBODY, {"lou", "ana", "ben", "out", "cal", "dan"}),
        ],
    ),
)
async def test_it_is_read_by_those_whom_its_questions_name(
    services: Services, calendar: FixedCalendar, readers: AnswerReaders, who: set[str]
) -> None:
    """Of questions that say nothing of how a priority stands; the same people read it page by page."""
    file = of_two()
    file = replace(file, question_sets=(*file.question_sets, replace(STOCK, readers=readers)))
    stage = await start(services, calendar, replace(file, cadences=(*file.cadences, with_own_set().cadences[-1])))
    await live(stage, "2026-11-25T09:00")
    await say(stage, "stock", **TOLD)
    await live(stage, "2026-11-27T12:05")
    for key in ("lou", "ana", "ben", "out", "cal", "dan"):
        actor = await stage.actor(key)
        if key not in who:
            for read_by in (services.checkin_answers.page, services.checkin_answers.table):
                with pytest.raises(Refused):
                    await read_by(actor, "stock")
            continue
        assert (await services.checkin_answers.page(actor, "stock")).lines
        [row] = await table(stage, key, "stock")
        assert row["Priority"] == "Priority p1"
        assert "Between us." not in row.values()
        assert (row["Does it bend?"], row["Who helps?"], row["What helped?"]) == (
            "cannot_tell",
            "Other",
            "time; more_money",
        )


async def test_what_was_asked_otherwise_has_a_column_and_keeps_its_readers(
    services: Services, calendar: FixedCalendar
) -> None:
    """Opened to more afterwards, what few were told to read stays theirs, its columns too."""
    file = with_own_set()
    few = replace(STOCK, readers=AnswerReaders.COORDINATORS)
    stage = await start(services, calendar, replace(file, question_sets=(file.question_sets[0], few)))
    await live(stage, "2026-11-25T09:00")
    await say(stage, "stock", **TOLD)
    await live(stage, "2026-11-27T12:05")
    with pytest.raises(Refused, match="is read by the coordinators only"):
        await table(stage, "ana", "stock")
    curve = replace(STOCK.questions[1], label="Which way?", options=("up", "down"))
    anew = replace(STOCK, questions=(STOCK.questions[0], curve, STOCK.questions[4]), readers=AnswerReaders.GROUP)
    await services.coalitions.import_record(
        replace(file, question_sets=(file.question_sets[0], anew)), prefer_file=True
    )
    await live(stage, "2026-12-02T09:00")
    await say(stage, "stock", assessment="off_track", curve="up", blocker="Pay.")
    await live(stage, "2026-12-04T12:05")
    new, old = await table(stage, "lou", "stock")
    assert (new["Which way?"], new["Does it bend? (until 2026-11-25)"]) == ("up", "")
    assert (old["Which way?"], old["Does it bend? (until 2026-11-25)"]) == ("", "cannot_tell")
    assert (old["How is it?"], new["How is it?"]) == ("on_track", "off_track")
    [only] = await table(stage, "ana", "stock")
    assert only["Round"] == "2026-12-02"
    assert not [column for column in only if "until" in column]


async def test_what_is_asked_of_few_now_has_no_column_for_others(services: Services, calendar: FixedCalendar) -> None:
    file = with_own_set()
    stage = await answered_both(services, calendar)
    await live(stage, "2026-11-27T12:05")
    few = replace(STOCK.questions[1], label="Who is to go?")
    anew = replace(STOCK, questions=(few, *STOCK.questions[2:]), readers=AnswerReaders.COORDINATORS)
    await services.coalitions.import_record(
        replace(file, question_sets=(file.question_sets[0], anew)), prefer_file=True
    )
    [row], [whole] = await table(stage, "ana", "stock"), await table(stage, "lou", "stock")
    assert "Who is to go?" in whole
    assert "Who is to go?" not in row
    assert row["Does it bend? (until 2026-11-25)"] == "cannot_tell"


async def test_a_withheld_figure_takes_its_forecasts_along(services: Services, calendar: FixedCalendar) -> None:
    few = metric(
        "m1", reading("2026-06-30", 20, reporters=9), reading("2026-09-30", 30, reporters=2), confidential_below_n=5
    )
    stage = await begun(services, calendar, taking_stock(priorities=(priority(channel="p-one", metrics=(few,)),)))
    await say(stage, "stock", **TAKEN)
    await live(stage, "2026-11-30T09:00")
    for who in ("ana", "lou"):
        [row] = await table(stage, who, "stock")
        assert "58.5" not in str(row)
        assert "2027-03-31" not in str(row)
        assert list(row.values()).count("withheld") == 2
        assert "The spring cohort was half as large." in row.values()
