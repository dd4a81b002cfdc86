"""Series: where somebody else publishes a metric's figures, and what was found there. Use cases, and steps for other
services."""

from __future__ import annotations

from bot.services.series.answers import SeriesAnswers
from bot.services.series.looks import SeriesLooks
from bot.services.series.plans import SeriesPlans
from bot.services.series.proposals import (
    open_proposals,
    read_series_proposed,
    read_series_recorded,
    read_series_trouble,
    series_troubles,
)
