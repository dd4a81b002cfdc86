"""The plan on a page: all of it in short, each priority, the money with its picture, by pages."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.domain.plan import TITLE, Plan
from bot.slack.blocks.charts import with_picture
from bot.slack.blocks.plan import picture_of_page, plan_message
from bot.slack.identifiers import Action
from handlers.context import Call
from handlers.listeners import Line, Listeners


async def show(call: Call) -> None:
    """The first page, for whoever typed it or pressed [The whole plan] only."""
    call.title = TITLE
    await call.open_in_home()
    await call.answer(plan_message(await _plan(call)), TITLE)


async def turn(call: Call) -> None:
    """Another page in its place; the picture of the money follows as soon as it is drawn and uploaded."""
    number, plan = call.pressed(int), await _plan(call)
    message = plan_message(plan, number)
    await call.answer(message, TITLE)
    chart, pictures = picture_of_page(plan, number), call.pictures
    if chart is None or pictures is None:
        return
    file_id = await pictures.file_of(chart)
    if file_id is None:
        return
    try:
        await call.answer(with_picture(message, chart, file_id), TITLE)
    except SlackApiError:
        # Slack doesn't show this file any more; the words stand already.
        await pictures.forget(chart)


async def _plan(call: Call) -> Plan:
    return await call.services.plans.page(await call.actor())


LISTENERS = Listeners(
    noun="priority",
    actions={Action.PLAN: show, Action.PLAN_TURN: turn, Action.PLAN_BACK: turn},
    lines=(
        Line(
            "plan",
            "north star, goals by year, priorities and money on one page",
            show,
            words=("plan", "the plan"),
        ),
    ),
)
