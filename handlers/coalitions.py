"""The coalition as a whole: the week ahead, starting, pausing and resuming."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.domain.vocabularies import CoalitionState
from bot.slack.blocks.coalition import checklist_blocks, coalition_message, live_words
from bot.slack.blocks.people import me_message
from bot.slack.blocks.sending import pause_message, resume_message
from bot.slack.blocks.week import started_view, week_view
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import tells


async def week(call: Call) -> None:
    """Shows the coming week; a draft is started from there."""
    await call.open("The week ahead")
    actor = await call.actor()
    preview = await call.services.week.preview(actor)
    page = await call.services.home.page(actor)
    may_start = page.coordination is not None and page.coordination.may_configure
    in_setup = page.coordination is not None and page.coordination.in_setup
    await call.show(week_view(preview, may_start=may_start, in_setup=in_setup))


async def start(call: Call) -> None:
    """From now on people hear from the bot."""
    actor = await call.actor()
    await call.services.coalitions.go_live(actor)
    call.services.deliveries.on_change()
    page = await call.services.home.page(actor)
    await call.ack()
    await call.change_view(started_view(Clock(page.zone, page.now), live_words(page)))
    await refresh_home(call)


async def pause(call: Call) -> None:
    await call.services.coalitions.pause(await call.actor())
    await show_state(call)


async def resume(call: Call, *, with_digests: bool = True) -> None:
    await call.services.coalitions.resume(await call.actor(), with_digests=with_digests)
    call.services.deliveries.on_change()
    await show_state(call)


async def resume_without_digest(call: Call) -> None:
    await resume(call, with_digests=False)


async def ask_pause(call: Call) -> None:
    """What a pause stops, with the button that does it.

    What it stops takes seconds to find, and Slack waits three for an acknowledgement. So it opens at once and is filled
    then; words to the bot open nothing and are answered when it is found.
    """
    actor = await call.actor()
    actor.require("coalitions.sending")
    await (call.open("Pause sending") if call.can_open else call.ack())
    state = await call.services.coalitions.sending(actor)
    if state.state == CoalitionState.PAUSED:
        await call.reply(resume_message(state))
        return
    await call.reply(pause_message(await call.services.week.preview(actor)))


async def ask_resume(call: Call) -> None:
    """What resuming would send, with the button that does it."""
    await call.reply(resume_message(await call.services.coalitions.sending(await call.actor())))


async def press_pause(call: Call) -> None:
    """[Pause sending]: the same on top of Home or of a message."""
    await call.open("Pause sending")
    await ask_pause(call)


async def press_resume(call: Call) -> None:
    """[Resume]: the same."""
    await call.open("Resume sending")
    await ask_resume(call)


async def show_state(call: Call) -> None:
    """The state after a change, where it was asked for, and in Home."""
    card = coalition_message(await call.services.home.page(await call.actor()))
    if call.is_in_modal:
        await call.change_view(card.view("Sending"))
    elif not call.view:
        await call.reply(card, replace=True)
    await refresh_home(call)


async def show(call: Call) -> None:
    """The coalition and its state; for those who run it also what it consists of and what is missing yet."""
    actor = await call.actor()
    page = await call.services.home.page(actor)
    card = coalition_message(page)
    in_setup = page.coordination is not None and page.coordination.in_setup
    if actor.standing.may(Right.MANAGE_MEMBERS) and not in_setup:
        missing = checklist_blocks(await call.services.setup.checklist(actor))
        card = Message(text=card.text, blocks=(*card.blocks, *missing))
    await call.reply(card)


# Who the bot thinks this person is.
show_me = tells(lambda services: services.home.me, me_message)
LISTENERS = Listeners(
    noun="coalition",
    actions={
        Action.WEEK: week,
        Action.START: start,
        Action.ASK_PAUSE: press_pause,
        Action.PAUSE: pause,
        Action.RESUME: resume,
        Action.RESUME_WITHOUT_DIGEST: resume_without_digest,
        Action.ASK_RESUME: press_resume,
    },
    lines=(
        Line("", "the coalition and its state", show, words=("coalition", "pause", "resume")),
        Line("me", "who I think you are, and who reads what you say", show_me, words=("me", "who")),
        Line("week", "the week ahead", week, Right.MANAGE_MEMBERS, ("week", "start"), opens_modal=True),
        Line("pause", "stop all sending", ask_pause, Right.CONFIGURE),
        Line("resume", "send again", ask_resume, Right.CONFIGURE),
    ),
)
