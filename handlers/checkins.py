"""Check-ins: opening the form, sending it, "no change", and looking for who could provide something."""

from __future__ import annotations

from bot.services.checkin_answers import NotYet, RoundClosed, Stored
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.checkin_forms import check_in_view, check_ins_view, closed_text, closed_view
from bot.slack.blocks.menu import check_ins_message
from bot.slack.blocks.people import notice_message
from bot.slack.forms import input_blocks, place_errors, read_answers
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Message
from bot.slack.metadata import decode_form, decode_id
from bot.slack.moments import Clock
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

STEP = 1


async def answer(call: Call) -> None:
    """Opens the form of one check-in."""
    subject_id = decode_id(call.action.get("value"))
    await call.open("Your update")
    await call.show(check_in_view(await call.services.check_ins.form(await call.actor(), subject_id)))


async def answer_open(call: Call) -> None:
    """Opens the form of the only open check-in, or a list of several."""
    await call.open("Your check-ins")
    actor = await call.actor()
    page = await call.services.home.page(actor)
    waiting = [item for item in page.open_check_ins if item.state == "open"]
    if len(waiting) == 1:
        await call.show(check_in_view(await call.services.check_ins.form(actor, waiting[0].subject_id)))
    else:
        await call.show(check_ins_view(page.open_check_ins, Clock(page.zone, page.now)))


async def submit(call: Call) -> None:
    """Stores what was written; the message changes by itself afterwards."""
    view = call.view
    subject_id = decode_form(str(view.get("private_metadata") or ""))
    key = f"{call.team_id}:{view['id']}:{Submission.CHECK_IN}:{STEP}"
    answers = read_answers(view["state"]["values"])
    reply = await call.services.check_ins.submit(await call.actor(), key, subject_id, answers)
    if isinstance(reply, NotYet):
        errors = place_errors(reply.errors, input_blocks(view["blocks"]))
        await call.ack(response_action="errors", errors=errors)
        return
    if isinstance(reply, RoundClosed):
        closed = closed_view(
            str(view["title"]["text"]),
            Clock(reply.zone, call.services.calendar.now()),
            closed_at=reply.closed_at,
            next_opens_at=reply.next_opens_at,
            coordinator=reply.coordinator,
            words_kept=True,
        )
        await call.ack(response_action="update", view=dict(closed.payload()))
        return
    call.services.deliveries.on_change()
    # A form on top of a list: both are done with, and the list would show what is not open any more.
    is_stacked = bool(view.get("previous_view_id"))
    await (call.ack(response_action="clear") if is_stacked else call.ack())
    await refresh_home(call)


async def repeat_last(call: Call) -> None:
    """ "No change": the last answer once more."""
    subject_id = decode_id(call.action.get("value"))
    key = f"{call.team_id}:{call.action['action_ts']}:{call.user_id}:no_change"
    reply = await call.services.check_ins.repeat_last(await call.actor(), key, subject_id)
    if isinstance(reply, RoundClosed):
        reader = Clock(reply.zone, call.services.calendar.now())
        words = closed_text(reader, reply.closed_at, reply.next_opens_at, reply.coordinator)
        await call.reply(Message(text=words, blocks=(kit.section(words),)))
        return
    call.services.deliveries.on_change()
    await call.ack()
    if isinstance(reply, Stored) and reply.edited:
        await call.reply(notice_message(f"The update on {reply.priority_name} is in already. Nothing was changed."))


async def find_provider(call: Call) -> None:
    """Offers organizations and groups while somebody types."""
    found = await call.services.organizations.search(await call.actor(), str(call.body.get("value") or ""))
    await call.ack(options=[kit.option(name, key) for key, name in found[: limits.OPTIONS]])


async def show_mine(call: Call) -> None:
    """The person's open check-ins."""
    await call.reply(check_ins_message(await call.services.home.page(await call.actor())))


LISTENERS = Listeners(
    actions={
        Action.ANSWER: answer,
        Action.ANSWER_OPEN: answer_open,
        Action.NO_CHANGE: repeat_last,
    },
    submissions={Submission.CHECK_IN: submit},
    searches={Search.PROVIDER: find_provider},
    lines=(Line("checkin", "", "your open check-ins", show_mine, words=("answer", "checkin", "check-in", "updates")),),
)
