"""Reads one look: whom to ask, with which key, and what the answer says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from yarl import URL

from bot.domain.series import Look, Observation, SeriesTrouble, once_a_period, series_name
from bot.domain.vocabularies import Provider
from bot.domain.wording import written_in
from bot.series.answers import require_answer
from bot.series.bls import bls_question, read_bls
from bot.series.census import census_questions, read_census
from bot.series.csv_reading import read_csv
from bot.series.fetching import Fetcher
from bot.series.fred import fred_question, read_fred
from bot.series.hosts import Endpoints, Hosts

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class SeriesKeys:
    """What the providers know this deployment by. FRED answers nobody without one."""

    fred: str | None = field(default=None, repr=False)
    bls: str | None = field(default=None, repr=False)
    census: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SeriesReader:
    """Takes looks. `hosts` are those of CSV files; the providers' own are `endpoints`."""

    fetcher: Fetcher
    hosts: Hosts
    keys: SeriesKeys = field(default_factory=SeriesKeys)
    endpoints: Endpoints = field(default_factory=Endpoints)

    async def read(self, look: Look) -> tuple[Observation, ...]:
        """The values that a series has from `look.since` on, by period. Raises SeriesTrouble."""
        # Figures are read, and sentences written, as in the coalition.
        with written_in(look.locale):
            found = await _READ[Provider(look.series.provider)](self, look)
            return once_a_period(one for one in found if one.period_end >= look.since)

    async def _csv(self, look: Look) -> Iterable[Observation]:
        whom = series_name(look.series)
        fetched = await self.fetcher.fetch(
            look.series.address, self.hosts, whom=whom, accept="text/csv, text/plain, */*"
        )
        require_answer(fetched, whom)
        return read_csv(fetched, look, whom)

    async def _fred(self, look: Look) -> Iterable[Observation]:
        if self.keys.fred is None:
            raise SeriesTrouble("FRED answers only with a key. Whoever runs Backbeat sets it in BACKBEAT_FRED_KEY.")
        question = fred_question(self.endpoints.fred, look, self.keys.fred)
        fetched = await self.fetcher.fetch(question, _only(self.endpoints.fred), whom="FRED", accept=_JSON)
        return read_fred(fetched, look, "FRED")

    async def _bls(self, look: Look) -> Iterable[Observation]:
        at = self.endpoints.bls
        question = bls_question(look, self.keys.bls)
        fetched = await self.fetcher.fetch(at, _only(at), whom="BLS", post=question, accept=_JSON)
        return read_bls(fetched, look, "BLS")

    async def _census(self, look: Look) -> Iterable[Observation]:
        at = self.endpoints.census
        found: list[Observation] = []
        questions = census_questions(at, look, self.keys.census)
        for year, question in questions:
            fetched = await self.fetcher.fetch(question, _only(at), whom="Census", accept=_JSON)
            found += read_census(fetched, year, look, "Census", is_only=year is None)
        if not found:
            raise SeriesTrouble(
                "Census has no value for this query in the last years. Check the query, with [Series] on the card."
            )
        return found


_READ = {
    Provider.CSV: SeriesReader._csv,
    Provider.FRED: SeriesReader._fred,
    Provider.BLS: SeriesReader._bls,
    Provider.CENSUS: SeriesReader._census,
}


def _only(endpoint: str) -> Hosts:
    """A provider's own host, and no other one."""
    at = URL(endpoint)
    return Hosts(frozenset({((at.raw_host or "").casefold(), at.port)}))
