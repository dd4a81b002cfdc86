"""One voice, not many: what reaches the sample's people in two weeks keeps to a day's and a week's limit."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.outbox import Kind
from bot.domain.sending.restraint import A_DAY, A_WEEK
from bot.errors import UserError
from tests.examples import part
from tests.one_voice import MONDAY, WEEKS, as_table, live, messages
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

OWNERS = {"yolanda": "talent-pathways", "grant": "supplier-growth", "tom": "job-quality", "imani": "family-access"}


async def _answer_all(stage: Stage, form: str) -> None:
    for owner, priority in OWNERS.items():
        asked = {"assessment": "at_risk", "blocker": "Rent.", "ask": "A room.", "ask_from": "bend-chamber"}
        try:
            await stage.answer(owner, priority, form=f"{form}-{owner}", **(asked if owner == "imani" else {}))
        except (UserError, AssertionError):
            continue  # the round is not open yet


@pytest.mark.in_part
@pytest.mark.parametrize("answers", part([False], [False, True]))
async def test_nobody_gets_more_than_a_day_and_a_week_hold(stage: Stage, answers: bool) -> None:
    await stage.link()
    await stage.join_channels()
    await stage.go_live(meetings=True)
    if answers:
        for moment in ("2026-11-23T10:00", "2026-12-01T10:00"):
            await live(stage, MONDAY.fromisoformat(f"{moment}:00-06:00"))
            stage.at(moment)
            await _answer_all(stage, moment)
    await live(stage, MONDAY + timedelta(weeks=WEEKS))
    found = await messages(stage)
    table = as_table(found, sorted({one.member for one in found}), MONDAY.date())

    a_day = Counter((one.member, one.at.date()) for one in found if not one.is_spared)
    assert {key: count for key, count in a_day.items() if count > A_DAY} == {}, table
    a_week = Counter((one.member, one.at.isocalendar().week) for one in found if not one.is_spared)
    assert {key: count for key, count in a_week.items() if count > A_WEEK} == {}, table
    assert [one for one in found if one.at.weekday() >= 5 and one.kind != Kind.DIGEST_COPY] == [], table
    assert all(7 <= one.at.hour < 20 for one in found), table
    assert answers or len({one.member for one in found}) == 12, table
