"""Census' data (data/YEAR/DATASET, or data/timeseries/DATASET): a table of text, its first row naming the columns.

A dataset of years has one address a year, and none before it is published; a time series says the time of each row.
(https://www.census.gov/data/developers/guidance/api-user-guide.html)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote

from bot.domain.series import Look, Observation, SeriesTrouble, once_a_period
from bot.domain.vocabularies import Frequency, Quality
from bot.series.answers import entries, json_of, require_answer, strange, value_in
from bot.series.fetching import AGAIN, Fetched

# So many years back: the one before last is what a yearly survey has in its autumn.
MOST_YEARS = 3
_TIMESERIES = "timeseries/"
_NOTHING_YET = frozenset({204, 404})
# Numbers that stand for a reason why there is none.
_JAM_VALUES = frozenset(Decimal(f"-{digit * 9}") for digit in "123456789")
_TIME = re.compile(r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def census_questions(endpoint: str, look: Look, key: str | None) -> list[tuple[int | None, str]]:
    """Where to ask, by year; the newest year first."""
    dataset, _, query = look.series.address.partition("?")
    asked = parse_qsl(query)
    is_series = dataset.startswith(_TIMESERIES)
    if is_series and all(name != "time" for name, _value in asked):
        asked.append(("time", f"from {look.since.year}"))
    asked += [("key", key)] if key is not None else []
    text = "&".join(f"{quote(name)}={quote(value, safe=':*,()')}" for name, value in asked)
    if is_series:
        return [(None, f"{endpoint}/{dataset}?{text}")]
    newest = look.today.year - 1
    oldest = max(look.since.year, newest - MOST_YEARS + 1)
    return [(year, f"{endpoint}/{year}/{dataset}?{text}") for year in range(newest, oldest - 1, -1)]


def read_census(
    fetched: Fetched, year: int | None, look: Look, whom: str, *, is_only: bool = False
) -> tuple[Observation, ...]:
    """The value of a year, or all of a time series; nothing of a year that isn't published. Raises SeriesTrouble."""
    if fetched.status in _NOTHING_YET and not is_only:
        return ()
    if fetched.status == 400:
        raise SeriesTrouble("Census refused the question. Check the query, with [Series] on the figure's card.")
    if b"<html" in fetched.content[:1000].lower():
        words = fetched.content[:3000].lower()
        if b"invalid key" in words or b"missing key" in words:
            raise SeriesTrouble("Census doesn't know the key. Whoever runs Backbeat sets it in BACKBEAT_CENSUS_KEY.")
        raise SeriesTrouble(f"Census answered with a web page in place of data. {AGAIN}", passes=True)
    require_answer(fetched, whom)
    head, *rows = [entries(row, whom) for row in entries(json_of(fetched, whom), whom)] or [[]]
    at = _column(head, look)
    times = [place for place, name in enumerate(head) if name == "time"]
    if len(rows) > 1 and (year is not None or not times):
        raise SeriesTrouble(
            f"The Census query brings {len(rows)} places. Name one with “for=”, with [Series] on the figure's card."
        )
    return once_a_period(
        one for row in rows if (one := _observation(row, at, times[0] if times else None, year, look, whom)) is not None
    )


def _column(head: Sequence[Any], look: Look) -> int:
    """Where the variable stands that is the figure."""
    asked = dict(parse_qsl(look.series.address.partition("?")[2])).get("get", "").split(",")
    wanted = look.series.value_column or next((one for one in asked if one != "NAME"), asked[0])
    if wanted not in head:
        raise SeriesTrouble(f"Census has no variable {wanted} in this dataset any more. Choose it anew, with [Series].")
    return head.index(wanted)


def _observation(
    row: Sequence[Any], at: int, time: int | None, year: int | None, look: Look, whom: str
) -> Observation | None:
    if at >= len(row) or (time is not None and time >= len(row)):
        raise strange(whom)
    value = value_in(row[at], look.unit, whom)
    if value is None or value in _JAM_VALUES:
        return None
    if time is None and year is None:
        raise strange(whom)
    end, every = (date(year or 1, 12, 31), Frequency.ANNUAL) if time is None else _period(str(row[time]), whom)
    return Observation(period_end=end, value=value, every=every, quality=Quality.FINAL, is_sure=year is not None)


def _period(written: str, whom: str) -> tuple[date, Frequency]:
    match = _TIME.fullmatch(written)
    if match is None:
        raise strange(whom)
    year = int(match["year"])
    if match["month"]:
        last, every = int(match["month"]), Frequency.MONTHLY
    elif match["quarter"]:
        last, every = int(match["quarter"]) * 3, Frequency.QUARTERLY
    else:
        last, every = 12, Frequency.ANNUAL
    return date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1), every
