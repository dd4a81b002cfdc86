"""A coalition ends on a day: one last digest, then silence, and it goes on from then where it is brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.digests import dumps, to_data
from bot.domain.endings import CoalitionEnding
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.access import operator
from bot.store.checkins import RoundSubjectRow
from bot.store.coalition import CoalitionRow
from bot.store.outbox import DeliveryRow
from tests.builders import action, decision, meeting, metric, outcome, priority
from tests.examples import part
from tests.services.lived import once
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

LAST = date(2026, 12, 9)  # a Wednesday


@pytest.fixture
@once
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Asked on Tuesdays at nine for 51 hours, a digest on Fridays at half past seven; live on a Monday."""
    one = priority(
        channel="p-one", metrics=(metric(),), outcomes=(outcome("o1", completed="2026-10-01"), outcome("o2"))
    )
    meets = meeting("talk", "2026-01-08T10:00", rrule="FREQ=WEEKLY;BYDAY=TH")
    record = small(
        priorities=(one,),
        cadences=(friday(), weekly(), meets),
        question_sets=(questions(),),
        actions=(action("A-1", status="done", completed="2026-11-20"), action("A-2", due="2026-12-20")),
        decisions=(decision("D-1", decider="steering", needed_by="2026-12-15"),),
    )
    found = await Stage.with_record(services, calendar, record)
    found.at("2026-12-07T06:00")
    await found.link()
    await found.join_channels()
    await found.go_live(meetings=True)
    return found


async def end(stage: Stage, last_day: date = LAST) -> None:
    await stage.services.coalition_ends.end(await stage.actor("lou"), {}, CoalitionEnding(last_day=last_day))


async def state(stage: Stage) -> CoalitionRow:
    async with stage.services.database.read() as session:
        return await session.get_one(CoalitionRow, stage.coalition_id)


async def live_through(stage: Stage, first: str, days: int) -> list[str]:
    """Four times a day, and what went out: "day kind to"."""
    begin = stage.at(f"{first}T00:01")
    sent = []
    for day in range(days):
        for minutes in (0, 450, 540, 900):
            stage.calendar.set(begin + timedelta(days=day, minutes=minutes))
            for one in await stage.settle():
                row = await stage.row(one.id)
                if row.operation == "post":
                    sent.append(f"{row.sent_at:%b %d} {row.kind} {row.channel or ''}".strip())
    return sent


@pytest.mark.in_part
async def test_it_ends_with_one_last_digest_and_then_nothing(stage: Stage) -> None:
    await end(stage)
    sent = await live_through(stage, "2026-12-07", part(6, 12))
    digests = [one for one in sent if "digest" in one]
    assert [one for one in digests if "roll_up" in one] == ["Dec 09 digest_roll_up leaders"]
    assert [one for one in digests if "channel" in one] == ["Dec 09 digest_channel p-one"]
    assert {one[:6] for one in sent} <= {"Dec 07", "Dec 08", "Dec 09"}, sent
    row = await state(stage)
    assert (row.state, row.paused_at) == ("ended", None)
    [told] = [
        one
        for one in await stage.deliveries("prompts")
        if "coalition_ends " in one.items or "coalition_ends" in str(one.items)
    ]
    assert (told.to, told.state) == ("lou", "sent")
    async with stage.services.database.read() as session:
        assert (
            await session.scalars(select(RoundSubjectRow.id).where(RoundSubjectRow.closed_at.is_(None)))
        ).all() == []
        waiting = select(DeliveryRow).where(DeliveryRow.state == "planned", DeliveryRow.operation == "post")
        assert (await session.scalars(waiting)).all() == []
    dropped = {one.reason for one in await stage.deliveries() if one.state == "dropped"}
    assert dropped >= {"the coalition had ended"}, "the reminder of the open round"


async def test_the_last_digest_says_so_and_what_was_reached(stage: Stage) -> None:
    before = await stage.services.digests.compose(stage.operator)
    assert before.farewell is None
    await end(stage)
    stage.at("2026-12-09T08:00")
    digest = await stage.services.digests.compose(stage.operator)
    assert digest.farewell is not None
    found = digest.farewell
    assert (found.outcomes, found.outcomes_of, found.targets, found.targets_of) == (1, 2, 0, 1)
    assert (found.actions, found.decisions) == (1, 0)
    assert digest.upcoming_meetings == (), "it would be the day after"


async def test_the_digest_of_a_week_before_is_the_same_afterwards(stage: Stage) -> None:
    moment = stage.at("2026-12-08T12:00")
    await stage.settle()
    before = dumps(to_data(await stage.services.digests.compose(stage.operator, moment)))
    stage.at("2026-12-08T13:00")
    await end(stage)
    await live_through(stage, "2026-12-09", 3)
    assert dumps(to_data(await stage.services.digests.compose(stage.operator, moment))) == before


async def test_nothing_is_recorded_until_it_is_brought_back(stage: Stage) -> None:
    await end(stage)
    await live_through(stage, "2026-12-09", 2)
    lou = await stage.actor("lou")
    for act in (
        stage.services.action_items.complete(lou, "A-2"),
        stage.services.coalitions.pause(lou),
        stage.services.coalitions.go_live(lou),
        stage.services.coalition_ends.end(lou, {}, CoalitionEnding(last_day=date(2027, 1, 5))),
        stage.services.coalition_ends.form(lou),
    ):
        with pytest.raises(UserError, match=r"ended Wed Dec 9, so nothing new is recorded.*coalition reopen coalition"):
            await act
    assert (await stage.services.coalitions.export(lou))["coalition"]["ended"] == LAST
    assert await stage.services.home.page(lou, whole=True)
    assert await stage.services.plans.page(lou)


async def test_it_goes_on_from_when_it_is_brought_back_and_owes_nothing(stage: Stage) -> None:
    await end(stage)
    await live_through(stage, "2026-12-08", 3)
    silent = (await stage.services.digests.compose(stage.operator)).priorities[0].standing.silent_rounds
    assert silent == 0, "the round of Dec 8 was cut short"
    stage.at("2027-01-18T12:00")  # five Tuesdays and Fridays later, a Monday
    await stage.services.coalition_ends.reopen(await stage.actor("lou"))
    row = await state(stage)
    assert (row.state, row.ended, row.live_at) == ("live", None, stage.calendar.now())
    now = [await stage.row(one.id) for one in await stage.settle()]
    assert [one.kind for one in now if one.operation == "post"] == []
    sent = await live_through(stage, "2027-01-19", 4)
    assert [one for one in sent if "roll_up" in one] == ["Jan 22 digest_roll_up leaders"]
    asked = [one for one in await stage.deliveries("prompts", to="ana") if "ask p1" in one.items]
    assert [one.due for one in asked if one.state == "sent"] == ["Tue Dec 08 09:00", "Tue Jan 19 09:00"]
    digest = await stage.services.digests.compose(stage.operator)
    assert digest.priorities[0].standing.silent_rounds == silent + 1, "only the round of Jan 19"


async def test_it_goes_on_after_all_before_its_day(stage: Stage) -> None:
    await end(stage)
    saved = await stage.services.coalition_ends.reopen(await stage.actor("lou"))
    assert saved.last_day is None
    sent = await live_through(stage, "2026-12-09", 3)
    assert [one for one in sent if "roll_up" in one] == ["Dec 11 digest_roll_up leaders"]


async def test_a_digest_that_is_due_on_the_day_is_the_last_one_and_comes_once(stage: Stage) -> None:
    await end(stage, date(2026, 12, 11))
    sent = await live_through(stage, "2026-12-10", 4)
    assert [one for one in sent if "roll_up" in one] == ["Dec 11 digest_roll_up leaders"]


async def test_entered_late_on_the_day_it_is_said_at_once(stage: Stage) -> None:
    stage.at("2026-12-09T16:00")
    await stage.settle()
    await end(stage)
    now = [await stage.row(one.id) for one in await stage.settle()]
    assert [one.kind for one in now if one.kind == "digest_roll_up" and one.operation == "post"] == ["digest_roll_up"]


async def test_a_bot_that_was_off_over_the_day_says_it_once_when_it_is_back(stage: Stage) -> None:
    await end(stage)
    stage.at("2026-12-12T10:00")
    now = [await stage.row(one.id) for one in await stage.settle()]
    posts = [one.kind for one in now if one.operation == "post"]
    assert posts.count("digest_roll_up") == 1
    assert "brief" not in posts
    assert (await state(stage)).state == "ended"
    assert await stage.settle() == []


async def test_a_paused_one_ends_in_silence(stage: Stage) -> None:
    await stage.settle()
    await stage.services.coalitions.pause(stage.operator)
    await end(stage)
    assert await live_through(stage, "2026-12-08", 5) == []
    assert (await state(stage)).state == "ended"


async def test_a_file_ends_it_and_brings_it_back(stage: Stage) -> None:
    record = await stage.record()
    await stage.services.coalitions.import_record(replace(record, coalition=replace(record.coalition, ended=LAST)))
    await live_through(stage, "2026-12-09", 2)
    assert (await state(stage)).state == "ended"
    await stage.services.coalitions.import_record(replace(record, coalition=replace(record.coalition, ended=None)))
    await stage.settle()
    assert (await state(stage)).state == "live"


async def test_a_copy_of_one_that_has_ended_sends_nothing_until_it_is_brought_back(
    stage: Stage, services: Services, calendar: FixedCalendar
) -> None:
    await end(stage)
    await live_through(stage, "2026-12-09", 2)
    copy = await Stage.with_record(services, calendar, await stage.record(), as_key="copy")
    with pytest.raises(UserError, match="so nothing new is recorded"):
        await copy.services.coalitions.go_live(copy.operator)
    await copy.services.coalition_ends.reopen(copy.operator)
    await copy.services.coalitions.go_live(copy.operator)
    assert (await state(copy)).state == "live"


async def test_only_leads_end_it(stage: Stage) -> None:
    for act in ("form", "reopen"):
        with pytest.raises(Refused):
            await getattr(stage.services.coalition_ends, act)(await stage.actor("ana"))
    with pytest.raises(Refused):
        await stage.services.coalition_ends.end(await stage.actor("ana"), {}, CoalitionEnding(last_day=LAST))


async def test_days_that_are_refused(stage: Stage) -> None:
    for day, words in ((date(2026, 12, 6), "has passed"), (date(2028, 1, 1), "more than a year")):
        with pytest.raises(UserError, match=words):
            await end(stage, day)


async def test_another_coalition_goes_on(stage: Stage, services: Services, calendar: FixedCalendar) -> None:
    other = await Stage.with_record(services, calendar, small(), as_key="other")
    await other.link()
    await other.join_channels()
    await other.go_live()
    await end(stage)
    await live_through(stage, "2026-12-09", 3)
    assert {one.due[:10] for one in await other.deliveries("digest_roll_up")} == {"Fri Dec 11"}
    assert (await services.coalitions.find("other")).state == "live"
    with pytest.raises(UserError):
        await services.coalitions.pause(operator(stage.coalition_id))
