"""Figures on screen: words in a golden file, and limits at none, one, the usual few and forty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.metrics import (
    FigureCard,
    FigureDraft,
    FigureEntry,
    FigureForm,
    FigureList,
    FigureRow,
    FigureSaved,
    FigureUndone,
    UnknownFigure,
    due_on,
    propose,
    restatements,
    standing,
)
from bot.domain.record import Metric, Reading
from bot.slack.blocks.home import home_view
from bot.slack.blocks.menu import menu_message
from bot.slack.blocks.metrics import (
    FIGURE_FORM,
    card_message,
    confirm_view,
    draft_message,
    figure_saved_message,
    list_message,
    parts_message,
    undone_message,
    unknown_figure_message,
)
from bot.slack.message import Message, View
from tests import builders
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, page, script

TODAY = date(2026, 12, 10)
NOW = datetime(2026, 12, 10, 18, tzinfo=UTC)


def half(end: str, value: object, start: str, **fields: Any) -> Reading:
    return builders.reading(end, value, period_start=start, **fields)


PLACED = builders.metric(
    "tp-placed",
    half("2025-12-31", "44.0", "2025-07-01"),
    name="Completers placed in a good job within 90 days",
    unit="percent",
    aggregation="period_total",
    frequency="semiannual",
    expected_lag_days=90,
    baseline=builders.dated("41.0", "2025-06-30"),
    target=builders.dated("65.0", "2027-12-31"),
)
SEATS = builders.metric(
    "fa-seats",
    builders.reading("2026-03-31", 88, recorded_on="2026-04-14"),
    builders.reading("2026-06-30", 104, recorded_on="2026-07-14", quality="provisional"),
    name="Extended-hours child care seats open",
    unit="seats",
    baseline=builders.dated(60, "2025-06-30"),
    target=builders.dated(220, "2026-12-31"),
    source="Provider call round",
    definition="Licensed seats that are open before 7 AM or after 6 PM.",
)
RESTATED = builders.metric(
    "fa-seats",
    *SEATS.readings,
    builders.reading("2026-06-30", 110, recorded_on="2026-11-18", note="Two providers had been left out."),
    builders.reading("2026-09-30", 134, recorded_on="2026-10-14"),
    name=SEATS.name,
    unit="seats",
    baseline=SEATS.baseline,
    target=SEATS.target,
    source=SEATS.source,
    definition=SEATS.definition,
)
TURNOVER = builders.metric(
    "jq-turnover",
    builders.reading("2026-06-30", "45.1", reporters=4),
    name="First-year turnover at pledge employers",
    unit="percent",
    direction="decrease",
    confidential_below_n=5,
    baseline=builders.dated("47.0", "2025-12-31"),
    target=builders.dated("35.0", "2028-12-31"),
)
WAGE = builders.metric(
    "jq-wage",
    name="Frontline workers earning the local living wage",
    unit="percent",
    frequency="annual",
    expected_lag_days=270,
    baseline=builders.dated("52.3", "2024-12-31"),
    target=builders.dated("70.0", "2031-12-31"),
)
FIRMS = builders.metric(
    "sg-firms",
    builders.reading("2026-09-30", 66),
    name="Small manufacturers given adoption help",
    unit="firms",
    aggregation="cumulative",
)


def row(metric: Metric, **fields: Any) -> FigureRow:
    found = standing(metric, TODAY)
    due = due_on(found)
    usual: dict[str, Any] = {
        "standing": found,
        "priority_name": "Child care and commute access",
        "steward_name": "Luis Ferrer",
        "due_on": due,
        "is_due": due is not None and due <= TODAY,
        "is_mine": True,
        "may_record": True,
    }
    return FigureRow(**(usual | fields))


PARTED = replace(
    RESTATED,
    confidential_below_n=3,
    readings=(
        *RESTATED.readings[:-1],
        replace(
            RESTATED.readings[-1],
            reporters=30,
            breakdown=tuple(
                {"county": name, "value": value, "reporters": reporters}
                for name, value, reporters in (
                    ("Harrow", 60, 9),
                    ("Lime & <Ridge>", 41, 2),
                    ("Vale", 20, 8),
                    ("Bend", 13, 4),
                )
            ),
        ),
    ),
)


def card(metric: Metric, **fields: Any) -> FigureCard:
    earlier = tuple((one.period_end, one.value) for one in metric.readings[:1])
    return FigureCard(row=row(metric, **fields), restatements=restatements(metric, TODAY), earlier=earlier, today=TODAY)


def draft(metric: Metric, value: str, on: str | None, **fields: Any) -> FigureDraft:
    period_end = date.fromisoformat(on) if on else None
    entry = FigureEntry(metric=metric.id, value=Decimal(value), period_end=period_end, **fields)
    return FigureDraft(token="token", proposal=propose(metric, entry, TODAY), today=TODAY)


def saved(**fields: Any) -> FigureSaved:
    usual: dict[str, Any] = {
        "token": "token",
        "metric": PLACED,
        "reading": half("2026-06-30", "48.5", "2026-01-01", quality="provisional"),
        "restated": False,
        "digest_at": datetime(2026, 12, 11, 13, 30, tzinfo=UTC),
        "zone": "America/Chicago",
        "now": NOW,
    }
    return FigureSaved(**(usual | fields))


def undone(**fields: Any) -> FigureUndone:
    usual: dict[str, Any] = {
        "metric": SEATS,
        "reading": builders.reading("2026-06-30", 110),
        "current": SEATS.readings[-1],
        "restored": False,
        "today": TODAY,
    }
    return FigureUndone(**(usual | fields))


def form(*metrics: Metric, **fields: Any) -> FigureForm:
    rows = tuple(row(metric) for metric in metrics)
    usual: dict[str, Any] = {"chosen": None, "entry": None, "suggested_end": None, "today": TODAY}
    return FigureForm(rows=rows, **(usual | fields))


def listed(*metrics: Metric, **fields: Any) -> FigureList:
    usual: dict[str, Any] = {"readable": 14, "is_everything": False, "today": TODAY, "may_record": True}
    return FigureList(rows=tuple(row(metric) for metric in metrics), **(usual | fields))


RESTATING = draft(SEATS, "110", "2026-06-30", note="Two providers had been left out.")
TYPED = FigureEntry(
    metric="tp-placed", value=Decimal("48.5"), period_end=date(2026, 6, 30), quality="provisional", note="Late."
)


def scenes() -> dict[str, Message | View]:
    confidential = draft(TURNOVER, "40", "2026-09-30", reporters=3)
    return {
        "read back": draft_message(
            draft(PLACED, "48.5", "2026-06-30", quality="provisional", note="Wage match <late>")
        ),
        "unusual": draft_message(draft(PLACED, "485", "2026-06-30")),
        "a running total that falls": draft_message(draft(FIRMS, "60", "2026-12-09")),
        "a second figure": draft_message(RESTATING),
        "a second figure without a reason": draft_message(draft(SEATS, "110", "2026-06-30")),
        "the same figure, now final": draft_message(draft(SEATS, "104", "2026-06-30")),
        "for an earlier period": draft_message(draft(SEATS, "72", "2025-12-31")),
        "few reported": draft_message(confidential),
        "recorded": figure_saved_message(saved()),
        "recorded, not live": figure_saved_message(saved(digest_at=None)),
        "recorded and undone": figure_saved_message(saved(undone=True)),
        "undone": undone_message(undone()),
        "undone, nothing before": undone_message(undone(current=None)),
        "undone after a digest": undone_message(undone(restored=True)),
        "card": card_message(card(RESTATED)),
        "card, stale": card_message(card(PLACED, may_record=False)),
        "card, with its parts": card_message(card(PARTED)),
        "its parts, being drawn": parts_message(card(PARTED), is_drawing=True),
        "its parts, of which no picture could be had": parts_message(card(PARTED)),
        "its parts, of which none is recorded": parts_message(card(RESTATED)),
        "card, withheld": card_message(FigureCard(row=row(TURNOVER), restatements=(), earlier=(), today=TODAY)),
        "card, no figure yet": card_message(FigureCard(row=row(WAGE), restatements=(), earlier=(), today=TODAY)),
        "mine": list_message(listed(PLACED, WAGE, RESTATED, TURNOVER)),
        "mine, none": list_message(listed()),
        "nothing to read": list_message(listed(readable=0)),
        "all, one": list_message(listed(SEATS, readable=1, is_everything=True)),
        "not known": unknown_figure_message(
            UnknownFigure("plased", PLACED, "I don't know the figure “plased”."), "metric update plased 48.5"
        ),
        "several": unknown_figure_message(UnknownFigure("a & b", None, "Several figures fit “a & b”."), "metric a & b"),
        "form": FIGURE_FORM.view(form(PLACED, RESTATED, TURNOVER)),
        "form, chosen": FIGURE_FORM.view(form(PLACED, chosen=row(PLACED), suggested_end=date(2026, 6, 30))),
        "form, filled": FIGURE_FORM.view(form(PLACED, chosen=row(PLACED), entry=TYPED)),
        "form, confidential": FIGURE_FORM.view(form(TURNOVER, chosen=row(TURNOVER))),
        "form, to confirm": confirm_view(RESTATING),
        "form, recorded": figure_saved_message(saved()).view("Update a figure"),
        "home": home_view(page(due_figures=(row(PLACED), row(WAGE)), may_record=True)),
        "menu": menu_message(page(may_record=True), ["update placed 48.5 as of Jun 30"]),
    }


def test_words() -> None:
    check_golden("figures.txt", script(scenes()))


def many(count: int) -> list[Metric]:
    return [
        builders.metric(
            f"metric-{number}",
            builders.reading("2026-09-30", "1234567890.123"),
            name=LONG,
            definition=LONG * 3,
            source=LONG,
            unit="<people>",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 14, 40, 120])
def test_any_number_fits(count: int) -> None:
    metrics = many(count)
    rows = tuple(row(metric) for metric in metrics)
    surfaces: list[Message | View] = [
        list_message(listed(*metrics)),
        list_message(listed(*metrics, readable=count, is_everything=True)),
        home_view(page(due_figures=rows, may_record=True)),
    ]
    if metrics:
        surfaces += [
            FIGURE_FORM.view(form(*metrics, chosen=rows[-1])),
            card_message(card(metrics[0])),
            draft_message(draft(metrics[0], "12", "2026-11-30", note=LONG[:300])),
            confirm_view(draft(metrics[0], "12", "2026-11-30", note=LONG[:300])),
        ]
    for surface in surfaces:
        assert not problems(surface)
    if count == 40:
        assert "20 of 40" in str(surfaces[0])


def test_withheld_figure_is_on_no_screen() -> None:
    shown = [
        card_message(FigureCard(row=row(TURNOVER), restatements=(), earlier=(), today=TODAY)),
        list_message(listed(TURNOVER)),
        FIGURE_FORM.view(form(TURNOVER, chosen=row(TURNOVER))),
        draft_message(draft(TURNOVER, "40.7", "2026-09-30", reporters=3)),
        figure_saved_message(saved(metric=TURNOVER, reading=builders.reading("2026-09-30", "40.7", reporters=3))),
    ]
    assert not [surface for surface in shown if "45.1" in str(surface) or "40.7" in str(surface)]
