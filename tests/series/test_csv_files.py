"""A file of figures: how periods and values may be written, and what is said of one that is otherwise than it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.series import Observation, SeriesTrouble
from tests.series.publisher import Publisher, look_at
from tests.tables import on_each


async def read(publisher: Publisher, content: str | bytes, **fields: Any) -> tuple[Observation, ...]:
    kind = fields.pop("kind", "text/csv")
    return await publisher.reader().read(look_at(publisher.says("/a.csv", content, kind=kind), **fields))


async def told(publisher: Publisher, content: str | bytes, **fields: Any) -> str:
    with pytest.raises(SeriesTrouble) as trouble:
        await read(publisher, content, **fields)
    assert not trouble.value.passes
    return trouble.value.message


@on_each(
    ("periods", "ends", "every"),
    [
        (("2026-08", "2026-09"), ("2026-08-31", "2026-09-30"), "monthly"),
        (("2026M08", "2026M09"), ("2026-08-31", "2026-09-30"), "monthly"),
        (("Aug 2026", "September 2026"), ("2026-08-31", "2026-09-30"), "monthly"),
        (("2026-08-01", "2026-09-01"), ("2026-08-31", "2026-09-30"), "monthly"),  # as FRED's own files have it
        (("2026-08-31", "2026-09-30"), ("2026-08-31", "2026-09-30"), "monthly"),
        (("8/31/2026", "9/30/2026"), ("2026-08-31", "2026-09-30"), "monthly"),
        (("2026-08-31T00:00:00Z", "2026-09-30T00:00:00Z"), ("2026-08-31", "2026-09-30"), "monthly"),
        (("2026-09-05", "2026-09-12"), ("2026-09-05", "2026-09-12"), "weekly"),
        (("2026-09-01", "2026-09-02"), ("2026-09-01", "2026-09-02"), "daily"),
        (("2026-04-01", "2026-07-01"), ("2026-06-30", "2026-09-30"), "quarterly"),
        (("Q2 2026", "2026-Q3"), ("2026-06-30", "2026-09-30"), "quarterly"),
        (("2025-H2", "H1 2026"), ("2025-12-31", "2026-06-30"), "semiannual"),
        (("2024", "2025"), ("2024-12-31", "2025-12-31"), "annual"),
        (("2024-01-01", "2025-01-01"), ("2024-12-31", "2025-12-31"), "annual"),
    ],
)
async def test_periods(publisher: Publisher, periods: tuple[str, str], ends: tuple[str, str], every: str) -> None:
    found = await read(publisher, f"month,rate\n{periods[0]},4.2\n{periods[1]},4.1\n")
    assert [one.period_end.isoformat() for one in found] == list(ends)
    assert {one.every for one in found} == {every}


@on_each(
    "content",
    [
        "﻿month,rate\r\n2026-09,4.1\r\n",
        "month;rate\n2026-09;4.1\n",
        "month\trate\n2026-09\t4.1\n",
        " Month ,other,RATE\n2026-09,x,4.1\n",
        'note,month,rate\n"two\nlines, quoted",2026-09,"4.1"\n',
        "\n\nmonth,rate\n\n2026-09,4.1%\n\n",
        "month,rate\n2026-08,.\n2026-09,4.1\n2026-10,\n,\n2026-10,n/a\n",
        "month,rate\n2026-09,4.1\n2026-09,4.1\n",  # the same twice
        "month,rate,more\n2026-09,4.1,x,y,z\n2026-10\n",
    ],
)
async def test_files_as_they_come(publisher: Publisher, content: str) -> None:
    [found] = await read(publisher, content)
    assert (found.period_end, found.value, found.vintage) == (date(2026, 9, 30), Decimal("4.1"), None)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("month,rate,gemeinde\n2026-09,4.1,Köln\n".encode("latin-1"), "text/csv; charset=iso-8859-1"),
        ("month,rate,gemeinde\n2026-09,4.1,Köln\n".encode("cp1252"), "application/octet-stream"),
        ("month,rate\n2026-09,4.1\n".encode("utf-16"), "text/csv"),
        (b"month,rate\n2026-09,4.1\n", "text/csv; charset=nonsense"),
        (b"month,rate\n2026-09,4.1\n", "text/html"),
    ],
)
async def test_charsets_and_kinds_are_taken_as_they_come(publisher: Publisher, content: bytes, kind: str) -> None:
    assert len(await read(publisher, content, kind=kind)) == 1


@on_each(
    ("content", "words"),
    [
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "sent a web page in place of a file"),
        ('{"error": "gone"}', "sent JSON in place of a table"),
        ("", "is empty"),
        ("\n\n", "is empty"),
        (b"month,rate\n\x00\x01,4\n", "isn't a text file"),
        ("month,rate\n", "holds no values. Check the name of the column, “rate”."),
        ("month,rate\n2026-09,4.1\n2026-09,4.3\n", "It has two values for September 30, 2026, 4.1 and 4.3."),
        ("month,rate,rate\n2026-09,4.1,4.2\n", "has two columns “rate”"),
        (
            "month,rates\n2026-09,4.1\n",
            "has no column “rate” any more. It has “month”, “rates”. Did it become “rates”?",
        ),
        ("period,rate\n2026-09,4.1\n", "has no column “month” any more"),
        ("2026-09,4.1\n2026-10,4.2\n", "has no column “month” any more"),
        ("month,rate\n2026-09,about 4\n", "Line 2: “about 4” isn't one value."),
        ("month,rate\n2026-09,=1+1\n", "Line 2: “=1+1” isn't a number."),
        ('month,rate\n2026-09,"=HYPERLINK(""http://x"")"\n', "isn't a number"),
        ("month,rate\n2026-09,@SUM(A1)\n", "isn't a number"),
        ('month,rate\n2026-09,"1,23"\n', "I can't tell what “1,23” means."),
        ("month,rate\n2026-09,1e400\n", "isn't a number"),
        ("month,rate\n2026-09,$4\n", "Line 2: This figure is in percent, not dollars."),
        (f"month,rate\n2026-09,{'9' * 60}\n", "has too many digits"),
        ("month,rate\nsoon,4.1\n", "Line 2: “soon” is no period that I know."),
        ("month,rate\n2026-02-30,4.1\n", "Line 2: “2026-02-30” is no period that I know."),
        ("month,rate\nQ3,4.1\n", "“Q3” is no period that I know."),
        (f"month,rate\n2026-09,{'x' * 200_001}\n", "sent more than"),
    ],
)
async def test_what_is_otherwise_is_said(publisher: Publisher, content: str | bytes, words: str) -> None:
    assert words in await told(publisher, content)


async def test_a_file_has_so_many_rows_at_most(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.series.csv_reading.MOST_ROWS", 3)
    rows = "".join(f"2026-0{month},4.{month}\n" for month in range(1, 4))
    assert len(await read(publisher, f"month,rate\n{rows}")) == 3
    assert "has more than 3 rows" in await told(publisher, f"month,rate\n{rows}2026-04,4\n")


async def test_a_quotation_mark_without_an_end_is_said(publisher: Publisher) -> None:
    content = 'month,rate\n2026-09,"' + "4" * 150_000
    assert "can't be read as CSV" in await told(publisher, content)


async def test_what_is_older_is_left_out_however_it_is_written(publisher: Publisher) -> None:
    [found] = await read(publisher, "month,rate\n2019-05,no value was taken\n2026-09,4.1\n")
    assert found.value == Decimal("4.1")


async def test_an_export_of_somewhere_else_is_read_as_there(publisher: Publisher) -> None:
    content = "month;rate\n2026-09;4,1\n"
    [found] = await read(publisher, content, locale="de-DE")
    assert found.value == Decimal("4.1")
    assert "I can't tell what “4,1” means." in await told(publisher, content)
