"""The plan on screen: words in a golden file, and pages that Slack takes however much there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.plan import head_of
from bot.domain.record import NorthStar
from bot.slack.blocks.plan import picture_of_page, plan_message, star_blocks
from bot.slack.message import Message, View
from tests import builders
from tests.domain.plan import cases
from tests.examples import part
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script

EMPTY = cases.plan(builders.record(priorities=[]))


def in_home() -> View:
    record, digest = cases.known_and_digest(cases.planned())
    return View(blocks=star_blocks(head_of(record, digest)))


def test_words() -> None:
    whole, owner, member = cases.plan(), cases.seen_by("luis"), cases.seen_by("pat")
    scenes: dict[str, Message | View] = {f"page {number + 1}": plan_message(whole, number) for number in range(6)}
    scenes |= {
        "a page beyond the last, in a modal": plan_message(whole, 99).view("The plan"),
        "an owner's": plan_message(owner),
        "an owner's money": plan_message(owner, 2),
        "a member's": plan_message(member),
        "a member's money": plan_message(member, 2),
        "nothing yet": plan_message(EMPTY),
        "its head in Home": in_home(),
    }
    check_golden("plan-pages.txt", script(scenes))


def test_the_picture_goes_with_the_money() -> None:
    plan = cases.plan()
    assert [picture_of_page(plan, number) is not None for number in range(7)] == [False] * 5 + [True, True]
    assert picture_of_page(cases.seen_by("pat"), 2) is None
    assert picture_of_page(EMPTY, 0) is None


@pytest.mark.in_part
@pytest.mark.parametrize("count", [0, 1, 4, part(48, 60)])
def test_any_number_fits(count: int) -> None:
    outcomes = tuple(
        replace(builders.outcome(f"o{number}", f"{2026 + number % 8}-12-31"), name=LONG) for number in range(count)
    )
    metrics = tuple(
        builders.metric(f"m{number}", builders.reading(), name=LONG, horizon=("short", "medium", "long")[number % 3])
        for number in range(count)
    )
    star = NorthStar(statement=LONG, metric=builders.metric("star", name=LONG)) if count else None
    record = builders.record(
        priorities=[
            builders.priority(
                f"p{number}",
                name=LONG,
                goal=LONG,
                outcomes=outcomes if number == 0 else (),
                metrics=metrics if number == 0 else (),
                need=builders.need(10**12),
            )
            for number in range(count)
        ],
        funding_sources=[
            builders.source(
                f"F-{number}",
                {"p0": Decimal("123456789.99")},
                name=LONG,
                funder=LONG,
                capital_type=("public", "commercial", "philanthropic", "other")[number % 4],
                period_start=date(2020, 1, 1),
                period_end=date(2020 + number, 12, 31),
                arrangement=("braided", "blended", None)[number % 3],
                restricted=True,
            )
            for number in range(count)
        ],
        coalition=replace(builders.record().coalition, name=LONG, north_star=star),
    )
    plan, number = cases.plan(record), 0
    while True:
        message = plan_message(plan, number)
        assert not problems(message)
        assert not problems(message.view("The plan"))
        assert len(message.blocks) < 50  # a picture has room
        buttons = [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]
        following = [one["value"] for one in buttons if one["text"]["text"] == "Next"]
        if not following:
            break
        number = int(following[0])
    assert number + 1 >= min(count, 1) * (count + 2)
