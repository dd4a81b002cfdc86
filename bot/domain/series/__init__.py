"""Series: where somebody else publishes a metric's figures, what was found there, and how looking went. Values and
rules, pure. What a found value would change is in `metrics`."""

from __future__ import annotations

from bot.domain.series.addresses import (
    MOST_ADDRESS,
    MOST_COLUMN,
    check_series,
    provider_name,
    series_key,
    series_name,
)
from bot.domain.series.forms import (
    NO_PROVIDER,
    SeriesForm,
    SeriesSaved,
    looks_words,
    read_series,
    series_lines,
    series_of,
    series_plan,
    series_value_words,
)
from bot.domain.series.looking import (
    HOUR,
    MOST_QUIET_FAILURES,
    Look,
    Outcome,
    SeriesLine,
    next_look,
)
from bot.domain.series.observations import (
    DAILY,
    NO_VALUES,
    Observation,
    SeriesTrouble,
    frequency_of,
    once_a_period,
    period_end_from,
)
from bot.domain.series.told import (
    AboutProposal,
    ProposalState,
    RecordedNews,
    SeriesNews,
    TroubleNews,
    note_words,
    proposal_about,
    read_proposal_about,
    read_trouble_about,
    trouble_about,
    vintage_words,
)
