"""Adding and changing a check-in, its preview, and moving or skipping one of its dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from bot.domain.checkins import CheckinChange, CheckinDraft, UpcomingRounds
from bot.domain.rhythm import USUAL_DELEGATE, USUAL_HOURS, USUAL_REMINDER
from bot.domain.rights import Right
from bot.errors import UserError
from bot.services.checkins import Mended
from bot.slack.blocks.checkins import (
    NO_DIGEST,
    TITLE,
    before_saving_view,
    change_message,
    draft_view,
    move_view,
    nothing_ahead_view,
    preview_message,
    skip_view,
)
from bot.slack.forms import input_blocks, place_errors, read_answers
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import CheckinOpened, DatesOpened, RoundKey, decode
from handlers import kept_words
from handlers.checkin_rounds import alone, as_view, by_button, chosen_moment
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners


async def preview(call: Call, typed: str = "") -> None:
    """The next five dates, who is asked, and minutes a week."""
    message = preview_message(await call.services.checkin_cadences.preview(await call.actor(), typed))
    if call.is_in_modal:
        await call.change_view(as_view(message))
    else:
        await call.reply(message, replace=True)


async def add(call: Call) -> None:
    """Opens an empty form."""
    await call.open(TITLE)
    await call.show(draft_view(await call.services.checkin_drafts.form(await call.actor())))


async def edit(call: Call, typed: str = "") -> None:
    """Opens the form of a check-in."""
    await call.open(TITLE)
    await call.show(draft_view(await call.services.checkin_drafts.form(await call.actor(), typed)))


async def submit_draft(call: Call) -> None:
    """Shows what the check-in would do; nothing is saved yet."""
    form = call.about(CheckinOpened)
    draft = _draft(form.cadence, form.seen, read_answers(call.view["state"]["values"]))
    shown = await call.services.checkin_drafts.check(await call.actor(), draft)
    if isinstance(shown, Mended):
        errors = place_errors(shown.errors, input_blocks(call.view["blocks"]))
        await call.ack(response_action="errors", errors=errors)
        return
    await call.ack(response_action="update", view=dict(before_saving_view(shown).payload()))


async def back(call: Call) -> None:
    """[Back]: the form as it was sent."""
    token = call.pressed(str)
    await call.change_view(draft_view(await call.services.checkin_drafts.form(await call.actor(), token=token)))


async def save(call: Call) -> None:
    """[Save]."""
    token = call.pressed(str)
    change = await call.services.checkin_drafts.save(await call.actor(), token)
    await kept_words.forget(call, Submission.CHECKIN_DRAFT, str(call.view.get("private_metadata") or ""))
    call.services.deliveries.on_change()
    await call.change_view(as_view(change_message(change)))
    await refresh_home(call)


async def move(call: Call, typed: str = "") -> None:
    """Asks which date moves, and to when."""
    await call.open("Move one")
    rounds = await call.services.checkin_cadences.upcoming(await call.actor(), typed)
    await call.show(move_view(rounds) if rounds.dates else nothing_ahead_view(rounds, "Move one"))


async def press_move(call: Call) -> None:
    """[Move one] of a check-in, or [Move its round] of a digest that moved."""
    value = call.pressed(str)
    if not value.startswith("{"):
        await move(call, value)
        return
    one = decode(RoundKey, value)
    await call.open("Move one")
    rounds = await call.services.checkin_cadences.upcoming(await call.actor(), one.cadence)
    await call.show(move_view(rounds, one.slot) if rounds.dates else nothing_ahead_view(rounds, "Move one"))


async def skip(call: Call, typed: str = "") -> None:
    """Asks which date is left out."""
    await call.open("Skip one")
    rounds: UpcomingRounds = await call.services.checkin_cadences.upcoming(await call.actor(), typed)
    await call.show(skip_view(rounds) if rounds.dates else nothing_ahead_view(rounds, "Skip one"))


async def submit_move(call: Call) -> None:
    """Moves the chosen date."""
    key, seen, answers = _sent(call)
    slot, to = _slot(answers), chosen_moment(answers)
    hours = _hours(answers.get("closes"), "closes") if answers.get("closes") else None
    change = await call.services.checkin_cadences.move(await call.actor(), key, slot, to, hours, seen.get(slot))
    await _tell(call, change)


async def submit_skip(call: Call) -> None:
    """Leaves the chosen date out."""
    key, seen, answers = _sent(call)
    slot = _slot(answers)
    await _tell(call, await call.services.checkin_cadences.skip(await call.actor(), key, slot, seen.get(slot)))


async def restore(call: Call) -> None:
    """[Undo] of a move or a skip."""
    one = call.pressed(RoundKey)
    change = await call.services.checkin_cadences.restore(await call.actor(), one.cadence, one.slot)
    call.services.deliveries.on_change()
    message = change_message(change)
    await (call.change_view(as_view(message)) if call.is_in_modal else call.reply(message, replace=True))


async def _tell(call: Call, change: CheckinChange) -> None:
    call.services.deliveries.on_change()
    await call.ack(response_action="update", view=dict(as_view(change_message(change)).payload()))
    await refresh_home(call)


def _sent(call: Call) -> tuple[str, Mapping[datetime, datetime], dict[str, str | None]]:
    """Which check-in a form is about, when its dates were to open as it showed them, and what was entered."""
    form = call.about(DatesOpened)
    return form.cadence, form.seen, read_answers(call.view["state"]["values"])


def _slot(answers: dict[str, str | None]) -> datetime:
    try:
        return datetime.fromisoformat(answers.get("slot") or "")
    except ValueError:
        raise UserError("Choose which one.", field="slot") from None


def _hours(text: str | None, field: str) -> int:
    if text is None or not text.isascii() or not text.isdigit():
        raise UserError("Give whole hours, such as 51.", field=field)
    return int(text)


def _window(answers: dict[str, str | None], field: str, usual: int) -> int:
    """The hours in this field; the usual ones, which count nowhere, in a form that doesn't ask for them."""
    return _hours(answers[field], field) if field in answers else usual


def _draft(key: str | None, seen: str, answers: dict[str, str | None]) -> CheckinDraft:
    """What was entered. Raises UserError with the field that holds no such thing."""
    starts_on = answers.get("starts_on")
    if not starts_on:
        raise UserError("Choose a day.", field="starts_on")
    feeds = answers.get("feeds")
    return CheckinDraft(
        id=key,
        name=" ".join((answers.get("name") or "").split()),
        question_set=answers.get("question_set") or "",
        often=answers.get("often") or "",
        weekday=answers.get("weekday") or "",
        at=time.fromisoformat(answers.get("at") or "09:00"),
        starts_on=date.fromisoformat(starts_on),
        basis=answers.get("basis") or "member_local",
        closes_after_hours=_window(answers, "closes", USUAL_HOURS),
        reminder_after_hours=_window(answers, "reminder", USUAL_REMINDER),
        delegate_after_hours=_window(answers, "stand_in", USUAL_DELEGATE),
        feeds=None if feeds in {None, NO_DIGEST} else feeds,
        seen=seen,
    )


LISTENERS = Listeners(
    actions={
        Action.CHECKIN_PREVIEW: by_button(preview),
        Action.ADD_CHECKIN: add,
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
            "checkin",
            "preview",
            "its next dates, who is asked, and minutes a week",
            alone(preview),
            Right.RUN_CHECKINS,
            takes=preview,
            usage="[NAME]",
        ),
        Line(
            "checkin",
            "move",
            "let one round open at another time",
            alone(move),
            Right.RUN_CHECKINS,
            takes=move,
            usage="[NAME]",
            opens_modal=True,
        ),
        Line(
            "checkin",
            "skip",
            "leave one round out",
            alone(skip),
            Right.RUN_CHECKINS,
            takes=skip,
            usage="[NAME]",
            opens_modal=True,
        ),
        Line(
            "checkin",
            "add",
            "a new check-in",
            add,
            Right.CONFIGURE,
            synonyms=("new", "schedule"),
            opens_modal=True,
        ),
        Line(
            "checkin",
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
