"""Setting up a new coalition: five forms in one modal, each saved on its own, then the preview of week one."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.domain.coalition import DONE, MOST_PRIORITIES, PriorityChoice, SetupPage
from bot.domain.people import Workspace
from bot.domain.rhythm import Rhythm
from bot.domain.rights import Right
from bot.domain.wording import USUAL_LOCALE, find_locales, find_zones
from bot.errors import UserError
from bot.services.access import Actor
from bot.slack import directory
from bot.slack.blocks import kit
from bot.slack.blocks.coalition import TICKED, WORKING, reading_view, setup_view
from bot.slack.blocks.week import week_view
from bot.slack.forms import named_options, read_choices
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import View
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

_STAND_IN = "stand_in_"
_ORGANIZATION = "organization_"


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
    await call.show(await _week(call, await call.actor()) if page.step == DONE else setup_view(page))


async def name_coalition(call: Call) -> None:
    """Step 1: the coalition is there from now on, as a draft."""
    await _let_keep(call)
    answers = call.entered
    page = await call.services.setup.name_coalition(
        call.team_id,
        call.user_id,
        answers.get("name") or "",
        answers.get("timezone") or "",
        answers.get("organization") or "",
        answers.get("sector") or "",
        locale=answers.get("locale") or USUAL_LOCALE,
    )
    await call.become(setup_view(page))
    await call.edge.directory_changed(call.team_id)
    await refresh_home(call)


async def add_priority(call: Call) -> None:
    """One more priority's fields below those that are there."""
    await _let_keep(call)
    choices = _choices(call)
    if len(choices) < MOST_PRIORITIES:
        choices.append(PriorityChoice())
    await _show_choices(call, choices, min(_rows(call), default=0))


async def drop_priority(call: Call) -> None:
    """[Take out]: without this priority's fields; what stands in the others stays."""
    await _let_keep(call)
    row = call.pressed(int)
    left = [one for index, one in enumerate(_choices(call)) if index != row]
    # Slack keeps what stands in a field by the field's name: those that move up have new ones.
    await _show_choices(call, left, max(_rows(call), default=0) + 1)


async def keep(call: Call) -> None:
    """Something was chosen, or typed and ended by Enter: it is kept, with what stands beside it."""
    async with call.edge.in_order(call.user_id):
        await call.ack()
        await _keep(call)


async def _let_keep(call: Call) -> None:
    """What was kept with the presses before comes first, or it would take back the step that this one ends."""
    async with call.edge.in_order(call.user_id):
        pass


async def choose_priorities(call: Call) -> None:
    """Step 2: kept at once, applied as soon as Slack has said who is in those channels."""
    await _let_keep(call)
    actor = await call.actor()
    choices = _choices(call)
    try:
        await call.services.setup.choose_priorities(actor, choices)
    except UserError as error:
        field, _, index = (error.field or "").rpartition("_")
        if not index.isdigit():
            raise
        raise UserError(error.message, field=f"{field}_{_rows(call)[int(index)]}") from None
    await call.become(reading_view(len(choices)))
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
    await _let_keep(call)
    page = await call.services.setup.add_people(await call.actor(), *_people(call))
    await call.become(setup_view(page))


async def name_organizations(call: Call) -> None:
    """Step 4: the organizations of those who take part."""
    await _let_keep(call)
    page = await call.services.setup.name_organizations(await call.actor(), _organizations(call))
    await call.become(setup_view(page))


async def set_rhythm(call: Call) -> None:
    """Step 5: the days and times; then week one, before anything is sent."""
    await _let_keep(call)
    answers = call.entered
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
    await call.become(View(title="Week one", close="Close", blocks=(kit.context("Opening week one …"),)))
    await call.change_view(await _week(call, actor))
    await call.edge.directory_changed(call.team_id)
    await refresh_home(call)


async def back(call: Call) -> None:
    """An earlier step's form, with what was entered there; what stands in this one is kept."""
    await _let_keep(call)
    await call.ack()
    await _keep(call)
    page = await call.services.setup.page(await call.actor(), call.pressed(int))
    await call.change_view(setup_view(page))


async def find_zone(call: Call) -> None:
    found = find_zones(str(call.body.get("value") or ""), call.services.calendar.now())
    await call.ack(options=named_options(found))


async def find_locale(call: Call) -> None:
    found = find_locales(str(call.body.get("value") or ""))
    await call.ack(options=named_options(found))


async def _week(call: Call, actor: Actor) -> View:
    return week_view(await call.services.week.preview(actor), may_start=actor.standing.may(Right.CONFIGURE))


def _choices(call: Call) -> list[PriorityChoice]:
    """The priorities as they stand in the form, filled in or not."""
    answers = call.entered
    return [
        PriorityChoice(
            name=answers.get(f"priority_{row}") or "",
            owner=answers.get(f"owner_{row}"),
            channel=answers.get(f"channel_{row}"),
        )
        for row in _rows(call)
    ]


def _rows(call: Call) -> list[int]:
    """The numbers in the names of the priorities' fields."""
    return sorted(int(one.removeprefix("priority_")) for one in call.entered if one.startswith("priority_"))


async def _show_choices(call: Call, choices: list[PriorityChoice], first_row: int) -> None:
    """Step 2 with these priorities."""
    await call.ack()
    await call.services.setup.keep(await call.actor(), choices=choices)
    shown = tuple(choices) or (PriorityChoice(),)
    await call.change_view(setup_view(SetupPage(step=2, choices=shown, first_row=first_row)))


async def _keep(call: Call) -> None:
    """Keeps what stands in the step's form."""
    setup, step = call.services.setup, call.view.get("callback_id")
    if step == Submission.SETUP_NAME:
        # Nobody is a member yet.
        await setup.keep_names(call.team_id, call.user_id, call.entered)
        return
    actor = await call.actor()
    if step == Submission.SETUP_PRIORITIES:
        await setup.keep(actor, choices=_choices(call))
    elif step == Submission.SETUP_PEOPLE:
        await setup.keep(actor, people=_people(call))
    elif step == Submission.SETUP_ORGANIZATIONS:
        await setup.keep(actor, organizations=_organizations(call))
    elif step == Submission.SETUP_RHYTHM:
        await setup.keep(actor, rhythm=call.entered)


def _people(call: Call) -> tuple[list[str], dict[str, str | None]]:
    """Who is ticked, and who stands in for which owner, as Slack user ids."""
    ticked = [
        user for question, users in read_choices(call.values).items() if question.startswith(TICKED) for user in users
    ]
    stand_ins = {
        question.removeprefix(_STAND_IN): user
        for question, user in call.entered.items()
        if question.startswith(_STAND_IN)
    }
    return ticked, stand_ins


def _organizations(call: Call) -> list[tuple[str, str | None]]:
    """Name and sector of each organization, in the form's order."""
    answers = call.entered
    count = sum(question.startswith(_ORGANIZATION) for question in answers)
    return [(answers.get(f"{_ORGANIZATION}{row}") or "", answers.get(f"sector_{row}")) for row in range(count)]


def _time(text: str | None, field: str) -> time:
    if not text:
        raise UserError("Choose a time.", field=field)
    return time.fromisoformat(text)


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.SETUP_ADD_PRIORITY: add_priority,
        Action.SETUP_DROP_PRIORITY: drop_priority,
        Action.SETUP_KEEP: keep,
        Action.SETUP_BACK: back,
    },
    submissions={
        Submission.SETUP_NAME: name_coalition,
        Submission.SETUP_PRIORITIES: choose_priorities,
        Submission.SETUP_PEOPLE: add_people,
        Submission.SETUP_ORGANIZATIONS: name_organizations,
        Submission.SETUP_RHYTHM: set_rhythm,
    },
    searches={Search.ZONE: find_zone, Search.LOCALE: find_locale},
    lines=(
        Line(
            "setup",
            "set up this workspace's coalition, or go on with it",
            begin,
            Right.CONFIGURE,
            ("setup", "set up"),
            opens_modal=True,
        ),
    ),
)
