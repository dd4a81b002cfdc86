"""What a series may be, by its provider's rules, and what its form says."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.record import Series
from bot.domain.series import check_series, read_series, series_key, series_lines, series_name, series_of, series_plan
from bot.domain.typed import Mistakes
from tests.builders import metric
from tests.tables import on_each

CSV: dict[str, Any] = {"provider": "csv", "period_column": "month", "value_column": "rate"}
CENSUS = "acs/acs1?get=NAME,S2301_C04_001E&for=county:049&in=state:39"


def sentences(provider: str, address: str, **more: str) -> list[str]:
    columns: dict[str, Any] = {"period_column": "month", "value_column": "rate"} if provider == "csv" else {}
    return [sentence for _path, sentence in check_series(Series(provider=provider, address=address, **columns | more))]


@on_each(
    ("provider", "address"),
    [
        ("csv", "https://data.example.org/jobs.csv"),
        ("csv", "https://data.example.org:8443/a/b.csv?year=2026&x=1"),
        ("csv", "http://localhost:8080/jobs.csv"),
        ("csv", "http://127.0.0.1/jobs.csv"),
        ("csv", "http://[::1]:8080/jobs.csv"),
        ("fred", "UNRATE"),
        ("fred", "LAUCN390490000000003A"),
        ("bls", "LNS14000000"),
        ("bls", "SMU19197802023800001"),
        ("census", CENSUS),
        ("census", "timeseries/eits/ressales?get=cell_value,time_slot_id&for=us:*&time=from+2024"),
    ],
)
def test_what_is_taken(provider: str, address: str) -> None:
    assert sentences(provider, address) == []


@on_each(
    ("provider", "address", "words"),
    [
        ("csv", "http://data.example.org/jobs.csv", "has to begin with https://"),
        ("csv", "http://127.0.0.1.evil.example/jobs.csv", "has to begin with https://"),
        ("csv", "http://10.0.0.5/jobs.csv", "has to begin with https://"),
        ("csv", "ftp://data.example.org/jobs.csv", "has to begin with https://"),
        ("csv", "file:///etc/passwd", "is no address"),
        ("csv", "jobs.csv", "is no address"),
        ("csv", "https://data.example.org/a b.csv", "is no address"),
        ("csv", "https://data.exämple.org/a.csv", "is no address"),
        ("csv", "https://[data.example.org/a.csv", "is no address"),
        ("csv", "https://data.example.org:x/a.csv", "is no address"),
        ("csv", "https://me:secret@data.example.org/a.csv", "holds a user or password"),
        ("csv", "https://data.example.org/a.csv#top", "Leave out what stands behind “#”"),
        ("csv", f"https://data.example.org/{'x' * 500}", "500 fit"),
        ("fred", "unrate", "as FRED has it"),
        ("fred", "https://fred.stlouisfed.org/series/UNRATE", "as FRED has it"),
        ("fred", "UNRATE&api_key=x", "as FRED has it"),
        ("bls", "LNS 14", "as BLS has it"),
        ("census", "https://api.census.gov/data/2024/acs/acs1?get=A&for=us:1", "without “data” and the year"),
        ("census", "../2024?get=A&for=us:1", "without “data” and the year"),
        ("census", "2024/acs/acs1?get=A&for=us:1", "without “data” and the year"),
        ("census", "acs/acs1?for=us:1", "with “get=”"),
        ("census", "acs/acs1?get=A&get=B&for=us:1", "with “get=”"),
        ("census", "acs/acs1?get=A", "with “for=”"),
        ("census", f"{CENSUS}&key=abc", "Leave out the key"),
        ("census", f"{CENSUS}&callback=x", "I don't know “callback”"),
    ],
)
def test_what_is_refused(provider: str, address: str, words: str) -> None:
    [sentence] = sentences(provider, address)
    assert words in sentence
    assert "secret" not in sentence


def test_columns_are_a_files() -> None:
    nothing = Series(provider="csv", address="https://data.example.org/jobs.csv")
    assert [path for path, _words in check_series(nothing)] == ["period_column", "value_column"]
    assert "This is the column of the periods" in sentences("csv", nothing.address, value_column="month")[0]
    assert "leave it out for FRED" in sentences("fred", "UNRATE", value_column="rate")[0]
    assert "leave it out for BLS" in sentences("bls", "LNS14000000", period_column="month")[0]
    assert sentences("census", CENSUS, value_column="S2301_C04_001E") == []


def test_readers_know_it_by_its_host_or_id() -> None:
    assert series_name(Series(provider="fred", address="UNRATE")) == "FRED UNRATE"
    assert series_name(Series(provider="census", address=CENSUS)) == "Census acs/acs1"
    assert (
        series_name(Series(address="https://data.example.org:8443/a.csv?token=abc", **CSV)) == "data.example.org:8443"
    )


def test_the_form_says_every_mistake() -> None:
    with pytest.raises(Mistakes) as told:
        read_series({"provider": "csv", "address": "x", "looks": "sometimes"})
    assert told.value.errors.keys() == {"address", "period_column", "value_column", "looks"}
    with pytest.raises(Mistakes) as told:
        read_series({"provider": "fred", "looks": "daily"})
    assert told.value.errors == {"address": "Write the series' id or address."}
    with pytest.raises(Mistakes) as told:
        read_series({"address": "UNRATE", "looks": "daily"})
    assert told.value.errors == {"provider": "Choose who publishes it."}


def test_a_series_comes_and_goes() -> None:
    none = series_plan(metric("m"))
    plan = read_series({"provider": "fred", "address": "UNRATE", "looks": "daily", "record_by_itself": "yes"})
    series = series_of(plan, None)
    assert series == Series(provider="fred", address="UNRATE", looks="daily", record_by_itself=True)
    assert series_lines(none, plan) == (
        "Series from: none → FRED",
        "Series: none → UNRATE",
        "Looked at: every week → every day",
        "Recorded by itself: no → yes",
    )
    kept = Series(provider="bls", address="LNS14000000", extra={"licence": "open"})
    changed = series_of(plan, kept)
    assert changed is not None
    assert changed.extra == {"licence": "open"}, "what no rule reads stays"
    gone = read_series({"provider": "none", "address": "UNRATE", "looks": "daily"})
    assert gone == none
    assert series_of(gone, kept) is None


def test_another_column_is_another_series() -> None:
    one = Series(address="https://data.example.org/jobs.csv", **CSV)
    other = Series(address=one.address, **CSV | {"value_column": "jobs"})
    assert series_key(one) != series_key(other)
    slower = Series(address=one.address, looks="monthly", **CSV)
    assert series_key(one) == series_key(slower)
