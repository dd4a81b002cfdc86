"""A check-in that asks a group's members for themselves: asked, reminded, stood in for, answered, closed, changed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clock import FixedCalendar
from bot.domain.checkins import earlier_answers
from bot.domain.coalition_file import check, to_file
from bot.domain.record import find_member_answer
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.checkins import NotYet, RoundClosed, Stored
from tests.builders import away, day, group
from tests.services.group_checkin import ANA, BEN, group_checkin, own_subject, say, with_group_checkin
from tests.services.own_set import live
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2026-11-{number}" for number in (24, 25, 26, 27))
OPENS, REMINDED, STANDS_IN, CLOSES = (
    f"{WEDNESDAY}T09:00",
    f"{THURSDAY}T09:00",
    f"{THURSDAY}T14:00",
    f"{FRIDAY}T12:00",
)


@pytest.fixture
async def stage(any_services: Services, calendar: FixedCalendar) -> Stage:
    return await begin(any_services, calendar)


async def begin(services: Services, calendar: FixedCalendar, **fields: Any) -> Stage:
    """Live on the Tuesday before, after the round on priorities has been answered."""
    stage = await Stage.with_record(services, calendar, with_group_checkin(**fields))
    stage.at(f"{TUESDAY}T08:00")
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    await live(stage, f"{TUESDAY}T09:00")
    await stage.answer("ana", "p1")
    await live(stage, f"{TUESDAY}T09:05")
    return stage


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


async def test_a_whole_round(stage: Stage) -> None:
    """One answers, one is reminded and answers, for one the stand-in answers; each is asked on their own."""
    await live(stage, OPENS)
    assert await asked(stage) == {("ana", "ask ana"), ("ben", "ask ben"), ("cal", "ask cal")}
    assert isinstance(await say(stage, "ana", ANA), Stored)
    await live(stage, REMINDED)
    assert {one for one in await asked(stage) if "reminder" in one[1]} == {
        ("ben", "reminder ben"),
        ("cal", "reminder cal"),
    }
    assert isinstance(await say(stage, "cal", {"pace": "right"}), Stored)
    await live(stage, STANDS_IN)
    # Cal stands in for Ben; nobody does for Cal, and Ana has answered.
    assert [one for one in await asked(stage) if "delegate" in one[1]] == [("cal", "delegate ben")]
    stored = await say(stage, "ben", BEN, by="cal")
    assert isinstance(stored, Stored)
    assert stored.stands_in_for == "Ben"
    await live(stage, CLOSES)
    record = await stage.record()
    given = {(one.member, one.by): dict(one.answers) for one in record.member_answers}
    assert given == {("ana", "ana"): ANA, ("cal", "cal"): {"pace": "right"}, ("ben", "cal"): BEN}
    assert all(one.round == day(WEDNESDAY) and one.cadence == "group-checkin" for one in record.member_answers)
    assert {(one.member, one.asked) for one in record.rounds if one.member} == {
        ("ana", True),
        ("ben", True),
        ("cal", True),
    }
    assert isinstance(await say(stage, "ana", ANA, form="late"), RoundClosed)
    # What people say for themselves says nothing of how a priority stands.
    assert [one.cadence for one in record.responses] == ["weekly"]


async def test_what_is_missing_is_said_and_the_same_form_is_stored_once(stage: Stage) -> None:
    await live(stage, OPENS)
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


async def test_only_who_is_asked_their_stand_in_and_coordinators_answer(stage: Stage) -> None:
    await live(stage, OPENS)
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


async def test_no_change_repeats_at_most_twice_and_never_what_was_for_the_coordinators(stage: Stage) -> None:
    await live(stage, OPENS)
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


async def test_whoever_is_away_is_not_asked_and_their_stand_in_is(
    any_services: Services, calendar: FixedCalendar
) -> None:
    stage = await begin(any_services, calendar, ana={"away": (away(WEDNESDAY, FRIDAY),)})
    await live(stage, OPENS)
    assert await asked(stage) == {("ben", "ask ben"), ("ben", "delegate ana"), ("cal", "ask cal")}


async def test_whoever_has_left_the_group_is_not_asked(stage: Stage) -> None:
    """Also in the round that is open; who joined is asked in the next one."""
    await live(stage, OPENS)
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


async def test_a_note_to_the_coordinators_is_theirs_alone(stage: Stage) -> None:
    await live(stage, OPENS)
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


async def test_it_is_run_as_the_others_are(stage: Stage) -> None:
    lou, rounds, cadences = await stage.actor("lou"), stage.services.checkin_rounds, stage.services.checkin_cadences
    await live(stage, OPENS)
    assert {one.name for one in (await rounds.ask_again(lou, "group")).waiting} == {"Ana", "Ben", "Cal"}
    await rounds.ask_again(lou, "group @Ben", once_more=True)
    await live(stage, f"{WEDNESDAY}T10:00")
    assert ("ben", "again ben") in await asked(stage)
    question = await cadences.pausing(lou, "group")
    assert {one.name for one in question.owed} == {"Ana", "Ben", "Cal"}
    await cadences.pause(lou, "group")
    assert not (await cadences.pausing(lou, "group")).owed
    resumed = await cadences.resume(lou, "group")
    assert {one.name for one in resumed.owed} == {"Ana", "Ben", "Cal"}
    closed = await rounds.close(lou, "group")
    assert (closed.answered, closed.asked) == (0, 3)
    await live(stage, f"{WEDNESDAY}T10:05")
    form = await rounds.reopen_form(lou, "group")
    await rounds.reopen(lou, "group", form.until.astimezone().replace(tzinfo=None))
    card = await cadences.show(await stage.actor("ana"), "group")
    assert [item.is_own for item in card.mine] == [True]


async def test_picked_members_and_audiences_by_role(any_services: Services, calendar: FixedCalendar) -> None:
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
        stage = await Stage.with_record(any_services, calendar, preview_of, as_key=f"of-{audience}".replace("_", "-"))
        stage.at(f"{TUESDAY}T08:00")
        await stage.link()
        await stage.go_live()
        preview = await stage.services.checkin_cadences.preview(await stage.actor("lou"), "group")
        members = {member.name: member.id for member in preview_of.members}
        found = {members[receiver.name] for receiver in preview.receivers}
        assert found == who, audience
