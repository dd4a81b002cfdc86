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
from bot.slack.metadata import Marked, decode
from handlers.cards import say_which, show_stored
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.named import Named
from handlers.presses import by_value, shows

FIGURES = Named(
    noun="metric",
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


async def submit_plan(call: Call) -> None:
    """The form of a new figure, or of one that is there, was sent."""
    form = call.about(Marked)
    answers, actor, service = METRIC_FORM.read(call.values), await call.actor(), call.services.metric_plans
    if form.id is None:
        saved = await service.add(actor, call.form_key, answers)
    else:
        saved = await service.edit(actor, call.form_key, form.id, form.marks, answers)
    await show_stored(call, plan_saved_message(saved), "Figure")


async def submit_target(call: Call) -> None:
    form = call.about(Marked)
    answers = TARGET_FORM.read(call.values)
    saved = await call.services.metric_plans.retarget(
        await call.actor(), call.form_key, decode(str, form.id), form.marks, answers
    )
    await show_stored(call, plan_saved_message(saved), "Figure")


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
    submissions={Submission.METRIC_PLAN: submit_plan, Submission.METRIC_TARGET: submit_target},
    lines=(
        Line("add", "set a figure up", add, Right.EDIT_PRIORITY, opens_modal=True, synonyms=("new",)),
        Line(
            "edit",
            "what a figure means and how it is counted",
            say_which("metric", "figure", "edit"),
            Right.PROPOSE_EDIT,
            takes=edit,
            usage="NAME",
        ),
        Line(
            "retarget",
            "a new target, its day and milestones",
            say_which("metric", "figure", "retarget"),
            Right.PROPOSE_EDIT,
            takes=retarget,
            usage="NAME",
            synonyms=("target",),
        ),
        Line(
            "history",
            "who recorded and changed what, and when",
            say_which("metric", "figure", "history"),
            Right.READ_PRIORITY,
            takes=FIGURES.history_named,
            usage="NAME",
        ),
    ),
)
