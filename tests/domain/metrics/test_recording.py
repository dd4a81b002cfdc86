"""A figure on its way into the record: what a form holds, what is kept of it, and how it is taken back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.metrics import (
    FigureEntry,
    KeptFigure,
    kept_figure,
    known_words,
    propose,
    read_entry,
    restored,
    without_reading,
)
from bot.domain.metrics.recording import RESTORED
from bot.domain.packing import pack, unpack
from bot.errors import UserError
from tests import builders as make
from tests.builders import day
from tests.tables import on_each

TODAY = day("2026-11-23")
OLD, NEW = make.reading("2026-06-30", 50), make.reading("2026-09-30", 60)
METRIC = make.metric("m1", OLD, NEW)
ENTRY = FigureEntry(
    metric="m1", value=Decimal("48.5"), period_end=day("2026-09-30"), quality="provisional", reporters=12, note="Late."
)
ENTERED: dict[str, str | None] = {
    "value": "48.5",
    "period_end": "2026-09-30",
    "quality": "provisional",
    "reporters": " 12 ",
    "note": " Late. ",
}


def test_a_form_holds_a_figure() -> None:
    assert read_entry(METRIC, ENTERED) == ENTRY
    bare = {"value": "1,000", "period_end": "2026-09-30"}
    assert read_entry(METRIC, bare) == FigureEntry(metric="m1", value=Decimal(1000), period_end=day("2026-09-30"))


PERIOD = "Choose the last day that the value covers."
REFUSED: dict[str, tuple[dict[str, str | None], tuple[str, str]]] = {
    "no value": ({"value": None}, ("Enter the value, such as 48.5.", "value")),
    "no day": ({"period_end": None}, (PERIOD, "period_end")),
    "not a day": ({"period_end": "soon"}, (PERIOD, "period_end")),
    "long ago": ({"period_end": "1899-12-31"}, (PERIOD, "period_end")),
    "some": ({"reporters": "some"}, ("Enter how many reported as a whole number, such as 12.", "reporters")),
    "too many": ({"reporters": "1234567"}, ("That is more than can report. Check it.", "reporters")),
    "long": ({"note": "x" * 301}, ("The note has 301 characters. Keep it to 300.", "note")),
}


@on_each("case", REFUSED)
def test_each_mistake_is_told_at_its_field(case: str) -> None:
    answers, words = REFUSED[case]
    with pytest.raises(UserError) as caught:
        read_entry(METRIC, {**ENTERED, **answers})
    assert (caught.value.message, caught.value.field) == words


def test_what_is_kept_is_entered_again_as_it_was() -> None:
    proposal = propose(METRIC, ENTRY, TODAY)
    kept = unpack(KeptFigure, pack(kept_figure(proposal)))
    assert kept == kept_figure(proposal)
    assert kept.entry == ENTRY
    assert kept.read_back.replaces == ("60", "final")
    assert kept_figure(propose(make.metric("m1"), ENTRY, TODAY)).read_back.replaces is None


def test_a_draft_that_an_earlier_version_kept_is_read() -> None:
    reading = {
        "period_start": day("2026-07-01"),
        "period_end": day("2026-09-30"),
        "value": Decimal("48.5"),
        "quality": "provisional",
        "recorded_on": TODAY,
        "reporters": 12,
        "note": "Late.",
    }
    beside = {"replaces": ["60", "final"], "unusual": False}
    kept = unpack(KeptFigure, {"metric": "m1", "reading": reading, "read_back": beside})
    assert kept.entry == ENTRY
    assert kept.read_back == kept_figure(propose(METRIC, ENTRY, TODAY)).read_back


def test_the_known_figure_is_told_unless_it_is_withheld() -> None:
    assert known_words(propose(METRIC, ENTRY, TODAY)) == ", 60"
    assert known_words(propose(replace(METRIC, confidential_below_n=5), ENTRY, TODAY)) == ""
    assert known_words(propose(make.metric("m1"), ENTRY, TODAY)) == ""


def test_a_figure_that_was_taken_for_another_is_restored_or_taken_out() -> None:
    former = replace(NEW, note="First.", reporters=7, extra={"sheet": 1}, recorded_on=day("2026-10-10"))
    assert restored(former, TODAY) == replace(NEW, note=RESTORED, reporters=7, recorded_on=TODAY)
    assert without_reading(METRIC, NEW).readings == (OLD,)
    assert without_reading(METRIC, replace(NEW, value=Decimal(61))).readings == (OLD, NEW)
