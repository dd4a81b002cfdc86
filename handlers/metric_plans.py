"""Setting figures up: a new one, what it means, a new target, and its history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.figure_line import UnknownFigure
from bot.domain.form_answers import Mistakes
from bot.domain.metric_plans import PlanForm
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.history import TITLE as HISTORY_TITLE
from bot.slack.blocks.history import history_message, history_view
from bot.slack.blocks.metric_plans import (
    ADD_TITLE,
    EDIT_TITLE,
    MEANING_TITLE,
    TARGET_TITLE,
    decode_plan,
    meaning_view,
    plan_view,
    saved_message,
    target_view,
    told_view,
)
from bot.slack.blocks.metrics import unknown_figure_message
from bot.slack.forms import read_answers
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import OUT_OF_DATE, decode_page
from handlers.context import Call
from handlers.errors import show_mistakes
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners


async def add(call: Call) -> None:
    """Opens the form of a new figure."""
    await _open(call, ADD_TITLE, lambda: _form(call, None), plan_view, "metric add")


async def edit_named(call: Call, typed: str) -> None:
    """`/metric edit X`."""
    await _open(call, EDIT_TITLE, lambda: _form(call, typed), plan_view, f"metric edit {typed}")


async def edit(call: Call) -> None:
    """[Edit]."""
    await edit_named(call, _value(call))


async def retarget_named(call: Call, typed: str) -> None:
    """`/metric retarget X`."""

    async def form() -> PlanForm:
        return await call.services.metric_plans.target_form(await call.actor(), typed)

    await _open(call, TARGET_TITLE, form, target_view, f"metric retarget {typed}")


async def retarget(call: Call) -> None:
    """[New target]."""
    await retarget_named(call, _value(call))


def say_which(verb: str) -> Callable[[Call], Awaitable[None]]:
    """A verb without a name."""

    async def say(_call: Call) -> None:
        raise UserError(f"Which figure? Type its name too: “metric {verb} NAME”. “metric list” shows them all.")

    return say


async def submit_plan(call: Call) -> None:
    """The form of a new figure, or of one that is there, was sent."""
    metric, opened = decode_plan(str(call.view.get("private_metadata") or ""))
    answers, actor, service = read_answers(call.view["state"]["values"]), await call.actor(), call.services.metric_plans
    try:
        if metric is None:
            saved = await service.add(actor, _key(call), answers)
        else:
            saved = await service.edit(actor, _key(call), metric, opened, answers)
    except Mistakes as mistakes:
        await show_mistakes(call, mistakes.errors)
        return
    await call.ack(response_action="update", view=dict(told_view(saved_message(saved)).payload()))
    await refresh_home(call)


async def submit_target(call: Call) -> None:
    """The form with a new target was sent."""
    metric, opened = decode_plan(str(call.view.get("private_metadata") or ""))
    if metric is None:
        raise UserError(OUT_OF_DATE)
    answers = read_answers(call.view["state"]["values"])
    try:
        saved = await call.services.metric_plans.retarget(await call.actor(), _key(call), metric, opened, answers)
    except Mistakes as mistakes:
        await show_mistakes(call, mistakes.errors)
        return
    await call.ack(response_action="update", view=dict(told_view(saved_message(saved)).payload()))
    await refresh_home(call)


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
    metric, page = decode_page(_value(call))
    is_turning = call.is_in_modal and _value(call).startswith("{")
    if not is_turning:
        await call.open(HISTORY_TITLE)
    found = await call.services.metric_plans.history(await call.actor(), metric, page, whole=True)
    view = history_view(found, Action.METRIC_HISTORY)
    await (call.change_view(view) if is_turning else call.show(view))


async def meaning(call: Call) -> None:
    """[What it means]."""
    await call.open(MEANING_TITLE)
    await call.show(meaning_view(await call.services.metrics.card(await call.actor(), _value(call), whole=True)))


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


def _key(call: Call) -> str:
    return f"{call.team_id}:{call.view['id']}:{call.view['callback_id']}"


def _value(call: Call) -> str:
    return str(call.action.get("value") or "")


LISTENERS = Listeners(
    actions={
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
            say_which("edit"),
            Right.PROPOSE_EDIT,
            takes=edit_named,
            usage="NAME",
        ),
        Line(
            "metric",
            "retarget",
            "a new target, its day and milestones",
            say_which("retarget"),
            Right.PROPOSE_EDIT,
            takes=retarget_named,
            usage="NAME",
            synonyms=("target",),
        ),
        Line(
            "metric",
            "history",
            "who recorded and changed what, and when",
            say_which("history"),
            Right.READ_PRIORITY,
            takes=history_named,
            usage="NAME",
        ),
    ),
)
