"""One check-in by name: its card, its round's status, asking again, closing, opening again, pausing and resuming."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.checkins import CheckinChange
from bot.domain.rights import Right
from bot.errors import Mistyped, UserError
from bot.services.access import Actor
from bot.slack.blocks.checkins import (
    REOPEN_ROUND_FORM,
    asked_again_message,
    change_message,
    checkin_card,
    pause_question_message,
    status_message,
)
from bot.slack.blocks.menu import nearest, unknown_message
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import CheckinOpened
from handlers.cards import show_stored
from handlers.checkins import show_mine
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners, Takes
from handlers.presses import alone, by_button

TITLE = "Check-in"
VERBS = (
    "for", "add", "edit", "preview", "status", "nudge", "move", "skip", "pause", "resume", "close", "reopen", "away",
    "back", "questions", "help"
)  # fmt: skip
MOST_MEANT = 200  # characters that a button can carry back
Change = Callable[[Actor, str], Awaitable[CheckinChange]]


async def show(call: Call, typed: str) -> None:
    """One check-in by its name; anything else that was typed is a word that was meant otherwise."""
    try:
        await call.reply(checkin_card(await call.services.checkin_cadences.show(await call.actor(), typed)))
    except Mistyped as unknown:
        first, _, rest = typed.partition(" ")
        verb = nearest(first, VERBS)
        if verb is None or (unknown.meant is not None and not rest) or len(typed) > MOST_MEANT:
            raise
        said = f"checkin {verb} {rest}".strip()
        await call.reply(unknown_message(typed, said, shown=f"/{said}"))


async def show_named(call: Call, typed: str) -> bool:
    """The card of a check-in whose whole name was written to the bot; False where it is no check-in's name."""
    actor = await call.actor_if_known()
    if actor is None:
        return False
    try:
        card = await call.services.checkin_cadences.show(actor, typed)
    except UserError:
        return False
    if typed.strip().casefold() not in {card.name.casefold(), card.id.casefold()}:
        return False
    await call.reply(checkin_card(card))
    return True


async def status(call: Call, typed: str = "") -> None:
    """Who has answered and who hasn't; of an anonymous check-in how many."""
    await call.answer(status_message(await call.services.checkin_rounds.status(await call.actor(), typed)), TITLE)


async def ask_again(call: Call, typed: str = "") -> None:
    """ "checkin nudge weekly", "checkin nudge @grant", [Ask again]: who would be asked, and buttons that do it."""
    asked = await call.services.checkin_rounds.ask_again(await call.actor(), typed)
    await call.answer(asked_again_message(asked), TITLE)


async def ask_once_more(call: Call) -> None:
    """Yes to asking all of them, or one."""
    key = call.pressed(str)
    asked = await call.services.checkin_rounds.ask_again(await call.actor(), key, once_more=True)
    call.services.deliveries.on_change()
    await call.answer(asked_again_message(asked), TITLE)


async def close(call: Call, typed: str = "") -> None:
    await _do(call, call.services.checkin_rounds.close, typed)


async def ask_pause(call: Call, typed: str = "") -> None:
    """What a pause would keep back, with the button that makes it."""
    question = await call.services.checkin_cadences.pausing(await call.actor(), typed)
    await call.answer(pause_question_message(question), TITLE)


async def pause(call: Call, typed: str = "") -> None:
    await _do(call, call.services.checkin_cadences.pause, typed)


async def resume(call: Call, typed: str = "") -> None:
    await _do(call, call.services.checkin_cadences.resume, typed)


async def reopen(call: Call, typed: str = "") -> None:
    """Asks until when the closed round is open again."""
    await call.open(TITLE)
    await call.show(REOPEN_ROUND_FORM.view(await call.services.checkin_rounds.reopen_form(await call.actor(), typed)))


async def submit_reopen(call: Call) -> None:
    """Opens the round until the chosen moment, on the coalition's clock."""
    key = call.about(CheckinOpened).cadence or ""
    until = REOPEN_ROUND_FORM.read(call.values).moment
    change = await call.services.checkin_rounds.reopen(await call.actor(), key, until)
    await show_stored(call, change_message(change), TITLE)


async def _do(call: Call, change: Change, typed: str) -> None:
    done = await change(await call.actor(), typed)
    call.services.deliveries.on_change()
    await call.answer(change_message(done), TITLE)
    await refresh_home(call)


def _line(
    verb: str, what: str, run: Takes, right: Right, *, synonyms: tuple[str, ...] = (), opens: bool = False
) -> Line:
    return Line(verb, what, alone(run), right, takes=run, usage="[NAME]", synonyms=synonyms, opens_modal=opens)


LISTENERS = Listeners(
    noun="checkin",
    actions={
        Action.CHECKIN_STATUS: by_button(status),
        Action.ASK_AGAIN: by_button(ask_again),
        Action.ASK_ONCE_MORE: ask_once_more,
        Action.CLOSE_ROUND: by_button(close),
        Action.REOPEN_ROUND: by_button(reopen),
        Action.ASK_PAUSE_CHECKIN: by_button(ask_pause),
        Action.PAUSE_CHECKIN: by_button(pause),
        Action.RESUME_CHECKIN: by_button(resume),
    },
    submissions={Submission.REOPEN_ROUND: submit_reopen},
    lines=(
        Line(
            "",
            "your check-ins, or the one that you name",
            show_mine,
            words=(
                "answer",
                "checkin",
                "check-in",
                "check-ins",
                "checkins",
                "updates",
                "my check-ins",
                "edit",
                "no change",
            ),
            takes=show,
            usage="[NAME]",
        ),
        _line("status", "who has answered and who hasn't", status, Right.RUN_CHECKINS),
        _line("nudge", "ask those once more who haven't answered", ask_again, Right.RUN_CHECKINS, synonyms=("remind",)),
        _line("close", "close the open round now", close, Right.RUN_CHECKINS),
        _line("reopen", "open a closed round once more", reopen, Right.RUN_CHECKINS, synonyms=("open",), opens=True),
        _line("pause", "ask nobody until it is resumed", ask_pause, Right.CONFIGURE),
        _line("resume", "ask again", resume, Right.CONFIGURE),
    ),
    finds=show_named,
)
