"""A CSV file of figures into values: which of its columns hold the periods and the values is said by the series.

Cells are text: nothing in them is ever worked out. What a value may look like is the rule for what people type.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime

from bot.domain.series import (
    DAILY,
    NO_VALUES,
    Look,
    Observation,
    SeriesTrouble,
    frequency_of,
    once_a_period,
    period_end_from,
)
from bot.domain.typed import likeliest, read_value
from bot.domain.vocabularies import Frequency
from bot.domain.wording import cut, in_figures
from bot.errors import UserError
from bot.series.fetching import Fetched

MOST_ROWS = 20_000
_SEPARATORS = ",;\t|"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?")
_US_DAY = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})")
_MONTH = re.compile(r"(?P<year>[0-9]{4})[-/ ]?M?(?P<month>0[1-9]|1[0-2])", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>[A-Za-z]{3,9})\.?[ -](?P<year>[0-9]{4})")
_YEAR_NAMED = re.compile(r"(?P<year>[0-9]{4})[ -](?P<name>[A-Za-z]{3,9})\.?")
_QUARTER = re.compile(r"(?P<year>[0-9]{4})[ -]?Q(?P<part>[1-4])|Q(?P<part2>[1-4])[ -]?(?P<year2>[0-9]{4})", re.I)
_HALF = re.compile(r"(?P<year>[0-9]{4})[ -]?[HS](?P<part>[12])|[HS](?P<part2>[12])[ -]?(?P<year2>[0-9]{4})", re.I)
_YEAR = re.compile(r"(?P<year>[0-9]{4})")


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    period: str
    value: str


@dataclass(frozen=True, slots=True)
class _Dated:
    row: _Row
    on: date
    every: str | None  # what the way it is written tells; None of a plain day


def read_csv(fetched: Fetched, look: Look, whom: str) -> tuple[Observation, ...]:
    """Every value from `look.since` on. Raises SeriesTrouble naming what in the file is otherwise than it was said."""
    rows = _rows(_text(fetched, whom), look, whom)
    dated = [_dated(row) for row in rows]
    vintage = _modified(fetched.headers)
    found = []
    for one, end, every in _ends(dated, look.frequency):
        # What is older is nobody's question, however it is written.
        if end >= look.since:
            found.append(Observation(period_end=end, value=_value(one.row, look.unit), every=every, vintage=vintage))
    if not found and not dated:
        raise SeriesTrouble(f"The file of {whom} holds no values. Check the name of the column, {_column(look)}.")
    return once_a_period(found)


def _text(fetched: Fetched, whom: str) -> str:
    kind = fetched.headers.get("Content-Type", "")
    content = fetched.content
    declared = re.search(r"charset=[\"']?([A-Za-z0-9_.-]+)", kind)
    names = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",)
    for name in (*names, *([declared[1]] if declared is not None else []), "cp1252"):
        try:
            text = content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        break
    else:
        raise SeriesTrouble(f"What {whom} sent isn't text. Give the address of a CSV file.")
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head")):
        raise SeriesTrouble(f"{whom} sent a web page in place of a file. Give the address of the CSV file itself.")
    if start.startswith(("{", "[{")):
        raise SeriesTrouble(f"{whom} sent JSON in place of a table. Give the address of a CSV file.")
    if "\0" in text:
        raise SeriesTrouble(f"What {whom} sent isn't a text file. Give the address of a CSV file.")
    return text


def _rows(text: str, look: Look, whom: str) -> list[_Row]:
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[_Row] = []
    places: tuple[int, int] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if places is None:
                places = _places(cells, look, whom)
                continue
            if len(rows) == MOST_ROWS:
                raise SeriesTrouble(
                    f"The file of {whom} has more than {in_figures(MOST_ROWS)} rows. Give the address of a file with "
                    "this figure alone."
                )
            period, value = (cells[at].strip() if at < len(cells) else "" for at in places)
            if period and value.casefold() not in NO_VALUES:
                rows.append(_Row(reader.line_num, period, value))
    except csv.Error:
        raise SeriesTrouble(f"Line {reader.line_num} of the file of {whom} can't be read as CSV.") from None
    if places is None:
        raise SeriesTrouble(f"The file of {whom} is empty.")
    return rows


def _places(cells: Sequence[str], look: Look, whom: str) -> tuple[int, int]:
    """Where the two columns stand. Raises SeriesTrouble where one is missing, or there twice."""
    names = [" ".join(cell.split()) for cell in cells]
    found = []
    for wanted in (look.series.period_column or "", look.series.value_column or ""):
        at = [place for place, name in enumerate(names) if name.casefold() == wanted.casefold()]
        if len(at) > 1:
            raise SeriesTrouble(
                f"The file of {whom} has two columns “{cut(wanted, 60)}”. One of them has to be renamed."
            )
        if not at:
            meant = likeliest(wanted, {name.casefold(): name for name in names if name})
            near = f" Did it become “{cut(meant, 60)}”?" if meant else ""
            there = ", ".join(f"“{cut(name, 40)}”" for name in names[:8] if name)
            raise SeriesTrouble(
                f"The file of {whom} has no column “{cut(wanted, 60)}” any more. It has {there or 'none with a name'}."
                f"{near} Choose the column anew, with [Series] on the figure's card."
            )
        found.append(at[0])
    return found[0], found[1]


def _dated(row: _Row) -> _Dated:
    typed = " ".join(row.period.split())
    try:
        for shape in (_DAY, _US_DAY):
            if (match := shape.fullmatch(typed)) is not None:
                return _Dated(row, date(int(match["year"]), int(match["month"]), int(match["day"])), None)
        if (match := _MONTH.fullmatch(typed)) is not None:
            return _Dated(row, _month_end(int(match["year"]), int(match["month"])), Frequency.MONTHLY)
        if (match := _NAMED.fullmatch(typed) or _YEAR_NAMED.fullmatch(typed)) is not None:
            name = match["name"].casefold()[:3]
            if name in _MONTHS:
                return _Dated(row, _month_end(int(match["year"]), _MONTHS.index(name) + 1), Frequency.MONTHLY)
        for shape, months, every in ((_QUARTER, 3, Frequency.QUARTERLY), (_HALF, 6, Frequency.SEMIANNUAL)):
            if (match := shape.fullmatch(typed)) is not None:
                part, year = int(match["part"] or match["part2"]), int(match["year"] or match["year2"])
                return _Dated(row, _month_end(year, part * months), every)
        if (match := _YEAR.fullmatch(typed)) is not None:
            return _Dated(row, date(int(match["year"]), 12, 31), Frequency.ANNUAL)
    except (ValueError, OverflowError):
        pass
    raise SeriesTrouble(
        f"Line {row.number}: “{cut(typed, 40)}” is no period that I know. Periods are written as 2026-09, Q3 2026, "
        "2026 or 2026-09-30."
    )


def _ends(dated: Sequence[_Dated], frequency: str) -> Iterator[tuple[_Dated, date, str]]:
    """Each with the last day that it covers, and how often there is one.

    A day is the last one that a value covers, but where each of them is the first of a month it names what begins
    there, as FRED's own files do.
    """
    days = [one.on for one in dated if one.every is None]
    every = frequency_of(days) or frequency
    begins = bool(days) and all(on.day == 1 for on in days) and every not in {DAILY, Frequency.WEEKLY}
    for one in dated:
        if one.every is not None:
            yield one, one.on, one.every
        else:
            yield one, period_end_from(one.on, every) if begins else one.on, every


def _value(row: _Row, unit: str) -> Decimal:
    try:
        return read_value(row.value, unit)
    except UserError as error:
        raise SeriesTrouble(f"Line {row.number}: {error.message}") from None


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _modified(headers: Mapping[str, str]) -> date | None:
    """The day on which the file was changed last, as the server says."""
    said = next((value for name, value in headers.items() if name.casefold() == "last-modified"), None)
    if said is None:
        return None
    try:
        return parsedate_to_datetime(said).date()
    except (ValueError, TypeError):
        return None


def _column(look: Look) -> str:
    return f"“{cut(look.series.value_column or '', 60)}”"
