"""A figure inside a message of many things: in every state as written down, at many, and within limits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.metrics import FigureAsk
from bot.domain.outbox import Item
from bot.domain.record import Reading
from bot.slack.rendering import prompts_message
from tests.builders import metric
from tests.slack.blocks.actions.test_bundles import TERM_SHEET, bundle, own, update
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, MONDAY, script

TODAY = date(2026, 11, 23)
PLACED = metric("placed", name="Completers placed in a good job within 90 days", unit="percent")
LAST = Reading(period_end=date(2025, 12, 31), value=Decimal(44), quality="final")
NEW = Reading(
    period_start=date(2026, 1, 1),
    period_end=date(2026, 6, 30),
    value=Decimal("48.5"),
    quality="provisional",
    recorded_on=TODAY,
)


def ask(**fields: Any) -> tuple[Item, FigureAsk]:
    usual: dict[str, Any] = {"metric": PLACED, "state": "open", "today": TODAY, "last": LAST}
    return Item.FIGURE, FigureAsk(**(usual | fields))


def test_words() -> None:
    closes = MONDAY + timedelta(days=7)
    scenes = {
        "due, alone": bundle(ask()),
        "due, below an update and an action": bundle(update(), own(TERM_SHEET), ask()),
        "no figure yet": bundle(ask(last=None, first_due=date(2026, 9, 27))),
        "recorded": bundle(ask(state="recorded", last=NEW)),
        "recorded and withheld": bundle(ask(state="recorded", last=NEW, value_withheld=True)),
        "in a round": bundle(ask(closes_at=closes), ask(last=None, closes_at=closes)),
        "in a round that closed": bundle(ask(state="closed", closes_at=MONDAY)),
    }
    check_golden("figure-asks.txt", script({name: prompts_message(value) for name, value in scenes.items()}))


def test_many_figures_with_the_longest_names_fit() -> None:
    long = metric("placed", name=LONG, unit="percent")
    message = prompts_message(bundle(update(), *(ask(metric=long) for _one in range(40))))
    assert not problems(message)
    assert "the rest is in Home" in str(message.blocks[-1])
