"""BLS's time series (publicAPI/v2/timeseries/data): values by year and period, with "P" where they are preliminary.

It doesn't say when a value was published. (https://www.bls.gov/developers/api_signature_v2.htm)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.domain.series import Look, Observation, SeriesTrouble, once_a_period
from bot.domain.vocabularies import Frequency, Quality
from bot.series.answers import entries, json_of, mapping, require_answer, strange, value_in
from bot.series.fetching import AGAIN, Fetched

# How many months a period of a kind has, and how many there are in a year; one more is the year's average.
_KINDS = {
    "M": (1, 12, Frequency.MONTHLY),
    "Q": (3, 4, Frequency.QUARTERLY),
    "S": (6, 2, Frequency.SEMIANNUAL),
    "A": (12, 1, Frequency.ANNUAL),
}
_SUCCEEDED = "REQUEST_SUCCEEDED"


def bls_question(look: Look, key: str | None) -> dict[str, Any]:
    """What to post."""
    asked: dict[str, Any] = {
        "seriesid": [look.series.address],
        "startyear": str(look.since.year),
        "endyear": str(look.today.year),
    }
    return asked | ({"registrationkey": key} if key is not None else {})


def read_bls(fetched: Fetched, look: Look, whom: str) -> tuple[Observation, ...]:
    """The values of the one series. Raises SeriesTrouble."""
    require_answer(fetched, whom)
    said = mapping(json_of(fetched, whom), whom)
    told = " ".join(str(one) for one in said.get("message") or ()).casefold()
    if said.get("status") != _SUCCEEDED:
        raise _refused(told)
    listed = entries(mapping(said.get("Results"), whom).get("series"), whom)
    series = [mapping(one, whom) for one in listed]
    own = next((one for one in series if one.get("seriesID") == look.series.address), None)
    if own is None:
        raise strange(whom)
    data = [mapping(one, whom) for one in entries(own.get("data"), whom)]
    if not data and "does not exist" in told:
        raise SeriesTrouble(f"BLS has no series {look.series.address}. Check its id, with [Series] on the card.")
    found = (_observation(one, look, whom) for one in data)
    return once_a_period(one for one in found if one is not None)


def _observation(one: Mapping[str, Any], look: Look, whom: str) -> Observation | None:
    period, year = str(one.get("period")), str(one.get("year"))
    kind = _KINDS.get(period[:1])
    if kind is None or not (period[1:].isdigit() and year.isdigit() and len(year) == 4):
        raise strange(whom)
    months, a_year, every = kind
    number = int(period[1:])
    value = value_in(one.get("value"), look.unit, whom)
    if value is None or not 1 <= number <= a_year:
        return None  # it is missing, or an average of the year
    last = number * months
    end = date(int(year) + last // 12, last % 12 + 1, 1) - timedelta(days=1)
    notes = [mapping(note, whom) for note in entries(one.get("footnotes") or [], whom)]
    is_preliminary = any(note.get("code") == "P" for note in notes)
    quality = Quality.PROVISIONAL if is_preliminary else Quality.FINAL
    return Observation(period_end=end, value=value, every=every, quality=quality, is_sure=True)


def _refused(told: str) -> SeriesTrouble:
    """Its words may repeat the key, so they aren't shown."""
    if "threshold" in told or "daily" in told or "limit" in told:
        return SeriesTrouble(
            "BLS answers no more questions today: 25 a day without a key, 500 with one, which whoever runs Backbeat "
            f"sets in BACKBEAT_BLS_KEY. {AGAIN}",
            passes=True,
        )
    if "key" in told:
        return SeriesTrouble("BLS doesn't know the key. Whoever runs Backbeat sets it in BACKBEAT_BLS_KEY.")
    return SeriesTrouble(f"BLS refused the question. Check the series' id, with [Series] on the figure's card. {AGAIN}")
