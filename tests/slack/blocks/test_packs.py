"""Packs on screen: words in a golden file, and pages that Slack takes however much there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.digests import WeekChart
from bot.domain.metrics import MetricChart
from bot.domain.outbox import Kind
from bot.domain.packs import PackDecision
from bot.domain.plan import MoneyChart
from bot.domain.record import NorthStar
from bot.slack.blocks.packs import pack_message, pack_post, picture_of_pack
from bot.slack.message import Message, View
from bot.slack.rendering import picture_of
from tests import builders
from tests.domain import pack_cases
from tests.domain.plan import cases
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, script


def test_words() -> None:
    whole, funders = pack_cases.steering(), pack_cases.funders()
    own = replace(funders, organization="halvorsen", organization_name="Halvorsen Family Foundation")
    scenes: dict[str, Message | View] = {
        "posted to steering": pack_post(whole),
        "posted where not everybody may see amounts": pack_post(
            pack_cases.steering(cases.seen_by("pat"), decisions=())
        ),
        "posted to funders": pack_post(funders),
        "posted, moved": pack_post(
            pack_cases.steering(moved_from=pack_cases.STEERING.slot, decisions=(), stocktakes=())
        ),
        "posted, and not held": pack_post(pack_cases.steering(skipped=True)),
        **{f"page {number + 1}": pack_message(whole, number) for number in range(8)},
        "a page beyond the last, in a modal": pack_message(whole, 99).view("Pack"),
        "a funder's": pack_message(own),
    }
    check_golden("packs.txt", script(scenes))


def test_each_picture_goes_with_its_page() -> None:
    pack = pack_cases.steering()
    kinds = [type(picture_of_pack(pack, number)) for number in range(9)]
    assert kinds == [type(None), *[MetricChart] * 5, type(None), MoneyChart, MoneyChart]
    assert isinstance(picture_of_pack(pack_cases.funders(), 1), MetricChart)


def test_the_post_shows_where_every_figure_stands_on_its_path() -> None:
    shown = picture_of(Kind.PACK, pack_cases.steering())
    assert isinstance(shown, WeekChart)
    assert shown.alt.startswith("A row for each priority. ")
    for without in (pack_cases.funders(), pack_cases.steering(skipped=True)):
        assert picture_of(Kind.PACK, without) is None


@pytest.mark.parametrize("count", [0, 1, 4, 60])
def test_any_number_fits(count: int) -> None:
    star = NorthStar(statement=LONG, metric=builders.metric("star", builders.reading(), name=LONG)) if count else None
    record = builders.record(
        priorities=[
            builders.priority(f"p{number}", name=LONG, metrics=(builders.metric(f"m{number}", builders.reading()),))
            for number in range(count)
        ]
    )
    record = replace(record, coalition=replace(record.coalition, north_star=star))
    _, digest = cases.known_and_digest(record)
    decision = PackDecision(
        id="D-1", title=LONG, decider_name=LONG, is_of_meeting=False, needed_by=None, count="", recommended=LONG
    )
    told = pack_cases.stocktake("p0", LONG, pack_cases.SEATS, by_name=LONG, story=LONG)
    pack = pack_cases.steering(
        cases.plan(record),
        digest=digest,
        name=LONG,
        decisions=(decision,) * count,
        stocktakes=tuple(replace(told, priority=f"p{number}") for number in range(count)),
    )
    shown = [pack_post(pack), pack_post(replace(pack, plan=None))]
    shown += [pack_message(pack, number) for number in (0, 1, 2, 30, 99)]
    assert [problems(one) for one in shown] == [[]] * len(shown)
