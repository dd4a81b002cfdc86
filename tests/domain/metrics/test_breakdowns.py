"""What a figure is made of: read as it is typed, and shown so that few are told from nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.metrics import TableLine, breakdown_lines, read_breakdown, read_table, splits_of
from bot.errors import UserError
from tests.builders import metric, reading
from tests.tables import on_each

TYPED = "County: Harrow 12 from 4\nCounty: Bend 3 from 2\ncounty: Talbot Street 5 1,200 from 9\nAge: under 18 7"
MONDAY = date(2026, 11, 23)
cells = st.builds(
    lambda name, value, reporters: {"county": f"c{name}", "value": Decimal(value), "reporters": reporters},
    st.integers(0, 40),
    st.integers(0, 500),
    st.none() | st.integers(0, 12),
)


def test_lines_are_read_and_written() -> None:
    found = read_breakdown(TYPED, "people")
    assert found == (
        {"county": "Harrow", "value": Decimal(12), "reporters": 4},
        {"county": "Bend", "value": Decimal(3), "reporters": 2},
        {"county": "Talbot Street 5", "value": Decimal(1200), "reporters": 9},
        {"age": "under 18", "value": Decimal(7)},
    )
    assert read_breakdown(breakdown_lines(found), "people") == found


@on_each(
    ("typed", "said"),
    [
        ("Harrow 12", "I can't read “Harrow 12”. Write one part a line, such as “County: Harrow 12 from 4”."),
        ("County: Harrow", "I can't read “County: Harrow”."),
        ("County: Harrow 12 from many", "I can't read “County: Harrow 12 from many”."),
        ("County: Harrow 1,2.3 from 4", "I can't tell what “1,2.3” means."),
        ("Value: Harrow 12", "“value: Harrow” names no part."),
        ("County: Harrow 12\ncounty: harrow 13", "harrow is there twice. Keep one of them."),
        ("\n".join(f"County: {n} 1" for n in range(61)), "There are 61 parts. 60 fit"),
    ],
)
def test_what_cannot_be_read_names_its_mend(typed: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read_breakdown(typed, "people")
    assert said in caught.value.message
    assert caught.value.field == "breakdown"


def test_the_smallest_goes_with_a_part_of_few() -> None:
    one = replace(reading("2026-09-30", 15, reporters=9), breakdown=read_breakdown(TYPED, "people"))
    few = metric("m", one, confidential_below_n=4)
    county, age = splits_of(few, one)
    assert ([part.name for part in county.parts], county.hidden) == (["Talbot Street 5"], 2)
    assert (age.parts, age.hidden) == ((), 1)
    everything = metric("m", one)
    assert [(split.by, len(split.parts), split.hidden) for split in splits_of(everything, one)] == [
        ("county", 3, 0),
        ("age", 1, 0),
    ]


@given(
    parts=st.lists(cells, max_size=8, unique_by=lambda one: one["county"]),
    least=st.none() | st.integers(1, 10),
    reporters=st.none() | st.integers(0, 20),
)
def test_nothing_of_few_is_shown_or_follows_from_the_whole(
    parts: list[dict[str, object]], least: int | None, reporters: int | None
) -> None:
    one = replace(reading("2026-09-30", 40, reporters=reporters), breakdown=tuple(parts))
    splits = splits_of(metric("m", one, confidential_below_n=least), one)
    if least is not None and (reporters is None or reporters < least):
        assert splits == ()
        return
    named = {one["county"]: one["reporters"] for one in parts}
    for split in splits:
        assert len(split.parts) + split.hidden == len(parts)
        assert split.hidden != 1 or len(parts) == 1
        for part in split.parts:
            count = named[part.name]
            assert least is None or (isinstance(count, int) and count >= least)


def line(number: int, **cells: str) -> TableLine:
    return TableLine(number, {"metric": "m", "period_end": "2026-09-30", **cells})


def test_a_table_brings_parts_in_lines_of_their_own() -> None:
    known = metric("m", reading("2026-06-30", 30))
    lines = [
        line(2, value="12", by="County", part="Harrow", reporters="4"),
        line(3, value="40"),
        line(4, value="28", by="County", part="Bend"),
    ]
    found = read_table(lines, [known], lambda _one: None, MONDAY)
    assert found.problems == ()
    (one,) = found.figures
    assert one.proposal.reading.breakdown == (
        {"county": "Harrow", "value": Decimal(12), "reporters": 4},
        {"county": "Bend", "value": Decimal(28)},
    )
    there = replace(known, readings=(*known.readings, one.proposal.reading))
    again = read_table(lines, [there], lambda _one: None, MONDAY)
    assert (again.figures, again.problems, again.known) == ((), (), 1)


def test_what_is_wrong_with_a_part_names_its_line() -> None:
    lines = [
        line(2, value="12", by="County", part="Harrow"),
        line(3, value="x", by="County", part="Bend"),
        line(4, value="9", part="Bend"),
    ]
    found = read_table(lines, [metric("m", reading("2026-06-30", 30))], lambda _one: None, MONDAY)
    assert [(one.line, one.message[:40]) for one in found.problems] == [
        (2, "This is a part of a figure. Add a line w"),
        (3, "“x” isn't a number. Try “48.5” or “3,100"),
        (4, "“: Bend” names no part. Write it as “Cou"),
    ]
