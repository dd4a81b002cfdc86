"""Metrics, on screen "figures": how they are set up, recorded and judged. Values and rules, pure."""

from __future__ import annotations

from bot.domain.metrics.asks import (
    NOT_OFTENER,
    FigureAsk,
    answering,
    asked_figure,
    figure_about,
    is_wanted,
    read_figure_about,
)
from bot.domain.metrics.breakdowns import MOST_BREAKDOWN, breakdown_lines, read_breakdown, split_words, splits_of
from bot.domain.metrics.charts import ChartPoint, MetricChart, chart_of_line
from bot.domain.metrics.figures import (
    FigureCard,
    FigureDraft,
    FigureEntry,
    FigureForm,
    FigureList,
    FigureRow,
    FigureSaved,
    FigureUndone,
    Proposal,
    due_on,
    propose,
    suggest_period_end,
)
from bot.domain.metrics.forecasts import CameTrue, came_true, forecast_words, shown_figures
from bot.domain.metrics.found import Found, found_in, looked_at_since
from bot.domain.metrics.line import MOST_NOTE, ValueMissing, read_figure
from bot.domain.metrics.lines import Figure, Forecast, MetricLine, Restated
from bot.domain.metrics.names import UnknownFigure, find_metric
from bot.domain.metrics.part_pictures import MOST_BARS, PartsChart, parts_chart
from bot.domain.metrics.plans import (
    CHOICES,
    DEFAULTS,
    MOST_MILESTONES,
    MOST_NAME,
    MOST_REASON,
    MOST_UNIT,
    MOST_WORDS,
    NORTH_STAR,
    Plan,
    PlanContext,
    PlanForm,
    PlanSaved,
    change_lines,
    milestone_lines,
    new_metric,
    plan_of,
    read_plan,
    read_target,
    require_sound,
    restore_plan,
    value_words,
    with_plan,
)
from bot.domain.metrics.recording import (
    KeptFigure,
    ShownBeside,
    kept_figure,
    known_words,
    read_entry,
    restored,
    without_reading,
)
from bot.domain.metrics.status import (
    MetricStanding,
    Restatement,
    check_metric,
    check_reading,
    current_readings,
    is_withheld,
    known_readings,
    next_period_end,
    restatements,
    standing,
)
from bot.domain.metrics.tables import (
    COLUMNS,
    MOST_LINES,
    NEEDED,
    FigureTable,
    TableFigure,
    TableLine,
    TableProblem,
    read_table,
)
