"""What a figure is made of: entered with it, read on its card, and given back by an export."""

from __future__ import annotations

from typing import Any

from bot.domain.metrics import FigureDraft, FigureSaved
from bot.files import dump_coalition_file, load_coalition_file
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.metrics.metrics import card_message, draft_message
from bot.slack.identifiers import Action
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
