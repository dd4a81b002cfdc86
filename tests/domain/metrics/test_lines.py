"""What becomes of a figure's line as people type it, by a table that was written down and not recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.metrics import UnknownFigure, read_figure
from bot.domain.record import Reading
from bot.errors import Unclear, UserError
from tests.domain.metrics.test_line import METRICS, TODAY
from tests.domain.typed_tables import day_in_table, require_ugly_enough, rows
from tests.tables import on_each

LAST = Reading(period_end=date(2026, 9, 30), value=Decimal(134), quality="final", recorded_on=date(2026, 10, 5))
KNOWN = [replace(one, readings=(LAST,)) if one.id == "fa-seats" else one for one in METRICS]
ROWS = rows("figures")


def test_there_are_enough_and_a_third_is_ugly() -> None:
    require_ugly_enough("figures")


@on_each(("line", "outcome"), ROWS)
def test_becomes(line: str, outcome: str) -> None:
    try:
        found = read_figure(line, KNOWN, TODAY)
    except UnknownFigure as unknown:
        said = f"!several: {' '.join(one.id for one in unknown.fits)}" if unknown.fits else f"! {unknown.message}"
    except Unclear as unclear:
        said = f"!choose: {' '.join(meant for _label, meant in unclear.choices)}"
        for _label, meant in unclear.chosen(line):
            read_figure(meant, KNOWN, TODAY)
    except UserError as error:
        said = f"! {error.message}"
    else:
        parts = [f"{found.metric.id} {found.value}"]
        parts += [day_in_table(found.period_end)] if found.period_end else []
        parts += ["provisional"] if found.quality == "provisional" else []
        parts += [f"from {found.reporters}"] if found.reporters is not None else []
        parts += [f"note: {found.note}"] if found.note else []
        said = " | ".join(parts)
    if outcome.startswith("! "):
        assert outcome.removeprefix("! ") in said
        assert said.startswith("! ")
    else:
        assert said == outcome
