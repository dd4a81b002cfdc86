"""Setting figures up: a new one, what it means, a new target, and its history."""

from __future__ import annotations

from bot.domain.metrics import UnknownFigure
from bot.domain.rights import Right
from bot.slack.blocks.metrics import (
    ADD_TITLE,
    EDIT_TITLE,
    MEANING_TITLE,
    METRIC_FORM,
    TARGET_FORM,
    meaning_view,
    plan_saved_message,
    plan_view,
    unknown_figure_message,
)
from bot.slack.identifiers import Action, Submission
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.named import Named
from handlers.presses import by_value, shows

FIGURES = Named(
    noun="metric",
    thing="figure",
    title="Figure",
    verbs=("list", "update", "add", "edit", "retarget", "history", "help"),
    unknown=UnknownFigure,
    ask=unknown_figure_message,
    history=lambda services: services.metric_plans.history,
    history_button=Action.METRIC_HISTORY,
    whole={"whole": True},
)
add = shows(ADD_TITLE, lambda services: services.metric_plans.form, plan_view)
edit = FIGURES.opens(EDIT_TITLE, "edit", lambda services: services.metric_plans.form, plan_view)
retarget = FIGURES.opens(
    TARGET_FORM.title, "retarget", lambda services: services.metric_plans.target_form, TARGET_FORM.view
)


async def show_more(call: Call) -> None:
    """[More]: the whole form of a new figure; Slack keeps what is in the fields that both have."""
    await call.change_view(plan_view(await call.services.metric_plans.form(await call.actor()), whole=True))


async def meaning(call: Call) -> None:
    await call.open(MEANING_TITLE)
    await call.show(meaning_view(await call.services.metrics.card(await call.actor(), call.value, whole=True)))


LISTENERS = Listeners(
    noun="metric",
    actions={
        Action.METRIC_ADD: add,
        Action.METRIC_MORE: show_more,
        Action.METRIC_EDIT: by_value(edit),
        Action.METRIC_RETARGET: by_value(retarget),
        Action.METRIC_MEANING: meaning,
        Action.METRIC_HISTORY: FIGURES.turn_history,
    },
    submissions={
        Submission.METRIC_PLAN: FIGURES.stores(
            METRIC_FORM,
            plan_saved_message,
            lambda services: services.metric_plans.edit,
            lambda services: services.metric_plans.add,
        ),
        Submission.METRIC_TARGET: FIGURES.stores(
            TARGET_FORM, plan_saved_message, lambda services: services.metric_plans.retarget
        ),
    },
    lines=(
        Line("add", "set a figure up", add, Right.EDIT_PRIORITY, opens_modal=True, synonyms=("new",)),
        FIGURES.line("edit", "what a figure means and how it is counted", edit, Right.PROPOSE_EDIT),
        FIGURES.line(
            "retarget", "a new target, its day and milestones", retarget, Right.PROPOSE_EDIT, synonyms=("target",)
        ),
        FIGURES.history_line("who recorded and changed what, and when", Right.READ_PRIORITY),
    ),
)
