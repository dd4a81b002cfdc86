"""Series: which one a metric follows, and what its steward says to a value that was found there."""

from __future__ import annotations

from bot.domain.metrics import FigureSaved
from bot.domain.rights import Right
from bot.slack.blocks.metrics import (
    FIGURE_FORM,
    SERIES_FORM,
    SERIES_TITLE,
    TITLE,
    declined_message,
    draft_message,
    figure_saved_message,
    series_saved_message,
)
from bot.slack.identifiers import Action, Submission
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Listeners
from handlers.metric_plans import FIGURES
from handlers.presses import by_value

open_form = FIGURES.opens(SERIES_TITLE, "series", lambda services: services.series_plans.form, SERIES_FORM.view)


async def record(call: Call) -> None:
    """[Record it]."""
    reply = await call.services.series_answers.record(await call.actor(), call.value)
    await call.answer(figure_saved_message(reply) if isinstance(reply, FigureSaved) else draft_message(reply), TITLE)
    await refresh_home(call)


async def change(call: Call) -> None:
    """[Change it] and [Enter it]: the form of a figure, with what the series has."""
    await call.open(TITLE)
    actor = await call.actor()
    token = await call.services.series_answers.change(actor, call.value)
    await call.show(FIGURE_FORM.view(await call.services.metrics.form(actor, token=token)))


async def decline(call: Call) -> None:
    """[Not this one]."""
    news = await call.services.series_answers.decline(await call.actor(), call.value)
    await call.answer(declined_message(news), TITLE)
    await refresh_home(call)


LISTENERS = Listeners(
    noun="metric",
    actions={
        Action.METRIC_SERIES: by_value(open_form),
        Action.SERIES_RECORD: record,
        Action.SERIES_CHANGE: change,
        Action.SERIES_DECLINE: decline,
    },
    submissions={
        Submission.METRIC_SERIES: FIGURES.stores(
            SERIES_FORM, series_saved_message, lambda services: services.series_plans.edit
        ),
    },
    lines=(
        FIGURES.line(
            "series", "where new figures come from, and what happens with them", open_form, Right.RECORD_READING
        ),
    ),
)
