"""Check-ins: opening the form, sending it, "no change", asking the stand-in, and looking for who could help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.checkins import MyCheckins, NextKey, update_on
from bot.domain.rights import Right
from bot.domain.typed import Known, Mistakes
from bot.services import Services
from bot.services.access import Actor
from bot.services.checkins import AnsweredMeanwhile, KeptForNext, NotYet, Reply, RoundClosed, Stored
from bot.slack.blocks import kit
from bot.slack.blocks.checkins import (
    LIST_TITLE,
    SEARCHES,
    answered_view,
    checkin_view,
    closed_text,
    closed_view,
    decision_asked_view,
    handed_over_message,
    kept_view,
    my_checkins_message,
)
from bot.slack.blocks.people import notice_message
from bot.slack.forms import read_typed
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.message import Message
from bot.slack.metadata import AnswerOpened, encode
from bot.slack.moments import Clock
from handlers.context import Call, Handler
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import finds

STEP = 1


async def answer(call: Call) -> None:
    subject_id = call.pressed(int)
    await call.open("Your update")
    await show_form(call, subject_id)


async def show_form(call: Call, subject_id: int) -> None:
    """The form in a modal that was opened, with what its reader typed and did not send."""
    actor = await call.actor()
    async with call.edge.in_order(call.user_id):
        # After what is kept of the presses before, also where somebody closes it and comes back at once.
        form = await call.services.checkins.form(actor, subject_id)
    await call.show(checkin_view(form))


async def answer_ahead(call: Call) -> None:
    """Opens the form of a round that has not opened."""
    about = call.pressed(NextKey)
    await call.open("Your update")
    actor = await call.actor()
    async with call.edge.in_order(call.user_id):
        form = await call.services.checkins.form_ahead(actor, about.cadence, about.priority)
    await call.show(checkin_view(form))


async def answer_open(call: Call) -> None:
    """Opens the form of the only open check-in, or a list of several, or of the next ones."""
    await call.open(LIST_TITLE)
    await _show(call, await call.services.checkins.mine(await call.actor()))


async def _show(call: Call, mine: MyCheckins) -> None:
    """In a modal that was opened: the only open form, or the list."""
    waiting = [item for item in mine.open if item.state == "open"]
    if len(waiting) == 1 and len(mine.open) == 1:
        await show_form(call, waiting[0].subject_id)
    else:
        await call.show(my_checkins_message(mine).view(LIST_TITLE))


async def submit(call: Call) -> None:
    """Stores what was written; the message changes by itself afterwards."""
    form = call.about(AnswerOpened)
    key = f"{call.form_key}:{STEP}"
    answers = read_typed(call.values)
    async with call.edge.in_order(call.user_id):
        # After what is kept of the form's own presses, which would bring their words back beside the answer.
        reply = await call.services.checkins.submit(await call.actor(), key, form.subject, answers, form.answer)
    if isinstance(reply, AnsweredMeanwhile):
        reader = Clock(reply.zone, call.services.calendar.now())
        metadata = encode(AnswerOpened(form.subject, reply.answer.answer))
        shown = answered_view(call.view, reader, reply.answer, for_name=reply.stands_in_for, metadata=metadata)
        await call.ack(response_action="update", view=shown)
        return
    await _settle(call, reply)


async def submit_ahead(call: Call) -> None:
    """Keeps an answer for the next round."""
    about = call.about(NextKey)
    key = f"{call.form_key}:{STEP}"
    answers = read_typed(call.values)
    async with call.edge.in_order(call.user_id):
        reply = await call.services.checkins.submit_ahead(await call.actor(), key, about, answers)
    await _settle(call, reply)


async def _settle(call: Call, reply: Reply) -> None:
    """What a form that was sent turns into."""
    view = call.view
    title = str(view["title"]["text"])
    if isinstance(reply, NotYet):
        raise Mistakes(reply.errors)
    if isinstance(reply, RoundClosed):
        closed = closed_view(
            title,
            Clock(reply.zone, call.services.calendar.now()),
            closed_at=reply.closed_at,
            next_opens_at=reply.next_opens_at,
            coordinator=reply.coordinator,
            words_kept=reply.words_kept,
        )
        await call.become(closed)
        return
    if isinstance(reply, KeptForNext):
        kept = kept_view(
            title,
            Clock(reply.zone, call.services.calendar.now()),
            priority_name=reply.priority_name,
            opens_at=reply.opens_at,
            for_name=reply.stands_in_for,
            is_own=reply.is_own,
        )
        await call.become(kept)
        return
    call.services.deliveries.on_change()
    # A form on top of a list: both are done with, and the list would show what is not open any more.
    is_stacked = bool(view.get("previous_view_id"))
    if isinstance(reply, Stored) and reply.decision is not None:
        await call.become(decision_asked_view(title, reply.decision))
    else:
        await (call.ack(response_action="clear") if is_stacked else call.ack())
    await refresh_home(call)


async def note_entry(call: Call) -> None:
    """Something was chosen, or typed and ended by Enter: the form keeps it by itself."""
    await call.ack()


async def keep_words(call: Call) -> None:
    """Something happened in a form: what stands in it is kept, should it be closed instead of sent."""
    subject_id = call.about(AnswerOpened).subject
    await call.services.checkins.keep_words(await call.actor(), subject_id, read_typed(call.values))


async def keep_words_ahead(call: Call) -> None:
    """The same in the form of a round that has not opened."""
    about = call.about(NextKey)
    await call.services.checkins.keep_words_ahead(await call.actor(), about, read_typed(call.values))


async def repeat_last(call: Call) -> None:
    """ "No change": the last answer once more."""
    subject_id = call.pressed(int)
    key = f"{call.team_id}:{call.action['action_ts']}:{call.user_id}:no_change"
    reply = await call.services.checkins.repeat_last(await call.actor(), key, subject_id)
    if isinstance(reply, RoundClosed):
        reader = Clock(reply.zone, call.services.calendar.now())
        words = closed_text(reader, reply.closed_at, reply.next_opens_at, reply.coordinator)
        write = kit.button("Write to the coordinator", Action.WRITE_TO_COORDINATORS)
        await call.reply(Message(text=words, blocks=(kit.section(words), kit.actions(write))))
        return
    call.services.deliveries.on_change()
    await call.ack()
    if isinstance(reply, Stored) and reply.edited:
        update = update_on(reply.priority_name, is_own=reply.is_own)
        await call.reply(notice_message(f"The {update} is already in. Nothing was changed."))


async def hand_over(call: Call) -> None:
    """[Ask Luis Ferrer]: the stand-in is asked now."""
    subject_id = call.pressed(int)
    asked = await call.services.checkin_rounds.hand_over(await call.actor(), subject_id)
    call.services.deliveries.on_change()
    await call.reply(handed_over_message(asked))


async def decline_stand_in(call: Call) -> None:
    """[Not this time]: the message changes by itself afterwards."""
    await call.services.checkin_rounds.decline(await call.actor(), call.pressed(int))
    call.services.deliveries.on_change()
    await call.ack()


async def show_mine(call: Call) -> None:
    """The person's open check-ins, and the next ones."""
    await call.reply(my_checkins_message(await call.services.checkins.mine(await call.actor())))


async def show_of_member(call: Call, typed: str) -> None:
    """What can be answered on somebody's behalf."""
    await call.reply(my_checkins_message(await call.services.checkins.of_member(await call.actor(), typed)))


async def ask_for_whom(call: Call) -> None:
    """ "checkin for" without a name."""
    await call.actor()
    await call.reply(notice_message("For whom? Type a name behind it, such as “checkin for Grant”."))


def _finds(source: str) -> Handler:
    """Offers what may be picked from a source as an answer."""

    def search(services: Services) -> Callable[[Actor, str], Awaitable[tuple[Known, ...]]]:
        return lambda actor, typed: services.checkins.search(actor, typed, source)

    return finds(search)


LISTENERS = Listeners(
    noun="checkin",
    actions={
        Action.ANSWER: answer,
        Action.ANSWER_OPEN: answer_open,
        Action.ANSWER_AHEAD: answer_ahead,
        Action.KEEP_WORDS: note_entry,
        Action.NO_CHANGE: repeat_last,
        Action.ASK_STAND_IN: hand_over,
        Action.DECLINE_STAND_IN: decline_stand_in,
    },
    submissions={Submission.CHECKIN: submit, Submission.CHECKIN_AHEAD: submit_ahead},
    keeps={Submission.CHECKIN: keep_words, Submission.CHECKIN_AHEAD: keep_words_ahead},
    searches={search: _finds(source) for source, (search, _words) in SEARCHES.items()}
    | {Search.PROVIDER: finds(lambda services: services.organizations.search)},
    lines=(
        Line(
            "for",
            "answer for somebody who can't",
            ask_for_whom,
            Right.RUN_CHECKINS,
            takes=show_of_member,
            usage="[@member]",
        ),
    ),
)
