"""Setting figures up: a new one, what it means, a new target, and its history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.domain.histories import ItemHistory
from bot.domain.metrics import PlanForm, UnknownFigure
from bot.domain.rights import Right
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.metrics import (
    ADD_TITLE,
    EDIT_TITLE,
    MEANING_TITLE,
    METRIC_FORM,
    TARGET_FORM,
    TARGET_TITLE,
    meaning_view,
    plan_saved_message,
    plan_told_view,
    plan_view,
    target_view,
    unknown_figure_message,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import Marked, decode
from handlers.cards import say_which, show_history, store_form
from handlers.context import Call
from handlers.listeners import Line, Listeners


async def add(call: Call) -> None:
    """Opens the form of a new figure."""
    await _open(call, ADD_TITLE, lambda: _form(call, None), plan_view, "metric add")


async def show_more(call: Call) -> None:
    """[More]: the whole form of a new figure; Slack keeps what is in the fields that both have."""
    await call.change_view(plan_view(await _form(call, None), whole=True))


async def edit_named(call: Call, typed: str) -> None:
    """`/metric edit X`."""
    await _open(call, EDIT_TITLE, lambda: _form(call, typed), plan_view, f"metric edit {typed}")


async def edit(call: Call) -> None:
    """[Edit]."""
    await edit_named(call, call.value)


async def retarget_named(call: Call, typed: str) -> None:
    """`/metric retarget X`."""

    async def form() -> PlanForm:
        return await call.services.metric_plans.target_form(await call.actor(), typed)

    await _open(call, TARGET_TITLE, form, target_view, f"metric retarget {typed}")


async def retarget(call: Call) -> None:
    """[New target]."""
    await retarget_named(call, call.value)


async def submit_plan(call: Call) -> None:
    """The form of a new figure, or of one that is there, was sent."""
    form = call.about(Marked)
    answers, actor, service = METRIC_FORM.read(call.values), await call.actor(), call.services.metric_plans
    if form.id is None:
        await store_form(call, lambda: service.add(actor, call.form_key, answers), plan_saved_message, plan_told_view)
    else:
        edited = partial(service.edit, actor, call.form_key, form.id, form.marks, answers)
        await store_form(call, edited, plan_saved_message, plan_told_view)


async def submit_target(call: Call) -> None:
    """The form with a new target was sent."""
    form = call.about(Marked)
    answers = TARGET_FORM.read(call.values)
    actor, service = await call.actor(), call.services.metric_plans
    stored = partial(service.retarget, actor, call.form_key, decode(str, form.id), form.marks, answers)
    await store_form(call, stored, plan_saved_message, plan_told_view)


async def history_named(call: Call, typed: str) -> None:
    """`/metric history X`."""
    try:
        found = await call.services.metric_plans.history(await call.actor(), typed)
    except UnknownFigure as unknown:
        await call.reply(unknown_figure_message(unknown, f"metric history {typed}"))
        return
    await call.reply(history_message(found, Action.METRIC_HISTORY))


async def history(call: Call) -> None:
    """[History], and [Older] and [Newer] in it."""

    async def read(item: str, page: int) -> ItemHistory:
        return await call.services.metric_plans.history(await call.actor(), item, page, whole=True)

    await show_history(call, read, Action.METRIC_HISTORY)


async def meaning(call: Call) -> None:
    """[What it means]."""
    await call.open(MEANING_TITLE)
    await call.show(meaning_view(await call.services.metrics.card(await call.actor(), call.value, whole=True)))


async def _form(call: Call, typed: str | None) -> PlanForm:
    return await call.services.metric_plans.form(await call.actor(), typed)


async def _open(
    call: Call, title: str, read: Callable[[], Awaitable[PlanForm]], view_of: Callable[[PlanForm], View], line: str
) -> None:
    await call.open(title)
    try:
        await call.show(view_of(await read()))
    except UnknownFigure as unknown:
        await call.reply(unknown_figure_message(unknown, line))


LISTENERS = Listeners(
    actions={
        Action.METRIC_ADD: add,
        Action.METRIC_MORE: show_more,
        Action.METRIC_EDIT: edit,
        Action.METRIC_RETARGET: retarget,
        Action.METRIC_MEANING: meaning,
        Action.METRIC_HISTORY: history,
    },
    submissions={Submission.METRIC_PLAN: submit_plan, Submission.METRIC_TARGET: submit_target},
    lines=(
        Line("metric", "add", "set a figure up", add, Right.EDIT_PRIORITY, opens_modal=True, synonyms=("new",)),
        Line(
            "metric",
            "edit",
            "what a figure means and how it is counted",
            say_which("metric", "figure", "edit"),
            Right.PROPOSE_EDIT,
            takes=edit_named,
            usage="NAME",
        ),
        Line(
            "metric",
            "retarget",
            "a new target, its day and milestones",
            say_which("metric", "figure", "retarget"),
            Right.PROPOSE_EDIT,
            takes=retarget_named,
            usage="NAME",
            synonyms=("target",),
        ),
        Line(
            "metric",
            "history",
            "who recorded and changed what, and when",
            say_which("metric", "figure", "history"),
            Right.READ_PRIORITY,
            takes=history_named,
            usage="NAME",
        ),
    ),
)
