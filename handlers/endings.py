"""Who leaves and what ends: the forms that list and hand over what hangs on them, those that ended, and reopening."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.endings import (
    END_COALITION_FORM,
    END_COALITION_TITLE,
    END_FORM,
    END_TITLE,
    ENDED_TITLE,
    LEAVING_FORM,
    LEAVING_TITLE,
    coalition_ended_message,
    ended_list_message,
    ended_message,
    erased_message,
    former_message,
    left_message,
    recurring_message,
    takes_part_message,
)
from bot.slack.blocks.people import MEMBER_TITLE
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import Marked
from handlers import members
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import opens, shows, tells
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


show_rhythm = tells(lambda services: services.ends.recurring, recurring_message)
show_ended = tells(lambda services: services.ends.ended, ended_list_message)


async def turn_rhythm(call: Call) -> None:
    """Another page of what comes round, in its place."""
    found = await call.services.ends.recurring(await call.actor(), call.pressed(int))
    await call.reply(recurring_message(found), replace=True)


async def end_typed(call: Call, typed: str) -> None:
    """ "coalition end NAME"; of the coalition itself by its name, or "coalition end coalition"."""
    await call.open(END_TITLE)
    actor = await call.actor()
    if await call.services.coalition_ends.is_meant(actor, typed):
        await call.show(END_COALITION_FORM.view(await call.services.coalition_ends.form(actor)))
        return
    ref = await call.services.ends.find(actor, typed)
    await call.show(END_FORM.view(await call.services.ends.form(actor, ref)))


async def submit_end(call: Call) -> None:
    plan, form = END_FORM.read(call.values), call.about(Marked)
    ended = await call.services.ends.end(await call.actor(), form.id or "", form.marks, plan)
    call.services.deliveries.on_change()
    await show_saved(call, ended_message(ended).view(ENDED_TITLE))


async def reopen(call: Call) -> None:
    ended = await call.services.ends.reopen(await call.actor(), call.pressed(str))
    call.services.deliveries.on_change()
    await call.reply(ended_message(ended), replace=True)


async def reopen_typed(call: Call, typed: str) -> None:
    """ "coalition reopen NAME", the same."""
    actor = await call.actor()
    if await call.services.coalition_ends.is_meant(actor, typed):
        await reopen_coalition(call)
        return
    ended = await call.services.ends.reopen(actor, await call.services.ends.find_ended(actor, typed))
    call.services.deliveries.on_change()
    await call.reply(ended_message(ended))


async def submit_coalition(call: Call) -> None:
    plan, form = END_COALITION_FORM.read(call.values), call.about(Marked)
    end = await call.services.coalition_ends.end(await call.actor(), form.marks, plan)
    call.services.deliveries.on_change()
    await show_saved(call, coalition_ended_message(end).view(END_COALITION_TITLE))
    await refresh_home(call)


async def reopen_coalition(call: Call) -> None:
    end = await call.services.coalition_ends.reopen(await call.actor())
    call.services.deliveries.on_change()
    await call.reply(coalition_ended_message(end), replace=True)
    await refresh_home(call)


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
        Action.END_THING: opens(END_TITLE, str, lambda services: services.ends.form, END_FORM.view),
        Action.REOPEN_THING: reopen,
        Action.END_COALITION: shows(
            END_COALITION_TITLE, lambda services: services.coalition_ends.form, END_COALITION_FORM.view
        ),
        Action.REOPEN_COALITION: reopen_coalition,
        Action.ENDED_THINGS: show_ended,
        Action.TURN_RHYTHM: turn_rhythm,
    },
    submissions={
        Submission.MEMBER_LEAVES: submit,
        Submission.END_THING: submit_end,
        Submission.END_COALITION: submit_coalition,
    },
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
        Line(
            "end",
            "ends a priority, figure, group, check-in, meeting, the coalition or anything else on a day",
            show_ended,
            Right.EDIT_PRIORITY,
            takes=end_typed,
            usage="[NAME]",
        ),
        Line(
            "reopen",
            "brings back what has ended",
            show_ended,
            Right.EDIT_PRIORITY,
            takes=reopen_typed,
            usage="[NAME]",
        ),
        Line(
            "rhythm",
            "what comes round, with the way to end it: check-ins, meetings, digests, lists of actions",
            show_rhythm,
            Right.MANAGE_MEMBERS,
        ),
        Line("ended", "what has ended, or ends on a day to come", show_ended, Right.EDIT_PRIORITY),
    ),
)
