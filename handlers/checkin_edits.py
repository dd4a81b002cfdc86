"""Adding and changing a check-in, its preview, and moving or skipping one of its dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.checkins import CheckinChange, UpcomingRounds
from bot.domain.rhythm import USUAL_DELEGATE, USUAL_HOURS, USUAL_REMINDER
from bot.domain.rights import Right
from bot.domain.typed import Mistakes
from bot.domain.vocabularies import Audience
from bot.domain.wording import one_line
from bot.services.checkins import Mended
from bot.slack.blocks.checkins import (
    DRAFT_FORM,
    MOVE_ROUND_FORM,
    SKIP_ROUND_FORM,
    before_saving_view,
    change_message,
    move_view,
    nothing_ahead_view,
    preview_message,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import CheckinOpened, DatesOpened, RoundKey, decode
from handlers import kept_words
from handlers.cards import show_stored
from handlers.checkin_rounds import TITLE as CHECKIN_TITLE
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import alone, by_button, shows


async def preview(call: Call, typed: str = "") -> None:
    """The next five dates, who is asked, and minutes a week."""
    await call.answer(
        preview_message(await call.services.checkin_cadences.preview(await call.actor(), typed)), CHECKIN_TITLE
    )


add = shows(DRAFT_FORM.title, lambda services: services.checkin_drafts.form, DRAFT_FORM.view)


async def start_stocktake(call: Call) -> None:
    """[Start the stocktake]: what it would do, with [Save]; [Back] leads to its form."""
    await call.open(CHECKIN_TITLE)
    await call.show(before_saving_view(await call.services.checkin_drafts.stocktake(await call.actor())))


async def edit(call: Call, typed: str = "") -> None:
    await call.open(DRAFT_FORM.title)
    await call.show(DRAFT_FORM.view(await call.services.checkin_drafts.form(await call.actor(), typed)))


async def submit_draft(call: Call) -> None:
    """Shows what the check-in would do; nothing is saved yet."""
    form = call.about(CheckinOpened)
    draft = DRAFT_FORM.read(
        call.values,
        id=form.cadence,
        seen=form.seen,
        # The usual ones count nowhere: a form asks for those that its kind of check-in has.
        closes_after_hours=USUAL_HOURS,
        reminder_after_hours=USUAL_REMINDER,
        delegate_after_hours=USUAL_DELEGATE,
        audience=Audience.PRIORITY_OWNERS,
        people=(),
        summary=None,
    )
    draft = replace(draft, name=one_line(draft.name))
    shown = await call.services.checkin_drafts.check(await call.actor(), draft)
    if isinstance(shown, Mended):
        raise Mistakes(shown.errors)
    await call.become(before_saving_view(shown))


async def back(call: Call) -> None:
    """[Back]: the form as it was sent."""
    token = call.pressed(str)
    await call.change_view(DRAFT_FORM.view(await call.services.checkin_drafts.form(await call.actor(), token=token)))


async def save(call: Call) -> None:
    token = call.pressed(str)
    change = await call.services.checkin_drafts.save(await call.actor(), token)
    await kept_words.forget(call, Submission.CHECKIN_DRAFT, str(call.view.get("private_metadata") or ""))
    call.services.deliveries.on_change()
    await call.change_view(change_message(change).view(CHECKIN_TITLE))
    await refresh_home(call)


async def move(call: Call, typed: str = "", slot: datetime | None = None) -> None:
    """Asks which date moves, and to when."""
    await call.open("Move one")
    rounds = await call.services.checkin_cadences.upcoming(await call.actor(), typed)
    await call.show(move_view(rounds, slot) if rounds.dates else nothing_ahead_view(rounds, "Move one"))


async def press_move(call: Call) -> None:
    """[Move one] of a check-in, or [Move its round] of a digest that moved."""
    value = call.pressed(str)
    if not value.startswith("{"):
        await move(call, value)
        return
    one = decode(RoundKey, value)
    await move(call, one.cadence, one.slot)


async def skip(call: Call, typed: str = "") -> None:
    """Asks which date is left out."""
    await call.open("Skip one")
    rounds: UpcomingRounds = await call.services.checkin_cadences.upcoming(await call.actor(), typed)
    await call.show(SKIP_ROUND_FORM.view(rounds) if rounds.dates else nothing_ahead_view(rounds, "Skip one"))


async def submit_move(call: Call) -> None:
    form, said = call.about(DatesOpened), MOVE_ROUND_FORM.read(call.values)
    seen = form.seen.get(said.slot)
    change = await call.services.checkin_cadences.move(
        await call.actor(), form.cadence, said.slot, said.moment, said.hours, seen
    )
    await _tell(call, change)


async def submit_skip(call: Call) -> None:
    form, slot = call.about(DatesOpened), SKIP_ROUND_FORM.read(call.values).slot
    skipped = await call.services.checkin_cadences.skip(await call.actor(), form.cadence, slot, form.seen.get(slot))
    await _tell(call, skipped)


async def restore(call: Call) -> None:
    """[Undo] of a move or a skip."""
    one = call.pressed(RoundKey)
    change = await call.services.checkin_cadences.restore(await call.actor(), one.cadence, one.slot)
    call.services.deliveries.on_change()
    await call.answer(change_message(change), CHECKIN_TITLE)


async def _tell(call: Call, change: CheckinChange) -> None:
    await show_stored(call, change_message(change), CHECKIN_TITLE)


LISTENERS = Listeners(
    noun="checkin",
    actions={
        Action.CHECKIN_PREVIEW: by_button(preview),
        Action.ADD_CHECKIN: add,
        Action.START_STOCKTAKE: start_stocktake,
        Action.EDIT_CHECKIN: by_button(edit),
        Action.BACK_TO_CHECKIN: back,
        Action.SAVE_CHECKIN: save,
        Action.MOVE_ROUND: press_move,
        Action.SKIP_ROUND: by_button(skip),
        Action.RESTORE_ROUND: restore,
    },
    submissions={
        Submission.CHECKIN_DRAFT: submit_draft,
        Submission.MOVE_ROUND: submit_move,
        Submission.SKIP_ROUND: submit_skip,
    },
    lines=(
        Line(
            "preview",
            "its next dates, who is asked, and minutes a week",
            alone(preview),
            Right.RUN_CHECKINS,
            takes=preview,
            usage="[NAME]",
        ),
        Line(
            "move",
            "let one round open at another time",
            alone(move),
            Right.RUN_CHECKINS,
            takes=move,
            usage="[NAME]",
            opens_modal=True,
        ),
        Line(
            "skip", "leave one round out", alone(skip), Right.RUN_CHECKINS, takes=skip, usage="[NAME]", opens_modal=True
        ),
        Line(
            "add",
            "a new check-in",
            add,
            Right.CONFIGURE,
            synonyms=("new", "schedule"),
            opens_modal=True,
        ),
        Line(
            "edit",
            "change its rhythm, its questions or its hours",
            alone(edit),
            Right.CONFIGURE,
            takes=edit,
            usage="[NAME]",
            opens_modal=True,
        ),
    ),
)
