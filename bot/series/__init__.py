"""Series: what others publish is fetched from the few hosts that may be asked, and read into values. Nothing of it is
kept or decided here.
"""

from __future__ import annotations

from bot.series.fetching import Bounds, Fetcher
from bot.series.hosts import Endpoints, Hosts, read_hosts
from bot.series.providers import SeriesKeys, SeriesReader
