"""FRED's observations (fred/series/observations): each value with the day on which it was published.

It is asked for every version since the periods began, of which the one that stands has no end: that one's beginning is
the vintage. (https://fred.stlouisfed.org/docs/api/fred/series_observations.html)
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from bot.domain.series import Look, Observation, SeriesTrouble, frequency_of, once_a_period, period_end_from
from bot.series.answers import entries, json_of, mapping, require_answer, strange, value_in
from bot.series.fetching import Fetched

_STANDS = "9999-12-31"


def fred_question(endpoint: str, look: Look, key: str) -> str:
    """Where to ask."""
    asked = {
        "series_id": look.series.address,
        "api_key": key,
        "file_type": "json",
        "observation_start": look.since.isoformat(),
        "realtime_start": look.since.isoformat(),
        "realtime_end": _STANDS,
        "sort_order": "asc",
        "limit": "10000",
    }
    return f"{endpoint}?{urlencode(asked)}"


def read_fred(fetched: Fetched, look: Look, whom: str) -> tuple[Observation, ...]:
    """The values that stand. Raises SeriesTrouble."""
    if fetched.status == 400:
        raise _refused(fetched, look, whom)
    require_answer(fetched, whom)
    said = entries(mapping(json_of(fetched, whom), whom).get("observations"), whom)
    standing = [mapping(one, whom) for one in said]
    standing = [one for one in standing if one.get("realtime_end") == _STANDS]
    begins = [_day(one.get("date"), whom) for one in standing]
    every = frequency_of(begins) or look.frequency
    found = []
    for one, begin in zip(standing, begins, strict=True):
        value, vintage = value_in(one.get("value"), look.unit, whom), _day(one.get("realtime_start"), whom)
        if value is not None:
            found.append(
                Observation(
                    period_end=period_end_from(begin, every),
                    value=value,
                    every=every,
                    # Earlier than it was asked for nobody knows.
                    vintage=vintage if vintage > look.since else None,
                )
            )
    return once_a_period(found)


def _refused(fetched: Fetched, look: Look, whom: str) -> SeriesTrouble:
    """What a 400 is about: its text may repeat the question, so it isn't shown."""
    said = str(mapping(json_of(fetched, whom), whom).get("error_message", "")).casefold()
    if "api_key" in said:
        return SeriesTrouble("FRED doesn't know the key. Whoever runs Backbeat sets it in BACKBEAT_FRED_KEY.")
    if "series does not exist" in said or "series_id" in said:
        return SeriesTrouble(f"FRED has no series {look.series.address}. Check its id, with [Series] on the card.")
    return SeriesTrouble("FRED refused the question. Check the series' id, with [Series] on the figure's card.")


def _day(written: Any, whom: str) -> date:
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        raise strange(whom) from None
