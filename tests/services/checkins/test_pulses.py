"""An anonymous check-in: asked, reminded, answered by whoever is asked, closed, counted from five answers up, told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from bot.clock import FixedCalendar
from bot.domain.checkins import PromptItem, summary_about
from bot.domain.checkins import TookPart as Counted
from bot.domain.coalition_file import check, to_file
from bot.domain.digests import Page, channel_page, compose, funder_page, to_published
from bot.domain.digests.replies import closing
from bot.domain.histories import AuditQuery
from bot.domain.record import PublishedDigest, PulseResult
from bot.domain.typed import marks_of
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.checkins import NotYet, RoundClosed, TookPart
from bot.slack.blocks.checkins import checkin_card, checkin_view
from bot.slack.blocks.checkins.forms import NOT_KEPT_ON_CLOSE
from bot.slack.identifiers import Submission
from bot.store.checkins import PulseAnswerRow, RoundSubjectRow
from tests.conftest import Beginnings
from tests.examples import on
from tests.services.group_checkin import own_subject
from tests.services.own_set import live
from tests.services.pulse_rounds import (
    AFTER,
    CLOSES,
    COORDINATOR,
    OPENS,
    PEOPLE,
    PULSE,
    REMINDED,
    SAID,
    THURSDAY,
    WEDNESDAY,
    begin,
    pulse,
    say,
    with_pulse,
)
from tests.services.reading import messages, read
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")


async def opened(services: Services, calendar: FixedCalendar) -> Stage:
    stage = await begin(services, calendar)
    await live(stage, OPENS)
    return stage


@pytest.fixture
async def stage(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("a_pulse_opened", opened) as stage:
        yield stage


@pytest.fixture
async def any_stage(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with any_beginnings.after("a_pulse_opened", opened) as stage:
        yield stage


async def told(services: Services, calendar: FixedCalendar) -> Stage:
    """A round that six have answered and that is closed."""
    stage = await opened(services, calendar)
    for who in PEOPLE[:6]:
        await say(stage, who)
    await live(stage, CLOSES, AFTER)
    return stage


@pytest.fixture
async def told_stage(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("a_pulse_told", told) as stage:
        yield stage


async def result(stage: Stage) -> PulseResult | None:
    return next(iter((await stage.record()).pulses), None)


async def kept_answers(stage: Stage) -> int:
    async with stage.services.database.read() as session:
        return await session.scalar(select(func.count(PulseAnswerRow.random_key))) or 0


async def written_down(stage: Stage) -> int:
    async with stage.services.database.read() as session:
        of = select(func.count()).select_from(RoundSubjectRow).where(RoundSubjectRow.took_part.is_(True))
        return await session.scalar(of) or 0


async def status(stage: Stage) -> Counted:
    found = await stage.services.checkin_rounds.status(await stage.actor(COORDINATOR), PULSE)
    assert found.took_part is not None
    assert found.lines == ()
    return found.took_part


async def asked(stage: Stage, what: str) -> set[str]:
    return {
        one.to for one in await stage.deliveries("prompts") if one.state == "sent" and f"{what} {one.to}" in one.items
    }


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_a_whole_round(any_stage: Stage) -> None:
    """Everybody is asked, those who have not taken part are reminded, and what all said is told to everybody."""
    stage = any_stage
    assert await asked(stage, "ask") == {*PEOPLE, COORDINATOR}
    for who in PEOPLE[:6]:
        assert isinstance(await say(stage, who), TookPart)
    assert await kept_answers(stage) == 6
    await live(stage, f"{WEDNESDAY}T09:30", REMINDED)
    assert await asked(stage, "reminder") == {"gus", "hal", COORDINATOR}
    assert (await status(stage)).answered == 6
    assert await result(stage) is None
    await live(stage, CLOSES, AFTER)
    assert await kept_answers(stage) == 0
    assert await written_down(stage) == 0
    found = await result(stage)
    assert found is not None
    assert (found.asked, found.answered) == (9, 6)
    worth, pace, better = found.told
    assert dict(zip(worth.choices, worth.counts, strict=True)) == {
        "1 of 5": 2, "2 of 5": 1, "3 of 5": 1, "4 of 5": 1, "5 of 5": 1,
    }  # fmt: skip
    assert sum(pace.counts) == 6
    assert sorted(better.words) == sorted(SAID[who]["better"] for who in PEOPLE[:6])
    for who in (*PEOPLE, COORDINATOR):
        told = [one for one in await messages(stage, who) if "6 of 9 took part" in one]
        assert len(told) == 1, who
        assert not any(name in told[0].split("took part")[1] for name in PEOPLE)


async def test_nobody_takes_part_twice(stage: Stage) -> None:
    """Neither at once, nor once it is written down who has."""
    for who in PEOPLE[:3]:
        await say(stage, who)
    again = await say(stage, "ana", SAID["hal"])
    assert isinstance(again, TookPart)
    assert again.already
    await live(stage, f"{WEDNESDAY}T09:30")
    assert await written_down(stage) == 3
    assert stage.services.database.taking_part.held == frozenset()
    again = await say(stage, "ana", SAID["hal"])
    assert isinstance(again, TookPart)
    assert again.already
    assert await kept_answers(stage) == 3


async def test_one_alone_is_written_down_with_others_or_near_a_reminder(stage: Stage) -> None:
    """One alone would tell by its transaction which answer came before."""
    await say(stage, "ana")
    await say(stage, "ben")
    await live(stage, f"{WEDNESDAY}T09:30", f"{WEDNESDAY}T12:00")
    assert await written_down(stage) == 0
    assert (await status(stage)).answered == 2
    assert not any(item.state == "open" for item in (await mine(stage, "ana")))
    assert any(item.state == "open" for item in (await mine(stage, "cal")))
    await live(stage, f"{THURSDAY}T08:45")
    assert await written_down(stage) == 2
    await live(stage, REMINDED)
    assert "ana" not in await asked(stage, "reminder")


async def mine(stage: Stage, who: str) -> list[PromptItem]:
    found = await stage.services.checkins.mine(await stage.actor(who))
    return [item for item in found.open if item.is_anonymous]


async def test_what_a_process_holds_is_written_when_it_ends(stage: Stage) -> None:
    await say(stage, "ana")
    assert await stage.services.pulses.write_down() == 0
    assert await stage.services.pulses.write_down(everything=True) == 1
    assert await written_down(stage) == 1


async def test_of_fewer_than_five_answers_nothing_is_told_or_kept(stage: Stage) -> None:
    for who in PEOPLE[:4]:
        await say(stage, who)
    await live(stage, CLOSES, AFTER)
    found = await result(stage)
    assert found is not None
    assert (found.answered, found.told) == (4, ())
    assert await kept_answers(stage) == 0
    told = [one for one in await messages(stage, "hal") if "4 of 9 took part" in one]
    assert len(told) == 1
    assert "Results show from five answers up" in told[0]
    assert "words of number" not in "".join(await messages(stage, "hal"))


async def test_a_question_that_few_answered_is_not_counted(stage: Stage) -> None:
    for who in PEOPLE[:6]:
        said = dict(SAID[who])
        if who in PEOPLE[:2]:
            del said["pace"]
        await say(stage, who, said)
    await live(stage, CLOSES, AFTER)
    found = await result(stage)
    assert found is not None
    pace = found.told[1]
    assert (pace.question, pace.answered, pace.choices, pace.counts) == ("pace", 4, (), ())
    assert "4 answered; shown from five up" in "".join(await messages(stage, "hal"))


async def test_nobody_answers_for_somebody(stage: Stage) -> None:
    """Neither a stand-in nor a coordinator, by no way that answers by name."""
    subject = await own_subject(stage, "ana", PULSE)
    for other in ("ben", COORDINATOR):
        with pytest.raises(Refused, match="by each person for themselves"):
            await say(stage, "ana", SAID["ana"], by=other)
        with pytest.raises(Refused, match="by each person for themselves"):
            await stage.services.checkins.form(await stage.actor(other), subject.id)
    ana = await stage.actor("ana")
    with pytest.raises(Refused):
        await stage.services.checkins.submit(ana, "key", subject.id, SAID["ana"])
    with pytest.raises(Refused):
        await stage.services.checkins.repeat_last(ana, "key", subject.id)
    with pytest.raises(Refused):
        await stage.services.checkin_rounds.hand_over(ana, subject.id)
    with pytest.raises(Refused):
        await stage.services.checkin_rounds.decline(await stage.actor("ben"), subject.id)
    assert await kept_answers(stage) == 0
    shown = await stage.services.checkins.of_member(await stage.actor(COORDINATOR), "cal")
    assert not shown.open
    assert not shown.ahead


async def test_a_stand_in_is_asked_nothing(services: Services, calendar: FixedCalendar) -> None:
    """Neither after some hours nor where whoever is asked is away."""
    stage = await begin(services, calendar)
    await stage.services.absences.add(await stage.actor("ana"), "away", date(2026, 11, 25), date(2026, 11, 27))
    await live(stage, OPENS, f"{THURSDAY}T14:00")
    assert "ana" not in await asked(stage, "ask")
    assert not any(
        "delegate" in item and "p1" not in item for one in await stage.deliveries("prompts") for item in one.items
    )


async def test_late_and_wrong_answers(stage: Stage) -> None:
    missing = await say(stage, "ana", {"better": "More."})
    assert isinstance(missing, NotYet)
    assert set(missing.errors) == {"worth"}
    assert isinstance(await say(stage, "ana"), TookPart)
    stage.at(AFTER)
    assert isinstance(await say(stage, "ben"), RoundClosed)
    assert await kept_answers(stage) == 1


async def test_what_coordinators_may_do(stage: Stage) -> None:
    """They see how many, close it early, and can neither ask somebody by name nor open it again."""
    lou = await stage.actor(COORDINATOR)
    for who in PEOPLE[:5]:
        await say(stage, who)
    shown = await status(stage)
    assert (shown.answered, shown.asked, shown.not_reached) == (5, 9, 0)
    for typed in (PULSE, f"{PULSE} @ben"):
        with pytest.raises(UserError, match="nobody is asked by name"):
            await stage.services.checkin_rounds.ask_again(lou, typed)
    closed = await stage.services.checkin_rounds.close(lou, PULSE)
    assert (closed.answered, closed.asked, closed.is_anonymous) == (5, 9, True)
    await live(stage, f"{WEDNESDAY}T09:10")
    assert await result(stage) is not None
    with pytest.raises(UserError, match="can't be opened again"):
        await stage.services.checkin_rounds.reopen_form(lou, PULSE)
    assert (await status(stage)).answered == 5


async def test_pausing_and_going_on(stage: Stage) -> None:
    """Paused, nobody is reminded; resumed, those who have not taken part are."""
    lou = await stage.actor(COORDINATOR)
    for who in PEOPLE[:3]:
        await say(stage, who)
    await live(stage, f"{WEDNESDAY}T09:30")
    question = await stage.services.checkin_cadences.pausing(lou, PULSE)
    # Whoever has taken part stands in the list as everybody does.
    assert {one.member for one in question.owed} == {*PEOPLE, COORDINATOR}
    await stage.services.checkin_cadences.pause(lou, PULSE)
    await live(stage, REMINDED)
    assert not await asked(stage, "reminder")
    await stage.services.checkin_cadences.resume(lou, PULSE)
    await live(stage, f"{THURSDAY}T10:00")
    assert await asked(stage, "reminder") == {*PEOPLE[3:], COORDINATOR}


async def test_whoever_else_is_asked(services: Services, calendar: FixedCalendar) -> None:
    """A group, owners, those who steer, people who were picked; the group's channel is told, where that is chosen."""
    own = {"question_set": "partner-pulse"}
    record = with_pulse(
        pulse(audience="wg", summary="channel"),
        replace(pulse(audience="priority_owners", **own), id="owners", name="Owners"),
        replace(pulse(audience="steering", **own), id="steering", name="Steering"),
        replace(pulse(audience=None, attendees=("fay", "gus"), **own), id="picked", name="Picked"),
    )
    stage = await begin(services, calendar, record)
    await live(stage, OPENS)
    async with stage.services.database.read() as session:
        rows = await session.scalars(select(RoundSubjectRow.took_part).where(RoundSubjectRow.member_id.is_not(None)))
        assert list(rows) == [False] * (3 + 1 + 2 + 2)
    await say(stage, "ana")
    await live(stage, CLOSES, AFTER)
    assert any("1 of 3 took part" in one for one in await messages(stage, None))
    assert not any("took part" in one for one in await messages(stage, "ben"))


async def test_results_go_with_the_file(stage: Stage) -> None:
    """Counts and words, and neither single answers nor who took part."""
    for who in PEOPLE[:6]:
        await say(stage, who)
    await live(stage, f"{WEDNESDAY}T09:30")
    open_file = to_file(await stage.record())
    assert "words of number" not in str(open_file)
    assert "took_part" not in str(open_file)
    await live(stage, CLOSES, AFTER)
    record = await stage.record()
    again, problems = check(to_file(record))
    assert again is not None, problems
    assert again.pulses == record.pulses


async def test_the_form_says_first_what_becomes_of_an_answer(stage: Stage) -> None:
    """And keeps nothing of what is typed in it and not sent."""
    subject = await own_subject(stage, "ana", PULSE)
    ana = await stage.actor("ana")
    view = checkin_view(await stage.services.checkins.form(ana, subject.id))
    first, second = view.blocks[:2]
    assert "*Your name is not kept with your answer.*" in str(first)
    assert "Fewer than five answers are deleted unread." in str(first)
    assert "it can't be changed" in str(second)
    assert "whoever runs the database could read answers" in str(second)
    assert view.callback_id == Submission.PULSE
    assert NOT_KEPT_ON_CLOSE in read(view)
    assert not any(block.get("dispatch_action") for block in view.blocks)
    await stage.services.checkins.keep_words(ana, subject.id, {"better": "Half a sen"})
    assert "Half a sen" not in read(checkin_view(await stage.services.checkins.form(ana, subject.id)))
    await say(stage, "ana")
    again = checkin_view(await stage.services.checkins.form(ana, subject.id))
    assert "You have taken part already" in read(again)
    assert again.submit is None


async def test_the_group_is_named_where_its_channel_is_told(services: Services, calendar: FixedCalendar) -> None:
    stage = await begin(services, calendar, with_pulse(pulse(audience="wg", summary="channel")))
    await live(stage, OPENS)
    subject = await own_subject(stage, "cal", PULSE)
    view = checkin_view(await stage.services.checkins.form(await stage.actor("cal"), subject.id))
    assert "told in #wg-room; everybody in the coalition may read that" in read(view)


async def test_the_message_that_asked_says_so_afterwards(stage: Stage) -> None:
    """Once it is written down; it offers nothing to change, and after the close says the same to everybody."""
    before = [one for one in await messages(stage, "ben") if "Partner pulse" in one][-1]
    for who in PEOPLE[:3]:
        await say(stage, who)
    assert "Anonymous: nobody's name is kept." in before
    await live(stage, f"{WEDNESDAY}T09:30")
    after = [one for one in await messages(stage, "ben") if "Partner pulse" in one][-1]
    assert "You took part. Thank you." in after
    assert "Edit" not in after
    await live(stage, CLOSES, AFTER)
    said = [
        next(line for one in await messages(stage, who) for line in one.splitlines() if "The round closed" in line)
        for who in ("ben", "hal")
    ]
    assert said[0] == said[1]


async def test_home_and_the_list_show_it_like_any_other(stage: Stage) -> None:
    """To whoever is asked until they have taken part; to coordinators how many have, and nobody's name."""
    assert [one.heading for one in await mine(stage, "ana")] == ["Partner pulse"]
    for who in PEOPLE[:2]:
        await say(stage, who)
    page = await stage.services.home.page(await stage.actor("ana"))
    assert not any(item.is_anonymous for item in page.open_checkins)
    page = await stage.services.home.page(await stage.actor("cal"))
    assert any(item.is_anonymous for item in page.open_checkins)
    page = await stage.services.home.page(await stage.actor(COORDINATOR))
    assert page.coordination is not None
    state = page.coordination.round
    assert state is not None
    assert state.without == () or state.cadence != PULSE


async def test_whoever_looks_reads_what_came_of_it(told_stage: Stage) -> None:
    """Everybody in the coalition, on the check-in's card; the table holds counts alone."""
    stage = told_stage
    for who in ("hal", COORDINATOR):
        card = checkin_card(await stage.services.checkin_cadences.show(await stage.actor(who), PULSE))
        assert "6 of 9 took part" in read(card)
        assert SAID["ana"]["better"] in read(card)
        table = await stage.services.checkin_answers.table(await stage.actor(who), PULSE)
        assert ("2026-11-25", "9", "6", "Worth your time?", "6", "1 of 5", "2") in table.rows
        assert "words of number" not in str(table.rows)


# The round of the pulse, as its message carries it.
ABOUT = summary_about(PULSE, date(2026, 11, 25))


def plain(page: Page) -> str:
    return "\n".join(line.plain for part in page.parts for line in part.lines)


async def test_you_said_we_did(told_stage: Stage) -> None:
    """Written by a coordinator, it stands with the results, once in the next digest's editions, and in the trail."""
    stage, about = told_stage, ABOUT
    lou, did = await stage.actor(COORDINATOR), "Meetings are an hour now."
    with pytest.raises(Refused):
        await stage.services.pulses.say_done(await stage.actor("ana"), about, did, {})
    before = await stage.services.pulses.done_form(lou, about)
    assert before.did is None
    assert (await stage.services.pulses.say_done(lou, about, f" {did} ", {})).did == did
    assert any(did in one for one in await messages(stage, "hal"))
    record = await stage.record()
    digest = compose(record, stage.calendar.now())
    assert [(one.name, one.on, one.did) for one in digest.said_and_done] == [("Partner pulse", date(2026, 11, 25), did)]
    said = "You said, we did: Partner pulse, Nov 25: Meetings are an hour now."
    assert said in plain(closing(digest, amounts=False))
    assert said in plain(channel_page(digest, digest.priorities[0]))
    assert said in plain(funder_page(digest, "acme"))
    published = replace(
        record, published=(PublishedDigest(published_at=stage.calendar.now(), content=to_published(digest)),)
    )
    assert compose(published, stage.at("2026-12-04T07:30")).said_and_done == ()
    page = await stage.services.audit.page(lou, AuditQuery())
    assert did in str(page)
    assert "words of number" not in str(page)


async def test_what_was_done_by_two(told_stage: Stage) -> None:
    """Neither takes the other's words away unseen; without words it is taken back."""
    stage, about = told_stage, ABOUT
    lou = await stage.actor(COORDINATOR)
    await stage.services.pulses.say_done(lou, about, "First.", {})
    with pytest.raises(UserError, match=r"Somebody wrote this meanwhile: “First\."):
        await stage.services.pulses.say_done(lou, about, "Second.", {})
    assert (await stage.services.pulses.say_done(lou, about, "First.", {})).did == "First."
    seen = marks_of({"did": "First."})
    assert (await stage.services.pulses.say_done(lou, about, "Third.", seen)).did == "Third."
    with pytest.raises(UserError, match="Shorten this to 600 characters"):
        await stage.services.pulses.say_done(lou, about, "x" * 601, marks_of({"did": "Third."}))
    assert (await stage.services.pulses.say_done(lou, about, "", marks_of({"did": "Third."}))).did is None
    found = await result(stage)
    assert found is not None
    assert (found.did, found.did_at) == (None, None)
