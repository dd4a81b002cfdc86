"""What a figure is made of: entered with it, read on its card, and given back by an export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.metrics import FigureDraft, FigureSaved
from bot.errors import Refused
from bot.files import dump_coalition_file, load_coalition_file
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.metrics.metrics import card_message, draft_message, parts_message
from bot.slack.identifiers import Action
from tests.examples import on
from tests.services.reading import read
from tests.services.stage import Stage

PARTS = "County: Harrow 90 from 4\nCounty: Bend 40 from 2\nCounty: Lime 12 from 2"
ANSWERS: dict[str, Any] = {
    "metric": "fa-seats",
    "value": "142",
    "period_end": "2026-11-20",
    "quality": "final",
    "breakdown": PARTS,
}
WORDS = "By county: Harrow 90 · Bend 40 · Lime 12"


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_it_is_entered_read_and_exported(any_sample: Stage) -> None:
    stage = any_sample
    stage.at("2026-11-23T09:00")
    luis, metrics = await stage.actor("luis"), stage.services.metrics
    saved = await metrics.submit(luis, "t", ANSWERS)
    if isinstance(saved, FigureDraft):
        assert WORDS in read(draft_message(saved))
        saved = await metrics.record(luis, saved.token)
    assert isinstance(saved, FigureSaved)
    assert WORDS in read(card_message(await metrics.card(luis, "fa-seats")))
    history = await stage.services.metric_plans.history(luis, "fa-seats")
    assert f"Figure for Nov 20. {WORDS}" in read(history_message(history, Action.METRIC_HISTORY))
    record = await stage.record()
    again = load_coalition_file(dump_coalition_file(record).encode()).record
    assert again is not None
    for one in (record, again):
        newest = next(it for priority in one.priorities for it in priority.metrics if it.id == "fa-seats").readings[-1]
        assert [dict(cell) for cell in newest.breakdown][2] == {"county": "Lime", "value": 12, "reporters": 2}


async def test_other_parts_of_the_same_value_are_news(stage: Stage) -> None:
    """The value stands already, and what it is made of was not known."""
    stage.at("2026-11-23T09:00")
    luis, metrics = await stage.actor("luis"), stage.services.metrics
    for key, parts in (("a", ""), ("b", PARTS)):
        found = await metrics.submit(luis, key, ANSWERS | {"breakdown": parts})
        if isinstance(found, FigureDraft):
            await metrics.record(luis, found.token)
    assert WORDS in read(card_message(await metrics.card(luis, "fa-seats")))


async def test_its_picture_is_offered_to_whoever_reads_it(stage: Stage) -> None:
    """And to nobody else."""
    stage.at("2026-11-23T09:00")
    luis, metrics = await stage.actor("luis"), stage.services.metrics
    assert "Picture of parts" not in read(card_message(await metrics.card(luis, "fa-seats")))
    drafted = await metrics.submit(luis, "t", ANSWERS)
    if isinstance(drafted, FigureDraft):
        await metrics.record(luis, drafted.token)
    card = await metrics.card(luis, "fa-seats")
    assert "Picture of parts" in read(card_message(card))
    [chart] = card.parts_charts
    assert "Harrow 90; Bend 40; Lime 12." in chart.alt
    assert "as of Nov 20" in chart.alt
    told = parts_message(card)
    assert chart.alt in told.text
    assert WORDS in read(told)
    with pytest.raises(Refused):
        await metrics.card(await stage.actor("ben"), "fa-seats")


async def test_what_is_withheld_is_in_no_picture(stage: Stage) -> None:
    """One part of few takes the smallest other one along. With one bar left there is no picture."""
    record = await stage.record()
    [priority] = [one for one in record.priorities if any(metric.id == "fa-seats" for metric in one.metrics)]
    secret = tuple(replace(one, confidential_below_n=3) if one.id == "fa-seats" else one for one in priority.metrics)
    changed = replace(priority, metrics=secret)
    others = tuple(changed if one.id == priority.id else one for one in record.priorities)
    await stage.services.coalitions.import_record(replace(record, priorities=others), prefer_file=True)
    stage.at("2026-11-23T09:00")
    luis, metrics = await stage.actor("luis"), stage.services.metrics
    for key, more, bars in (("a", "", 0), ("b", "\nCounty: Vale 30 from 5\nCounty: Ridge 20 from 6", 3)):
        parts = "County: Harrow 90 from 4\nCounty: Bend 41 from 2\nCounty: Lime 13 from 3" + more
        found = await metrics.submit(luis, key, ANSWERS | {"breakdown": parts, "reporters": "20"})
        if isinstance(found, FigureDraft):
            await metrics.record(luis, found.token)
        card = await metrics.card(luis, "fa-seats")
        assert [len(one.parts) for one in card.parts_charts] == ([bars] if bars else [])
        told = read(parts_message(card))
        assert "41" not in told
        assert "13" not in told
        assert "2 not shown" in told
        for one in card.parts_charts:
            assert {part.name for part in one.parts} == {"Harrow", "Vale", "Ridge"}
            assert "2 parts withheld, so that few can't be told from it" in one.alt
