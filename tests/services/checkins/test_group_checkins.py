"""A check-in that asks a group's members for themselves: asked, reminded, stood in for, answered, closed, changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.checkins import RoundSummary, earlier_answers, summarize
from bot.domain.coalition_file import check, to_file
from bot.domain.record import find_member_answer
from bot.domain.record import record as values
from bot.domain.vocabularies import AnswerReaders
from bot.domain.week import What
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.checkins import NotYet, RoundClosed, Stored
from bot.slack.blocks.checkins import summary_post
from tests.builders import away, day, group, member
from tests.conftest import Beginnings
from tests.examples import on, one_in
from tests.services.group_checkin import ANA, BEN, WORK, group_checkin, own_subject, say, with_group_checkin
from tests.services.lived import once
from tests.services.own_set import live
from tests.services.small import friday, questions, weekly
from tests.services.stage import ZONE, Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2026-11-{number}" for number in (24, 25, 26, 27))
OPENS, REMINDED, STANDS_IN, CLOSES = (
    f"{WEDNESDAY}T09:00",
    f"{THURSDAY}T09:00",
    f"{THURSDAY}T14:00",
    f"{FRIDAY}T12:00",
)


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    return await begin(services, calendar)


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("before_a_group_checkin", begin) as stage:
        yield stage


@once
async def begin(services: Services, calendar: FixedCalendar) -> Stage:
    """Live on the Tuesday before, after the round on priorities has been answered."""
    stage = await Stage.with_record(services, calendar, with_group_checkin())
    stage.at(f"{TUESDAY}T08:00")
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await live(stage, f"{TUESDAY}T09:00")
    await stage.answer("ana", "p1")
    await live(stage, f"{TUESDAY}T09:05")
    return stage


@once
async def opened(services: Services, calendar: FixedCalendar) -> Stage:
    """Once its round has opened."""
    stage = await begin(services, calendar)
    await live(stage, OPENS)
    return stage


@once
async def opened_alone(services: Services, calendar: FixedCalendar, **fields: Any) -> Stage:
    """The same of a coalition that began on that morning, of whose priorities nobody has been asked."""
    stage = await Stage.with_record(services, calendar, with_group_checkin(**fields))
    stage.at(f"{WEDNESDAY}T08:00")
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await live(stage, OPENS)
    return stage


@pytest.fixture
async def stage_at_nine(services: Services, calendar: FixedCalendar) -> Stage:
    return await opened(services, calendar)


async def asked(stage: Stage, since: str = "Nov 25") -> set[tuple[str, str]]:
    """Whom rounds have asked what since a day, whatever else came with it: "ask ana"."""
    days = [f"Nov {number}" for number in range(25, 31)] + [f"Dec {number:02}" for number in range(1, 32)]
    return {
        (one.to, item)
        for one in await stage.deliveries("prompts")
        if one.state == "sent" and one.due[4:10] in days[days.index(since) :]
        for item in one.items
        if "p1" not in item
    }


@pytest.mark.in_part
@on("postgres", "any_beginnings")
async def test_a_whole_round(any_stage: Stage) -> None:
    """One answers, one is reminded and answers, for one the stand-in answers; each is asked on their own."""
    await live(any_stage, OPENS)
    assert await asked(any_stage) == {("ana", "ask ana"), ("ben", "ask ben"), ("cal", "ask cal")}
    assert isinstance(await say(any_stage, "ana", ANA), Stored)
    await live(any_stage, REMINDED)
    assert {one for one in await asked(any_stage) if "reminder" in one[1]} == {
        ("ben", "reminder ben"),
        ("cal", "reminder cal"),
    }
    assert isinstance(await say(any_stage, "cal", {"pace": "right"}), Stored)
    await live(any_stage, STANDS_IN)
    # Cal stands in for Ben; nobody does for Cal, and Ana has answered.
    assert [one for one in await asked(any_stage) if "delegate" in one[1]] == [("cal", "delegate ben")]
    stored = await say(any_stage, "ben", BEN, by="cal")
    assert isinstance(stored, Stored)
    assert stored.stands_in_for == "Ben"
    await live(any_stage, CLOSES)
    record = await any_stage.record()
    given = {(one.member, one.by): dict(one.answers) for one in record.member_answers}
    assert given == {("ana", "ana"): ANA, ("cal", "cal"): {"pace": "right"}, ("ben", "cal"): BEN}
    assert all(one.round == day(WEDNESDAY) and one.cadence == "group-checkin" for one in record.member_answers)
    assert {(one.member, one.asked) for one in record.rounds if one.member} == {
        ("ana", True),
        ("ben", True),
        ("cal", True),
    }
    assert isinstance(await say(any_stage, "ana", ANA, form="late"), RoundClosed)
    # What people say for themselves says nothing of how a priority stands.
    assert [one.cadence for one in record.responses] == ["weekly"]


async def test_what_is_missing_is_said_and_the_same_form_is_stored_once(stage_at_nine: Stage) -> None:
    stage = stage_at_nine
    missing = await say(stage, "ana", {"pace": ""})
    assert isinstance(missing, NotYet)
    assert set(missing.errors) == {"pace"}
    assert await say(stage, "ana", ANA) == await say(stage, "ana", ANA)
    edited = await say(stage, "ana", {"pace": "too_fast"}, form="again")
    assert isinstance(edited, Stored)
    assert edited.edited
    record = await stage.record()
    [one] = record.member_answers
    assert dict(one.answers) == {"pace": "too_fast"}
    assert one.edited_at is not None


async def test_only_who_is_asked_their_stand_in_and_coordinators_answer(stage_at_nine: Stage) -> None:
    stage = stage_at_nine
    with pytest.raises(Refused, match="answer to How the group works is given by whoever is asked"):
        await say(stage, "ana", ANA, by="cal")
    assert isinstance(await say(stage, "ana", ANA, by="lou"), Stored)
    # Their own answer goes before it, and a stand-in's never before theirs.
    assert isinstance(await say(stage, "ana", BEN, form="own"), Stored)
    with pytest.raises(Refused, match="Ana has answered"):
        await say(stage, "ana", ANA, by="ben", form="over")
    record = await stage.record()
    found = find_member_answer(record, "group-checkin", day(WEDNESDAY), "ana")
    assert found is not None
    # The note was the coordinator's own, and stays theirs.
    assert (found.by, found.answers["pace"]) == ("ana", "too_slow")


async def test_no_change_repeats_at_most_twice_and_never_what_was_for_the_coordinators(stage_at_nine: Stage) -> None:
    stage = stage_at_nine
    await say(stage, "ana", ANA)
    for number, wednesday in enumerate(("2026-12-02", "2026-12-09")):
        await live(stage, f"{wednesday}T09:00")
        subject = await own_subject(stage, "ana")
        await stage.services.checkins.repeat_last(await stage.actor("ana"), f"no-{number}", subject.id)
    record = await stage.record()
    earlier = earlier_answers(record, "group-checkin", "ana", day("2026-12-31"))
    assert [one.no_change for one in earlier] == [False, True, True]
    assert "for_coordinator" not in earlier[-1].answers
    assert earlier[-1].answers["pace"] == "right"
    await live(stage, "2026-12-16T09:00")
    subject = await own_subject(stage, "ana")
    with pytest.raises(UserError, match="at most twice"):
        await stage.services.checkins.repeat_last(await stage.actor("ana"), "no-3", subject.id)


async def test_whoever_is_away_is_not_asked_and_their_stand_in_is(services: Services, calendar: FixedCalendar) -> None:
    stage = await opened_alone(services, calendar, ana={"away": (away(WEDNESDAY, FRIDAY),)})
    assert await asked(stage) == {("ben", "ask ben"), ("ben", "delegate ana"), ("cal", "ask cal")}


async def test_whoever_has_left_the_group_is_not_asked(stage_at_nine: Stage) -> None:
    """Also in the round that is open; who joined is asked in the next one."""
    stage = stage_at_nine
    record = with_group_checkin(
        groups=(
            group(channel="leaders", members=("ana", "ben")),
            group("wg", name="Working Group", kind="working_group", members=("ana", "ben", "lou"), channel="wg-room"),
        )
    )
    await stage.services.coalitions.import_record(record)
    await live(stage, REMINDED, STANDS_IN)
    assert {one for one in await asked(stage) if "reminder" in one[1]} == {
        ("ana", "reminder ana"),
        ("ben", "reminder ben"),
    }
    await live(stage, CLOSES, "2026-12-02T08:00", "2026-12-02T09:00")
    assert await asked(stage, "Dec 02") == {("ana", "ask ana"), ("ben", "ask ben"), ("lou", "ask lou")}


async def test_what_was_written_ahead_counts_from_the_opening(stage: Stage) -> None:
    mine = await stage.services.checkins.mine(await stage.actor("ana"))
    [ahead] = [one for one in mine.ahead if one.is_own]
    assert ahead.heading == "How the group works"
    form = await stage.services.checkins.form_ahead(await stage.actor("ana"), ahead.cadence, ahead.priority)
    assert form.ahead is not None
    await stage.services.checkins.submit_ahead(await stage.actor("ana"), "ahead-1", form.ahead, ANA)
    await live(stage, OPENS)
    assert await asked(stage) == {("ben", "ask ben"), ("cal", "ask cal")}
    [one] = (await stage.record()).member_answers
    assert (one.member, dict(one.answers)) == ("ana", ANA)


async def test_a_note_to_the_coordinators_is_theirs_alone(stage_at_nine: Stage) -> None:
    stage = stage_at_nine
    await say(stage, "ana", ANA)
    status = await stage.services.checkin_rounds.status(await stage.actor("lou"), "group")
    [note] = status.notes
    assert (note.text, note.author_name, note.priority, note.priority_name) == (
        "I may move.",
        "Ana",
        None,
        "Group check-in",
    )
    [answered] = status.answered
    assert [one.plain for one in answered.said] == [
        "Is the pace right? right",
        "How useful were the meetings? 4 of 5",
        "What would make it better? “Shorter <agendas> & fewer slides.”",
    ]
    assert {line.owner_name for line in status.waiting} == {"Ben", "Cal"}


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_it_is_run_as_the_others_are(any_stage: Stage) -> None:
    lou, rounds, cadences = (
        await any_stage.actor("lou"),
        any_stage.services.checkin_rounds,
        any_stage.services.checkin_cadences,
    )
    await live(any_stage, OPENS)
    assert {one.name for one in (await rounds.ask_again(lou, "group")).waiting} == {"Ana", "Ben", "Cal"}
    await rounds.ask_again(lou, "group @Ben", once_more=True)
    await live(any_stage, f"{WEDNESDAY}T10:00")
    assert ("ben", "again ben") in await asked(any_stage)
    question = await cadences.pausing(lou, "group")
    assert {one.name for one in question.owed} == {"Ana", "Ben", "Cal"}
    await cadences.pause(lou, "group")
    assert not (await cadences.pausing(lou, "group")).owed
    resumed = await cadences.resume(lou, "group")
    assert {one.name for one in resumed.owed} == {"Ana", "Ben", "Cal"}
    closed = await rounds.close(lou, "group")
    assert (closed.answered, closed.asked) == (0, 3)
    await live(any_stage, f"{WEDNESDAY}T10:05")
    form = await rounds.reopen_form(lou, "group")
    await rounds.reopen(lou, "group", form.until.astimezone().replace(tzinfo=None))
    card = await cadences.show(await any_stage.actor("ana"), "group")
    assert [item.is_own for item in card.mine] == [True]


async def test_picked_members_and_audiences_by_role(services: Services, calendar: FixedCalendar) -> None:
    """Each of them is asked what the file says, and nothing else."""
    for audience, attendees, who in (
        (None, ("ben", "out"), {"ben", "out"}),
        ("all_members", (), {"ana", "ben", "cal", "lou", "out"}),
        ("steering", (), {"ana", "ben"}),
    ):
        one = group_checkin(audience=audience, attendees=attendees)
        preview_of = with_group_checkin(one)
        _read, problems = check(to_file(preview_of))
        assert not problems
        stage = await Stage.with_record(services, calendar, preview_of, as_key=f"of-{audience}".replace("_", "-"))
        stage.at(f"{TUESDAY}T08:00")
        await stage.link()
        await stage.go_live()
        preview = await stage.services.checkin_cadences.preview(await stage.actor("lou"), "group")
        members = {member.name: member.id for member in preview_of.members}
        found = {members[receiver.name] for receiver in preview.receivers}
        assert found == who, audience


async def round_of(stage: Stage) -> None:
    """A round in which Ana and Cal answer, and Ben does not."""
    await say(stage, "ana", ANA)
    await say(stage, "cal", {"pace": "right", "use": "5"})
    await live(stage, CLOSES, f"{FRIDAY}T12:05")


async def test_a_summary_is_posted_once_and_changes_in_place(services: Services, calendar: FixedCalendar) -> None:
    """Also where a round is closed again: nobody is named for what is missing, and no note is in it."""
    stage = await opened_alone(services, calendar, cadences=(friday(), weekly(), group_checkin(summary="channel")))
    await round_of(stage)
    [posted] = await stage.deliveries("round_summary")
    assert (posted.to, posted.state) == ("#wg-room", "sent")
    summary = await said_in_summary(stage)
    assert (summary.answered, summary.asked) == (2, 3)
    assert [(one.label, one.counts) for one in summary.told if one.counts] == [
        ("Is the pace right?", (("right", 2),)),
        ("How useful were the meetings?", (("4 of 5", 1), ("5 of 5", 1))),
    ]
    [better] = [one for one in summary.told if one.quotes]
    assert [(one.name, one.organization, one.words) for one in better.quotes] == [
        ("Ana", "Acme", "Shorter <agendas> & fewer slides.")
    ]
    text = summary_post(summary).text
    assert "I may move." not in text
    assert "Ben" not in text
    lou = await stage.actor("lou")
    form = await stage.services.checkin_rounds.reopen_form(lou, "group")
    await stage.services.checkin_rounds.reopen(lou, "group", form.until.astimezone(ZONE).replace(tzinfo=None))
    await say(stage, "ben", BEN, form="late")
    await live(stage, f"{FRIDAY}T12:10")
    assert [(one.kind, one.state) for one in await stage.deliveries("round_summary", "round_summary update")] == [
        ("round_summary", "sent"),
        ("round_summary update", "sent"),
    ]
    assert (await said_in_summary(stage)).answered == 3
    await stage.services.checkin_rounds.close(lou, "group")
    await live(stage, f"{FRIDAY}T12:15", f"{FRIDAY}T12:20")
    assert len(await stage.deliveries("round_summary")) == 1


async def said_in_summary(stage: Stage) -> RoundSummary:
    """What the summary says now."""
    record = await stage.record()
    cadence = next(one for one in record.cadences if one.id == "group-checkin")
    found = summarize(record, cadence, day(WEDNESDAY), stage.calendar.now())
    assert found is not None
    return found


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("readers", "who"), one_in(2, [("group", {"ana", "ben", "cal", "lou"}), ("coordinators", {"lou"})])
)
async def test_a_summary_goes_to_each_reader_where_that_is_chosen(
    services: Services, calendar: FixedCalendar, readers: str, who: set[str]
) -> None:
    stage = await opened_alone(
        services,
        calendar,
        cadences=(friday(), weekly(), group_checkin(summary="readers")),
        question_sets=(questions(), replace(WORK, readers=AnswerReaders(readers))),
    )
    await round_of(stage)
    about = f"round_summary group-checkin {WEDNESDAY}"
    planned = [one for one in await stage.deliveries("prompts") if about in one.items]
    assert {one.to for one in planned} == who
    assert len(planned) == len(who)


async def test_nothing_is_told_of_a_round_without_an_answer(services: Services, calendar: FixedCalendar) -> None:
    stage = await opened_alone(services, calendar, cadences=(friday(), weekly(), group_checkin(summary="channel")))
    await live(stage, CLOSES, f"{FRIDAY}T12:05")
    assert await stage.deliveries("round_summary") == []


@pytest.mark.in_part
@pytest.mark.parametrize(
    ("readers", "who"),
    one_in(
        4,
        [
            ("steering", {"ana", "ben", "cal", "lou", "out"}),
            ("coordinators", {"lou"}),
            ("group", {"ana", "ben", "cal", "lou"}),
            ("everybody", {"ana", "ben", "cal", "lou", "out", "dan"}),
        ],
    ),
)
async def test_answers_are_read_by_their_readers(
    services: Services, calendar: FixedCalendar, readers: str, who: set[str]
) -> None:
    stage = await opened_alone(
        services,
        calendar,
        question_sets=(questions(), replace(WORK, readers=AnswerReaders(readers))),
        members=tuple(
            replace(one, roles=(values.Role(role="steering_member", scope="coalition"),)) if one.id == "out" else one
            for one in (*with_group_checkin().members, member("dan"))
        ),
        groups=(
            group(channel="leaders", members=("out",)),
            group("wg", name="Working Group", kind="working_group", members=("ana", "ben", "cal")),
        ),
    )
    await say(stage, "ana", ANA)
    answers, cadences = stage.services.checkin_answers, stage.services.checkin_cadences
    for key in ("ana", "ben", "cal", "lou", "out", "dan"):
        actor = await stage.actor(key)
        card = await cadences.show(actor, "group")
        assert (card.answers is not None) == (key in who), key
        if key not in who:
            with pytest.raises(Refused, match="Lou can help"):
                await answers.page(actor, "group")
            with pytest.raises(Refused, match="is read by"):
                await answers.table(actor, "group")
            continue
        page = await answers.page(actor, "group")
        assert card.answers == page
        assert [(line.name, line.organization, line.by_name) for line in page.lines] == [("Ana", "Acme", None)]
        assert all("coordinator" not in said.label for line in page.lines for said in line.said)
        table = await answers.table(actor, "group")
        assert "I may move." not in {cell for row in table.rows for cell in row}


async def test_all_rounds_are_a_table_of_which_no_cell_is_a_formula(
    services: Services, calendar: FixedCalendar
) -> None:
    stage = await opened(services, calendar)
    await say(stage, "ana", ANA | {"better": "=1+1"})
    await live(stage, CLOSES, "2026-12-02T09:00")
    await say(stage, "cal", {"pace": "right", "better": "Fine\nnow"})
    await say(stage, "ben", {"pace": "too_slow"}, by="cal")
    table = await stage.services.checkin_answers.table(await stage.actor("ana"), "")
    head, *rows = table.rows
    assert head[0] == "Round"
    assert head[6:] == ("Is the pace right?", "How useful were the meetings?", "What would make it better?")
    assert [(row[0], row[1], row[3], row[6:]) for row in rows] == [
        ("2026-12-02", "Ben", "Cal", ("too_slow", "", "")),
        ("2026-12-02", "Cal", "Cal", ("right", "", "Fine\nnow")),
        (WEDNESDAY, "Ana", "Ana", ("right", "4", "'=1+1")),
    ]


async def test_what_was_asked_otherwise_has_a_column_of_its_own(services: Services, calendar: FixedCalendar) -> None:
    stage = await opened(services, calendar)
    await say(stage, "ana", ANA)
    await live(stage, CLOSES)
    pace, use, _better, note = WORK.questions
    asked = (replace(pace, label="Is it quick enough?"), replace(use, id="rooms", label="How are the rooms?"), note)
    changed = with_group_checkin(question_sets=(questions(), replace(WORK, questions=asked)))
    await services.coalitions.import_record(changed, prefer_file=True)
    await live(stage, "2026-12-02T09:00")
    await say(stage, "ben", {"pace": "right", "rooms": "3"})
    head, *rows = (await stage.services.checkin_answers.table(await stage.actor("lou"), "group")).rows
    assert head[6:] == (
        "Is it quick enough?",
        "How are the rooms?",
        f"Is the pace right? (until {WEDNESDAY})",
        f"How useful were the meetings? (until {WEDNESDAY})",
        f"What would make it better? (until {WEDNESDAY})",
    )
    assert [(row[1], row[6:]) for row in rows] == [
        ("Ben", ("right", "3", "", "", "")),
        ("Ana", ("", "", "right", "4", "Shorter <agendas> & fewer slides.")),
    ]


async def test_where_answers_stand_is_said_of_the_others(stage: Stage) -> None:
    with pytest.raises(UserError, match="stand on the priorities' cards"):
        await stage.services.checkin_answers.pictures(await stage.actor("lou"), "weekly")


async def test_who_is_asked_for_themselves_sees_who_reads_it(stage: Stage) -> None:
    ana, out = [await stage.services.home.me(await stage.actor(key)) for key in ("ana", "out")]
    [own] = ana.own_checkins
    assert (own.name, own.readers) == ("How the group works", ("the Working Group", "the Group steering"))
    assert out.own_checkins == ()
    card = await stage.services.checkin_cadences.show(await stage.actor("out"), "group")
    assert card.readers == "the Working Group, the Group steering and the coordinators"


async def test_the_week_ahead_names_whom_it_asks(stage: Stage) -> None:
    week = await stage.services.week.preview(await stage.actor("lou"))
    about = ("Group check-in", What.ASK)
    asked_ones = {name for one in week.entries if (one.cadence, one.what) == about for name in one.people}
    along = [one for entry in week.entries for one in entry.along]
    asked_ones |= {name for one in along if (one.cadence, one.what) == about for name in one.people}
    # Ana's comes along with what she is asked about her priority.
    assert asked_ones == {"Ana", "Ben", "Cal"}
    assert any(one.cadence == "Group check-in" and one.what == What.CLOSE for one in week.entries)
    assert "Group check-in" not in week.not_sent_yet


async def test_a_round_with_its_answers_comes_back_from_a_file(services: Services, calendar: FixedCalendar) -> None:
    stage = await opened(services, calendar)
    await round_of(stage)
    record = await stage.record()
    read, problems = check(to_file(record))
    assert not problems
    assert read is not None
    elsewhere = await Stage.with_record(services, calendar, read, as_key="elsewhere")
    there = await elsewhere.record()
    assert there.member_answers == record.member_answers
    assert [one for one in there.rounds if one.member] == [one for one in record.rounds if one.member]
    lou = await elsewhere.actor("lou")
    page = await elsewhere.services.checkin_answers.page(lou, "group")
    assert (page.answered, page.asked) == (2, 3)
    [note] = (await elsewhere.services.checkin_rounds.status(lou, "group")).notes
    assert note.text == "I may move."
