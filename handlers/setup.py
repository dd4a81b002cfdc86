"""Setting up a new coalition: four forms in one modal, each saved on its own, then the preview of week one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from bot.domain.accounts import Workspace
from bot.domain.rights import Right
from bot.domain.setup import DONE, MOST_PRIORITIES, PriorityChoice, SetupPage
from bot.domain.starting_rhythm import Rhythm
from bot.domain.zone_labels import find_zones
from bot.errors import UserError
from bot.services.actors import Actor
from bot.slack import directory
from bot.slack.blocks import kit
from bot.slack.blocks.own_settings import zone_options
from bot.slack.blocks.setup import TICKED, WORKING, reading_view, setup_view
from bot.slack.blocks.week import week_view
from bot.slack.forms import read_answers, read_choices
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import View
from bot.slack.metadata import decode_id
from handlers.context import Call
from handlers.listeners import Line, Listeners

_STAND_IN = "stand_in_"


async def begin(call: Call) -> None:
    """Opens the step that is open, for whoever may set up."""
    await call.open(WORKING)
    account = await directory.account(call.client, call.team_id, call.user_id)
    if account is None:
        raise UserError("A coalition is set up by a person.")
    token = await directory.check_token(call.client)
    workspace = Workspace(
        team_id=call.team_id, name=token.team, enterprise_id=token.enterprise_id, bot_user_id=token.bot_user_id
    )
    page = await call.services.setup.begin(workspace, account)
    await call.show(await _view_of(call, page))


async def name_coalition(call: Call) -> None:
    """Step 1: the coalition is there from now on, as a draft."""
    answers = _answers(call)
    page = await call.services.setup.name_coalition(
        call.team_id,
        call.user_id,
        answers.get("name") or "",
        answers.get("timezone") or "",
        answers.get("organization") or "",
    )
    await call.ack(response_action="update", view=dict(setup_view(page).payload()))
    await call.edge.directory_changed()


async def add_priority(call: Call) -> None:
    """One more priority's fields below those that are there."""
    choices = _choices(call)
    if len(choices) < MOST_PRIORITIES:
        choices.append(PriorityChoice())
    await call.change_view(setup_view(SetupPage(step=2, choices=tuple(choices))))


async def choose_priorities(call: Call) -> None:
    """Step 2: kept at once, applied as soon as Slack has said who is in those channels."""
    actor = await call.actor()
    choices = _choices(call)
    await call.services.setup.choose_priorities(actor, choices)
    await call.ack(response_action="update", view=dict(reading_view(len(choices)).payload()))
    accounts = await directory.accounts(call.client, call.team_id)
    channels = await directory.joined_channels(call.client)
    there = {channel.channel_id for channel in channels}
    seated = {
        one.channel: await directory.channel_members(call.client, one.channel)
        for one in choices
        if one.channel is not None and one.channel in there
    }
    page = await call.services.setup.add_priorities(actor, accounts, channels, seated)
    await call.change_view(setup_view(page))


async def add_people(call: Call) -> None:
    """Step 3: who takes part, and who stands in."""
    ticked = [
        user for question, users in read_choices(_values(call)).items() if question.startswith(TICKED) for user in users
    ]
    stand_ins = {
        question.removeprefix(_STAND_IN): user
        for question, user in _answers(call).items()
        if question.startswith(_STAND_IN)
    }
    page = await call.services.setup.add_people(await call.actor(), ticked, stand_ins)
    await call.ack(response_action="update", view=dict(setup_view(page).payload()))
    await call.edge.directory_changed()


async def set_rhythm(call: Call) -> None:
    """Step 4: the days and times; then week one, before anything is sent."""
    answers = _answers(call)
    rhythm = Rhythm()
    # A coalition from a file is asked only for what it lacks.
    if "ask_day" in answers:
        asked_at = _time(answers.get("ask_at"), "ask_at")
        rhythm = replace(rhythm, ask_day=int(answers["ask_day"] or 1), ask_at=asked_at)
    if "digest_day" in answers:
        digest_at = _time(answers.get("digest_at"), "digest_at")
        rhythm = replace(rhythm, digest_day=int(answers["digest_day"] or 4), digest_at=digest_at)
    actor = await call.actor()
    await call.services.setup.set_rhythm(actor, rhythm, answers.get("channel"))
    await call.ack(response_action="update", view=dict(_opening_week().payload()))
    await call.change_view(await _week(call, actor))


async def back(call: Call) -> None:
    """An earlier step's form, with what was entered there."""
    page = await call.services.setup.page(await call.actor(), decode_id(call.action.get("value")))
    await call.change_view(setup_view(page))


async def find_zone(call: Call) -> None:
    found = find_zones(str(call.body.get("value") or ""), call.services.calendar.now())
    await call.ack(options=zone_options(found))


async def _view_of(call: Call, page: SetupPage) -> View:
    return await _week(call, await call.actor()) if page.step == DONE else setup_view(page)


async def _week(call: Call, actor: Actor) -> View:
    return week_view(await call.services.week.preview(actor), may_start=actor.standing.may(Right.CONFIGURE))


def _opening_week() -> View:
    return View(title="Week one", close="Close", blocks=(kit.context("Opening week one …"),))


def _values(call: Call) -> Mapping[str, Any]:
    values: Mapping[str, Any] = call.view["state"]["values"]
    return values


def _answers(call: Call) -> dict[str, str | None]:
    return read_answers(_values(call))


def _choices(call: Call) -> list[PriorityChoice]:
    """The priorities as they stand in the form, filled in or not."""
    answers = _answers(call)
    rows = sorted(int(one.removeprefix("priority_")) for one in answers if one.startswith("priority_"))
    return [
        PriorityChoice(
            name=answers.get(f"priority_{row}") or "",
            owner=answers.get(f"owner_{row}"),
            channel=answers.get(f"channel_{row}"),
        )
        for row in rows
    ]


def _time(text: str | None, field: str) -> time:
    if not text:
        raise UserError("Choose a time.", field=field)
    return time.fromisoformat(text)


LISTENERS = Listeners(
    actions={Action.SETUP_ADD_PRIORITY: add_priority, Action.SETUP_BACK: back},
    submissions={
        Submission.SETUP_NAME: name_coalition,
        Submission.SETUP_PRIORITIES: choose_priorities,
        Submission.SETUP_PEOPLE: add_people,
        Submission.SETUP_RHYTHM: set_rhythm,
    },
    searches={Search.ZONE: find_zone},
    lines=(
        Line(
            "coalition",
            "setup",
            "set up this workspace's coalition, or go on with it",
            begin,
            Right.CONFIGURE,
            ("setup", "set up"),
            opens_modal=True,
        ),
    ),
)
