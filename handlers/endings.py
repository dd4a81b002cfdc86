"""Who leaves: the form that lists and hands over what is theirs, those who left, and taking part again."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.endings import (
    LEAVING_FORM,
    LEAVING_TITLE,
    erased_message,
    former_message,
    left_message,
    takes_part_message,
)
from bot.slack.blocks.people import MEMBER_TITLE
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import Marked
from handlers import members
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.presses import opens, tells
from handlers.rosters import show_saved

show_former = tells(lambda services: services.leavings.former, former_message)


async def open_typed(call: Call, typed: str) -> None:
    """ "coalition leave NAME"."""
    await call.open(LEAVING_TITLE)
    actor = await call.actor()
    key = await call.services.members.find(actor, typed)
    await call.show(LEAVING_FORM.view(await call.services.leavings.form(actor, key)))


async def submit(call: Call) -> None:
    plan, form = LEAVING_FORM.read(call.values), call.about(Marked)
    left = await call.services.leavings.leave(await call.actor(), form.id or "", form.marks, plan)
    call.services.deliveries.on_change()
    await show_saved(call, left_message(left).view(MEMBER_TITLE))


async def take_part_again(call: Call) -> None:
    name = await call.services.leavings.take_part_again(await call.actor(), call.pressed(str))
    await call.reply(takes_part_message(name), replace=True)


async def erase(call: Call) -> None:
    erased = await call.services.erasures.erase(await call.actor(), call.pressed(str))
    await call.reply(erased_message(erased), replace=True)


LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.MEMBER_LEAVES: opens(LEAVING_TITLE, str, lambda services: services.leavings.form, LEAVING_FORM.view),
        Action.TAKE_PART_AGAIN: take_part_again,
        Action.ERASE_MEMBER: erase,
        Action.FORMER_MEMBERS: show_former,
    },
    submissions={Submission.MEMBER_LEAVES: submit},
    lines=(
        Line(
            "leave",
            "who leaves: hands over what is theirs, and ends their part on a day",
            members.show_list,
            Right.MANAGE_MEMBERS,
            takes=open_typed,
            usage="[NAME]",
        ),
        Line("former", "who has left", show_former, Right.MANAGE_MEMBERS, ("former members",)),
    ),
)
