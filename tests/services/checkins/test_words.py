"""Words that were typed and not sent: the next round's message and form show them, and no press but Send ends them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.checkins import CheckinForm, NextKey
from bot.errors import Refused
from bot.services import Services
from bot.services.checkins import RoundClosed
from bot.slack.blocks.checkins import checkin_view
from bot.slack.blocks.checkins.forms import KEPT_ON_CLOSE
from bot.store.checkins import RoundSubjectRow
from tests.builders import priority
from tests.services.own_set import WEEKLY, asked_weekly, live, say, subject_of
from tests.services.reading import messages, read
from tests.services.small import small
from tests.services.stage import Stage

LATE = WEEKLY | {"moved": "Two offers.", "blocker": "Pay again.", "next": "Both signed."}


@pytest.fixture
async def stage(services: Services, calendar: FixedCalendar) -> Stage:
    """Tuesday, nine: Ana is asked and has answered; on Thursday it closes, and she sends a form she had open."""
    return await asked_weekly(services, calendar)


async def form(stage: Stage, checkin: str = "weekly", who: str = "ana") -> CheckinForm:
    return await stage.services.checkins.form(await stage.actor(who), await subject_of(stage, checkin))


def filled(shown: CheckinForm) -> dict[str, str]:
    return {one.id: one.initial for one in shown.questions if one.initial}


async def newest(stage: Stage, who: str, about: str = "Priority p1") -> str:
    return [one for one in await messages(stage, who) if about in one][-1]


async def send_late(stage: Stage, **said: str) -> Any:
    await live(stage, "2026-11-26T12:05")
    stage.at("2026-11-26T12:20")
    return await say(stage, "weekly", **(said or LATE))


async def test_words_of_a_late_form_stand_in_the_next_rounds_message_and_form(stage: Stage) -> None:
    assert isinstance(await send_late(stage), RoundClosed)
    await live(stage, "2026-12-01T09:00")
    asked = await newest(stage, "ana")
    for words in ("it isn't sent", "“Two offers.”", "“Pay again.”", "“Both signed.”", "How? at risk"):
        assert words in asked, asked
    assert filled(await form(stage)) == LATE
    assert "is filled in. It isn't sent yet." in read(checkin_view(await form(stage)))
    assert "Two offers." not in "\n".join(await messages(stage, "ben")), "they are their writer's"


async def test_no_change_leaves_them_and_a_sent_answer_ends_them(stage: Stage) -> None:
    await say(stage, "weekly", **WEEKLY)
    await send_late(stage)
    await live(stage, "2026-12-01T09:00")
    ana = await stage.actor("ana")
    stage.at("2026-12-01T09:01")
    await stage.services.checkins.repeat_last(ana, "same", await subject_of(stage, "weekly"))
    await live(stage, "2026-12-01T09:02")
    assert "“Two offers.”" in await newest(stage, "ana")
    assert filled(await form(stage))["moved"] == "Two offers."
    await live(stage, "2026-12-03T12:05", "2026-12-08T09:00")
    assert "“Two offers.”" in await newest(stage, "ana"), "they wait until they are sent"
    await say(stage, "weekly", **LATE)
    await live(stage, "2026-12-08T09:05", "2026-12-10T12:05", "2026-12-15T09:00")
    assert "it isn't sent" not in await newest(stage, "ana")
    assert filled(await form(stage)) == {}


async def test_what_is_typed_and_not_sent_comes_back_also_over_an_answer(stage: Stage) -> None:
    ana, subject = await stage.actor("ana"), await subject_of(stage, "weekly")
    await stage.services.checkins.keep_words(ana, subject, {"moved": "Half a sen", "assessment": None})
    shown = await form(stage)
    assert filled(shown) == {"moved": "Half a sen"}
    assert shown.kept_at == stage.calendar.now()
    await say(stage, "weekly", **WEEKLY)
    assert (await form(stage)).kept_at is None
    await stage.services.checkins.keep_words(ana, subject, WEEKLY)
    assert (await form(stage)).kept_at is None, "nothing differs from what is in"
    await stage.services.checkins.keep_words(ana, subject, WEEKLY | {"moved": "One offer and a half."})
    assert filled(await form(stage)) == WEEKLY | {"moved": "One offer and a half."}
    assert filled(await form(stage, who="lou")) == WEEKLY, "a draft is its writer's"


async def test_each_checkin_keeps_words_of_its_own(stage: Stage) -> None:
    await live(stage, "2026-11-25T09:00")
    ana = await stage.actor("ana")
    await stage.services.checkins.keep_words(ana, await subject_of(stage, "stock"), {"story": "Two cohorts."})
    assert filled(await form(stage, "stock")) == {"story": "Two cohorts."}
    assert filled(await form(stage)) == {}


async def test_words_for_a_round_ahead_are_kept_and_come_along(stage: Stage) -> None:
    await live(stage, "2026-11-26T12:05")
    ana = await stage.actor("ana")
    ahead = next(one for one in (await stage.services.checkins.mine(ana)).ahead if one.cadence == "weekly")
    shown = await stage.services.checkins.form_ahead(ana, ahead.cadence, ahead.priority)
    assert shown.ahead is not None
    await stage.services.checkins.keep_words_ahead(ana, shown.ahead, {"moved": "Early wor"})
    assert filled(await stage.services.checkins.form_ahead(ana, ahead.cadence, ahead.priority)) == {
        "moved": "Early wor"
    }
    await live(stage, "2026-12-01T09:00")
    assert "“Early wor”" in await newest(stage, "ana")
    with pytest.raises(Refused):
        await stage.services.checkins.keep_words_ahead(await stage.actor("out"), shown.ahead, {"moved": "Not mine"})


async def test_words_over_an_answer_that_was_given_ahead_come_along_until_they_are_in(stage: Stage) -> None:
    await live(stage, "2026-11-26T12:05")
    ana = await stage.actor("ana")
    ahead = next(one for one in (await stage.services.checkins.mine(ana)).ahead if one.cadence == "weekly")
    key = (await stage.services.checkins.form_ahead(ana, ahead.cadence, ahead.priority)).ahead
    assert key is not None
    await stage.services.checkins.submit_ahead(ana, "ahead", key, LATE)
    await stage.services.checkins.keep_words_ahead(ana, key, LATE | {"moved": "Three off"})
    await live(stage, "2026-12-01T09:00")
    subject = next(one for one in (await stage.services.checkins.mine(ana)).open if one.kept)
    assert subject.answer is not None
    assert "Three off" in str(subject.kept)
    stage.at("2026-12-01T09:20")
    await say(stage, "weekly", **LATE)
    assert not any(one.kept for one in (await stage.services.checkins.mine(ana)).open)


async def test_what_was_answered_ahead_is_not_asked_beside_another_question(
    services: Services, calendar: FixedCalendar
) -> None:
    """By that its words are told from those of an answer at the very opening."""
    stage = await Stage.with_record(services, calendar, small(priorities=(priority(), priority("p2"))))
    await stage.link()
    await stage.join_channels()
    await stage.go_live()
    stage.at("2026-11-23T12:00")
    ana = await stage.actor("ana")
    key = NextKey("weekly", "p1", datetime.fromisoformat("2026-11-24T09:00"))
    await stage.services.checkins.submit_ahead(ana, "ahead", key, LATE)
    await stage.services.checkins.keep_words_ahead(ana, key, LATE | {"moved": "Three off"})
    await live(stage, "2026-11-24T09:00")
    assert not any("Priority p1" in one for one in await messages(stage, "ana"))
    items = {one.priority: one for one in (await stage.services.checkins.mine(ana)).open}
    assert "Three off" in str(items["p1"].kept)
    async with stage.services.database.read() as session:
        asked = await session.scalars(select(RoundSubjectRow.asked_at).order_by(RoundSubjectRow.id))
    assert [one is not None for one in asked] == [False, True]


async def test_the_form_says_what_is_not_kept_and_texts_report_on_enter_only(stage: Stage) -> None:
    view = checkin_view(await form(stage))
    assert KEPT_ON_CLOSE in read(view)
    texts = [block for block in view.blocks if block.get("element", {}).get("type") == "plain_text_input"]
    assert len(texts) > 3
    for block in texts:
        assert block["dispatch_action"] is True
        assert block["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_enter_pressed"]}
