"""What FRED, BLS and Census answer, in the form that they document, from a server that stands in their place."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.series import Observation, SeriesTrouble
from bot.domain.vocabularies import Quality
from bot.series import Endpoints, SeriesKeys
from tests.series.publisher import Publisher, look_at
from tests.tables import on_each


async def read(publisher: Publisher, provider: str, address: str, **fields: Any) -> tuple[Observation, ...]:
    return await publisher.reader().read(look_at(address, provider, **fields))


async def told(publisher: Publisher, provider: str, address: str, **fields: Any) -> SeriesTrouble:
    with pytest.raises(SeriesTrouble) as trouble:
        await read(publisher, provider, address, **fields)
    return trouble.value


def version(on: str, value: str, start: str, end: str = "9999-12-31") -> dict[str, str]:
    return {"realtime_start": start, "realtime_end": end, "date": on, "value": value}


def fred(*observations: dict[str, str]) -> dict[str, Any]:
    """As fred/series/observations answers with file_type=json."""
    return {
        "realtime_start": "2024-01-01",
        "realtime_end": "9999-12-31",
        "observation_start": "2024-01-01",
        "observation_end": "9999-12-31",
        "units": "lin",
        "output_type": 1,
        "file_type": "json",
        "order_by": "observation_date",
        "sort_order": "asc",
        "count": len(observations),
        "offset": 0,
        "limit": 10000,
        "observations": list(observations),
    }


async def test_fred_says_when_each_value_was_published(publisher: Publisher) -> None:
    publisher.says_json(
        "/fred",
        fred(
            version("2026-08-01", "4.3", "2026-09-05", "2026-10-02"),
            version("2026-08-01", "4.2", "2026-10-03"),
            version("2026-09-01", ".", "2026-10-03"),
            version("2026-10-01", "4.1", "2026-11-07"),
        ),
    )
    august, october = await read(publisher, "fred", "UNRATE")
    assert (august.period_end, august.value, august.vintage) == (date(2026, 8, 31), Decimal("4.2"), date(2026, 10, 3))
    assert (october.period_end, october.value, october.vintage) == (
        date(2026, 10, 31),
        Decimal("4.1"),
        date(2026, 11, 7),
    )
    assert october.every == "monthly"
    assert october.quality is Quality.PROVISIONAL
    [request] = publisher.asked
    assert dict(request.query) == {
        "series_id": "UNRATE",
        "api_key": "f" * 32,
        "file_type": "json",
        "observation_start": "2024-01-01",
        "realtime_start": "2024-01-01",
        "realtime_end": "9999-12-31",
        "sort_order": "asc",
        "limit": "10000",
    }


async def test_freds_quarters_and_years_are_named_by_their_first_day(publisher: Publisher) -> None:
    publisher.says_json(
        "/fred", fred(version("2026-04-01", "1", "2026-07-30"), version("2026-07-01", "2", "2026-10-30"))
    )
    assert [one.period_end for one in await read(publisher, "fred", "GDPC1")] == [date(2026, 6, 30), date(2026, 9, 30)]
    publisher.says_json(
        "/fred", fred(version("2024-01-01", "1", "2025-09-30"), version("2025-01-01", "2", "2026-09-30"))
    )
    assert (await read(publisher, "fred", "MHINY"))[-1].period_end == date(2025, 12, 31)


async def test_of_a_single_value_the_figures_own_frequency_tells_its_period(publisher: Publisher) -> None:
    publisher.says_json("/fred", fred(version("2026-07-01", "2", "2026-10-30")))
    assert (await read(publisher, "fred", "X"))[0].period_end == date(2026, 7, 31)
    assert (await read(publisher, "fred", "X", frequency="quarterly"))[0].period_end == date(2026, 9, 30)


async def test_a_vintage_before_what_was_asked_for_is_not_known(publisher: Publisher) -> None:
    publisher.says_json(
        "/fred", fred(version("2024-01-01", "4.2", "2024-01-01"), version("2024-02-01", "4.1", "2024-03-08"))
    )
    assert [one.vintage for one in await read(publisher, "fred", "UNRATE")] == [None, date(2024, 3, 8)]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "Bad Request.  The series does not exist.",
            "FRED has no series NOSUCH. Check its id, with [Series] on the card.",
        ),
        ("Bad Request.  The value for variable api_key is not registered.", "FRED doesn't know the key."),
        ("Bad Request.  Variable limit is not between 1 and 100000.", "FRED refused the question."),
    ],
)
async def test_fred_refuses(publisher: Publisher, message: str, words: str) -> None:
    publisher.says_json("/fred", {"error_code": 400, "error_message": message}, status=400)
    assert words in (await told(publisher, "fred", "NOSUCH")).message


async def test_fred_is_not_asked_without_a_key(publisher: Publisher) -> None:
    with pytest.raises(SeriesTrouble, match="Whoever runs Backbeat sets it in BACKBEAT_FRED_KEY"):
        await publisher.reader(keys=SeriesKeys()).read(look_at("UNRATE", "fred"))
    assert publisher.asked == []


def bls(*data: dict[str, Any], status: str = "REQUEST_SUCCEEDED", message: tuple[str, ...] = ()) -> dict[str, Any]:
    """As publicAPI/v2/timeseries/data answers."""
    series = [{"seriesID": "LNS14000000", "data": list(data)}]
    return {"status": status, "responseTime": 183, "message": list(message), "Results": {"series": series}}


def point(year: str, period: str, value: str, code: str | None = None) -> dict[str, Any]:
    notes = [{"code": code, "text": "Preliminary."}] if code else [{}]
    return {"year": year, "period": period, "periodName": "…", "value": value, "footnotes": notes}


async def test_bls_says_what_is_preliminary(publisher: Publisher) -> None:
    publisher.says_json(
        "/bls",
        bls(
            {**point("2026", "M10", "4.1", "P"), "latest": "true"},
            point("2026", "M09", "4.2"),
            point("2026", "M08", "-"),
            point("2025", "M13", "4.0"),
        ),
    )
    september, october = await read(publisher, "bls", "LNS14000000")
    assert (october.period_end, october.value, october.quality) == (date(2026, 10, 31), Decimal("4.1"), "provisional")
    assert (september.period_end, september.quality, september.vintage) == (date(2026, 9, 30), "final", None)
    [request] = publisher.asked
    assert request.method == "POST"
    assert json.loads(publisher.bodies[0]) == {
        "seriesid": ["LNS14000000"],
        "startyear": "2024",
        "endyear": "2026",
        "registrationkey": "b" * 32,
    }


@pytest.mark.parametrize(
    ("periods", "ends", "every"),
    [
        (("Q02", "Q03", "Q05"), ["2025-06-30", "2025-09-30"], "quarterly"),
        (("S01", "S02", "S03"), ["2025-06-30", "2025-12-31"], "semiannual"),
        (("A01",), ["2025-12-31"], "annual"),
    ],
)
async def test_bls_has_other_periods(
    publisher: Publisher, periods: tuple[str, ...], ends: list[str], every: str
) -> None:
    publisher.says_json("/bls", bls(*(point("2025", one, "1") for one in periods)))
    found = await read(publisher, "bls", "LNS14000000")
    assert [one.period_end.isoformat() for one in found] == ends
    assert {one.every for one in found} == {every}


@pytest.mark.parametrize(
    ("message", "words", "passes"),
    [
        ("Request could not be serviced, as the daily threshold for total number of requests …", "25 a day", True),
        ("The key:bbbb provided by the User is invalid.", "BLS doesn't know the key.", False),
        ("Your request exploded.", "BLS refused the question.", False),
    ],
)
async def test_bls_refuses(publisher: Publisher, message: str, words: str, passes: bool) -> None:
    publisher.says_json("/bls", bls(status="REQUEST_NOT_PROCESSED", message=(message,)))
    trouble = await told(publisher, "bls", "LNS14000000")
    assert words in trouble.message
    assert trouble.passes is passes
    assert "bbbb" not in trouble.message


async def test_bls_has_no_such_series(publisher: Publisher) -> None:
    publisher.says_json("/bls", bls(message=("Series does not exist for Series LNS14000000",)))
    assert "BLS has no series LNS14000000" in (await told(publisher, "bls", "LNS14000000")).message


async def test_bls_answers_without_a_key(publisher: Publisher) -> None:
    publisher.says_json("/bls", bls(point("2026", "M09", "4.2")))
    await publisher.reader(keys=SeriesKeys()).read(look_at("LNS14000000", "bls"))
    assert "registrationkey" not in json.loads(publisher.bodies[0])


ACS = "acs/acs1?get=NAME,S2301_C04_001E&for=county:049&in=state:39"


def acs(value: str | None) -> list[list[str | None]]:
    return [["NAME", "S2301_C04_001E", "state", "county"], ["Franklin County, Ohio", value, "39", "049"]]


async def test_census_is_asked_by_year(publisher: Publisher) -> None:
    publisher.says_json("/census/2024/acs/acs1", acs("4.6"))
    publisher.says_json("/census/2023/acs/acs1", acs("5.1"))
    found = await read(publisher, "census", ACS, frequency="annual", since=date(2023, 1, 1))
    assert [(one.period_end, one.value) for one in found] == [
        (date(2023, 12, 31), Decimal("5.1")),
        (date(2024, 12, 31), Decimal("4.6")),
    ]
    assert {(one.every, one.quality) for one in found} == {("annual", "final")}
    paths = [request.path for request in publisher.asked]
    assert paths == [f"/census/{year}/acs/acs1" for year in (2025, 2024, 2023)], "the year to come is asked for, too"
    assert dict(publisher.asked[0].query) == {
        "get": "NAME,S2301_C04_001E",
        "for": "county:049",
        "in": "state:39",
        "key": "c" * 40,
    }


@pytest.mark.parametrize("missing", [None, "-666666666", "-999999999", "-888888888.0"])
async def test_census_numbers_that_stand_for_a_reason_are_no_values(publisher: Publisher, missing: str | None) -> None:
    publisher.says_json("/census/2024/acs/acs1", acs(missing))
    assert "Census has no value for this query" in (await told(publisher, "census", ACS)).message


async def test_a_census_time_series(publisher: Publisher) -> None:
    address = "timeseries/eits/ressales?get=cell_value&for=us:*"
    publisher.says_json(
        "/census/timeseries/eits/ressales",
        [["cell_value", "time", "us"], ["610", "2026-08", "1"], ["615", "2026-09", "1"]],
    )
    found = await read(publisher, "census", address)
    assert [(one.period_end, one.every) for one in found] == [
        (date(2026, 8, 31), "monthly"),
        (date(2026, 9, 30), "monthly"),
    ]
    assert publisher.asked[0].query["time"] == "from 2024"


async def test_census_with_several_places_is_no_figure(publisher: Publisher) -> None:
    rows = acs("4.6")
    publisher.says_json("/census/2024/acs/acs1", [*rows, rows[1]])
    assert "brings 2 places" in (await told(publisher, "census", ACS)).message


async def test_census_lost_a_variable(publisher: Publisher) -> None:
    publisher.says_json("/census/2024/acs/acs1", [["NAME", "OTHER"], ["x", "1"]])
    assert "has no variable S2301_C04_001E in this dataset any more" in (await told(publisher, "census", ACS)).message


async def test_census_doesnt_know_the_key(publisher: Publisher) -> None:
    page = "<html><head><title>Invalid Key</title></head><body>A valid key must be included</body></html>"
    publisher.says("/census/2025/acs/acs1", page, kind="text/html")
    assert "sets it in BACKBEAT_CENSUS_KEY" in (await told(publisher, "census", ACS)).message


ADDRESSES = {"fred": "UNRATE", "bls": "LNS14000000", "census": ACS}
PATHS = {"fred": "/fred", "bls": "/bls", "census": "/census/2025/acs/acs1"}


@on_each("provider", ADDRESSES)
@on_each(
    "content",
    [
        "",
        "not json",
        "null",
        "[]",
        "{}",
        "3",
        '{"observations": 5, "status": "REQUEST_SUCCEEDED", "Results": []}',
        '{"observations": [5], "status": "REQUEST_SUCCEEDED", "Results": {"series": [5]}}',
        '{"observations": [{"date": 5, "realtime_end": "9999-12-31"}]}',
        json.dumps(bls({"period": "X1"})),
        "[[], []]",
        '[["NAME", "S2301_C04_001E"], ["x"]]',
        '[["NAME", "S2301_C04_001E"], ["x", {}]]',
        "[" * 100_000,
        "9" * 5000,
    ],
)
async def test_whatever_they_answer_comes_to_a_sentence(publisher: Publisher, provider: str, content: str) -> None:
    publisher.says(PATHS[provider], content, kind="application/json")
    address = ADDRESSES[provider]
    trouble = await told(publisher, provider, address)
    assert trouble.message.endswith(".")


@pytest.mark.parametrize("provider", ADDRESSES)
async def test_they_send_nobody_elsewhere(publisher: Publisher, provider: str) -> None:
    publisher.sends_to(PATHS[provider], "https://elsewhere.example/", 307)
    trouble = await told(publisher, provider, ADDRESSES[provider])
    assert "elsewhere" in trouble.message
    assert set(publisher.origins) == {publisher.here}


@pytest.mark.parametrize("provider", ADDRESSES)
async def test_no_key_is_repeated(publisher: Publisher, provider: str, caplog: pytest.LogCaptureFixture) -> None:
    publisher.says(PATHS[provider], "api_key=ffffffff", status=400)
    trouble = await told(publisher, provider, ADDRESSES[provider])
    for secret in ("ffffffff", "bbbbbbbb", "cccccccc"):
        assert secret not in trouble.message + caplog.text + repr(publisher.reader())


def test_the_hosts_of_the_three_are_fixed() -> None:
    assert Endpoints() == Endpoints(
        "https://api.stlouisfed.org/fred/series/observations",
        "https://api.bls.gov/publicAPI/v2/timeseries/data/",
        "https://api.census.gov/data",
    )
