"""Metrics, on screen "figures": how they are set up, recorded and judged. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.metrics.asks import Steward, offer_figures, read_figure_ask, refresh_figure
from bot.services.metrics.drafts import DRAFTS, keep_draft, saved_again, store, submission_query
from bot.services.metrics.history import reason_lines
from bot.services.metrics.metrics import Metrics
from bot.services.metrics.plans import MetricPlans
from bot.services.metrics.tables import FigureTables
from bot.services.metrics.views import (
    GONE,
    Place,
    due_figures,
    may_record_any,
    place_of,
    places_of,
    require_recorder,
    today_in,
)
